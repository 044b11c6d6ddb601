//! What can be varied in a condition: the series that its selectors select.

use crate::promql::NAME;
use crate::promql::syntax::{Aggregation, Chain, Expr, Grouping, Node, Operator, Selector};

use super::condition::{Bound, Leaf, Test};
use super::engine::constant;
use super::series::Labels;

/// Series that have a level together, and how that shows in their samples.
#[derive(Clone, Debug)]
pub(super) struct Variable<'e> {
    pub(super) selector: &'e Selector,
    pub(super) shows: Shows,
    /// The innermost aggregation above, which brings its members together, if there is one.
    pub(super) aggregation: Option<&'e Aggregation>,
    /// Every aggregation above, the outermost first.
    aggregations: Vec<&'e Aggregation>,
}

/// How a level shows in samples.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shows {
    /// It is their value.
    Value,
    /// It is how much they grow a second.
    Slope,
    /// It is the given quantile of what their buckets count.
    Quantile(f64),
    /// It is how many of them there are with the first value; others have the second one, or are not
    /// there.
    Number(f64, Option<f64>),
}

impl Variable<'_> {
    /// The name of the metric.
    pub(super) fn name(&self) -> &str {
        self.selector.name.as_ref().map_or("", |name| &name.text)
    }

    /// Whether its members may differ in a label: its aggregation drops it, or any aggregation does
    /// where nothing but their number counts.
    pub(super) fn drops(&self, label: &str) -> bool {
        let drops = |aggregation: &&Aggregation| match &aggregation.grouping {
            None => true,
            Some(Grouping { is_without, labels, .. }) => {
                labels.iter().any(|named| named.text == label) == *is_without
            }
        };
        match self.shows {
            Shows::Number(..) => self.aggregations.iter().any(drops),
            _ => self.aggregation.iter().any(drops),
        }
    }

    /// Whether it selects the same as another.
    pub(super) fn is(&self, other: &Variable<'_>) -> bool {
        let matchers = |variable: &Variable<'_>| {
            let matchers = variable.selector.matchers.iter();
            let mut texts: Vec<_> = matchers
                .map(|of| format!("{} {:?} {:?}", of.label.text, of.operator, of.value.text))
                .collect();
            texts.sort();
            texts
        };
        self.name() == other.name() && matchers(self) == matchers(other)
    }
}

/// The variables of a leaf, in the order in which they stand.
pub(super) fn variables<'e>(leaf: &Leaf<'e>) -> Vec<Variable<'e>> {
    let mut found = Vec::new();
    walk(leaf.measured(), &Shows::Value, &[], &mut found);
    if let Test::Compare { bound: Bound::Measured(bound), .. } = leaf.test {
        walk(bound, &Shows::Value, &[], &mut found);
    }
    found
}

fn walk<'e>(
    expr: &'e Expr,
    shows: &Shows,
    aggregations: &[&'e Aggregation],
    found: &mut Vec<Variable<'e>>,
) {
    let inner = match &expr.node {
        Node::Selector(selector) => {
            let (shows, aggregation) = (shows.clone(), aggregations.last().copied());
            let aggregations = aggregations.to_vec();
            let variable = Variable { selector, shows, aggregation, aggregations };
            if !found.iter().any(|known| known.is(&variable)) {
                found.push(variable);
            }
            return;
        }
        Node::Aggregation(aggregation) => {
            let is_count = aggregation.operator.text == "count" && *shows == Shows::Value;
            let counted = counted(&aggregation.of).filter(|_| is_count);
            let shows = counted.unwrap_or_else(|| shows.clone());
            let aggregations = [aggregations, &[&**aggregation]].concat();
            return walk(&aggregation.of, &shows, &aggregations, found);
        }
        Node::Call(call) => match (&*call.name.text, &*call.arguments) {
            ("rate" | "increase" | "irate" | "delta", _) if *shows == Shows::Value => Shows::Slope,
            ("histogram_quantile", [quantile, _]) => match constant(quantile) {
                Some(quantile) => Shows::Quantile(quantile),
                None => shows.clone(),
            },
            _ => shows.clone(),
        },
        _ => shows.clone(),
    };
    for child in expr.children() {
        walk(child, &inner, aggregations, found);
    }
}

/// What a count counts: series that are there, or that have a value which a comparison lets pass.
fn counted(expr: &Expr) -> Option<Shows> {
    match &expr.bare().node {
        Node::Selector(_) => Some(Shows::Number(1.0, None)),
        Node::Aggregation(aggregation) => counted(&aggregation.of),
        Node::Chain(chain) => {
            let Chain { first, rest } = &**chain;
            let [link] = &**rest else { return None };
            let bound = constant(&link.right)?;
            let is_plain = matches!(first.bare().node, Node::Selector(_)) && !link.is_bool;
            let (passes, other) = match link.operator {
                Operator::Equal => (bound, if bound == 1.0 { 0.0 } else { bound + 1.0 }),
                Operator::NotEqual => (if bound == 1.0 { 0.0 } else { bound + 1.0 }, bound),
                Operator::Greater => (bound + 1.0, bound),
                Operator::GreaterOrEqual => (bound, bound - 1.0),
                Operator::Less => (bound - 1.0, bound),
                Operator::LessOrEqual => (bound, bound + 1.0),
                _ => return None,
            };
            is_plain.then_some(Shows::Number(passes, Some(other)))
        }
        _ => None,
    }
}

/// Whether a leaf looks back in time, and how far at most, in milliseconds.
pub(super) fn looks_back(expr: &Expr) -> u64 {
    expr.children().into_iter().map(looks_back).fold(own_range(expr), u64::max)
}

/// How far an expression itself looks back, in milliseconds.
pub(super) fn own_range(expr: &Expr) -> u64 {
    match &expr.node {
        Node::MatrixSelector(samples) => samples.range.milliseconds.unwrap_or(0),
        Node::Subquery(subquery) => subquery.range.milliseconds.unwrap_or(0),
        _ => 0,
    }
}

/// Labels without the name of the metric.
pub(super) fn unnamed(mut labels: Labels) -> Labels {
    labels.remove(NAME);
    labels
}
