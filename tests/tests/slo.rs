//! promtool runs the generated tests of what is recorded of objectives, and of wrong rules it says
//! so.

use std::collections::BTreeMap;
use std::fs;
use std::thread;

use streamhouse_metrics_codegen::emit::artifacts;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_tests::{
    Verdict, accepted, promtool_test_rules, refused, scratch_folder, workspace_root,
};

/// Objectives in all their forms.
const SAMPLE: &str = "codegen/tests/specs/slo.toml";

/// What a rule may have wrong, each as what it says and what it should not.
const MISTAKES: [(&str, &str); 24] = [
    ("[5m]", "[30m]"),
    ("[30m]", "[10m]"),
    ("[30m]", "[1h]"),
    ("[1h]", "[30m]"),
    ("[1h]", "[2h]"),
    ("[2h]", "[1h]"),
    ("[2h]", "[6h]"),
    ("[6h]", "[2h]"),
    ("[6h]", "[1d]"),
    ("[1d]", "[6h]"),
    ("[1d]", "[3d]"),
    ("[3d]", "[1d]"),
    ("[3d]", "[28d]"),
    ("[30d]", "[28d]"),
    ("[28d]", "[30d]"),
    ("> bool", ">= bool"),
    ("max by", "min by"),
    ("60 * sum_over_time", "sum_over_time"),
    (" > 0)", " >= 0)"),
    ("sum by (", "max by ("),
    ("status!=", "status="),
    ("_bucket{le=", "_bucket{le!="),
    ("vector(0.", "vector(1."),
    ("1 - slo:", "slo:"),
];

fn catalog(path: &str) -> Catalog {
    let checked = streamhouse_metrics_spec::load(&workspace_root().join(path));
    checked.expect("a valid specification").catalog
}

/// The rules and the tests of each objective, by its key: of what is recorded, or of its alerts.
fn files(catalog: &Catalog, of: &str) -> BTreeMap<String, [String; 2]> {
    let files = artifacts(catalog, &Default::default(), |name| name == "alerts");
    let files: BTreeMap<_, _> =
        files.into_iter().map(|(_, artifact)| (artifact.path, artifact.text)).collect();
    let namespace = &catalog.namespace;
    let of_slo = |key: &String| {
        let file = |kind| format!("prometheus/{kind}/{namespace}.slo.{key}.{of}.yml");
        ["rules", "tests"].map(|kind| files[&file(kind)].clone())
    };
    catalog.slos.iter().map(|slo| (slo.key.clone(), of_slo(&slo.key))).collect()
}

/// What promtool says of tests, which name the rules that they are of, when these are as given.
fn verdict(rules: &str, tests: &str) -> Verdict {
    let folder = scratch_folder();
    let name = tests.split("../rules/").nth(1).and_then(|rest| rest.split('"').next());
    let name = name.expect("tests name their rules");
    for (kind, text) in [("rules", rules), ("tests", tests)] {
        fs::create_dir(folder.path().join(kind)).expect("a scratch folder can be made");
        fs::write(folder.path().join(kind).join(name), text).expect("writable");
    }
    promtool_test_rules(&folder.path().join("tests").join(name))
}

#[test]
fn what_is_recorded_is_what_is_meant() {
    for path in ["metrics.toml", SAMPLE] {
        let catalog = catalog(path);
        for [rules, tests] in files(&catalog, "recording").into_values() {
            accepted(verdict(&rules, &tests));
        }
    }
}

/// Those of StreamHouse are run with its other alerts.
#[test]
fn alerts_of_all_forms_have_tests_that_pass() {
    for [rules, tests] in files(&catalog(SAMPLE), "alerts").into_values() {
        accepted(verdict(&rules, &tests));
        refused(verdict(&rules.replace(" > ", " < "), &tests), "FAILED");
    }
}

#[test]
fn mistakes_are_found_out() {
    let catalog = catalog(SAMPLE);
    let recordings = files(&catalog, "recording");
    let mutants: Vec<_> =
        recordings.iter().flat_map(|(key, [rules, _])| mutants(key, rules)).collect();
    for (right, wrong) in MISTAKES {
        let is_made = mutants.iter().any(|mutant| mutant.mistake == (right, wrong));
        assert!(is_made, "`{wrong}` for `{right}` is made nowhere");
    }
    let try_out = |mutants: &[Mutant<'_>]| {
        for Mutant { key, mistake, place, rules } in mutants {
            let verdict = verdict(rules, &recordings[*key][1]);
            assert!(verdict.is_err(), "{key}: {mistake:?} passes after `{place}`");
        }
    };
    // promtool waits for the disk more than for a processor.
    thread::scope(|scope| {
        for mutants in mutants.chunks(mutants.len().div_ceil(4)) {
            scope.spawn(|| try_out(mutants));
        }
    });
}

/// A rule file with one mistake.
struct Mutant<'k> {
    key: &'k str,
    mistake: (&'static str, &'static str),
    /// What stands before the mistake in its line.
    place: String,
    rules: String,
}

/// Every mistake at every place of a rule file: what is right elsewhere must not hide it.
fn mutants<'k>(key: &'k str, rules: &str) -> Vec<Mutant<'k>> {
    let mut mutants = Vec::new();
    for mistake @ (right, wrong) in MISTAKES {
        for (at, _) in rules.match_indices(right) {
            let place = rules[..at].lines().last().unwrap_or_default();
            // Nothing times anything is nothing.
            let is_nothing = |term: &str| term.trim_start().starts_with("0 *");
            if place.rsplit(" or ").next().is_some_and(is_nothing) {
                continue;
            }
            let rules = [&rules[..at], wrong, &rules[at + right.len()..]].concat();
            mutants.push(Mutant { key, mistake, place: place.trim().to_owned(), rules });
        }
    }
    mutants
}

#[test]
fn a_label_that_tells_another_objective() {
    let catalog = catalog(SAMPLE);
    for (key, [rules, tests]) in files(&catalog, "recording") {
        let id = format!("{}_{key}", catalog.namespace);
        let other = rules.replace(&format!("slo: \"{id}\""), "slo: \"another\"");
        refused(verdict(&other, &tests), "FAILED");
    }
}
