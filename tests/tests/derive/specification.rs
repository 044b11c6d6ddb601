//! Where the derive finds the specification, and when it looks again.

use crate::cargo::messages;
use crate::scratch::Scratch;

const CHECKOUT: &str = r#"
#[derive(streamhouse_metrics::StreamhouseMetrics)]
#[metrics(component = "checkout")]
pub struct CheckoutMetrics(pub(crate) CheckoutRecorder);
"#;

/// A specification with one metric of this name.
fn metric(name: &str) -> String {
    format!("[checkout.{name}]\ntype = \"gauge\"\nunit = \"items\"\nhelp = \"Some items\"\n")
}

#[test]
fn none_in_this_folder_or_above() {
    let scratch = Scratch::new("unspecified", CHECKOUT);
    let messages = messages(scratch.folder(), "check");
    let diagnostics = messages.of("unspecified");
    let [error] = &diagnostics[..] else { panic!("one error: {diagnostics:#?}") };
    assert_eq!(
        error.message,
        "no `metrics.toml` in this crate's folder or above; \
         name it with `#[metrics(spec = \"…\")]`"
    );
    assert_eq!(error.place, "\"checkout\"");
}

/// Nothing in the crate's sources changes here: cargo is told by the expansion what to watch.
#[test]
fn editing_a_file_of_the_specification_rebuilds_the_crate() {
    let uses = "pub fn count(metrics: &CheckoutMetrics) { metrics.visitors().inc(); }";
    let scratch = Scratch::new("edited", &format!("{CHECKOUT}{uses}"));
    let main = "namespace = \"shop\"\ninclude = [\"more/metrics.toml\"]\n";
    scratch.write("metrics.toml", main);
    scratch.write("more/metrics.toml", &metric("visitors"));
    let build = || messages(scratch.folder(), "check");
    let first = build();
    assert!(first.succeeded && !first.is_fresh("edited"));
    assert!(build().is_fresh("edited"));

    scratch.write("metrics.toml", &format!("{main}\n{}", metric("baskets")));
    let edited = build();
    assert!(!edited.is_fresh("edited"));
    let unrecorded: Vec<_> = edited.of("edited").iter().map(|found| found.message).collect();
    assert_eq!(unrecorded, ["associated function `baskets` is never used"]);
    assert!(build().is_fresh("edited"));

    scratch.write("more/metrics.toml", &metric("guests"));
    let edited = build();
    assert!(!edited.succeeded);
    let codes: Vec<_> = edited.of("edited").iter().map(|found| found.code).collect();
    assert_eq!(codes, ["E0599"]);
}
