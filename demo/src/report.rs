//! What happened between two scrapes, as a table and as a line.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::scrape::{INSTANCE, Scrape, Selector, quantile};

// The names that a dashboard would ask for; a test holds them against the exposition.
const SENT: &str = "streamhouse_producer_records_sent_total";
const FAILED: &str = "streamhouse_producer_send_errors_total";
const SEND_DURATION: &str = "streamhouse_producer_send_duration_seconds_bucket";
const LAG_RECORDS: &str = "streamhouse_consumer_lag_records";
const LAG_SECONDS: &str = "streamhouse_consumer_lag_seconds";
const PARTITIONS: &str = "streamhouse_agent_active_partitions";
const CONNECTIONS: &str = "streamhouse_agent_active_connections";
const REQUESTS: &str = "streamhouse_agent_grpc_requests_total";

/// Which part of the sends took no longer: the quantiles that are shown.
const SHARES: [f64; 3] = [0.5, 0.95, 0.99];

/// The live values.
#[derive(Debug)]
pub(crate) struct Report {
    /// One a topic.
    topics: Vec<Row>,
    all: Row,
    groups: Vec<String>,
    /// The partitions of each agent that there is; none of one that is gone.
    agents: Vec<(String, Option<f64>)>,
    partitions: f64,
    connections: f64,
    requests: f64,
    request_errors: f64,
}

/// The values of a topic, or of all of them.
#[derive(Debug)]
struct Row {
    title: String,
    /// Records a second.
    sent: f64,
    failed: f64,
    /// Quantiles of a send in seconds, if anything was sent.
    latency: [Option<f64>; 3],
    /// One a group.
    lags: Vec<Lag>,
}

/// How far a group is behind.
#[derive(Debug)]
struct Lag {
    records: f64,
    seconds: f64,
}

impl Report {
    /// The values of all agents that there should be, between two scrapes.
    pub(crate) fn between(
        before: &Scrape,
        now: &Scrape,
        agents: impl IntoIterator<Item = String>,
    ) -> Self {
        let groups = now.values_of(LAG_RECORDS, "group_id");
        let row = |title: &str, selector: Selector<'_>| {
            let lag = |group: &&str| {
                let selector = [selector, &[("group_id", group)]].concat();
                Lag {
                    records: now.sum(LAG_RECORDS, &selector),
                    seconds: now.max(LAG_SECONDS, &selector),
                }
            };
            Row {
                title: title.to_owned(),
                sent: rate(before, now, SENT, selector),
                failed: rate(before, now, FAILED, selector),
                latency: SHARES
                    .map(|share| quantile(share, &now.buckets(before, SEND_DURATION, selector))),
                lags: groups.iter().map(lag).collect(),
            }
        };
        let topics = now.values_of(SENT, "topic").into_iter();
        Self {
            topics: topics.map(|topic| row(topic, &[("topic", topic)])).collect(),
            all: row("all", &[]),
            groups: groups.iter().map(ToString::to_string).collect(),
            agents: agents
                .into_iter()
                .map(|agent| {
                    let held = now.values_of(PARTITIONS, INSTANCE).contains(&*agent);
                    let held = held.then(|| now.sum(PARTITIONS, &[(INSTANCE, &agent)]));
                    (agent, held)
                })
                .collect(),
            partitions: now.sum(PARTITIONS, &[]),
            connections: now.sum(CONNECTIONS, &[]),
            requests: rate(before, now, REQUESTS, &[]),
            request_errors: rate(before, now, REQUESTS, &[("status", "error")]),
        }
    }

    /// For a terminal: a line a topic, one for the latency and one for the agents.
    pub(crate) fn table(&self) -> Vec<String> {
        let mut head =
            format!("{:<10} {:>8} {:>9} {:>9}", "topic", "sent/s", "failed/s", "p99 send");
        for group in &self.groups {
            head.push_str(&format!(" {:>18}", format!("{group} lag")));
        }
        let mut lines = vec![head];
        for row in self.topics.iter().chain([&self.all]) {
            let Row { title, sent, failed, latency, lags } = row;
            let (sent, failed, latency) = (whole(*sent), whole(*failed), duration(latency[2]));
            let mut line = format!("{title:<10} {sent:>8} {failed:>9} {latency:>9}");
            for Lag { records, seconds } in lags {
                let (records, seconds) = (whole(*records), duration(Some(*seconds)));
                line.push_str(&format!(" {records:>9} {seconds:>8}"));
            }
            lines.push(line);
        }
        let [p50, p95, p99] = self.all.latency.map(duration);
        lines.push(format!("send: half in {p50}, 95% in {p95}, 99% in {p99}"));
        lines.push(self.agents());
        lines
    }

    /// For a log: everything on one line.
    pub(crate) fn line(&self) -> String {
        let Row { sent, failed, latency, lags, .. } = &self.all;
        let (sent, failed, latency) = (whole(*sent), whole(*failed), duration(latency[2]));
        let mut line = format!("sent {sent}/s, failed {failed}/s, p99 {latency}");
        for (group, Lag { records, seconds }) in self.groups.iter().zip(lags) {
            let (records, seconds) = (whole(*records), duration(Some(*seconds)));
            line.push_str(&format!("; {group} {records} behind ({seconds})"));
        }
        format!("{line}; {}", self.agents())
    }

    /// For a program, over all the time that it was about.
    pub(crate) fn json(&self, time: Duration, alerts: &BTreeSet<String>) -> Value {
        let row = |row: &Row| {
            let lags = self.groups.iter().zip(&row.lags);
            let lags = lags.map(|(group, Lag { records, seconds })| {
                json!({ "group": group, "records": records, "seconds": seconds })
            });
            json!({
                "topic": row.title,
                "sent_per_second": row.sent,
                "failed_per_second": row.failed,
                "p50_send_seconds": row.latency[0],
                "p95_send_seconds": row.latency[1],
                "p99_send_seconds": row.latency[2],
                "lag": lags.collect::<Vec<_>>(),
            })
        };
        json!({
            "seconds": time.as_secs_f64(),
            "topics": self.topics.iter().map(row).collect::<Vec<_>>(),
            "all": row(&self.all),
            "agents": {
                "partitions": self.partitions,
                "connections": self.connections,
                "requests_per_second": self.requests,
                "failed_per_second": self.request_errors,
            },
            "alerts": alerts,
        })
    }

    /// What is plotted: records sent a second, how many the slowest group is behind, and how long
    /// all but the slowest sends take.
    pub(crate) fn plotted(&self) -> [(&'static str, f64); 3] {
        let lag = self.all.lags.iter().map(|lag| lag.records).fold(0.0, f64::max);
        [("sent/s", self.all.sent), ("lag", lag), ("p99 send", self.all.latency[2].unwrap_or(0.0))]
    }

    fn agents(&self) -> String {
        let Self { agents, connections, requests, request_errors, .. } = self;
        let agents = agents.iter().map(|(agent, held)| match held {
            Some(partitions) => format!("{agent} leads {partitions}"),
            None => format!("{agent} is gone"),
        });
        let agents = agents.collect::<Vec<_>>().join(", ");
        let (requests, errors) = (whole(*requests), whole(*request_errors));
        format!("{agents}; {connections} connections, {requests} requests/s, {errors} failed")
    }
}

