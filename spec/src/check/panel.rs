//! How a panel is drawn: whether at all, how wide, and where.

use crate::catalog::PanelChoice;
use crate::dashboard::COLUMNS;
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::Spanned;
use crate::spec::{self, Text};

use super::report::Report;

/// What a metric or a query says about its panel.
pub(super) fn choice(written: &spec::PanelChoice, report: &mut Report<'_>) -> PanelChoice {
    let spec::PanelChoice { hide, title, width, order, row } = written;
    let hidden = hide.as_ref().filter(|hide| hide.value);
    if let Some(hide) = hidden {
        nothing_else(hide, written, report);
    }
    PanelChoice {
        is_hidden: hidden.is_some(),
        title: owned(title),
        width: columns(width, report),
        order: order.as_ref().map_or(0, |order| order.value),
        row: owned(row),
    }
}

/// Reports what is said about a panel that there is not.
fn nothing_else(hide: &Spanned<bool>, written: &spec::PanelChoice, report: &mut Report<'_>) {
    let spec::PanelChoice { hide: _, title, width, order, row } = written;
    let keys = [
        ("title", title.is_some()),
        ("width", width.is_some()),
        ("order", order.is_some()),
        ("row", row.is_some()),
    ];
    let keys = keys.into_iter().filter(|(_, is_written)| *is_written);
    let keys: Vec<_> = keys.map(|(key, _)| format!("`{key}`")).collect();
    if !keys.is_empty() {
        let message = format!("a panel that is hidden has no {}", keys.join(" or "));
        let help = format!("delete `hide`, or {}", keys.join(" and "));
        report.push(Diagnostic::new(&rule::PANEL, hide.span, message).help(help));
    }
}

/// How many columns a panel takes, as far as there are so many.
pub(super) fn columns(written: &Option<Spanned<u64>>, report: &mut Report<'_>) -> Option<u32> {
    let width = written.as_ref()?;
    let columns = u32::try_from(width.value).ok().filter(|width| (1..=COLUMNS).contains(width));
    if columns.is_none() {
        let message = format!("a panel takes 1 to {COLUMNS} columns");
        let help = match width.value {
            0 => "take at least one column".to_owned(),
            _ => format!("write `{COLUMNS}` for the whole width"),
        };
        report.push(Diagnostic::new(&rule::PANEL, width.span, message).help(help));
    }
    columns
}

/// A text as true.
pub(super) fn owned(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.value.trim().to_owned())
}
