//! From tables to what is written about dashboards.

use crate::source::Spanned;
use crate::spec::{Dashboard, Exception, Grafana, Panel, PanelChoice, Text};

use super::table::Table;

/// What holds for every dashboard.
pub(super) fn grafana(table: &Table<'_>) -> Grafana {
    Grafana {
        editable: table.boolean("editable"),
        refresh: table.text("refresh"),
        exceptions: table.list_of_tables("allow").iter().map(exception).collect(),
    }
}

fn exception(table: &Table<'_>) -> Exception {
    Exception {
        rule: table.text_or_blank("rule"),
        dashboard: table.text("dashboard"),
        panel: table.text("panel"),
        reason: table.text_or_blank("reason"),
    }
}

/// What a metric or a query says about its panel.
pub(super) fn choice(of: &Table<'_>) -> PanelChoice {
    let Some(table) = of.table("panel") else { return PanelChoice::default() };
    PanelChoice {
        hide: table.boolean("hide"),
        title: table.text("title"),
        width: table.count("width"),
        order: table.integer("order"),
        row: table.text("row"),
    }
}

/// A dashboard with its panels.
pub(super) fn dashboard(key: Text, table: &Table<'_>) -> Dashboard {
    let panels = table.list_of_tables("panels").iter().map(panel).collect();
    let place = table.get("panels").map_or(key.span, |list| list.span);
    Dashboard {
        key,
        title: table.text("title"),
        help: table.text_or_blank("help"),
        panels: Spanned::new(panels, place),
    }
}

fn panel(table: &Table<'_>) -> Panel {
    Panel {
        place: table.span,
        row: table.text("row"),
        query: table.text("query"),
        metric: table.text("metric"),
        slo: table.text("slo"),
        text: table.text("text"),
        title: table.text("title"),
        width: table.count("width"),
        kind: table.text("kind"),
    }
}
