//! The rule that queries are some, and the parts of those that are.

use super::dashboard::{Dashboard, Target, shown_panel};
use crate::promql::syntax::{Expr, Node};

/// Finds queries that are no PromQL; instead of asking itself, one may show what another panel asked.
pub(super) fn is_promql(target: &Target<'_>, dashboard: &Dashboard<'_>) -> Vec<String> {
    match (shown_panel(target.json), &target.expr) {
        (Some(id), _) if dashboard.ids.contains(&id) => Vec::new(),
        (Some(id), _) => vec![format!("it shows what panel `{id}` asked, which is not there")],
        (None, Err(error)) => vec![error.message.clone()],
        (None, Ok(_)) => Vec::new(),
    }
}

/// An expression and everything within it that has a result, in the order in which it begins.
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
    // The second argument of `info` chooses labels, not series.
    let is_info = matches!(&expr.node, Node::Call(call) if call.name.text == "info");
    let within = expr.children().into_iter().take(if is_info { 1 } else { usize::MAX });
    [expr].into_iter().chain(within.flat_map(parts)).collect()
}
