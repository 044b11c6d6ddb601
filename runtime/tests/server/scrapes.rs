//! Scrapes that take long, are many, or break.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::client::{ask, limits, serve, until};
use crate::registries::{Blocked, Panicking};

/// The value of a sample in a text.
fn value(text: &str, sample: &str) -> f64 {
    let line = text
        .lines()
        .find(|line| line.strip_prefix(sample).is_some_and(|rest| rest.starts_with(' ')));
    line.unwrap_or_else(|| panic!("no {sample} in {text}"))
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn so_many_scrapes_and_no_more() {
    let (registry, mut limits) = (Blocked::default(), limits());
    limits.scrapes = 3;
    let server = serve(registry.clone(), limits).await;
    let address = server.address;
    let scrape = || tokio::spawn(async move { ask(address, "GET /metrics", "").await });
    let running = [scrape(), scrape(), scrape()];
    let one_more = async || ask(address, "GET /metrics", "").await;
    until("three scrapes are under way", async || registry.waiting() == 3).await;
    let refused = one_more().await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "1"));
    // Who does not scrape waits for nobody.
    let begin = Instant::now();
    assert_eq!(ask(address, "GET /health", "").await.status, 200);
    assert!(begin.elapsed() < Duration::from_secs(1));
    registry.open();
    for scrape in running {
        let answer = scrape.await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(answer.text().starts_with("made 1\n"));
    }
    let text = one_more().await.text();
    assert!(value(&text, "metrics_server_scrapes_total{status=\"ok\"}") >= 3.0);
    assert!(value(&text, "metrics_server_scrapes_total{status=\"busy\"}") >= 1.0);
    assert_eq!(value(&text, "metrics_server_scrapes_in_flight"), 1.0);
    assert!(value(&text, "metrics_server_scrape_size_bytes_sum") > 3.0 * 7.0);
    assert!(value(&text, "metrics_server_scrape_duration_seconds_count") >= 3.0);
}

#[tokio::test]
async fn a_scraper_that_waits_for_less_hears_of_it_in_time() {
    let registry = Blocked::default();
    let server = serve(registry.clone(), limits()).await;
    let begin = Instant::now();
    let answer =
        ask(server.address, "GET /metrics", "X-Prometheus-Scrape-Timeout-Seconds: 0.5\r\n").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    assert!((0.4..2.0).contains(&begin.elapsed().as_secs_f64()), "{:?}", begin.elapsed());
    registry.open();
    until("a scrape works again", async || {
        let answer = ask(server.address, "GET /metrics", "").await;
        answer.text().contains("metrics_server_scrapes_total{status=\"timed_out\"} 1\n")
    })
    .await;
}

#[tokio::test]
async fn a_panic_is_an_error_and_never_half_a_body() {
    let panics = Arc::new(AtomicBool::new(true));
    let server = serve(Panicking(Arc::clone(&panics)), limits()).await;
    for _ in 0..10 {
        let answer = ask(server.address, "GET /metrics", "").await;
        assert_eq!((answer.status, &*answer.text()), (500, "a collector panicked\n"));
    }
    panics.store(false, Ordering::Relaxed);
    let text = ask(server.address, "GET /metrics", "").await.text();
    assert!(text.starts_with("half a 1\n"), "{text}");
    assert_eq!(value(&text, "metrics_server_scrapes_total{status=\"failed\"}"), 10.0);
}
