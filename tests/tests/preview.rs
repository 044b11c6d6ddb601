//! `cargo xtask preview` refuses panels in which nobody could see anything: here on a Prometheus that
//! gives an answer of each kind. The pictures themselves are left to who looks at them.

use std::net::{SocketAddr, TcpListener};

use serde_json::{Value, json};
use streamhouse_metrics_tests::{drawing_answers, drawing_unit_tests, serve};

/// A dashboard with a panel for each list of expressions, which are also what their panel is called.
fn dashboard(panels: &[&[&str]]) -> String {
    let panels = panels.iter().enumerate().map(|(at, expressions)| {
        let targets = expressions.iter().zip(["A", "B"]).map(
            |(expr, ref_id)| json!({ "refId": ref_id, "expr": expr, "legendFormat": "{{topic}}" }),
        );
        json!({
            "type": "timeseries",
            "title": expressions.join(" and "),
            "gridPos": { "x": 0, "y": 8 * at, "w": 12, "h": 8 },
            "targets": targets.collect::<Vec<_>>(),
        })
    });
    json!({ "title": "Sample", "panels": panels.collect::<Vec<_>>() }).to_string()
}

/// A Prometheus that answers what an expression is called.
fn prometheus() -> SocketAddr {
    serve("application/json", |form| {
        let form = String::from_utf8_lossy(form);
        let query = form.split('&').find_map(|field| field.strip_prefix("query="));
        answer(query.expect("a query")).to_string()
    })
}

fn answer(query: &str) -> Value {
    let series = |topic: &str, values: [&str; 2]| {
        let [first, last] = values;
        json!({ "metric": { "topic": topic }, "values": [[10, first], [11, last]] })
    };
    let result = match query {
        "refused" => return json!({ "status": "error", "error": "1:1: unexpected end" }),
        "empty" => vec![],
        "infinite" => vec![series("orders", ["NaN", "+Inf"])],
        "payments" => vec![series("payments", ["1", "NaN"])],
        _ => vec![series("orders", ["0", "1"]), series("clicks", ["NaN", "NaN"])],
    };
    json!({ "status": "success", "data": { "resultType": "matrix", "result": result } })
}

#[test]
fn panels_that_show_something() {
    let dashboard = dashboard(&[&["orders"], &["orders", "payments"]]);
    let finished = drawing_answers(prometheus(), &[("good", &dashboard)]);
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    let summary: Value = serde_json::from_str(&finished.stdout).expect("an object");
    let numbers = ["panels", "queries", "series"].map(|key| summary[key].as_u64());
    assert_eq!((summary["name"].as_str(), numbers), (Some("good"), [Some(2), Some(3), Some(5)]));
}

#[test]
fn each_of_four_mistakes_is_named() {
    let wrong = dashboard(&[
        &["orders"],
        &["refused"],
        &["payments", "empty"],
        &["infinite"],
        &["orders", "clicks"],
    ]);
    let finished = drawing_answers(prometheus(), &[("wrong", &wrong), ("good", &dashboard(&[]))]);
    assert_eq!(finished.code, Some(1));
    assert_eq!(
        finished.stderr,
        "\
error: dashboard `wrong`, panel `refused`, query `A`: refused: 1:1: unexpected end
    refused
error: dashboard `wrong`, panel `payments and empty`, query `B`: no series
    empty
error: dashboard `wrong`, panel `infinite`, query `A`: no value is finite
    infinite
error: dashboard `wrong`, panel `orders and clicks`: \
         2 series have the legend `orders`, query `A`, `B`
error: dashboard `wrong`, panel `orders and clicks`: \
         2 series have the legend `clicks`, query `A`, `B`
"
    );
    assert_eq!(finished.stdout.lines().count(), 2, "what is wrong is drawn all the same");
}

#[test]
fn nobody_to_ask_is_no_mistake_of_a_dashboard() {
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let nobody = nobody.expect("a free address");
    let finished = drawing_answers(nobody, &[("good", &dashboard(&[&["orders"]]))]);
    assert_eq!(finished.code, Some(2));
    assert!(finished.stderr.contains("ECONNREFUSED"), "{}", finished.stderr);
}

#[test]
fn what_asks_has_tests_of_its_own() {
    let finished = drawing_unit_tests();
    assert_eq!(finished.code, Some(0), "{}", finished.stdout);
    let passed = finished.stdout.lines().find_map(|line| line.strip_prefix("# pass "));
    let passed: u32 = passed.and_then(|count| count.parse().ok()).expect("a count");
    assert!(passed >= 14, "only {passed} tests were found");
}
