//! Ids that stay what they are whatever is added around: links and annotations hold on to them.

use std::collections::HashSet;

use crate::text::hash;

/// Longest uid that Grafana takes.
const LONGEST_UID: usize = 40;

/// A dashboard's uid: its name; a long one ends in a hash of the whole instead of its tail.
pub(super) fn uid(name: &str) -> String {
    if name.len() <= LONGEST_UID {
        return name.to_owned();
    }
    format!("{}-{}", &name[..LONGEST_UID - 9], hash::short(name))
}

/// Where a dashboard is below Grafana's address, in the time chosen here.
///
/// Without the variables: whoever has chosen one component's target would see nothing of another's.
pub(super) fn address(name: &str) -> String {
    format!("/d/{}?${{__url_time_range}}", uid(name))
}

/// Where one panel of a dashboard is.
pub(super) fn panel_address(name: &str, key: &str) -> String {
    format!("{}&viewPanel=panel-{}", address(name), Ids::default().of(key))
}

/// The ids of a dashboard's panels, each of which follows from the panel's key.
#[derive(Default)]
pub(super) struct Ids {
    taken: HashSet<u32>,
}

impl Ids {
    /// The id of the next panel, above zero and not another's.
    pub(super) fn of(&mut self, key: &str) -> u32 {
        let mut id = hash::number(key) >> 1;
        while id == 0 || !self.taken.insert(id) {
            id = (id + 1) & (u32::MAX >> 1);
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_short_and_distinct() {
        assert_eq!(uid("streamhouse-producer"), "streamhouse-producer");
        let (one, other) = (uid(&"a".repeat(60)), uid(&"a".repeat(61)));
        assert_eq!((one.len(), other.len()), (40, 40));
        assert_ne!(one, other);
    }

    #[test]
    fn panels_keep_their_ids() {
        let mut ids = Ids::default();
        let (one, other) = (ids.of("one"), ids.of("other"));
        assert_ne!(one, other);
        assert_ne!(ids.of("one"), one);
        assert_eq!(Ids::default().of("other"), other);
        assert!(panel_address("a", "one").ends_with(&format!("viewPanel=panel-{one}")));
    }
}
