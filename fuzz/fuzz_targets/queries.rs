//! Any text as an expression, or as the description of an alert, is refused or understood; what is
//! found in it can be shown, and what is generated from it is.
//!
//! `cargo +nightly fuzz run queries`
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use streamhouse_metrics_codegen::{check, emit::artifacts};
use streamhouse_metrics_spec::render::{Style, render};
use streamhouse_metrics_spec::{Checked, Rejected, check_text};

const SHOP: &str = r#"
namespace = "a"

[labels]
b = { help = "Closed", values = ["c", "d"] }
e = { help = "Open", limit = 100 }

[f.g]
type   = "counter"
unit   = "items"
labels = ["b"]
help   = "A counter"

[f.h]
type   = "gauge"
labels = ["b", "e"]
unit   = "items"
help   = "A gauge"

[f.i_seconds]
type    = "histogram"
unit    = "seconds"
labels  = ["e"]
buckets = [0.1, 1.0]
help    = "A histogram"
"#;

fuzz_target!(|expr: &str| {
    // Both ways to write a text in TOML, so that places are found through escapes too.
    let basic: String = expr.chars().map(escaped).collect();
    let mut texts = vec![format!("\"{basic}\"")];
    let is_literal = |c: char| c != '\'' && (c == '\t' || c == '\n' || !c.is_control());
    if expr.chars().all(is_literal) {
        texts.push(format!("'''\n{expr}'''"));
    }
    let found = texts.iter().map(|text| {
        let query = format!("{SHOP}[queries.j]\nexpr = {text}\nhelp = \"A query\"\n");
        let reader = "[queries.l]\nexpr = \"a:f:m + 1\"\nhelp = \"Reads what is recorded\"\n";
        let rule = format!("[recording_rules.\"a:f:m\"]\nexpr = {text}\nhelp = \"A rule\"\n");
        let alerts = format!(
            "[alerts.K]\nexpr = {text}\nseverity = \"info\"\nsummary = \"K\"\n\
             description = \"{{{{ $labels.b }}}} {{{{ $value }}}}\"\n\
             [alerts.N]\nexpr = {text}\nseverity = \"info\"\nsummary = {text}\n\
             [alerts.O]\nexpr = \"a_f_h > 1\"\nseverity = \"info\"\nsummary = \"O\"\n\
             description = {text}\n"
        );
        let whole = [&query, reader, &rule, &alerts].concat();
        let (diagnostics, sources) = match check_text(&whole).and_then(check) {
            Ok(Checked { catalog, diagnostics, sources, .. }) => {
                artifacts(&catalog, &Default::default(), |_| true);
                (diagnostics, sources)
            }
            Err(Rejected { diagnostics, sources, .. }) => (diagnostics, sources),
        };
        for diagnostic in &diagnostics {
            render(diagnostic, &sources, Style::Plain);
        }
        // Of hidden characters one a line is reported, and escapes have no lines.
        diagnostics.iter().map(|diagnostic| diagnostic.rule.id).collect::<BTreeSet<_>>()
    });
    let found: Vec<_> = found.collect();
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{found:?}");
});

/// A character inside double quotes.
fn escaped(c: char) -> String {
    format!("\\U{:08X}", u32::from(c))
}
