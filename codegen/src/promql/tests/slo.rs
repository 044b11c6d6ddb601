//! What is recorded of SLOs, held against the specification like any expression.

use streamhouse_metrics_spec::{Catalog, check_text};

use crate::promql::{Presence, Question, Schema, Version};
use crate::rules;

fn catalog() -> Catalog {
    let text = include_str!("../../../tests/specs/slo.toml");
    check_text(text).expect("a valid specification").catalog
}

#[test]
fn nothing_is_wrong_with_the_rules_that_follow() {
    let catalog = catalog();
    let schema = Schema::new(&catalog);
    let question = Question { schema: &schema, target: Version(2, 42), assumes_unknown: false };
    let recorded = catalog.slos.iter().flat_map(|slo| rules::slo::recordings(&catalog, slo));
    let recorded = recorded.map(|(_, expr)| expr);
    let alerts = catalog.alerts.iter();
    let alerts = alerts.map(|alert| rules::expr(&catalog, &alert.condition).into_owned());
    let all: Vec<_> = recorded.chain(alerts).collect();
    assert!(all.len() > 70, "{}", all.len());
    for expr in all {
        let answer = question.ask(&expr).expect("an expression");
        assert_eq!(answer.findings, [], "{expr}");
    }
}

#[test]
fn what_is_recorded_is_what_the_specification_says() {
    let catalog = catalog();
    for slo in &catalog.slos {
        let recorded = rules::slo::recordings(&catalog, slo).into_iter();
        let mut recorded: Vec<_> = recorded.map(|(name, _)| name).collect();
        let mut said = slo.series();
        recorded.sort();
        said.sort();
        assert_eq!(recorded, said, "{}", slo.key);
    }
}

/// Checks the labels of a recorded series: those that are surely there, those that may be, and the
/// values of `slo`.
#[track_caller]
fn check(name: &str, always: &[&str], maybe: &[&str], slos: &[&str]) {
    let schema = Schema::new(&catalog());
    let of = &schema.series(name).expect("a series of that name").of;
    let with = |presence| {
        let labels = of.labels.iter().filter(move |(_, label)| label.presence == presence);
        labels.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(with(Presence::Always), always);
    assert_eq!(with(Presence::Maybe), maybe);
    let values = of.labels.get("slo").values.iter().flat_map(|values| values.iter());
    assert_eq!(values.collect::<Vec<_>>(), slos);
    assert!(!of.labels.is_open);
}

#[test]
fn a_matcher_chooses_between_slos() {
    let catalog = catalog();
    let schema = Schema::new(&catalog);
    let question = Question { schema: &schema, target: Version(2, 42), assumes_unknown: false };
    let store = |matcher: &str| {
        let answer = question.ask(&format!("slo:sli_error:ratio_rate1h{{{matcher}}}"));
        answer.expect("an expression").of.labels.get("store").presence
    };
    assert_eq!(store("slo=\"shop_queue\""), Presence::Always);
    assert_eq!(store("slo=\"shop_delivery\""), Presence::Never);
    assert_eq!(store("slo!=\"shop_delivery\""), Presence::Always);
    assert_eq!(store("slo=~\"shop_delivery|shop_queue\""), Presence::Maybe);
    assert_eq!(store("store=\"a\""), Presence::Always);
    assert_eq!(store("store=\"\""), Presence::Never);
}

#[test]
fn one_name_has_the_series_of_several_slos() {
    let all = ["shop_delivery", "shop_order_success", "shop_payment_latency", "shop_queue"];
    check("slo:sli_error:ratio_rate1h", &["slo"], &["store"], &all);
    check(
        "slo:sli_total:events1h",
        &["slo", "store"],
        &[],
        &["shop_order_success", "shop_payment_latency"],
    );
    check("slo:sli_bad:bool", &["slo", "store"], &[], &["shop_queue"]);
    check("slo:objective:ratio", &["slo"], &[], &all);
    check(
        "slo:sli_error:ratio_rate28d",
        &["slo"],
        &["store"],
        &["shop_delivery", "shop_payment_latency"],
    );
}
