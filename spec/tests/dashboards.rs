//! What a specification says about dashboards, as the catalogue has it.

use streamhouse_metrics_spec::catalog::{
    Catalog, Exception, Grafana, Metric, MetricId, OwnDashboard, OwnPanel, PanelChoice, PanelKind,
    Shows,
};
use streamhouse_metrics_spec::dashboard::{LINTER_RULES, OVERVIEW};
use streamhouse_metrics_spec::{Rejected, Skeleton, check_text};

const METRICS: &str = r#"
namespace = "shop"
[labels]
store = { help = "Store", limit = 10 }
[checkout.orders]
type = "counter"
unit = "items"
labels = ["store"]
help = "Orders placed"
[checkout.order_errors]
type = "counter"
unit = "items"
labels = ["store"]
help = "Orders that failed"
[stock.waiting]
type = "gauge"
unit = "items"
labels = ["store"]
help = "Orders that wait"
[queries.orders]
expr = "sum(rate(shop_checkout_orders_total[5m]))"
help = "Orders a second"
[queries.waiting]
expr = "sum(shop_stock_waiting)"
help = "Orders that wait"
[slos.order_success]
good = "checkout.orders"
bad = "checkout.order_errors"
objective = 99.9
help = "Customers can order"
"#;

/// The catalogue of the metrics above, with more behind them.
fn catalog(rest: &str) -> Catalog {
    let checked = check_text(&format!("{METRICS}{rest}"))
        .unwrap_or_else(|rejected| panic!("{:?}", rejected.diagnostics));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    checked.catalog
}

fn waiting(catalog: &Catalog) -> &Metric {
    &catalog.components[1].metrics[0]
}

#[test]
fn nothing_is_said_by_default() {
    let catalog = catalog("");
    let expected = Grafana { editable: false, refresh: "30s".to_owned(), exceptions: Vec::new() };
    assert_eq!((&catalog.grafana, &*catalog.dashboards), (&expected, &[][..]));
    let nothing = PanelChoice { is_hidden: false, title: None, width: None, order: 0, row: None };
    let metrics = catalog.metrics().map(|(_, metric)| &metric.panel);
    let panels = metrics.chain(catalog.queries.iter().map(|query| &query.panel));
    assert!(panels.into_iter().all(|panel| *panel == nothing));
    let Metric { drained_by, follows, .. } = waiting(&catalog);
    assert_eq!((*drained_by, *follows), (None, None));
}

#[test]
fn panels_are_drawn_otherwise() {
    let catalog = catalog(
        r#"
        [stock.late]
        type = "gauge"
        unit = "items"
        help = "Orders that are late"
        panel = { title = " Late ", width = 24, order = -2, row = "Trouble" }
        [queries.late]
        expr = "shop_stock_late"
        help = "Orders that are late"
        panel.hide = true
        "#,
    );
    let late = PanelChoice {
        is_hidden: false,
        title: Some("Late".to_owned()),
        width: Some(24),
        order: -2,
        row: Some("Trouble".to_owned()),
    };
    assert_eq!(catalog.components[1].metrics[1].panel, late);
    let hidden = PanelChoice { is_hidden: true, ..PanelChoice::default() };
    assert_eq!(catalog.queries[2].panel, hidden);
}

#[test]
fn gauges_stand_beside_other_metrics() {
    let catalog = catalog(
        r#"
        [stock.packed]
        type = "gauge"
        unit = "items"
        labels = ["store"]
        help = "Orders that are packed"
        drained_by = "stock.sent"
        follows = "stock.waiting"
        [stock.sent]
        type = "counter"
        unit = "items"
        labels = ["store"]
        help = "Orders that are on their way"
        "#,
    );
    let Metric { drained_by, follows, .. } = &catalog.components[1].metrics[1];
    assert_eq!(*drained_by, Some(MetricId { component: 1, metric: 2 }));
    assert_eq!(*follows, Some(MetricId { component: 1, metric: 0 }));
}

#[test]
fn a_dashboard_of_ones_own() {
    let catalog = catalog(
        r#"
        [dashboards.on_call]
        help = "What to look at first"
        panels = [
          { row = "Orders" },
          { query = "waiting", title = "Waiting now", width = 6, kind = "stat" },
          { metric = "stock.waiting" },
          { slo = "order_success" },
          { text = "Call **somebody**", width = 24 },
        ]
        [dashboards.weekly]
        title = "Every week"
        help = "What to talk about"
        panels = [{ query = "orders" }]
        "#,
    );
    let panel = |shows| OwnPanel { shows, title: None, width: None, kind: PanelKind::TimeSeries };
    let on_call = OwnDashboard {
        key: "on_call".to_owned(),
        title: "On call".to_owned(),
        help: "What to look at first".to_owned(),
        panels: vec![
            panel(Shows::Row("Orders".to_owned())),
            OwnPanel {
                shows: Shows::Query(1),
                title: Some("Waiting now".to_owned()),
                width: Some(6),
                kind: PanelKind::Stat,
            },
            panel(Shows::Metric(MetricId { component: 1, metric: 0 })),
            panel(Shows::Slo(0)),
            OwnPanel { width: Some(24), ..panel(Shows::Text("Call **somebody**".to_owned())) },
        ],
    };
    let [first, second] = &*catalog.dashboards else { panic!("two dashboards") };
    assert_eq!(*first, on_call);
    assert_eq!((&*second.key, &*second.title), ("weekly", "Every week"));
}

#[test]
fn every_rule_of_the_linter_can_have_an_exception() {
    let allows: String = LINTER_RULES
        .iter()
        .map(|rule| format!("[[grafana.allow]]\nrule = \"{rule}\"\nreason = \"It is right\"\n"))
        .collect();
    let last = "dashboard = \"overview\"\npanel = \"Errors\"\n";
    let catalog = catalog(&format!("[grafana]\neditable = true\nrefresh = \"1m\"\n{allows}{last}"));
    let Grafana { editable, refresh, exceptions } = &catalog.grafana;
    assert_eq!((*editable, &**refresh), (true, "1m"));
    let rules: Vec<_> = exceptions.iter().map(|exception| &*exception.rule).collect();
    assert_eq!(rules, LINTER_RULES);
    let expected = Exception {
        rule: "uneditable-dashboard".to_owned(),
        dashboard: Some(OVERVIEW.to_owned()),
        panel: Some("Errors".to_owned()),
        reason: "It is right".to_owned(),
    };
    assert_eq!(exceptions.last(), Some(&expected));
}

/// The derive compiles against it, and positions of metrics are not true there.
#[test]
fn a_skeleton_points_at_no_metrics() {
    let text = format!(
        "{METRICS}[stock.late]\ntype = \"gauge\"\nunit = \"items\"\nlabels = [\"store\"]\n\
         help = \"Late\"\ndrained_by = \"checkout.orders\"\nfollows = \"stock.waiting\"\n\
         [dashboards.on_call]\nhelp = \"Late\"\npanels = [{{ metric = \"stock.late\" }}]\n\
         [queries.Wrong]\nexpr = \"up\"\nhelp = \"It is no snake\"\n"
    );
    let Rejected { skeleton, .. } = check_text(&text).expect_err("a wrong name");
    let Skeleton(catalog) = *skeleton;
    let late = &catalog.components[1].metrics[1];
    assert_eq!((&*late.key, late.drained_by, late.follows), ("late", None, None));
    assert_eq!(catalog.dashboards, []);
}
