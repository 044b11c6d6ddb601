//! Rows of panels: each heading with the grid below it.

use serde::Serialize;

use super::super::layout::{Place, Placed, PlacedSection};
use super::{Of, element};

#[derive(Serialize)]
pub(super) struct Rows<'d> {
    rows: Vec<Of<Row<'d>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'d> {
    title: &'d str,
    collapse: bool,
    hide_header: bool,
    layout: Of<Grid>,
}

#[derive(Serialize)]
struct Grid {
    items: Vec<Of<Item>>,
}

#[derive(Serialize)]
struct Item {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    element: Reference,
}

#[derive(Serialize)]
struct Reference {
    kind: &'static str,
    name: String,
}

/// A row for each section; what stands on top has a row without a heading.
pub(super) fn rows<'d>(sections: &[PlacedSection<'d>]) -> Of<Rows<'d>> {
    let rows = sections.iter().map(|section| {
        let PlacedSection { heading, is_collapsed, panels } = section;
        let spec = Row {
            title: heading.as_ref().map_or("", |(_, _, title)| title),
            collapse: *is_collapsed,
            hide_header: heading.is_none(),
            layout: Of { kind: "GridLayout", spec: Grid { items: items(panels) } },
        };
        Of { kind: "RowsLayoutRow", spec }
    });
    Of { kind: "RowsLayout", spec: Rows { rows: rows.collect() } }
}

/// Panels of a row, whose grid begins where the first of them stands.
fn items(panels: &[Placed<'_>]) -> Vec<Of<Item>> {
    let top = panels.first().map_or(0, |first| first.place.y);
    let items = panels.iter().map(|placed| {
        let Place { x, y, width, height } = placed.place;
        let element = Reference { kind: "ElementReference", name: element::name(placed.id) };
        Of { kind: "GridLayoutItem", spec: Item { x, y: y - top, width, height, element } }
    });
    items.collect()
}
