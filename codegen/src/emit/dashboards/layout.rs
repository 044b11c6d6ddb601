//! Where panels stand: left to right, row by row, on 24 columns.

use super::id::Ids;
use super::model::{Panel, Section};

/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// A place on the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A panel in its place.
#[derive(Debug)]
pub(super) struct Placed<'p> {
    pub(super) id: u32,
    pub(super) place: Place,
    pub(super) panel: &'p Panel,
}

/// A section in its place.
#[derive(Debug)]
pub(super) struct PlacedSection<'p> {
    /// The id, place and text of its heading.
    pub(super) heading: Option<(u32, Place, &'p str)>,
    pub(super) is_collapsed: bool,
    pub(super) panels: Vec<Placed<'p>>,
}

/// Sets sections one below the other; their panels never overlap.
///
/// Panels of a collapsed section stand where they will when it is opened, and take no room until
/// then.
pub(super) fn place(sections: &[Section]) -> Vec<PlacedSection<'_>> {
    let mut ids = Ids::default();
    // Panels first: a heading never takes an id away from one.
    let panel_ids = sections.iter().flat_map(|section| &section.panels);
    let mut panel_ids = panel_ids.map(|panel| ids.of(&panel.key)).collect::<Vec<_>>().into_iter();
    let mut y = 0;
    let placed = sections.iter().map(|section| {
        let heading = section.title.as_deref().map(|title| {
            let place = Place { x: 0, y, width: COLUMNS, height: 1 };
            y += 1;
            (ids.of(&format!("row {title}")), place, title)
        });
        let mut line = Line { y, ..Line::default() };
        let panels = section.panels.iter().zip(&mut panel_ids).map(|(panel, id)| {
            let (width, height) = panel.size;
            Placed { id, place: line.next(width.min(COLUMNS), height), panel }
        });
        let panels = panels.collect();
        if !section.is_collapsed {
            y = line.y + line.height;
        }
        PlacedSection { heading, is_collapsed: section.is_collapsed, panels }
    });
    placed.collect()
}

/// Panels beside each other.
#[derive(Default)]
struct Line {
    /// Where the next panel starts.
    x: u32,
    y: u32,
    /// Height of the tallest panel on the line.
    height: u32,
}

impl Line {
    /// The place beside the panel before, or on a new line where there is no room.
    fn next(&mut self, width: u32, height: u32) -> Place {
        if self.x + width > COLUMNS {
            *self = Self { x: 0, y: self.y + self.height, height: 0 };
        }
        let place = Place { x: self.x, y: self.y, width, height };
        self.x += width;
        self.height = self.height.max(height);
        place
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Kind;
    use super::*;

    fn section(title: Option<&str>, is_collapsed: bool, sizes: &[(u32, u32)]) -> Section {
        let panels = sizes.iter().enumerate().map(|(at, &size)| Panel {
            size,
            ..Panel::new(format!("{title:?} {at}"), Kind::TimeSeries, "", Vec::new())
        });
        Section { title: title.map(str::to_owned), is_collapsed, panels: panels.collect() }
    }

    #[test]
    fn panels_never_overlap() {
        let sections = [
            section(None, false, &[(12, 8), (8, 4), (12, 8)]),
            section(Some("shut"), true, &[(12, 8), (24, 8)]),
            section(Some("open"), false, &[(24, 8)]),
        ];
        let placed = place(&sections);
        let places = placed.iter().flat_map(|section| &section.panels);
        let places: Vec<_> = places.map(|panel| (panel.place.x, panel.place.y)).collect();
        assert_eq!(places, [(0, 0), (12, 0), (0, 8), (0, 17), (0, 25), (0, 18)]);
        let headings = placed.iter().filter_map(|section| section.heading.as_ref());
        assert_eq!(headings.map(|(_, place, _)| place.y).collect::<Vec<_>>(), [16, 17]);
    }
}
