//! How much, and how long, at most.

use std::time::Duration;

/// What a [`MetricsServer`](crate::MetricsServer) spends on its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Scrapes at once, each with a body in memory until it has been sent; 5 by default, at least 1.
    pub scrapes: usize,
    /// Time until a request's header is there, also of the next one on a connection; 5 s by default.
    pub header: Duration,
    /// Time until a body is made; 30 s by default, or less where the scraper says that it waits for
    /// less in `X-Prometheus-Scrape-Timeout-Seconds`.
    pub scrape: Duration,
    /// Time until what has been handed to a connection, some hundred kilobytes, is sent; 10 s by
    /// default.
    pub write: Duration,
    /// Time at the end in which `/ready` answers 503 and all else goes on; 1 s by default.
    pub drain: Duration,
    /// Time at the end, after that, in which answers can be finished; 10 s by default.
    pub finish: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            scrapes: 5,
            header: Duration::from_secs(5),
            scrape: Duration::from_secs(30),
            write: Duration::from_secs(10),
            drain: Duration::from_secs(1),
            finish: Duration::from_secs(10),
        }
    }
}
