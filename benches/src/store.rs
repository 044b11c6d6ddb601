//! Many series: what a scrape reads and memory holds.

use measured::text::BufferedTextEncoder;

use crate::input::{Pair, Triple};

/// Everything that one registry holds, ours or a peer's.
pub(crate) trait Store: Send + Sync {
    /// Counts records of a topic and partition.
    fn send(&self, pair: &Pair, records: u64);

    /// Observes how long a send took.
    fn observe(&self, topic: &'static str, seconds: f64);

    /// Counts one event in a counter that is alone on its three labels.
    fn consume_alone(&self, triple: &Triple) {
        self.consume(0, triple);
    }

    /// Counts one event in one of five counters with the same three labels.
    fn consume(&self, counter: usize, triple: &Triple);

    /// The text of a scrape, in memory that serves every scrape where the interface lets it.
    fn scrape<'a>(&self, memory: &'a mut Memory) -> &'a [u8];

    /// The text of a scrape.
    fn text(&self) -> String {
        String::from_utf8_lossy(self.scrape(&mut Memory::default())).into_owned()
    }
}

/// Where scrapes leave their text; each store takes what its interface asks for.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) bytes: Vec<u8>,
    pub(crate) text: String,
    pub(crate) measured: BufferedTextEncoder,
    pub(crate) handed_out: bytes::Bytes,
}

/// The names of the five counters with three labels.
pub(crate) const CONSUMED: [&str; 5] = [
    "bench_recording_records_consumed",
    "bench_recording_batches_consumed",
    "bench_recording_offsets_committed",
    "bench_recording_polls_answered",
    "bench_recording_rebalances_joined",
];

/// The sum of all samples of that name in a scrape.
pub(crate) fn sum(text: &str, name: &str) -> u64 {
    let samples = text.lines().filter_map(|line| line.strip_prefix(name));
    let samples = samples.filter(|rest| rest.starts_with(['{', ' ']));
    let values = samples.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok());
    values.sum::<f64>() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_samples_of_the_name_are_added() {
        let text =
            "# HELP sent Records\nsent{topic=\"a b\"} 3\nsent_total 100\nsent 4\nresent 100\n";
        assert_eq!(sum(text, "sent"), 7);
    }
}
