//! Every output of small specifications: one says everything once, one sets traps, one promises.

use streamhouse_metrics_codegen::emit::artifacts;
use streamhouse_metrics_spec::render::{Style, render_all};

/// Compares every file of every emitter with its committed picture.
fn check(name: &str, specification: &str) {
    let checked = streamhouse_metrics_spec::check_text(specification);
    let checked = checked.unwrap_or_else(|rejected| {
        panic!("{}", render_all(&rejected.diagnostics, &rejected.sources, Style::Plain));
    });
    assert!(checked.diagnostics.is_empty());
    for (_, artifact) in artifacts(&checked.catalog, &Default::default(), |_| true) {
        assert!(
            artifact.text.ends_with('\n') && !artifact.text.ends_with("\n\n"),
            "{}",
            artifact.path
        );
        // They hold rules and dashboards, which have pictures of their own.
        let again = ["kubernetes/rules/", "kubernetes/dashboards/", "mimir/", "thanos/"];
        if again.iter().any(|folder| artifact.path.starts_with(folder)) {
            continue;
        }
        let picture = format!("{name}/{}", artifact.path).replace('/', "__");
        insta::assert_snapshot!(picture, artifact.text);
    }
}

#[test]
fn everything_once() {
    check("shop", include_str!("specs/shop.toml"));
}

#[test]
fn hostile_text() {
    check("hostile", include_str!("specs/hostile.toml"));
}

#[test]
fn objectives() {
    check("slo", include_str!("specs/slo.toml"));
}

#[test]
fn nothing_at_all() {
    check(
        "bare",
        "namespace = \"bare\"\n[only.value]\ntype = \"gauge\"\nunit = \"items\"\nhelp = \"A value\"\n",
    );
}
