//! Quantiles of classic buckets.

use super::{Track, Unsupported};
use crate::promql::NAME;
use crate::testing::series::Labels;

/// The quantile of each histogram among the buckets.
pub(super) fn quantile(quantile: f64, buckets: Vec<Track>) -> Result<Vec<Track>, Unsupported> {
    let mut histograms: Vec<(Labels, Vec<(f64, Track)>)> = Vec::new();
    for mut track in buckets {
        track.labels.remove(NAME);
        // What has no bound is no bucket.
        let Some(bound) = track.labels.remove("le").and_then(|bound| bound_of(&bound)) else {
            continue;
        };
        match histograms.iter_mut().find(|(labels, _)| *labels == track.labels) {
            Some((_, of)) => of.push((bound, track)),
            None => histograms.push((track.labels.clone(), vec![(bound, track)])),
        }
    }
    let quantiles = histograms.into_iter().map(|(labels, mut of)| {
        of.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let steps = of.first().map_or(0, |(_, track)| track.points.len());
        let mut counts = Vec::with_capacity(of.len());
        let points = (0..steps).map(|step| {
            counts.clear();
            let there = of.iter().filter_map(|(bound, track)| Some((*bound, track.points[step]?)));
            counts.extend(there);
            within(quantile, &mut counts)
        });
        Track { labels, points: points.collect() }
    });
    Ok(quantiles.collect())
}

fn bound_of(text: &str) -> Option<f64> {
    if text == "+Inf" { Some(f64::INFINITY) } else { text.parse().ok() }
}

/// A quantile of cumulative counts by ascending bound, which are made monotonic first, as if
/// observations were spread evenly within a bucket; none where there are no buckets.
fn within(quantile: f64, counts: &mut [(f64, f64)]) -> Option<f64> {
    let &(last, _) = counts.last()?;
    let mut most = f64::NEG_INFINITY;
    for (_, count) in counts.iter_mut() {
        most = count.max(most);
        *count = most;
    }
    if last != f64::INFINITY || counts.len() < 2 || most == 0.0 {
        return Some(f64::NAN);
    }
    let rank = quantile * most;
    let found = counts[..counts.len() - 1].iter().position(|(_, count)| *count >= rank);
    let Some(at) = found else { return Some(counts[counts.len() - 2].0) };
    let (end, count) = counts[at];
    if at == 0 && end <= 0.0 {
        return Some(end);
    }
    let (start, below) = if at == 0 { (0.0, 0.0) } else { counts[at - 1] };
    Some(start + (end - start) * ((rank - below) / (count - below)))
}
