//! Candidates of one case side by side.

use crate::candidate::Candidate;
use crate::case::Bench;
use crate::measure::{Load, Times, check, measure, median, ratio};
use crate::report::{Figure, Judgement, Row, duration};

/// Who is compared with whom.
pub(crate) struct Contest {
    pub(crate) ours: Candidate,
    pub(crate) peers: Vec<Candidate>,
    pub(crate) limit: Option<Candidate>,
}

/// The ratios aimed at.
#[derive(Clone, Copy, Default)]
pub(crate) struct Targets {
    pub(crate) peer: Option<f64>,
    pub(crate) limit: Option<f64>,
}

impl Targets {
    pub(crate) const fn new(peer: f64, limit: f64) -> Self {
        Self { peer: Some(peer), limit: Some(limit) }
    }
}

impl Contest {
    /// Makes sure that every candidate records what it is given, on two threads at once.
    pub(crate) fn checked(self, bench: &Bench) -> Self {
        self.all().for_each(|candidate| check(&bench.threads, candidate));
        self
    }

    /// Measures on one thread, then on two.
    pub(crate) fn on_one_and_two_threads(
        self,
        bench: &Bench,
        title: &str,
        [one, two]: [Targets; 2],
    ) -> Vec<Row> {
        let contest = self.checked(bench);
        let mut rows =
            vec![contest.row(bench, Load::OneThread, title.to_owned() + ", 1 thread", one)];
        if bench.threads.are_two() {
            let title = title.to_owned() + ", 2 threads";
            rows.push(contest.row(bench, Load::TwoThreads, title, two));
        }
        rows
    }

    /// Measures, and compares with the best peer and the limit.
    pub(crate) fn row(&self, bench: &Bench, load: Load, title: String, targets: Targets) -> Row {
        let candidates: Vec<&Candidate> = self.all().collect();
        let times = measure(&bench.threads, bench.plan, load, &candidates);
        // Once more: what was measured must have been recorded, too.
        candidates.iter().for_each(|candidate| candidate.check());

        let figure = |position: usize| Figure {
            name: candidates[position].name.to_owned(),
            value: median(&times[position]),
        };
        let mut peers: Vec<usize> = (1..=self.peers.len()).collect();
        peers.sort_by(|left, right| median(&times[*left]).total_cmp(&median(&times[*right])));
        let judge = |other: &Times, target| Judgement::of_ratio(ratio(&times[0], other), target);
        let limit = self.limit.is_some().then_some(candidates.len() - 1);
        let out_of_reach = match (limit, peers.first(), targets.peer) {
            (Some(limit), Some(best), Some(target)) => {
                Some(ratio(&times[limit], &times[*best])).filter(|ratio| *ratio > target)
            }
            _ => None,
        };
        Row {
            title,
            ours: duration(median(&times[0])),
            beside: peers.first().map(|best| figure(*best).to_string()).unwrap_or_default(),
            to_beside: peers.first().map(|best| judge(&times[*best], targets.peer)),
            limit: limit.map(|limit| duration(figure(limit).value)).unwrap_or_default(),
            to_limit: limit.map(|limit| judge(&times[limit], targets.limit)),
            out_of_reach,
            peers: peers.iter().map(|peer| figure(*peer).to_string()).collect(),
        }
    }

    /// Ours, then the peers, then the limit.
    fn all(&self) -> impl Iterator<Item = &Candidate> {
        std::iter::once(&self.ours).chain(&self.peers).chain(&self.limit)
    }
}
