//! Metrics about the metrics: which of them a component has, with which series.

use streamhouse_metrics_spec::catalog::Catalog;
use streamhouse_metrics_spec::check_text;

const LABELS: &str = "\
namespace = \"shop\"
[labels]
currency = { help = \"Currency\", values = [\"eur\", \"usd\"] }
store = { help = \"Store\", limit = 10 }
shelf = { help = \"Shelf\", type = \"u32\", limit = 20 }
market = { name = \"store\", help = \"Store of another kind\", limit = 10 }
";

/// One metric of the component `checkout`: its type, and what else its table says.
fn metric(key: &str, kind: &str, rest: &str) -> String {
    let unit = if key.ends_with("_seconds") { "seconds" } else { "items" };
    let buckets = if kind == "histogram" { "buckets = [1]\n" } else { "" };
    format!(
        "[checkout.{key}]\ntype = \"{kind}\"\nunit = \"{unit}\"\nhelp = \"H\"\n{buckets}{rest}\n"
    )
}

fn catalog(text: &str) -> Catalog {
    let checked = check_text(text).unwrap_or_else(|rejected| panic!("{:?}", rejected.diagnostics));
    let unused = |text: &str| text.contains("no metric has label");
    let others = checked.diagnostics.iter().filter(|found| !unused(&found.message));
    assert_eq!(others.count(), 0);
    checked.catalog
}

/// Checks the series that a component with these metrics has about them.
#[track_caller]
fn check(metrics: &[String], expected: &[&str]) {
    let catalog = catalog(&(LABELS.to_owned() + &metrics.concat()));
    let mut series = Vec::new();
    for own in catalog.components[0].own_metrics(&catalog) {
        assert_eq!(own.series(), own.values.len() as u64);
        let name = own.exposed();
        let label = own.label;
        series.extend(own.values.iter().map(|value| format!("{name}{{{label}={value}}}")));
    }
    assert_eq!(series, expected);
}

#[test]
fn whole_numbers_without_open_labels_go_wrong_in_no_way() {
    check(
        &[
            metric("orders", "counter", "labels = [\"currency\"]"),
            metric("basket_items", "histogram", ""),
            metric("age_seconds", "gauge", ""),
        ],
        &[],
    );
}

#[test]
fn open_labels_overflow_in_the_order_of_labels() {
    check(
        &[
            metric("orders", "counter", "labels = [\"shelf\", \"currency\"]"),
            metric("stock", "gauge", "labels = [\"store\"]"),
        ],
        &[
            "shop_checkout_metrics_overflow_total{label=store}",
            "shop_checkout_metrics_overflow_total{label=shelf}",
        ],
    );
}

#[test]
fn labels_of_one_exposed_name_are_one_series() {
    check(
        &[
            metric("orders", "counter", "labels = [\"store\"]"),
            metric("stock", "gauge", "labels = [\"market\"]"),
        ],
        &["shop_checkout_metrics_overflow_total{label=store}"],
    );
}

#[test]
fn a_limit_of_series_comes_last() {
    check(
        &[metric("orders", "counter", "labels = [\"store\"]\nseries_limit = 5")],
        &[
            "shop_checkout_metrics_overflow_total{label=store}",
            "shop_checkout_metrics_overflow_total{label=__series__}",
        ],
    );
}

#[test]
fn numbers_with_fractions_can_be_none() {
    let errors = &["shop_checkout_metrics_errors_total{reason=invalid_value}"];
    check(&[metric("weight", "counter", "value = \"float\"")], errors);
    check(&[metric("weight", "histogram", "value = \"float\"")], errors);
    check(&[metric("wait_seconds", "histogram", "")], errors);
    check(&[metric("weight", "gauge", "value = \"float\"")], &[]);
}

#[test]
fn exemplars_can_be_wrong_too() {
    check(
        &[metric("orders", "counter", "exemplars = true")],
        &[
            "shop_checkout_metrics_errors_total{reason=invalid_value}",
            "shop_checkout_metrics_errors_total{reason=invalid_exemplar}",
        ],
    );
    check(&[metric("orders", "counter", "exemplars = false")], &[]);
}

#[test]
fn their_names_are_those_of_the_service() {
    let text = format!("const_labels = {{ tier = \"hot\" }}\n{LABELS}");
    let catalog = catalog(&(text + &metric("wait_seconds", "histogram", "")));
    let [errors] = &catalog.components[0].own_metrics(&catalog)[..] else { panic!("one") };
    assert_eq!(errors.family, "shop_checkout_metrics_errors");
    assert_eq!(catalog.const_labels, [("tier".to_owned(), "hot".to_owned())]);
    assert_eq!(errors.help, "Recorded values that were dropped, by what was wrong with them");
}

#[test]
fn queries_may_read_them() {
    let orders = metric("orders", "counter", "labels = [\"store\"]");
    let query = "[queries.lost]\nhelp = \"H\"\nexpr = \"shop_checkout_metrics_overflow_total\"\n";
    let catalog = catalog(&(LABELS.to_owned() + &orders + query));
    assert_eq!(catalog.queries[0].reads, []);
}

#[test]
fn they_count_among_the_series() {
    let orders = metric("orders", "counter", "labels = [\"store\"]");
    let wait = metric("wait_seconds", "histogram", "");
    let catalog = catalog(&(LABELS.to_owned() + &orders + &wait));
    // 11 of the counter, 4 of the histogram, 1 of overflow, 1 of errors.
    assert_eq!(catalog.worst_series_of_component(&catalog.components[0]), 17);
    assert_eq!(catalog.worst_series_of_service(), 17);
}
