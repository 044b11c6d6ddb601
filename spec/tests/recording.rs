//! What a specification asks of a recorder, and how many series that takes.

use std::time::Duration;

use streamhouse_metrics_spec::catalog::{Catalog, Metric};
use streamhouse_metrics_spec::check_text;

const HEAD: &str = "\
namespace = \"shop\"
[labels]
currency = { help = \"Currency\", values = [\"eur\", \"usd\"] }
store = { help = \"Store\", limit = 10 }
shelf = { help = \"Shelf\", type = \"u32\", limit = 20 }
[components.checkout]
idle_timeout = \"1h30m\"
";

/// The catalogue of one metric with all three labels, of a type and with further keys.
fn catalog(kind: &str, rest: &str) -> Catalog {
    let text = format!(
        "{HEAD}[checkout.orders]\ntype = \"{kind}\"\nunit = \"items\"\nhelp = \"Orders\"\n\
         labels = [\"currency\", \"store\", \"shelf\"]\n{rest}\n"
    );
    let checked = check_text(&text).unwrap_or_else(|rejected| panic!("{:?}", rejected.diagnostics));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    checked.catalog
}

fn only(catalog: &Catalog) -> &Metric {
    &catalog.components[0].metrics[0]
}

#[test]
fn nothing_is_asked_for_by_default() {
    let catalog = catalog("histogram", "buckets = [1]");
    let Metric { native, exemplars, sample, series_limit, .. } = only(&catalog);
    assert_eq!((*native, *exemplars, *sample, *series_limit), (false, false, 1, None));
}

#[test]
fn everything_at_once() {
    let keys = "native = true\nexemplars = true\nsample = \"1/16\"\nseries_limit = 7";
    let catalog = catalog("histogram", &format!("buckets = [1]\n{keys}"));
    let Metric { native, exemplars, sample, series_limit, .. } = only(&catalog);
    assert_eq!((*native, *exemplars, *sample, *series_limit), (true, true, 16, Some(7)));
    assert_eq!(catalog.components[0].idle_timeout, Some(Duration::from_secs(5400)));
}

#[test]
fn a_native_histogram_is_read_by_its_familys_name() {
    let samples = |rest: &str| {
        let catalog = catalog("histogram", &format!("buckets = [1]\n{rest}"));
        only(&catalog).samples().join(" ")
    };
    let classic = "shop_checkout_orders_bucket shop_checkout_orders_sum shop_checkout_orders_count";
    assert_eq!(samples(""), classic);
    assert_eq!(samples("native = true"), format!("shop_checkout_orders {classic}"));
}

/// Checks the most series of a metric of a type with further keys.
#[track_caller]
fn check(kind: &str, rest: &str, expected: u64) {
    let catalog = catalog(kind, rest);
    assert_eq!(catalog.worst_series(only(&catalog)), expected);
}

#[test]
fn labels_bound_the_series() {
    check("counter", "", 11 * 21 * 2);
    check("gauge", "", 10 * 20 * 2);
    check("histogram", "buckets = [1]", 11 * 21 * 2 * 4);
    check("histogram", "buckets = [1]\nnative = true", 11 * 21 * 2 * 5);
}

#[test]
fn a_limit_of_series_bounds_combinations_of_open_labels() {
    check("counter", "series_limit = 7", 8 * 2);
    check("gauge", "series_limit = 7", 7 * 2);
    check("histogram", "buckets = [1]\nseries_limit = 7", 8 * 2 * 4);
}

#[test]
fn a_limit_that_labels_never_reach_changes_nothing() {
    check("counter", "series_limit = 1000", 11 * 21 * 2);
    check("gauge", "series_limit = 1000", 10 * 20 * 2);
    check("counter", &format!("series_limit = {}", u64::MAX >> 1), 11 * 21 * 2);
}
