//! Where panels stand: left to right, row by row, on 24 columns.

use super::panel::{GridPos, Panel};

/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// A page on which panels are set one after the other; they never overlap.
#[derive(Default)]
pub(super) struct Layout {
    panels: Vec<Panel>,
    /// Where the next panel starts.
    x: u32,
    y: u32,
    /// Height of the tallest panel on the current line.
    height: u32,
}

impl Layout {
    /// Starts a row under a heading.
    pub(super) fn row(&mut self, title: &str) {
        self.new_line();
        self.place(COLUMNS, 1, Panel::row(title));
    }

    /// Sets a panel beside the one before, or on a new line where it does not fit.
    pub(super) fn place(&mut self, width: u32, height: u32, mut panel: Panel) {
        if self.x + width > COLUMNS {
            self.new_line();
        }
        panel.id = self.panels.len() as u32 + 1;
        panel.grid_pos = GridPos { h: height, w: width, x: self.x, y: self.y };
        self.x += width;
        self.height = self.height.max(height);
        self.panels.push(panel);
    }

    /// The page's panels.
    pub(super) fn finish(self) -> Vec<Panel> {
        self.panels
    }

    fn new_line(&mut self) {
        self.y += self.height;
        self.x = 0;
        self.height = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_never_overlap() {
        let mut layout = Layout::default();
        layout.place(12, 8, Panel::row("a"));
        layout.place(8, 4, Panel::row("b"));
        layout.place(12, 8, Panel::row("c"));
        layout.row("d");
        layout.place(24, 8, Panel::row("e"));
        let places: Vec<_> =
            layout.finish().iter().map(|panel| (panel.grid_pos.x, panel.grid_pos.y)).collect();
        assert_eq!(places, [(0, 0), (12, 0), (0, 8), (0, 16), (0, 17)]);
    }
}
