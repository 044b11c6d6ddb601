//! Which labels the series of a result carry: surely, perhaps, or never.
//!
//! A label with an empty value is an absent one.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The name of a metric, as the label that it is.
pub(crate) const NAME: &str = "__name__";

/// What is known of the labels of every series of a result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Labels {
    /// In the order of their names.
    known: Arc<Vec<(Arc<str>, Label)>>,
    /// Whether labels that are not known may be there.
    pub(crate) is_open: bool,
}

/// What is known of one label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub(crate) presence: Presence,
    /// The only values that it can have, if that is known.
    pub(crate) values: Option<Arc<BTreeSet<String>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Maybe,
    Never,
}

impl Label {
    pub(crate) const MAYBE: Self = Self { presence: Presence::Maybe, values: None };
    pub(crate) const NEVER: Self = Self { presence: Presence::Never, values: None };
    pub(crate) const ALWAYS: Self = Self { presence: Presence::Always, values: None };

    /// A label that always has one of these values.
    pub(crate) fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        let values = values.into_iter().map(str::to_owned).collect();
        Self { presence: Presence::Always, values: Some(Arc::new(values)) }
    }

    /// The same with only the values that pass, whatever is unknown passing; none if nothing does.
    pub(crate) fn filtered(&self, passes: impl Fn(&str) -> bool) -> Option<Self> {
        let is_absent_fine = passes("");
        let values = self.values.as_ref().map(|values| {
            Arc::new(values.iter().filter(|value| passes(value)).cloned().collect::<BTreeSet<_>>())
        });
        let can_be_there = values.as_ref().is_none_or(|values| !values.is_empty());
        let presence = match (self.presence, is_absent_fine, can_be_there) {
            (Presence::Never, true, _) | (Presence::Maybe, true, false) => Presence::Never,
            (Presence::Never, false, _) | (Presence::Always, _, false) => return None,
            (Presence::Maybe, false, false) => return None,
            (Presence::Maybe, true, true) => Presence::Maybe,
            (Presence::Maybe, false, true) | (Presence::Always, _, true) => Presence::Always,
        };
        Some(Self { presence, values: values.filter(|_| presence != Presence::Never) })
    }

    /// What is true of a label of either of two series.
    fn either(&self, other: &Self) -> Self {
        let presence = match (self.presence, other.presence) {
            (one, two) if one == two => one,
            _ => Presence::Maybe,
        };
        let values = match (self.presence, other.presence) {
            (Presence::Never, _) => other.values.clone(),
            (_, Presence::Never) => self.values.clone(),
            _ => match (&self.values, &other.values) {
                (Some(one), Some(two)) if one == two => Some(Arc::clone(one)),
                (Some(one), Some(two)) => Some(Arc::new(one.union(two).cloned().collect())),
                _ => None,
            },
        };
        Self { presence, values }
    }

    /// Whether no series with this label and one with the other agree on it.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        match (self.presence, other.presence) {
            (Presence::Always, Presence::Never) | (Presence::Never, Presence::Always) => true,
            (Presence::Always, _) | (_, Presence::Always) => match (&self.values, &other.values) {
                (Some(one), Some(two)) => one.is_disjoint(two),
                _ => false,
            },
            _ => false,
        }
    }
}

impl Labels {
    /// No labels at all.
    pub(crate) fn none() -> Self {
        Self { known: Arc::default(), is_open: false }
    }

    /// Nothing is known.
    pub(crate) fn unknown() -> Self {
        Self { known: Arc::default(), is_open: true }
    }

    pub(crate) fn new(labels: impl IntoIterator<Item = (String, Label)>, is_open: bool) -> Self {
        let mut labels: Vec<(Arc<str>, Label)> =
            labels.into_iter().map(|(name, label)| (name.into(), label)).collect();
        labels.sort_by(|one, other| one.0.cmp(&other.0));
        Self { known: Arc::new(labels), is_open }
    }

    /// What is known of a label.
    pub(crate) fn get(&self, name: &str) -> &Label {
        match self.known.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Ok(at) => &self.known[at].1,
            Err(_) if self.is_open => &Label::MAYBE,
            Err(_) => &Label::NEVER,
        }
    }

    /// Every label of which something is known, but for the name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Label)> {
        let labels = self.known.iter().map(|(name, label)| (&**name, label));
        labels.filter(|(name, _)| *name != NAME)
    }

    /// The labels that are surely there, but for the name.
    pub(crate) fn always(&self) -> impl Iterator<Item = &str> {
        let always = self.iter().filter(|(_, label)| label.presence == Presence::Always);
        always.map(|(name, _)| name)
    }

    pub(crate) fn set(&mut self, name: &str, label: Label) {
        let known = Arc::make_mut(&mut self.known);
        match known.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Ok(at) => known[at].1 = label,
            Err(at) => known.insert(at, (name.into(), label)),
        }
    }

    /// Without the name of the metric.
    pub(crate) fn unnamed(mut self) -> Self {
        if self.get(NAME).presence != Presence::Never {
            self.set(NAME, Label::NEVER);
        }
        self
    }

    /// Only these labels.
    pub(crate) fn only<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Self {
        let kept = names.into_iter().map(|name| (name.to_owned(), self.get(name).clone()));
        let mut kept: Vec<_> = kept.collect();
        kept.sort_by(|one, other| one.0.cmp(&other.0));
        kept.dedup_by(|one, other| one.0 == other.0);
        Self::new(kept, false)
    }

    /// All but these labels.
    pub(crate) fn without<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut left = self.clone();
        for name in names {
            if left.get(name).presence != Presence::Never {
                left.set(name, Label::NEVER);
            }
        }
        left
    }

    /// What is true of the series of either of two results.
    pub(crate) fn either(&self, other: &Self) -> Self {
        if Arc::ptr_eq(&self.known, &other.known) && self.is_open == other.is_open {
            return self.clone();
        }
        let labels = self.beside(other).map(|(name, one, two)| (Arc::clone(name), one.either(two)));
        Self { known: Arc::new(labels.collect()), is_open: self.is_open || other.is_open }
    }

    /// Every label of which something is known here or there, with what is known on both sides.
    pub(crate) fn beside<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a Arc<str>, &'a Label, &'a Label)> {
        let (mut here, mut there) = (self.known.iter().peekable(), other.known.iter().peekable());
        let unknown = |labels: &Self| if labels.is_open { &Label::MAYBE } else { &Label::NEVER };
        let (not_here, not_there) = (unknown(self), unknown(other));
        std::iter::from_fn(move || {
            let order = match (here.peek(), there.peek()) {
                // Most label sets are made of others, and share their names.
                (Some((one, _)), Some((two, _))) if Arc::ptr_eq(one, two) => Ordering::Equal,
                (Some((one, _)), Some((two, _))) => one.cmp(two),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            match order {
                Ordering::Less => here.next().map(|(name, one)| (name, one, not_there)),
                Ordering::Greater => there.next().map(|(name, two)| (name, not_here, two)),
                Ordering::Equal => {
                    let (name, one) = here.next()?;
                    there.next().map(|(_, two)| (name, one, two))
                }
            }
        })
    }
}
