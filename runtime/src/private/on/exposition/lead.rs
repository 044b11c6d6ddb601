//! The part of a line that it has in common with the line before.
//!
//! Series are made one after the other by loops, so most of them differ from their neighbour in the
//! last label alone. What comes before it is then copied as one piece.

use std::sync::atomic::Ordering::Relaxed;

use super::fragment::Fragment;
use super::series::{Fragments, Labels};
use crate::__private::on::memory::CellId;

/// A prefix with all labels but the last, and of which series they are.
#[derive(Default)]
pub(super) struct Lead {
    text: Fragment,
    /// The page and the numbers of the values. Within one page, which is read in one section, a
    /// number means one value.
    page: Option<CellId>,
    numbers: Vec<u32>,
    /// Those of the line before: two lines must agree before anything is put together for them.
    before: Vec<u32>,
}

impl Lead {
    /// The common part of a line and the rest of its labels, if that is how it can be written.
    #[inline(always)]
    pub(super) fn split<'l>(
        &'l mut self,
        prefix: &Fragment,
        labels: Labels<'l>,
    ) -> Option<(&'l Fragment, &'l Fragment)> {
        let (last, leading) = labels.open_alone()?.split_last()?;
        if leading.is_empty() {
            return None;
        }
        let is_same = |numbers: &[u32]| {
            let pairs = numbers.iter().zip(leading);
            numbers.len() == leading.len()
                && pairs.into_iter().all(|(number, value)| *number == value.load(Relaxed))
        };
        if self.page != Some(labels.page()) || !is_same(&self.numbers) {
            self.page = None;
            if !is_same(&self.before) {
                self.before.clear();
                self.before.extend(leading.iter().map(|number| number.load(Relaxed)));
                return None;
            }
            self.page = Some(labels.page());
            self.numbers.clone_from(&self.before);
            self.text.clear();
            self.text.push(prefix.as_bytes());
            let mut rest = leading.len();
            labels.each(|fragment| {
                if rest > 0 {
                    self.text.push(fragment.as_bytes());
                    rest -= 1;
                }
            });
        }
        Some((&self.text, labels.rendered(leading.len(), last.load(Relaxed))?))
    }
}
