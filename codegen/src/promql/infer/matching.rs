//! How the series of two vectors find each other by their labels.

use std::collections::HashSet;

use streamhouse_metrics_spec::rule;

use super::Inference;
use super::aggregation::meant;
use crate::promql::labels::{Labels, NAME, Presence};
use crate::promql::syntax::{Link, Matching, Operator};
use crate::promql::types::{Filled, Kind, Type};

impl Inference<'_> {
    /// Whether any series of the two sides can find each other; if none can, that is found.
    pub(super) fn can_match(&mut self, left: &Type, link: &Link, right: &Type) -> bool {
        if left.filled == Filled::Never || right.filled == Filled::Never {
            // That has been found already.
            return true;
        }
        if link.fills {
            // What is missing on a side is filled in.
            return true;
        }
        let (one, two) = (&left.labels, &right.labels);
        let is_templated =
            |matching: &Matching| matching.labels.iter().any(|label| label.is_templated);
        if link.matching.as_ref().is_some_and(is_templated) {
            return true;
        }
        for label in link.matching.iter().flat_map(|matching| &matching.labels) {
            // It is a slip only if neither side has such a label.
            if let (Some(meant), Some(_)) = (meant(label, one), meant(label, two)) {
                self.find_slip(label, meant);
            }
        }
        let listed: HashSet<&str> = names(link.matching.as_ref());
        let is_on = link.matching.as_ref().is_some_and(|matching| matching.is_on);
        let mut apart = one.beside(two).filter(|(_, one, two)| one.excludes(two));
        let Some((apart, with, without)) =
            apart.find(|(name, ..)| &***name != NAME && listed.contains(&***name) == is_on)
        else {
            return true;
        };
        let (with, without) = (with.presence, without.presence);
        let what = match (with, without) {
            (Presence::Always, Presence::Never) => {
                format!("only the left side has a label `{apart}`")
            }
            (Presence::Never, Presence::Always) => {
                format!("only the right side has a label `{apart}`")
            }
            _ => format!("the two sides share no value of `{apart}`"),
        };
        let what_happens = match link.operator {
            Operator::Unless => "nothing is ever taken away",
            _ => "the result is always empty",
        };
        let help = match with == without || is_on {
            true => None,
            false => {
                let shared = one.beside(two).filter(|(name, one, two)| {
                    let both = [one.presence, two.presence];
                    both == [Presence::Always; 2] && &***name != NAME && !one.excludes(two)
                });
                let shared: Vec<&str> = shared.map(|(name, ..)| &**name).collect();
                let group = match (with, without) {
                    (Presence::Always, _) => " group_left ()",
                    _ => " group_right ()",
                };
                let group = if link.operator.is_set() { "" } else { group };
                (!shared.is_empty()).then(|| {
                    format!(
                        "match on what both have, `{} on ({}){group}`, or add both up by the same labels",
                        link.operator.as_str(),
                        shared.join(", ")
                    )
                })
            }
        };
        let message = format!("{what}: {what_happens}");
        let is_unless = link.operator == Operator::Unless;
        let rule = if is_unless { &rule::NO_EFFECT } else { &rule::NO_MATCH };
        self.find(rule, link.operator_span.clone(), message, help);
        is_unless
    }

    /// Finds where several series of a side may match one of the other, and nobody says so.
    pub(super) fn many(&mut self, left: &Type, link: &Link, right: &Type) {
        let Some(matching) = &link.matching else { return };
        if matching.labels.iter().any(|label| label.is_templated) {
            return;
        }
        let (left, right) = (self.varies(left, matching), self.varies(right, matching));
        let (left, right) = match &matching.group {
            // The side that may have many is none to speak of.
            Some(group) if group.is_left => (None, right),
            Some(_) => (left, None),
            None => (left, right),
        };
        if let (Some(_), Some((side, label))) = (
            &matching.group,
            left.iter().map(|l| ("left", l)).chain(right.iter().map(|l| ("right", l))).next(),
        ) {
            let message = format!(
                "series of the {side} side that differ in `{label}` match the same one, and only \
                 the other side may have many: as soon as there are several, this fails"
            );
            let help = "add them up by what is matched".to_owned();
            return self.find(&rule::MANY_MATCHES, matching.span.clone(), message, Some(help));
        }
        let (side, label, help) = match (left, right) {
            (Some(label), None) => ("left", label, "add `group_left ()` to keep them apart"),
            (None, Some(label)) => ("right", label, "add `group_right ()` to keep them apart"),
            (Some(label), Some(_)) => ("left", label, "add up both sides by what is matched"),
            (None, None) => return,
        };
        let message = format!(
            "series of the {side} side that differ in `{label}` match the same one: \
             as soon as there are several, this fails"
        );
        self.find(&rule::MANY_MATCHES, matching.span.clone(), message, Some(help.to_owned()));
    }

    /// A label that tells series of a side apart and is not matched.
    fn varies(&self, side: &Type, matching: &Matching) -> Option<String> {
        let listed = names(Some(matching));
        let mut labels = side.labels.iter().filter(|(name, label)| {
            let is_listed = listed.contains(name);
            let is_one = label.values.as_ref().is_some_and(|values| values.len() < 2);
            // Of labels that others define, the matched ones may say all: a pod has one workload.
            let is_ours = self.schema.defines(name) && side.kind != Kind::Info;
            is_ours && label.presence == Presence::Always && is_listed != matching.is_on && !is_one
        });
        labels.next().map(|(name, _)| name.to_owned())
    }
}

/// The names of the labels that are listed.
fn names(matching: Option<&Matching>) -> HashSet<&str> {
    matching.iter().flat_map(|matching| &matching.labels).map(|label| &*label.text).collect()
}

/// The labels of the result of two vectors.
pub(super) fn matched(left: &Labels, link: &Link, right: &Labels) -> Labels {
    let Link { operator, is_bool, matching, .. } = link;
    let drops_name = !operator.is_comparison() || *is_bool;
    let Some(matching) = matching else {
        return if drops_name { left.clone().unnamed() } else { left.clone() };
    };
    if matching.labels.iter().any(|label| label.is_templated) {
        return Labels::unknown();
    }
    let names = || matching.labels.iter().map(|label| &*label.text);
    let Some(group) = &matching.group else {
        let labels = if matching.is_on { left.only(names()) } else { left.without(names()) };
        return if drops_name { labels.unnamed() } else { labels };
    };
    let (many, one) = if group.is_left { (left, right) } else { (right, left) };
    let mut labels = if drops_name { many.clone().unnamed() } else { many.clone() };
    for label in &group.labels {
        if label.is_templated {
            return Labels::unknown();
        }
        labels.set(&label.text, one.get(&label.text).clone());
    }
    labels
}
