//! Aggregations: many series become one.

use super::{Engine, Track, Unsupported};
use crate::promql::NAME;
use crate::promql::syntax::{Aggregation, Grouping};
use crate::testing::series::Labels;

impl Engine {
    pub(super) fn aggregation(&self, of: &Aggregation) -> Result<Vec<Track>, Unsupported> {
        let Aggregation { operator, grouping, parameter, of } = of;
        let fold = fold(&operator.text).filter(|_| parameter.is_none());
        let fold = fold.ok_or_else(|| Unsupported::Piece("aggregation", operator.span.clone()))?;
        let mut groups: Vec<(Labels, Vec<Track>)> = Vec::new();
        for track in self.vector(of)? {
            let labels = grouped(&track.labels, grouping.as_ref());
            match groups.iter_mut().find(|(known, _)| *known == labels) {
                Some((_, tracks)) => tracks.push(track),
                None => groups.push((labels, vec![track])),
            }
        }
        let mut numbers = Vec::new();
        let tracks = groups.into_iter().map(|(labels, tracks)| {
            let points = (0..self.steps).map(|step| {
                numbers.clear();
                numbers.extend(tracks.iter().filter_map(|track| track.points[step]));
                (!numbers.is_empty()).then(|| fold(&numbers))
            });
            Track { labels, points: points.collect() }
        });
        Ok(tracks.collect())
    }
}

/// The labels that are kept.
fn grouped(labels: &Labels, grouping: Option<&Grouping>) -> Labels {
    let keeps = |label: &str| match grouping {
        None => false,
        Some(Grouping { is_without, labels, .. }) => {
            let is_named = labels.iter().any(|named| named.text == label);
            is_named != *is_without && (label != NAME || !is_without)
        }
    };
    labels.kept(keeps)
}

/// What becomes of at least one number.
fn fold(operator: &str) -> Option<fn(&[f64]) -> f64> {
    let sum: fn(&[f64]) -> f64 = |numbers| numbers.iter().sum();
    Some(match operator {
        "sum" => sum,
        "avg" => |numbers| numbers.iter().sum::<f64>() / numbers.len() as f64,
        "max" => |numbers| numbers.iter().copied().fold(f64::NAN, f64::max),
        "min" => |numbers| numbers.iter().copied().fold(f64::NAN, f64::min),
        "count" => |numbers| numbers.len() as f64,
        "group" => |_| 1.0,
        _ => return None,
    })
}
