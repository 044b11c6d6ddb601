//! A log in S3, as far as a bucket in memory speaks S3: objects are put, read, listed and deleted.
#![cfg(feature = "s3")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use streamhouse_core::{
    Log, Metadata, MetadataStore as _, Partition, Record, SqliteMetadata, lock, objects,
};

type Bucket = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// Answers one request to the bucket `records`.
async fn answer(State(bucket): State<Bucket>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let signed = parts.headers.get("authorization").and_then(|header| header.to_str().ok());
    if !signed.is_some_and(|signed| signed.contains("Credential=somebody/")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let path = parts.uri.path().to_owned();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a small body");
    let Some(object) = path.strip_prefix("/records").map(|path| path.trim_start_matches('/'))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let date = "Sun, 01 Nov 2026 00:00:00 GMT";
    let mut bucket = lock(&bucket);
    match (parts.method, object) {
        (Method::GET, "") => list(&bucket),
        (Method::PUT, object) => {
            bucket.insert(object.to_owned(), body);
            [("etag", "\"1\"")].into_response()
        }
        (Method::GET, object) => match bucket.get(object) {
            Some(bytes) => {
                ([("etag", "\"1\""), ("last-modified", date)], bytes.clone()).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        // Several objects are deleted by naming them.
        (Method::POST, "") => {
            let text = String::from_utf8_lossy(&body);
            let keys = text.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
            let mut answer = String::from("<DeleteResult>");
            for (key, _) in keys {
                bucket.remove(key);
                let _ = write!(answer, "<Deleted><Key>{key}</Key></Deleted>");
            }
            answer.push_str("</DeleteResult>");
            answer.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn list(bucket: &BTreeMap<String, Bytes>) -> Response {
    let mut answer = String::from("<ListBucketResult><IsTruncated>false</IsTruncated>");
    for (key, bytes) in bucket {
        let size = bytes.len();
        let _ = write!(
            answer,
            "<Contents><Key>{key}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified>\
             <ETag>\"1\"</ETag><Size>{size}</Size></Contents>"
        );
    }
    answer.push_str("</ListBucketResult>");
    answer.into_response()
}

#[tokio::test]
async fn a_log_is_written_read_and_swept() {
    let bucket = Bucket::default();
    let service = Router::new().fallback(answer).with_state(Arc::clone(&bucket));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async { axum::serve(listener, service).await });

    let options = [
        ("AWS_ENDPOINT", &*endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "somewhere"),
        ("AWS_ACCESS_KEY_ID", "somebody"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let objects = objects("s3://records/cluster", options).expect("a store");
    let metadata = Arc::new(SqliteMetadata::in_memory().expect("memory"));
    metadata.create_topic("orders", 1).expect("a topic");
    let log = Log::new(Metadata::new(metadata.clone()), objects);
    let orders = Partition::new("orders", 0);
    let epoch = metadata.lease(&orders, "a", None, Duration::from_secs(60)).expect("metadata");
    let epoch = epoch.expect("a free lease");
    let record = Record::copied(std::time::SystemTime::now(), Some(b"key"), b"value");
    assert_eq!(log.append(&orders, "a", epoch, vec![record; 3]).await, Ok(0));
    assert!(lock(&bucket).keys().all(|key| key.starts_with("cluster/segments/orders/0/")));

    // Another process has nothing of it in memory.
    let read = log.read(&orders, 1, 10).await.expect("records");
    assert_eq!((read.records.len(), read.end), (2, 3));
    assert_eq!(&*read.records[0].record.value, b"value");

    lock(&bucket).insert("cluster/segments/orders/0/orphan".to_owned(), Bytes::new());
    assert_eq!(log.sweep(Duration::from_secs(60)).await, Ok(1));
    assert_eq!(lock(&bucket).len(), 1);
}
