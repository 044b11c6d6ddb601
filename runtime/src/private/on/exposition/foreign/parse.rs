//! OpenMetrics text → families.

use std::collections::HashMap;

use super::labels::{Labels, is_name};
use super::line::{Line, Number};
use super::{Bucket, Family, Foreign, Histogram, Kind, Series, Value};

pub(super) fn parse(text: &str) -> Foreign<'_> {
    let mut families = Families::default();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((family, after)) = take_head(rest) {
            families.open(family);
            rest = after;
            continue;
        }
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        families.add(line);
        rest = after;
    }
    families.finish()
}

/// Takes `# HELP` and `# TYPE` off a text.
///
/// Nothing there is escaped, so a help goes on until the type of the same name.
fn take_head(text: &str) -> Option<(Family<'_>, &str)> {
    let (name, rest) = text.strip_prefix("# HELP ")?.split_once(' ')?;
    let (help, rest) = rest.split_once(&format!("\n# TYPE {name} "))?;
    let (kind, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let kind = match kind {
        "counter" => Kind::Counter,
        "gauge" => Kind::Gauge,
        "histogram" => Kind::Histogram,
        "info" => Kind::Info,
        "unknown" => Kind::Unknown,
        _ => return None,
    };
    Some((Family { name, kind, unit: None, help, series: Vec::new() }, rest))
}

#[derive(Default)]
struct Families<'a> {
    families: Vec<Family<'a>>,
    /// The place of the family that each name of a sample belongs to.
    names: HashMap<String, usize>,
    /// The place of the family that lines are added to; none while its lines are left out.
    current: Option<usize>,
}

impl<'a> Families<'a> {
    fn open(&mut self, family: Family<'a>) {
        self.current = self.place(family);
    }

    /// The place of a family. A family may come in pieces: that is what registering a metric with
    /// several registries of different constant labels leads to. But two kinds cannot share a name.
    fn place(&mut self, family: Family<'a>) -> Option<usize> {
        if !is_name(family.name, b"_:") {
            return None;
        }
        let names =
            sample_suffixes(family.kind).iter().map(|suffix| family.name.to_owned() + suffix);
        let names: Vec<_> = names.collect();
        if let Some(&at) = names.iter().find_map(|name| self.names.get(name)) {
            let other = &self.families[at];
            return ((other.name, other.kind) == (family.name, family.kind)).then_some(at);
        }
        let at = self.families.len();
        self.names.extend(names.into_iter().map(|name| (name, at)));
        self.families.push(family);
        Some(at)
    }

    /// Adds a line to the current family, if it belongs there.
    fn add(&mut self, line: &'a str) {
        if line.starts_with("# HELP ") {
            // It was no head, so what follows has no family.
            self.current = None;
        }
        let Some(family) = self.current.map(|at| &mut self.families[at]) else { return };
        if let Some(unit) = line.strip_prefix("# UNIT ") {
            family.unit = unit.strip_prefix(family.name).and_then(|unit| unit.strip_prefix(' '));
        } else if let Some(line) = Line::parse(line) {
            add_sample(family, line);
        }
    }

    fn finish(mut self) -> Foreign<'a> {
        for family in &mut self.families {
            family.series.retain(|series| match &series.value {
                Value::Number(..) => true,
                Value::Histogram(histogram) => is_cumulative(&histogram.buckets),
            });
        }
        self.families.retain(|family| !family.series.is_empty());
        Foreign { families: self.families }
    }
}

/// The ends of the names that a kind's samples have.
fn sample_suffixes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Counter => &["_total"],
        Kind::Gauge | Kind::Unknown => &[""],
        Kind::Info => &["_info"],
        // A sample called like the family itself would be taken for the whole histogram.
        Kind::Histogram => &["", "_bucket", "_count", "_sum"],
    }
}

fn add_sample<'a>(family: &mut Family<'a>, line: Line<'a>) {
    let Line { name, labels, value, exemplar } = line;
    let Some(suffix) = name.strip_prefix(family.name) else { return };
    match (family.kind, suffix) {
        // `prometheus_client` writes the sum first, then the count, then the buckets.
        (Kind::Histogram, "_sum") if !labels.has("le") => {
            let histogram = Histogram { sum: value, buckets: Vec::new() };
            family.series.push(Series { labels, value: Value::Histogram(histogram) });
        }
        (Kind::Histogram, "_count" | "_bucket") => {
            if let Some(series) = family.series.last_mut()
                && let Value::Histogram(histogram) = &mut series.value
                && let Some(bucket) = bucket_of(series.labels, line, suffix)
            {
                add_bucket(&mut histogram.buckets, bucket);
            }
        }
        (Kind::Histogram, _) => {}
        (kind, suffix) if suffix == kind.suffix() => {
            family.series.push(Series { labels, value: Value::Number(value, exemplar) });
        }
        // Neither of our formats has a place for `_created`.
        _ => {}
    }
}

/// The bucket that a line is, if it belongs to the series with these labels. The count is one too.
fn bucket_of<'a>(series: Labels<'a>, line: Line<'a>, suffix: &str) -> Option<Bucket<'a>> {
    let mut le = None;
    let others = line.labels.iter().filter(|label| {
        let is_bound = suffix == "_bucket" && label.name == "le";
        if is_bound {
            le = Some(label.escaped);
        }
        !is_bound
    });
    if !others.eq(series.iter()) {
        return None;
    }
    let bound = match suffix {
        "_bucket" => Number::parse(le?).filter(|bound| !bound.value.is_nan())?,
        _ => Number::INFINITY,
    };
    let cumulative = line.value.text().parse().ok()?;
    Some(Bucket { bound, cumulative, exemplar: line.exemplar })
}

/// Adds a bucket so that the infinite one stays last.
fn add_bucket<'a>(buckets: &mut Vec<Bucket<'a>>, bucket: Bucket<'a>) {
    match buckets.pop() {
        // The count and the infinite bucket should be equal. Where they are not, a reader of the
        // text would have seen the bucket in every quantile.
        Some(last) if bucket.bound.value < last.bound.value => buckets.extend([bucket, last]),
        _ => buckets.push(bucket),
    }
}

/// Whether the bounds ascend to infinity, and the counts with them.
fn is_cumulative(buckets: &[Bucket<'_>]) -> bool {
    let ends = buckets.last().is_some_and(|last| last.bound.value == f64::INFINITY);
    ends && buckets.is_sorted_by(|one, next| {
        one.bound.value < next.bound.value && one.cumulative <= next.cumulative
    })
}
