//! `GET /metrics`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::coding::Coding;
use super::metrics::{OwnMetrics, Status};
use super::pieces::{CHUNK, Maker, Pieces};
use super::{Exposition, Limits, accept};
use crate::Format;

/// How long the scraper waits, in seconds.
const PATIENCE: HeaderName = HeaderName::from_static("x-prometheus-scrape-timeout-seconds");

/// Everything that a scrape needs.
pub(super) struct Scrapes {
    registry: Arc<dyn Exposition>,
    own: OwnMetrics,
    places: Arc<Semaphore>,
    limits: Limits,
    /// The largest part of the last body, which the next one will have too.
    part: AtomicUsize,
}

impl Scrapes {
    pub(super) fn new(registry: Arc<dyn Exposition>, limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.scrapes.max(1)));
        Self { registry, own: OwnMetrics::new(), places, limits, part: AtomicUsize::new(0) }
    }

    fn body(&self, format: Format, coding: Coding) -> io::Result<Pieces> {
        let mut maker = Maker::new(coding)?;
        let (mut made, mut largest) = (Ok(()), 0);
        let mut body = Vec::with_capacity(self.part.load(Ordering::Relaxed));
        let mut take = |body: &mut Vec<u8>, from: usize| {
            largest = largest.max(body.len());
            if made.is_ok() {
                made = maker.take(body, from);
            }
        };
        self.registry.pieces(format, &mut body, &mut take);
        self.own.registry.pieces(format, &mut body, &mut take);
        made?;
        self.part.store(largest + CHUNK, Ordering::Relaxed);
        body.extend_from_slice(format.end().as_bytes());
        maker.finish(&body)
    }

    fn count(&self, status: Status) {
        self.own.recorder.scrapes(status).inc();
    }
}

/// Answers a scrape, however large the body is, without keeping anybody else waiting.
pub(super) async fn scrape(State(scrapes): State<Arc<Scrapes>>, headers: HeaderMap) -> Response {
    let Some(place) = Place::take(&scrapes) else {
        scrapes.count(Status::Busy);
        return refusal(StatusCode::SERVICE_UNAVAILABLE, "there are too many scrapes\n");
    };
    let format = accept::format(&listed(&headers, ACCEPT));
    let coding = Coding::of(&listed(&headers, ACCEPT_ENCODING));
    let begin = Instant::now();
    let maker = Arc::clone(&scrapes);
    // The place goes along: a body that nobody waits for any more is still being made.
    let made = spawn_blocking(move || (maker.body(format, coding), place));
    let (status, response) = match timeout(patience(&headers, scrapes.limits.scrape), made).await {
        Ok(Ok((Ok(body), place))) => {
            scrapes.own.recorder.scrape_duration_seconds().observe(begin.elapsed());
            scrapes.own.recorder.scrape_size_bytes().observe(body.length() as u64);
            (Status::Ok, answer(format, coding, Whole { rest: body, _place: place }))
        }
        Ok(Ok((Err(_), _)) | Err(_)) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            (Status::Failed, (status, "a collector panicked\n").into_response())
        }
        Err(_) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            (Status::TimedOut, refusal(status, "the body was not made in time\n"))
        }
    };
    scrapes.count(status);
    response
}

fn answer(format: Format, coding: Coding, body: Whole) -> Response {
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
    if let Some(name) = coding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

fn refusal(status: StatusCode, why: &'static str) -> Response {
    (status, [(RETRY_AFTER, "1")], why).into_response()
}

/// All values of a header as one list, which they are the same as.
fn listed(headers: &HeaderMap, name: HeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// How long a body may take: as long as the scraper waits, less the time to tell it that it was not
/// made, and no longer than we wait.
fn patience(headers: &HeaderMap, most: Duration) -> Duration {
    let said = headers.get(PATIENCE).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let said = said.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    let said = said.filter(|said| !said.is_zero());
    said.map_or(most, |said| most.min(said - (said / 10).min(Duration::from_millis(500))))
}

/// One of the scrapes that may be under way, until its body has been sent.
struct Place {
    scrapes: Arc<Scrapes>,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    fn take(scrapes: &Arc<Scrapes>) -> Option<Self> {
        let permit = Arc::clone(&scrapes.places).try_acquire_owned().ok()?;
        scrapes.own.recorder.scrapes_in_flight().inc();
        Some(Self { scrapes: Arc::clone(scrapes), _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.scrapes.own.recorder.scrapes_in_flight().dec();
    }
}

/// A body that is there as a whole and handed over in pieces, so that its place is taken until the
/// last of them.
struct Whole {
    rest: Pieces,
    _place: Place,
}

impl http_body::Body for Whole {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(self.rest.next().map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.length() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.length() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_hears_of_it_before_it_gives_up() {
        let most = Duration::from_secs(30);
        for (said, expected) in [
            ("10", 9_500),
            ("1", 900),
            ("0.5", 450),
            ("60", 30_000),
            ("0", 30_000),
            ("-1", 30_000),
            ("NaN", 30_000),
            ("1e400", 30_000),
            ("soon", 30_000),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(PATIENCE, HeaderValue::from_static(said));
            assert_eq!(patience(&headers, most), Duration::from_millis(expected), "{said}");
        }
        assert_eq!(patience(&HeaderMap::new(), most), most);
    }
}
