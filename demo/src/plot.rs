//! A plot as small as a word.

use std::collections::VecDeque;

/// How many values are shown.
const WIDTH: usize = 30;

/// Blocks, from nothing to all of the height.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The last values of something, from nothing to the largest of them.
#[derive(Debug, Default)]
pub(crate) struct Plot(VecDeque<f64>);

impl Plot {
    /// Adds a value at the right, and forgets what is out of sight.
    pub(crate) fn push(&mut self, value: f64) {
        if self.0.len() == WIDTH {
            self.0.pop_front();
        }
        self.0.push_back(value.max(0.0));
    }

    /// The plot, as wide as it ever gets.
    pub(crate) fn draw(&self) -> String {
        let most = self.0.iter().copied().fold(0.0, f64::max);
        let blocks = self.0.iter().map(|value| {
            // Nothing is the lowest block, whatever the others are.
            let height = if most > 0.0 { value / most * 7.0 } else { 0.0 };
            BLOCKS[(height.round() as usize).min(7)]
        });
        let blocks: String = blocks.collect();
        format!("{blocks:>WIDTH$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_value_is_the_highest_block() {
        let mut plot = Plot::default();
        assert_eq!(plot.draw().trim(), "");
        for value in [0.0, -1.0, 50.0, 100.0] {
            plot.push(value);
        }
        assert_eq!(plot.draw().trim(), "▁▁▅█");
        (0..WIDTH).for_each(|_| plot.push(0.0));
        assert_eq!(plot.draw(), "▁".repeat(WIDTH));
    }
}
