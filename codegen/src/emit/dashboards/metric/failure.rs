//! What fails, as a share of what is tried.
//!
//! Series of failures begin with the first one. Until then a line at zero says that all is well, where
//! nothing would leave people to wonder.

use streamhouse_metrics_spec::catalog::MetricId;

use super::super::model::{Kind, Panel, Query};
use super::super::query::{kept, legend};
use super::super::traffic::Failures;
use super::Drawing;
use crate::text::{grafana, markdown};

/// A part of something, by labels that both have.
struct Share<'a> {
    failed: String,
    all: String,
    kept: Vec<&'a str>,
}

impl Drawing<'_> {
    /// What share fails; nothing where nothing is tried.
    pub(super) fn ratio(&self, id: MetricId, failures: &Failures) -> Panel {
        let Share { failed, all, kept } = self.share(failures);
        let title = self.titles.of(self.metric(id));
        let title = match failures {
            Failures::Told { .. } => format!("{title}, share that fails"),
            Failures::Beside { .. } | Failures::Of { .. } => format!("{title}, share"),
        };
        let query = Query::new(format!("{failed} / ({all} > 0)"), legend(&kept, &title));
        let face = self.face(id, "ratio", Kind::TimeSeries, title, vec![query]);
        let description = format!("{}\n\n{}", self.share_of(failures), face.description);
        // Of nothing that fails there would be an axis to a hundred times everything.
        Panel {
            unit: "percentunit",
            starts_at_zero: true,
            reaches: Some(0.01),
            description,
            ..face
        }
    }

    /// What a share is of, in words.
    fn share_of(&self, failures: &Failures) -> String {
        let name = |id: MetricId| markdown::code(&self.metric(id).exposed());
        match failures {
            Failures::Beside { failed, succeeded } => {
                format!("Share of {} in these and {}", name(*failed), name(*succeeded))
            }
            Failures::Of { failed, tried } => {
                format!("{} for each of {}", name(*failed), name(*tried))
            }
            Failures::Told { metric, label, values } => {
                let label = markdown::code(&self.catalog.labels[*label].name);
                let values: Vec<_> = values.iter().map(|value| markdown::code(value)).collect();
                format!("Share of {} whose {label} is {}", name(*metric), values.join(" or "))
            }
        }
    }

    /// What fails and what is tried, each zero where there are series of the other only.
    fn share(&self, failures: &Failures) -> Share<'_> {
        match failures {
            &Failures::Beside { failed, succeeded } => {
                let kept = self.shared(failed, succeeded);
                let (bad, good) =
                    (self.rate(failed, &kept, None), self.rate(succeeded, &kept, None));
                let failed = format!("({bad} or 0 * {good})");
                Share { all: format!("(({good} or 0 * {bad}) + {failed})"), failed, kept }
            }
            &Failures::Of { failed, tried } => {
                let kept = self.shared(failed, tried);
                let all = self.rate(tried, &kept, None);
                let failed = self.rate(failed, &kept, None);
                Share { failed: format!("({failed} or 0 * {all})"), all, kept }
            }
            Failures::Told { metric, label, values } => {
                let label = &self.catalog.labels[*label].name;
                let mut kept = kept(self.catalog, self.metric(*metric));
                kept.retain(|name| name != label);
                let matcher = match &**values {
                    [only] => format!("{label}={}", grafana::promql_string(only)),
                    _ => {
                        let values = values.iter().map(|text| regex::escape(text));
                        let any = values.collect::<Vec<_>>().join("|");
                        format!("{label}=~{}", grafana::promql_string(&any))
                    }
                };
                let failed = self.rate(*metric, &kept, Some(matcher));
                let all = self.rate(*metric, &kept, None);
                Share { failed: format!("({failed} or 0 * {all})"), all, kept }
            }
        }
    }

    /// Zero for whatever is tried, of a counter of failures whose series begin with the first one.
    pub(in super::super) fn nothing_failed(&self, id: MetricId, kept: &[&str]) -> Option<String> {
        let all = self.all_of(id)?;
        let has = |label: &&str| {
            self.catalog.labels_of(self.metric(all)).any(|known| known.name == **label)
        };
        kept.iter().all(has).then(|| format!("0 * {}", self.rate(all, kept, None)))
    }

    /// What a counter of failures is a part of, where that is another counter.
    pub(super) fn all_of(&self, id: MetricId) -> Option<MetricId> {
        match self.failures.get(&id)? {
            Failures::Beside { succeeded: all, .. } | Failures::Of { tried: all, .. } => Some(*all),
            Failures::Told { .. } => None,
        }
    }
}
