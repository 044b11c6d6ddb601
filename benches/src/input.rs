//! What is recorded: the same labels and values for every candidate, made before anything is
//! measured.

use std::sync::LazyLock;
use std::time::Duration;

/// Calls of one pass over the inputs.
pub(crate) const CALLS: usize = 1024;

/// Upper bounds of every histogram but `+Inf`, as metrics.toml has them.
pub(crate) const BOUNDS: [f64; 11] =
    [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024];

/// Two labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) topic: &'static str,
    pub(crate) partition: u32,
}

/// Three labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triple {
    pub(crate) topic: &'static str,
    pub(crate) partition: u32,
    pub(crate) group: &'static str,
}

/// Two closed labels, by the positions of their values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed {
    pub(crate) method: usize,
    pub(crate) status: usize,
}

/// 16 topics × 64 partitions, each pair once, in no order.
pub(crate) fn pairs() -> &'static [Pair] {
    static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
        let topics = names("topic", 16);
        let pair =
            |number: usize| Pair { topic: topics[number % 16], partition: (number / 16) as u32 };
        shuffled((0..CALLS).map(pair).collect())
    });
    &PAIRS
}

/// Methods and statuses, in no order.
pub(crate) fn closed() -> &'static [Closed] {
    static CLOSED: LazyLock<Vec<Closed>> = LazyLock::new(|| {
        let closed = |number: usize| Closed { method: number % 4, status: number / 4 % 4 };
        shuffled((0..CALLS).map(closed).collect())
    });
    &CLOSED
}

/// Topics of the pairs, each with an observation.
pub(crate) fn observed() -> &'static [(&'static str, f64)] {
    static OBSERVED: LazyLock<Vec<(&'static str, f64)>> = LazyLock::new(|| {
        pairs().iter().map(|pair| pair.topic).zip(values().iter().copied()).collect()
    });
    &OBSERVED
}

/// Observations that spread over all buckets, a little more in the middle ones than at the ends.
pub(crate) fn values() -> &'static [f64] {
    static VALUES: LazyLock<Vec<f64>> = LazyLock::new(|| {
        let mut random = Random::new();
        (0..CALLS).map(|_| 0.0007 * 2_f64.powf(random.unit() * 11.0)).collect()
    });
    &VALUES
}

/// The same observations as durations.
pub(crate) fn durations() -> &'static [Duration] {
    static DURATIONS: LazyLock<Vec<Duration>> =
        LazyLock::new(|| values().iter().map(|value| Duration::from_secs_f64(*value)).collect());
    &DURATIONS
}

/// That many names, which live as long as the program.
pub(crate) fn names(word: &str, count: usize) -> Vec<&'static str> {
    (0..count).map(|number| &*format!("{word}-{number:04}").leak()).collect()
}

/// All triples of so many topics, partitions and groups, in no order.
pub(crate) fn triples(topics: usize, partitions: u32, groups: usize) -> Vec<Triple> {
    let (topics, groups) = (names("topic", topics), names("group", groups));
    let mut triples = Vec::new();
    for topic in topics {
        for partition in 0..partitions {
            triples.extend(groups.iter().map(|group| Triple { topic, partition, group }));
        }
    }
    shuffled(triples)
}

/// The items in another order, the same one in every run.
fn shuffled<T>(mut items: Vec<T>) -> Vec<T> {
    let mut random = Random::new();
    for last in (1..items.len()).rev() {
        items.swap(last, (random.unit() * (last + 1) as f64) as usize);
    }
    items
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// A number from 0 up to, but not including, 1.
    fn unit(&mut self) -> f64 {
        // Marsaglia's xorshift64.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
