//! Registering twice, and registering what clashes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use prometheus_client::encoding::text;
use streamhouse_metrics::__private::on::{
    Component, Counter, Histogram, Kind, Number, Recorder, Slot,
};
use streamhouse_metrics::Registry;

use crate::support::{EMPTY, Labels, closed, errors, metric, overflow, plain, registered, samples};

const fn component(name: &'static str, metrics: &'static [Metric]) -> Component {
    Component { name, sets: &[&[]], metrics, ..EMPTY }
}

type Metric = streamhouse_metrics::__private::on::Metric;

const THINGS: Metric = metric("app_things", Kind::Counter, Number::Integer, 0);
static FIRST: Component = component("app_first", &[THINGS]);
static COPY: Component = component("app_first", &[THINGS]);

#[test]
fn the_same_component_shares_its_cells() {
    let mut registry = Registry::new();
    for component in [&FIRST, &FIRST, &COPY] {
        let recorder = Recorder::try_new(&mut registry, component).unwrap();
        let things: Counter<'_, u64, _> = plain::<0, _>(&recorder, 0);
        things.inc();
    }
    assert_eq!(samples(&registry), ["app_things_total 3"]);
}

#[test]
fn a_clash_names_the_name_and_both_components() {
    static SECOND: Component = component("app_second", &[THINGS]);
    let mut registry = Registry::new();
    Recorder::try_new(&mut registry, &FIRST).unwrap();
    let error = Recorder::try_new(&mut registry, &SECOND).unwrap_err();
    assert_eq!(
        error.to_string(),
        "component `app_second` exposes `app_things`, which this registry already exposes for \
         component `app_first`"
    );

    // `new` records all the same, out of sight.
    let recorder = Recorder::new(&mut registry, &SECOND);
    let things: Counter<'_, u64, _> = plain::<0, _>(&recorder, 0);
    things.inc();
    assert_eq!(things.get(), 1);
    assert_eq!(samples(&registry), ["app_things_total 0"]);
}

#[test]
fn a_sample_of_one_family_clashes_with_another_family() {
    static HISTOGRAM: Component =
        component("one", &[metric("app_wait", Kind::Histogram, Number::Float, 0)]);
    static GAUGE: Component =
        component("two", &[metric("app_wait_count", Kind::Gauge, Number::Integer, 0)]);
    for (first, second) in [(&HISTOGRAM, &GAUGE), (&GAUGE, &HISTOGRAM)] {
        let mut registry = Registry::new();
        Recorder::try_new(&mut registry, first).unwrap();
        let error = Recorder::try_new(&mut registry, second).unwrap_err().to_string();
        assert!(error.contains("exposes `app_wait_count`"), "{error}");
    }
}

#[test]
fn a_plain_registry_is_not_asked_and_repeats_the_family() {
    let mut registry = prometheus_client::registry::Registry::default();
    let recorders = catch_unwind(AssertUnwindSafe(|| {
        [Recorder::new(&mut registry, &FIRST), Recorder::new(&mut registry, &FIRST)]
    }));
    for (increment, recorder) in (1..).zip(&recorders.unwrap()) {
        let things: Counter<'_, u64, _> = plain::<0, _>(recorder, 0);
        things.inc_by(increment);
    }
    let mut body = String::new();
    text::encode(&mut body, &registry).unwrap();
    let family = |value| {
        format!("# HELP app_things Help\n# TYPE app_things counter\napp_things_total {value}\n")
    };
    assert_eq!(body, family(1) + &family(2) + "# EOF\n");
}

#[test]
fn components_appear_in_the_order_of_their_registration() {
    static LAST: Component =
        component("aaa", &[metric("aaa_things", Kind::Counter, Number::Integer, 0)]);
    let mut registry = Registry::new();
    Recorder::new(&mut registry, &FIRST);
    Recorder::new(&mut registry, &LAST);
    assert_eq!(samples(&registry), ["app_things_total 0", "aaa_things_total 0"]);
    assert!(registry.to_text().ends_with("\n# EOF\n"));
}

/// A grid of 2048 by 2048 native histograms has more cells than there are numbers.
#[test]
fn a_component_without_cells_records_nothing() {
    static HUGE: Component = Component {
        name: "app_huge",
        labels: &[closed("a", &["x"; 2048]), closed("b", &["y"; 2048])],
        sets: &[&[0, 1]],
        metrics: &[Metric {
            native: true,
            ..metric("app_huge_things", Kind::Histogram, Number::Float, 0)
        }],
        overflow: overflow("app_huge_overflow", &["a"]),
        errors: errors("app_huge_errors"),
        ..EMPTY
    };
    let (registry, recorder) = registered(&HUGE);
    for combination in [0, 2048 * 2048 - 1] {
        let labels = Labels::<0, 0>([], combination);
        let things: Histogram<'_, f64, _> = recorder.get(labels, Slot::new(0));
        things.observe(1.0);
        things.observe(-1.0);
        let bound = recorder.bind(labels);
        let things: Histogram<'_, f64> = bound.get(Slot::new(0));
        things.observe(1.0);
        assert_eq!(things.count(), 0);
    }
    assert_eq!(registry.to_text(), "# EOF\n");
}
