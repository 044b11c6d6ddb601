//! What is sent of an alert that fires.

use std::collections::BTreeMap;

use crate::rules::{Action, Rule};
use crate::template::{self, Failure, Template};

use super::engine::Unsupported;
use super::series::Labels;

/// One instance of an alert that fires, as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Firing {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: Vec<(String, String)>,
}

/// The labels and texts of an alert, which are filled in for each series.
pub(super) struct Notification<'r> {
    rule: &'r Rule,
    texts: Vec<(&'r str, Template)>,
}

/// Why a text cannot be foreseen.
fn unforeseen(failure: Failure) -> Unsupported {
    let Failure { message, place, .. } = failure;
    Unsupported::Text(message, place)
}

impl<'r> Notification<'r> {
    pub(super) fn new(rule: &'r Rule) -> Result<Self, Unsupported> {
        let Action::Alert { annotations, .. } = &rule.action else {
            return Err(Unsupported::new("what is no alert"));
        };
        let texts = annotations.iter().map(|(key, text)| {
            let template = template::parse(text).map_err(unforeseen)?;
            Ok((&**key, template))
        });
        Ok(Self { rule, texts: texts.collect::<Result<_, _>>()? })
    }

    /// What is sent of a series.
    pub(super) fn of(&self, series: &Labels, value: f64) -> Result<Firing, Unsupported> {
        let labels = series.iter().map(|(label, value)| (label.to_owned(), value.to_owned()));
        let mut labels: BTreeMap<_, _> = labels.collect();
        let annotations = self.texts.iter().map(|(key, template)| {
            let text = template.render(&labels, value).map_err(unforeseen)?;
            Ok(((*key).to_owned(), text))
        });
        let annotations = annotations.collect::<Result<_, _>>()?;
        labels.extend(self.rule.labels.iter().cloned());
        Ok(Firing { labels, annotations })
    }
}
