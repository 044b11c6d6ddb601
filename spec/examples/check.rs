//! Checks a specification: `cargo run --example check -- metrics.toml`.

use streamhouse_metrics_spec::render::{Style, render_all};

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "metrics.toml".to_owned());
    match streamhouse_metrics_spec::load(path.as_ref()) {
        Ok(checked) => {
            print!("{}", render_all(&checked.diagnostics, &checked.sources, Style::Plain));
            for (_, metric) in checked.catalog.metrics() {
                println!("{} {}", checked.catalog.worst_series(metric), metric.exposed());
            }
        }
        Err(rejected) => {
            print!("{}", render_all(&rejected.diagnostics, &rejected.sources, Style::Plain))
        }
    }
}