/// The increase a second.
fn rate(before: &Scrape, now: &Scrape, name: &str, selector: Selector<'_>) -> f64 {
    let increase = now.increase(before, name, selector);
    increase / now.since(before).as_secs_f64().max(f64::MIN_POSITIVE)
}

/// A whole number in groups of three digits.
fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.max(0.0));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Seconds in the unit that suits them.
fn duration(seconds: Option<f64>) -> String {
    match seconds {
        None => "-".to_owned(),
        Some(seconds) if seconds < 1.0 => format!("{:.0} ms", seconds * 1_000.0),
        Some(seconds) if seconds < 10.0 => format!("{seconds:.1} s"),
        Some(seconds) => format!("{} s", whole(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;

    /// Every name that the report asks for.
    const NAMES: [&str; 8] =
        [SENT, FAILED, SEND_DURATION, LAG_RECORDS, LAG_SECONDS, PARTITIONS, CONNECTIONS, REQUESTS];

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_report_shows_a_running_service() {
        let mut trial = Trial::start(1).await;
        let before = trial.scrape().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = trial.scrape().await;
        trial.stop().await;

        for name in NAMES {
            assert!(now.samples().iter().any(|sample| sample.name == name), "{name}");
        }
        let agents = ["agent-1", "agent-2"].map(str::to_owned);
        let report = Report::between(&before, &now, agents);
        let titles: Vec<&str> = report.topics.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(titles, ["clicks", "orders", "payments"]);
        assert_eq!(report.groups, ["analytics", "audit"]);
        assert!(report.all.sent > 0.0 && report.requests > 0.0, "{report:?}");
        let [p50, p95, p99] = report.all.latency.map(Option::unwrap_or_default);
        assert!(0.0 < p50 && p50 <= p95 && p95 <= p99, "{report:?}");
        assert!(report.line().contains("agent-1 leads 9, agent-2 is gone; "), "{}", report.line());
        let topics = report.topics.iter().map(|row| row.sent).sum::<f64>();
        assert!((report.all.sent - topics).abs() < 0.001, "{report:?}");
        let fired = BTreeSet::from(["AgentDown".to_owned()]);
        let json = report.json(Duration::from_secs(1), &fired);
        assert_eq!(json["topics"][2]["topic"], "payments");
        assert_eq!(json["all"]["lag"][1]["group"], "audit");
        assert_eq!(json["agents"]["partitions"], 9.0);
        assert_eq!(json["alerts"][0], "AgentDown");
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            [0.4, 999.0, 1_000.0, 1_234_567.0].map(whole),
            ["0", "999", "1,000", "1,234,567"]
        );
        let seconds = [None, Some(0.048), Some(1.25), Some(3_600.0)];
        assert_eq!(seconds.map(duration), ["-", "48 ms", "1.2 s", "3,600 s"]);
    }
}
