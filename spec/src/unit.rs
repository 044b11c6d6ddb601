//! Units: a closed vocabulary with an algebra.
//!
//! Base units measure (seconds, bytes, a ratio); counting units say what is counted (records,
//! requests). Panels, alert values and query findings take their units from here, so the
//! vocabulary is closed: a service that counts something else declares it under `units`.

/// What a value is counted or measured in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit(String);

/// Units that measure; their word must stand in the metric's name.
pub const BASE: &[&str] = &[
    "seconds", "bytes", "ratio", "celsius", "meters", "volts", "amperes", "joules", "grams",
    "hertz", "watts",
];

/// Units that count.
pub const COUNTING: &[&str] = &[
    "batches",
    "blocks",
    "calls",
    "chunks",
    "commits",
    "connections",
    "consumers",
    "cores",
    "entries",
    "errors",
    "events",
    "failures",
    "files",
    "handles",
    "hits",
    "items",
    "jobs",
    "keys",
    "leases",
    "lines",
    "locks",
    "messages",
    "misses",
    "objects",
    "operations",
    "packets",
    "pages",
    "partitions",
    "processes",
    "queries",
    "records",
    "replicas",
    "requests",
    "responses",
    "restarts",
    "retries",
    "rows",
    "segments",
    "sessions",
    "shards",
    "tasks",
    "threads",
    "timeouts",
    "tokens",
    "topics",
    "transactions",
    "users",
    "workers",
];

/// Words for scaled units, with the base unit to write instead and how to convert.
const SCALED: &[(&str, &str, &str)] = &[
    ("ms", "seconds", "divide by 1,000"),
    ("millis", "seconds", "divide by 1,000"),
    ("us", "seconds", "divide by 1,000,000"),
    ("micros", "seconds", "divide by 1,000,000"),
    ("ns", "seconds", "divide by 1,000,000,000"),
    ("nanos", "seconds", "divide by 1,000,000,000"),
    ("s", "seconds", "spell it out"),
    ("sec", "seconds", "spell it out"),
    ("secs", "seconds", "spell it out"),
    ("m", "seconds", "multiply by 60"),
    ("minutes", "seconds", "multiply by 60"),
    ("h", "seconds", "multiply by 3,600"),
    ("hours", "seconds", "multiply by 3,600"),
    ("d", "seconds", "multiply by 86,400"),
    ("days", "seconds", "multiply by 86,400"),
    ("b", "bytes", "spell it out"),
    ("kb", "bytes", "multiply by 1,000"),
    ("mb", "bytes", "multiply by 1,000,000"),
    ("gb", "bytes", "multiply by 1,000,000,000"),
    ("tb", "bytes", "multiply by 1,000,000,000,000"),
    ("pb", "bytes", "multiply by 1,000,000,000,000,000"),
    ("kib", "bytes", "multiply by 1,024"),
    ("mib", "bytes", "multiply by 1,048,576"),
    ("gib", "bytes", "multiply by 1,073,741,824"),
    ("bits", "bytes", "divide by 8"),
    ("percent", "ratio", "divide by 100"),
    ("percentage", "ratio", "divide by 100"),
];

/// Prefixes of base units, with how to convert.
const PREFIXES: &[(&str, &str)] = &[
    ("nano", "divide by 1,000,000,000"),
    ("micro", "divide by 1,000,000"),
    ("milli", "divide by 1,000"),
    ("centi", "divide by 100"),
    ("deci", "divide by 10"),
    ("kilo", "multiply by 1,000"),
    ("mega", "multiply by 1,000,000"),
    ("giga", "multiply by 1,000,000,000"),
    ("tera", "multiply by 1,000,000,000,000"),
    ("kibi", "multiply by 1,024"),
    ("mebi", "multiply by 1,048,576"),
    ("gibi", "multiply by 1,073,741,824"),
];

/// The base unit to write instead of a scaled one, and how to convert.
pub fn base_of(word: &str) -> Option<(&'static str, &'static str)> {
    let listed = SCALED.iter().find(|(scaled, ..)| *scaled == word);
    listed.map(|&(_, base, how)| (base, how)).or_else(|| {
        PREFIXES.iter().find_map(|(prefix, how)| {
            let base = word.strip_prefix(prefix)?;
            BASE.iter().find(|known| **known == base).map(|base| (*base, *how))
        })
    })
}

impl Unit {
    /// A unit from its word; whether the word belongs to the vocabulary is checked elsewhere.
    pub fn new(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    /// No unit at all, as of an info metric or a score.
    pub fn none() -> Self {
        Self(String::new())
    }

    /// Its word; empty for no unit.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no unit.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it measures, instead of counting.
    pub fn is_base(&self) -> bool {
        BASE.contains(&&*self.0)
    }

    /// Whether its values are fractions unless the specification says otherwise.
    pub fn is_fractional(&self) -> bool {
        self.is_base() && self.0 != "bytes"
    }

    /// The unit of this one's rate: `records/s` for `records`, a ratio for seconds.
    ///
    /// A counter of seconds that grows by one second each second is busy all the time.
    pub fn per_second(&self) -> Self {
        match &*self.0 {
            "" => Self::none(),
            "seconds" => Self::new("ratio"),
            word => Self(format!("{word}/s")),
        }
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_units_too() {
        assert_eq!(Unit::new("records").per_second(), Unit::new("records/s"));
        assert_eq!(Unit::new("seconds").per_second(), Unit::new("ratio"));
        assert_eq!(Unit::none().per_second(), Unit::none());
    }

    #[test]
    fn scaled_units_know_their_base() {
        assert_eq!(base_of("milliseconds"), Some(("seconds", "divide by 1,000")));
        assert_eq!(base_of("mebibytes"), Some(("bytes", "multiply by 1,048,576")));
        assert_eq!(base_of("ms"), Some(("seconds", "divide by 1,000")));
        assert_eq!(base_of("seconds"), None);
        assert_eq!(base_of("kilorecords"), None);
    }

    #[test]
    fn words_are_listed_once() {
        let mut words: Vec<_> =
            BASE.iter().chain(COUNTING).chain(SCALED.iter().map(|(word, ..)| word)).collect();
        let listed = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), listed);
    }
}
