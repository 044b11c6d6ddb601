//! An agent that answers over the network.

use std::time::Duration;

use axum::extract::State;
use axum::middleware::{Next, from_fn_with_state};
use futures_util::stream::unfold;
use streamhouse_core::{Error, Partition, Record, v1};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status};

use crate::metrics::agent::Method;
use crate::requests::Requests;
use crate::stream::Counted;

/// The path of the one method that there is.
const PRODUCE: &str = "/streamhouse.v1.Agent/Produce";

/// What a message may have around the records that it carries.
const ROOM: usize = 1 << 20;

/// Answers whoever connects, until it is stopped.
pub(crate) async fn serve(
    listener: TcpListener,
    requests: Requests,
    stopped: oneshot::Receiver<()>,
    hung_up: watch::Receiver<()>,
) {
    let metrics = requests.metrics().clone();
    let connections =
        unfold((listener, metrics, hung_up), |(listener, metrics, hung_up)| async move {
            let stream = listener.accept().await.map(|(stream, _)| {
                // Requests are small, and somebody waits for each answer.
                let _ = stream.set_nodelay(true);
                Counted::new(stream, metrics.clone(), hung_up.clone())
            });
            if stream.is_err() {
                // There may be no file descriptors; there will be.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Some((stream, (listener, metrics, hung_up)))
        });
    let largest = requests.max_request_bytes() + ROOM;
    let service = v1::agent_server::AgentServer::new(Answers(requests.clone()))
        .accept_compressed(CompressionEncoding::Zstd)
        .max_decoding_message_size(largest);
    let routes = Routes::new(service).into_axum_router();
    let routes = routes.layer(from_fn_with_state(requests, recorded));
    let serving = Server::builder().add_routes(routes.into());
    let stopped = async {
        // Somebody ends it, or is gone.
        let _ = stopped.await;
    };
    // Errors are those of single connections.
    let _ = serving.serve_with_incoming_shutdown(Box::pin(connections), stopped).await;
}

/// Records each request: what this version answers, and whatever else is asked.
async fn recorded(
    State(requests): State<Requests>,
    request: axum::extract::Request,
    next: Next,
) -> axum::response::Response {
    if request.uri().path() != PRODUCE {
        requests.begin(Method::Other).end(false);
        return Status::new(Code::Unimplemented, "no such method").into_http();
    }
    let begun = requests.begin(Method::Produce);
    let response = next.run(request).await;
    // An error is all in the header; what goes well says so behind its body.
    begun.end(response.headers().get("grpc-status").is_none_or(|status| status == "0"));
    response
}

/// Answers each request in turn.
struct Answers(Requests);

#[tonic::async_trait]
impl v1::agent_server::Agent for Answers {
    async fn produce(
        &self,
        request: Request<v1::ProduceRequest>,
    ) -> Result<Response<v1::ProduceReply>, Status> {
        let v1::ProduceRequest { partition, records } = request.into_inner();
        let partition: Partition = partition.ok_or(Error::Rejected)?.into();
        let records: Vec<Record> = records.into_iter().map(Into::into).collect();
        let offset = self.0.produce(&partition, records).await?;
        Ok(Response::new(v1::ProduceReply { offset }))
    }
}
