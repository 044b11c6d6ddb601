//! Expressions read and held against the specification, beside a parser that only reads them.
//!
//! They are StreamHouse's: of its alerts, rules and queries, and of the panels that are generated.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use streamhouse_metrics_codegen::{check, emit::artifacts};
use streamhouse_metrics_spec::{Checked, check_text};

use super::Bench;
use crate::candidate::Candidate;
use crate::contest::{Contest, Targets};
use crate::measure::Load;
use crate::ours;
use crate::report::{Findings, Row};

/// How many expressions a large service has.
const COUNT: usize = 2000;

/// Terms of a sum that nobody writes by hand.
const TERMS: usize = 100_000;

pub(crate) fn run(bench: &Bench) -> Findings {
    let specification = specification();
    let all = expressions(&specification);
    let real: Vec<String> = all.iter().cycle().take(COUNT).cloned().collect();
    let sum = vec!["up + ".repeat(TERMS - 1) + "up"];
    let rows = vec![
        row(bench, &specification, "2,000 expressions, each", real, true),
        // The other parser overflows the stack of one with so many terms.
        row(bench, &specification, "a sum of 100,000 terms", sum, false),
    ];
    Findings { rows, ..Findings::default() }
}

fn row(
    bench: &Bench,
    specification: &str,
    title: &str,
    expressions: Vec<String>,
    has_peer: bool,
) -> Row {
    let calls = expressions.len();
    let mut text = specification.to_owned();
    for (number, expr) in expressions.iter().enumerate() {
        _ = write!(text, "\n[queries.bench_{number}]\nhelp = \"A\"\nexpr = '''\n{expr}'''\n");
    }
    let checked = valid(&text);
    let ours = Candidate::unchecked(ours::NAME, calls, move || {
        // What is checked is given away; copying it is part of the time.
        let Checked { catalog, expressions, sources, .. } = &checked;
        let (catalog, expressions) = (catalog.clone(), expressions.clone());
        let (diagnostics, sources) = (Vec::new(), sources.clone());
        let checked = Checked { catalog, expressions, diagnostics, sources };
        assert!(std::hint::black_box(check(checked)).is_ok(), "they are right");
    });
    let peer = has_peer.then(|| {
        Candidate::unchecked("promql-parser", calls, move || {
            for expr in &expressions {
                let parsed = std::hint::black_box(promql_parser::parser::parse(expr));
                assert!(parsed.is_ok(), "it reads all of them");
            }
        })
    });
    let contest = Contest { ours, peers: peer.into_iter().collect(), limit: None };
    contest.row(bench, Load::OneThread, title.to_owned(), Targets::default())
}

/// StreamHouse's specification.
fn specification() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics.toml");
    std::fs::read_to_string(path).expect("StreamHouse's specification can be read")
}

fn valid(text: &str) -> Checked {
    check_text(text).expect("a valid specification")
}

/// Every expression of the specification and of what is generated, without dashboard variables,
/// which other parsers do not know.
fn expressions(specification: &str) -> BTreeSet<String> {
    let checked = valid(specification);
    let mut expressions: BTreeSet<String> =
        checked.expressions.list.iter().filter_map(|expression| expression.text.clone()).collect();
    for (_, artifact) in artifacts(&checked.catalog, &Default::default(), |_| true) {
        let Ok(dashboard) = serde_json::from_str::<Value>(&artifact.text) else { continue };
        let panels = dashboard["panels"].as_array().into_iter().flatten();
        let targets = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
        let texts = targets.filter_map(|target| target["expr"].as_str());
        expressions
            .extend(texts.map(|text| text.replace("$__rate_interval", "5m").replace('$', "")));
    }
    expressions
}
