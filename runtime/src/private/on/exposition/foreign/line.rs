//! A line with a sample.

use std::time::Duration;

use super::labels::Labels;

/// `name{labels} value # {labels} value timestamp`, of which name and value are always there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) labels: Labels<'a>,
    pub(super) value: Number<'a>,
    pub(super) exemplar: Option<Exemplar<'a>>,
}

/// A number with the text that it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    text: &'a str,
    pub(super) value: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Exemplar<'a> {
    pub(super) labels: Labels<'a>,
    pub(super) value: f64,
    /// The time since the Unix epoch.
    pub(super) timestamp: Option<Duration>,
}

impl<'a> Line<'a> {
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (name, rest) = line.split_at(line.find(['{', ' '])?);
        let (labels, rest) = match rest.strip_prefix('{') {
            Some(rest) => Labels::take(rest)?,
            None => (Labels::default(), rest),
        };
        let rest = rest.strip_prefix(' ')?;
        let (value, exemplar) = match rest.split_once(" # {") {
            Some((value, exemplar)) => (value, Some(Exemplar::parse(exemplar)?)),
            None => (rest, None),
        };
        Some(Line { name, labels, value: Number::parse(value)?, exemplar })
    }
}

impl<'a> Number<'a> {
    pub(super) const INFINITY: Number<'static> = Number { text: "+Inf", value: f64::INFINITY };

    pub(super) fn parse(text: &'a str) -> Option<Self> {
        Some(Number { text, value: text.parse().ok()? })
    }

    /// The text that it was, unless it is one that not every reader knows.
    pub(super) fn text(self) -> &'a str {
        match self.value {
            f64::INFINITY => "+Inf",
            f64::NEG_INFINITY => "-Inf",
            value if value.is_nan() => "NaN",
            _ => self.text,
        }
    }
}

impl<'a> Exemplar<'a> {
    /// Parses what follows the opening brace.
    fn parse(text: &'a str) -> Option<Self> {
        let (labels, rest) = Labels::take(text)?;
        let rest = rest.strip_prefix(' ')?;
        let (value, timestamp) = match rest.split_once(' ') {
            // A time before the epoch, or none at all, is left out.
            Some((value, seconds)) => {
                (value, Duration::try_from_secs_f64(seconds.parse().ok()?).ok())
            }
            None => (rest, None),
        };
        Some(Exemplar { labels, value: value.parse().ok()?, timestamp })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_everything() {
        let line = r#"a_total{k="} # {"} 1.5 # {id="x",n="2"} 0.25 1700000000.5"#;
        let Line { name, labels, value, exemplar } = Line::parse(line).expect("a line");
        assert_eq!((name, value.text(), value.value), ("a_total", "1.5", 1.5));
        assert_eq!(labels.iter().next().expect("a label").escaped, "} # {");
        let Exemplar { labels, value, timestamp } = exemplar.expect("an exemplar");
        assert_eq!((labels.iter().count(), value), (2, 0.25));
        assert_eq!(timestamp, Some(Duration::new(1_700_000_000, 500_000_000)));
    }

    #[test]
    fn numbers_that_are_none() {
        for (text, drawn) in
            [("inf", "+Inf"), ("-inf", "-Inf"), ("nan", "NaN"), ("1e300", "1e300"), ("-0", "-0")]
        {
            assert_eq!(Number::parse(text).expect("a number").text(), drawn);
        }
    }

    #[test]
    fn lines_that_a_reader_would_refuse() {
        for line in [
            "",
            "a",
            "a ",
            "a{",
            "a{}",
            "a{}1",
            "a  1",
            "a 1 ",
            "a 1 1700000000",
            "a 0x1",
            "a 1 # {",
            "a 1 # {}",
            "a 1 # {} x",
            "a 1 # {} 1 x",
        ] {
            assert!(Line::parse(line).is_none(), "{line}");
        }
    }
}
