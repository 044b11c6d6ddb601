//! What Prometheus needs: arithmetic over the series that the specification allows.

use std::time::Duration;

use streamhouse_metrics_spec::{Catalog, duration};

use crate::emit::deployment::job::{Job, jobs};
use crate::text::markdown::{Align, block, code, table};
use crate::text::number::{bytes, thousands};

/// Series that Prometheus adds to each target: `up` and four about the scrape.
const OF_THE_SCRAPE: u64 = 5;

/// Bytes of a sample on disk, at best and at worst.
const BYTES_OF_A_SAMPLE: [u64; 2] = [1, 2];

/// Bytes in memory of a series that is being scraped.
const BYTES_OF_A_SERIES: u64 = 3000;

const SOURCES: &str = "\
Bytes a sample are those of \
[Prometheus's documentation](https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects), \
bytes a series are \
[Robust Perception's](https://www.robustperception.io/why-does-prometheus-use-so-much-ram/) rule of thumb. \
Queries take memory beside that, the write-ahead log some hours of disk. Series at worst are there only \
when every label has as many values as its limit allows: a service with a tenth of them needs a tenth. \
What else its processes expose, and what rules record, comes on top.";

/// The section, with its tables.
pub(super) fn sections(catalog: &Catalog) -> Vec<String> {
    let jobs = jobs(catalog);
    let one: u64 = jobs.iter().map(|job| of_a_target(catalog, job)).fold(0, u64::saturating_add);
    let all: u64 = jobs.iter().map(|job| of_all(catalog, job)).fold(0, u64::saturating_add);
    vec![
        "## Sizing".to_owned(),
        block("text", &formulas(catalog)),
        by_job(catalog, &jobs),
        needs(catalog, one, all),
        SOURCES.to_owned(),
        "### Scrape interval".to_owned(),
        interval(catalog, all),
    ]
}

/// How the numbers come about.
fn formulas(catalog: &Catalog) -> String {
    let scrape = duration::written(catalog.surroundings.scrape_interval);
    let retention = duration::written(catalog.deployment.retention);
    let [best, worst] = BYTES_OF_A_SAMPLE;
    format!(
        "series           = targets × (series at worst + {OF_THE_SCRAPE} of the scrape itself)
samples a second = series / {scrape}
disk             = samples a second × {retention} × {best} to {worst} bytes
memory           = series × {} kB",
        BYTES_OF_A_SERIES / 1000
    )
}

/// How many series each job has.
fn by_job(catalog: &Catalog, jobs: &[Job<'_>]) -> String {
    let columns = [
        ("Job", Align::Left),
        ("Series of a target, at worst", Align::Right),
        ("Targets", Align::Right),
        ("Series", Align::Right),
    ];
    let rows = jobs.iter().map(|job| {
        vec![
            code(job.name),
            thousands(of_a_target(catalog, job)),
            thousands(targets(job)),
            thousands(of_all(catalog, job)),
        ]
    });
    table(&columns, rows)
}

/// What Prometheus needs for a target of each job, and for all that are listed.
fn needs(catalog: &Catalog, one: u64, all: u64) -> String {
    let columns = [
        ("At worst", Align::Left),
        ("A target of each job", Align::Right),
        ("All targets", Align::Right),
    ];
    let interval = catalog.surroundings.scrape_interval;
    let row = |what: &str, of: &dyn Fn(u64) -> String| vec![what.to_owned(), of(one), of(all)];
    let rows = [
        row("Series", &thousands),
        row("Samples a second", &|series| thousands(per_second(series, interval))),
        row("Disk", &|series| disk(catalog, series, interval)),
        row("Memory", &|series| bytes(series.saturating_mul(BYTES_OF_A_SERIES))),
    ];
    table(&columns, rows)
}

/// What it costs to look more or less often.
fn interval(catalog: &Catalog, all: u64) -> String {
    let now = catalog.surroundings.scrape_interval;
    let columns = [
        ("Scrape interval", Align::Left),
        ("Samples a second", Align::Right),
        ("Disk", Align::Right),
    ];
    let rows = [now, now * 2, now * 4].map(|interval| {
        let mut written = duration::written(interval);
        if interval == now {
            written += " (now)";
        }
        vec![written, thousands(per_second(all, interval)), disk(catalog, all, interval)]
    });
    let text = "Memory hardly depends on it. `scrape_interval` under `[targets]` sets it everywhere at \
                once; a rate looks back over four scrapes at least, which is checked.";
    format!("{}\n{text}", table(&columns, rows))
}

/// Series of a target of a job, those of its scrape among them.
fn of_a_target(catalog: &Catalog, job: &Job<'_>) -> u64 {
    let components = job.components.iter();
    let series = components.map(|component| catalog.worst_series_of_component(component));
    series.fold(OF_THE_SCRAPE, u64::saturating_add)
}

fn of_all(catalog: &Catalog, job: &Job<'_>) -> u64 {
    targets(job).saturating_mul(of_a_target(catalog, job))
}

/// How many targets a job has; one if none is listed.
fn targets(job: &Job<'_>) -> u64 {
    (job.targets().len() as u64).max(1)
}

/// Samples that are scraped each second, rounded up.
fn per_second(series: u64, interval: Duration) -> u64 {
    let samples = u128::from(series) * 1000;
    u64::try_from(samples.div_ceil(interval.as_millis().max(1))).unwrap_or(u64::MAX)
}

/// What the samples of the whole retention take, at best and at worst.
fn disk(catalog: &Catalog, series: u64, interval: Duration) -> String {
    let scrapes = catalog.deployment.retention.as_millis() / interval.as_millis().max(1);
    let samples = u128::from(series).saturating_mul(scrapes);
    let samples = u64::try_from(samples).unwrap_or(u64::MAX);
    let [best, worst] = BYTES_OF_A_SAMPLE.map(|each| bytes(samples.saturating_mul(each)));
    format!("{best} to {worst}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two targets with one gauge each, beside a job whose targets are not listed.
    const SPECIFICATION: &str = "
namespace = 'shop'
[cart.open_items]
type = 'gauge'
unit = 'items'
help = 'a'
[till.open_items]
type = 'gauge'
unit = 'items'
labels = ['desk']
help = 'a'
[labels]
desk = { help = 'a', values = ['left', 'right', 'front'] }
[components]
cart = { job = 'carts', targets = ['cart-1:80', 'cart-2:80'] }
[targets]
scrape_interval = '10s'
[deployment]
retention = '1d'
";

    #[test]
    fn what_is_needed_follows_from_the_series() {
        let checked = streamhouse_metrics_spec::check_text(SPECIFICATION);
        let catalog = checked.expect("is valid").catalog;
        let [_, _, by_job, needs, ..] = &*sections(&catalog) else { panic!("four sections") };
        let rows = |table: &str| table.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rows(by_job), ["| `carts` | 6 | 2 | 12 |", "| `shop` | 8 | 1 | 8 |"]);
        assert_eq!(
            rows(needs),
            [
                "| Series | 14 | 20 |",
                "| Samples a second | 2 | 2 |",
                // 8,640 scrapes of each.
                "| Disk | 120 kB to 241 kB | 172 kB to 345 kB |",
                "| Memory | 42.0 kB | 60.0 kB |",
            ]
        );
    }
}
