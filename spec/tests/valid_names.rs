//! Names that look like mistakes and are none: zero false findings is as much the goal as finding.

use streamhouse_metrics_spec::check_text;

#[test]
fn short_words_mean_many_things() {
    for name in [
        "h",
        "m_0001",
        "plan_b_orders",
        "us_orders",
        "us_east_1_requests",
        "ms_teams_messages",
        "kb_articles",
        "d_day_events",
        "s3_objects",
        "gb_customers",
        "info_requests",
        "counterparties",
        "gauged_depth",
    ] {
        let text = format!(
            "namespace = \"s\"\n[m.{name}]\ntype = \"counter\"\nunit = \"items\"\nhelp = \"Something\"\n"
        );
        match check_text(&text) {
            Ok(checked) => {
                assert!(checked.diagnostics.is_empty(), "{name}: {:?}", checked.diagnostics)
            }
            Err(rejected) => panic!("{name}: {:?}", rejected.diagnostics),
        }
    }
}
