//! Pictures: an expression, and beneath it what is found where; or what it yields.

mod found;
mod slo;
mod text;
mod yields;

use streamhouse_metrics_spec::{Catalog, check_text};

use super::{Answer, Filled, Finding, Presence, Question, Schema, SyntaxError, Version};

const SPECIFICATION: &str = r#"
namespace = "shop"

[labels]
currency = { help = "Currency of an order", values = ["eur", "usd"] }
country  = { help = "Where it goes", limit = 100 }
reason   = { help = "Why it failed", values = ["stock", "payment"] }
queue    = { help = "Name of a queue", limit = 100 }

[checkout.orders]
type   = "counter"
unit   = "items"
labels = ["currency", "country"]
help   = "Orders placed"

[checkout.failures]
type   = "counter"
unit   = "items"
labels = ["country", "reason"]
help   = "Orders that failed"

[checkout.depth]
type   = "gauge"
unit   = "items"
labels = ["queue"]
help   = "Orders that wait"

[checkout.duration_seconds]
type    = "histogram"
unit    = "seconds"
labels  = ["country"]
buckets = [0.1, 1, 10]
native  = true
help    = "Time to place an order"

[recording_rules."country:shop_checkout_failures:ratio_rate5m"]
expr = """
sum by (country) (shop_checkout_failures:rate:5m)
  / (sum by (country) (rate(shop_checkout_orders_total[5m])) > 0)"""
help = "Share of orders that failed"

[recording_rules."shop_checkout_failures:rate:5m"]
expr = "rate(shop_checkout_failures_total[5m])"
help = "Failures a second, of each process"

[recording_rules."country:shop_checkout_orders:sum"]
expr = "sum by (country) (shop_checkout_orders_total)"
help = "Orders placed since each process started"

[recording_rules."le:shop_checkout_duration_seconds:rate5m"]
expr = "sum by (le) (rate(shop_checkout_duration_seconds_bucket[5m]))"
help = "How long orders take"

[recording_rules."queue:elsewhere:max"]
expr = "max by (queue) (elsewhere)"
help = "Of another system"
unit = "bytes"
"#;

fn catalog() -> Catalog {
    check_text(SPECIFICATION).expect("a valid specification").catalog
}

fn ask(expr: &str) -> Result<Answer, SyntaxError> {
    let schema = Schema::new(&catalog());
    let question = Question { schema: &schema, target: Version(2, 42), assumes_unknown: false };
    question.ask(expr)
}

/// Draws what is found under an expression of one line, and compares.
fn check(picture: &str) {
    let expr = picture.trim_start_matches('\n').lines().next().expect("an expression");
    let found = match ask(expr) {
        Ok(answer) => {
            let findings = answer.findings.into_iter();
            findings.map(|finding| (finding.span, finding.rule.id.to_owned())).collect()
        }
        Err(mistake) => vec![(mistake.span, mistake.message)],
    };
    let mut drawn = format!("{expr}\n");
    for (span, what) in found {
        let width = span.len().max(1);
        drawn += &format!("{}{} {what}\n", " ".repeat(span.start), "^".repeat(width));
    }
    assert_eq!(drawn.trim_end(), picture.trim());
}

/// What an expression yields: kind, unit, labels that are surely there, those that may be, and
/// whether there is anything.
fn yields(expr: &str, expected: &str) {
    let Answer { of, findings, .. } = ask(expr).expect("an expression");
    let is_old = |finding: &&Finding| finding.rule.id != "query-version";
    assert_eq!(findings.iter().find(is_old), None, "{expr}");
    let with = |presence| {
        let labels = of.labels.iter().filter(move |(_, label)| label.presence == presence);
        labels.map(|(name, _)| name).collect::<Vec<_>>().join(",")
    };
    let open = if of.labels.is_open { "…" } else { "" };
    let unit = of.unit.as_ref().and_then(|unit| unit.name()).unwrap_or("?".to_owned());
    let filled = match of.filled {
        Filled::Never => "never",
        Filled::Maybe => "maybe",
        Filled::Always => "always",
    };
    let (always, maybe) = (with(Presence::Always), with(Presence::Maybe));
    let found = format!("{} in {unit} | {always} | {maybe}{open} | {filled}", of.kind.as_str());
    assert_eq!(found, expected, "{expr}");
}
