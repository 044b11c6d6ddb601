//! Panels of the classic model.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::layout::{Place, Placed, PlacedSection};
use super::super::link::PanelLink;
use super::super::look;
use super::super::model::{self, Kind};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Panel<'d> {
    id: u32,
    r#type: &'static str,
    title: &'d str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<DataSource>,
    grid_pos: GridPos,
    #[serde(skip_serializing_if = "Option::is_none")]
    collapsed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    panels: Option<Vec<Panel<'d>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<Target<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_config: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transformations: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<PanelLink<'d>>,
}

#[derive(Serialize)]
struct GridPos {
    h: u32,
    w: u32,
    x: u32,
    y: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target<'d> {
    ref_id: String,
    datasource: DataSource,
    #[serde(flatten)]
    asked: look::Asked<'d>,
}

/// Where queries go: to the Prometheus that the reader chose.
#[derive(Clone, Copy, Serialize)]
pub(super) struct DataSource {
    r#type: &'static str,
    uid: &'static str,
}

impl DataSource {
    pub(super) const CHOSEN: Self = Self { r#type: look::PROMETHEUS, uid: look::CHOSEN };
}

/// The panels of a section; those of a collapsed one are within its heading.
pub(super) fn of_section(section: PlacedSection<'_>) -> Vec<Panel<'_>> {
    let PlacedSection { heading, is_collapsed, panels } = section;
    let mut panels: Vec<_> = panels.iter().map(Panel::new).collect();
    let Some((id, place, title)) = heading else { return panels };
    let hidden = if is_collapsed { std::mem::take(&mut panels) } else { Vec::new() };
    let heading = Panel {
        collapsed: Some(is_collapsed),
        panels: Some(hidden),
        ..Panel::of(id, "row", title, place)
    };
    std::iter::once(heading).chain(panels).collect()
}

impl<'d> Panel<'d> {
    fn new(placed: &Placed<'d>) -> Self {
        let &Placed { id, place, panel } = placed;
        let kind = look::kind(&panel.kind);
        let mut drawn = Self {
            description: &panel.description,
            links: PanelLink::of(panel),
            options: Some(look::options(panel)),
            ..Self::of(id, kind, &panel.title, place)
        };
        if !matches!(panel.kind, Kind::Text(_)) {
            drawn.datasource = Some(DataSource::CHOSEN);
            drawn.targets = targets(panel);
            drawn.field_config = Some(look::field_config(panel));
            drawn.transformations = transformations(&panel.kind);
        }
        drawn
    }

    fn of(id: u32, r#type: &'static str, title: &'d str, place: Place) -> Self {
        let Place { x, y, width, height } = place;
        Self {
            id,
            r#type,
            title,
            description: "",
            datasource: None,
            grid_pos: GridPos { h: height, w: width, x, y },
            collapsed: None,
            panels: None,
            targets: Vec::new(),
            field_config: None,
            options: None,
            transformations: Vec::new(),
            links: Vec::new(),
        }
    }
}

fn targets(panel: &model::Panel) -> Vec<Target<'_>> {
    let asked = look::asked(panel);
    let target = |(ref_id, asked)| Target { ref_id, datasource: DataSource::CHOSEN, asked };
    asked.map(target).collect()
}

fn transformations(kind: &Kind) -> Vec<Value> {
    let transformations = look::transformations(kind).into_iter();
    transformations.map(|(id, options)| json!({ "id": id, "options": options })).collect()
}
