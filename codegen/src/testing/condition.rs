//! The condition of an alert as leaves, each of which holds or does not, and what is made of them.

use crate::promql::syntax::{Call, Chain, Expr, Link, Node, Operator};

use super::engine::{Unsupported, constant};

/// A condition.
#[derive(Debug)]
pub(super) struct Condition<'e> {
    pub(super) leaves: Vec<Leaf<'e>>,
    tree: Tree,
}

/// What holds or does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf<'e> {
    /// As written.
    pub(super) expr: &'e Expr,
    pub(super) test: Test<'e>,
}

/// When a leaf holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test<'e> {
    /// What is measured is beyond a bound.
    Compare { measured: &'e Expr, operator: Operator, bound: Bound<'e> },
    /// There are such series.
    Present(&'e Expr),
}

/// What something is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound<'e> {
    Number(f64),
    Measured(&'e Expr),
}

/// How leaves, given by their positions, come together.
#[derive(Debug)]
enum Tree {
    Leaf(usize),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    Unless(Box<Tree>, Box<Tree>),
    Absent(Box<Tree>),
}

/// What must hold beside one leaf, so that nothing but that leaf decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Others {
    /// By the position of the leaf; none of the one that decides.
    pub(super) hold: Vec<Option<bool>>,
    /// Whether the whole holds when the leaf does, and not when it does not.
    pub(super) is_positive: bool,
}

impl<'e> Condition<'e> {
    /// Takes an expression apart.
    pub(super) fn new(expr: &'e Expr) -> Result<Self, Unsupported> {
        let mut leaves = Vec::new();
        let tree = tree(expr, &mut leaves)?;
        Ok(Self { leaves, tree })
    }

    /// What makes a leaf decide.
    pub(super) fn others(&self, leaf: usize) -> Others {
        let mut hold = vec![None; self.leaves.len()];
        let is_positive = decide(&self.tree, leaf, &mut hold).unwrap_or(true);
        Others { hold, is_positive }
    }

    /// Whether a leaf says what is absent, so that one series anywhere makes a difference.
    pub(super) fn is_absent(&self, leaf: usize) -> bool {
        is_absent(&self.tree, leaf, false)
    }
}

impl<'e> Leaf<'e> {
    /// The expressions that it reads series by.
    pub(super) fn measured(&self) -> &'e Expr {
        match self.test {
            Test::Compare { measured, .. } | Test::Present(measured) => measured,
        }
    }
}

/// What a condition compares with a number.
#[derive(Clone, Debug)]
pub(crate) struct Compared<'e> {
    /// What is measured.
    pub(crate) measured: &'e Expr,
    /// How it is compared where the condition holds, whether or not that is how it is written.
    pub(crate) operator: Operator,
    pub(crate) bound: f64,
    /// Its place among what a condition is made of.
    pub(crate) leaf: usize,
    /// The places of what must hold beside it.
    pub(crate) needs: Vec<usize>,
}

/// Everything that a condition compares with a number, in the order in which it is written.
pub(crate) fn compared(expr: &Expr) -> Vec<Compared<'_>> {
    let Ok(condition) = Condition::new(expr) else { return Vec::new() };
    let leaves = condition.leaves.iter().enumerate().filter_map(|(at, leaf)| match leaf.test {
        Test::Compare { measured, operator, bound: Bound::Number(bound) } => {
            let Others { hold, is_positive } = condition.others(at);
            let operator = if is_positive { operator } else { negated(operator) };
            let needs = hold.iter().enumerate().filter(|(_, hold)| **hold == Some(true));
            let needs = needs.map(|(other, _)| other).collect();
            Some(Compared { measured, operator, bound, leaf: at, needs })
        }
        _ => None,
    });
    leaves.collect()
}

/// What holds where a comparison does not.
fn negated(operator: Operator) -> Operator {
    match operator {
        Operator::Greater => Operator::LessOrEqual,
        Operator::GreaterOrEqual => Operator::Less,
        Operator::Less => Operator::GreaterOrEqual,
        Operator::LessOrEqual => Operator::Greater,
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        other => other,
    }
}

fn tree<'e>(expr: &'e Expr, leaves: &mut Vec<Leaf<'e>>) -> Result<Tree, Unsupported> {
    let expr = expr.bare();
    match &expr.node {
        Node::Chain(chain) => {
            let Chain { first, rest } = &**chain;
            let Some(last) = rest.last() else { return tree(first, leaves) };
            if last.operator.is_set() {
                let mut whole = tree(first, leaves)?;
                for link in rest {
                    let right = tree(&link.right, leaves)?;
                    let sides = (Box::new(whole), Box::new(right));
                    whole = match link.operator {
                        Operator::And => Tree::And(sides.0, sides.1),
                        Operator::Unless => Tree::Unless(sides.0, sides.1),
                        _ => Tree::Or(sides.0, sides.1),
                    };
                }
                return Ok(whole);
            }
            match &**rest {
                [only] if only.operator.is_comparison() && !only.is_bool => {
                    comparison(expr, first, only, leaves)
                }
                _ => Ok(leaf(Leaf { expr, test: Test::Present(expr) }, leaves)),
            }
        }
        Node::Call(call) => match absence(call) {
            Some(of) => Ok(Tree::Absent(Box::new(tree(of, leaves)?))),
            None => Ok(leaf(Leaf { expr, test: Test::Present(expr) }, leaves)),
        },
        _ => Ok(leaf(Leaf { expr, test: Test::Present(expr) }, leaves)),
    }
}

fn leaf<'e>(leaf: Leaf<'e>, leaves: &mut Vec<Leaf<'e>>) -> Tree {
    leaves.push(leaf);
    Tree::Leaf(leaves.len() - 1)
}

fn comparison<'e>(
    expr: &'e Expr,
    left: &'e Expr,
    link: &'e Link,
    leaves: &mut Vec<Leaf<'e>>,
) -> Result<Tree, Unsupported> {
    let Link { operator, right, .. } = link;
    let (measured, operator, bound) = match (constant(left), constant(right)) {
        (None, Some(bound)) => (left, *operator, Bound::Number(bound)),
        (Some(bound), None) => (right, operator.mirrored(), Bound::Number(bound)),
        (None, None) => (left, *operator, Bound::Measured(right)),
        (Some(_), Some(_)) => {
            return Err(Unsupported::new("a comparison of numbers").within(&expr.span));
        }
    };
    // Absence is one where it is anything.
    if let (Node::Call(call), Bound::Number(1.0)) = (&measured.bare().node, bound)
        && absence(call).is_some()
        && matches!(operator, Operator::Equal | Operator::GreaterOrEqual)
    {
        return tree(measured, leaves);
    }
    Ok(leaf(Leaf { expr, test: Test::Compare { measured, operator, bound } }, leaves))
}

/// What a call says is absent.
fn absence(call: &Call) -> Option<&Expr> {
    match (&*call.name.text, &*call.arguments) {
        ("absent" | "absent_over_time", [of]) => Some(of),
        _ => None,
    }
}

/// Makes one leaf decide; says whether the whole holds with it, if it is in the tree.
fn decide(tree: &Tree, leaf: usize, hold: &mut [Option<bool>]) -> Option<bool> {
    match tree {
        Tree::Leaf(at) => (*at == leaf).then_some(true),
        Tree::And(left, right) => beside(left, right, leaf, true, hold),
        Tree::Or(left, right) => beside(left, right, leaf, false, hold),
        Tree::Unless(left, right) => {
            if let Some(is_positive) = decide(left, leaf, hold) {
                set(right, false, hold);
                return Some(is_positive);
            }
            let is_positive = decide(right, leaf, hold)?;
            set(left, true, hold);
            Some(!is_positive)
        }
        Tree::Absent(of) => Some(!decide(of, leaf, hold)?),
    }
}

/// Makes a leaf on one of two sides decide, while the other side is as given.
fn beside(
    left: &Tree,
    right: &Tree,
    leaf: usize,
    other: bool,
    hold: &mut [Option<bool>],
) -> Option<bool> {
    if let Some(is_positive) = decide(left, leaf, hold) {
        set(right, other, hold);
        return Some(is_positive);
    }
    let is_positive = decide(right, leaf, hold)?;
    set(left, other, hold);
    Some(is_positive)
}

/// Makes all of a tree hold, or not.
fn set(tree: &Tree, holds: bool, hold: &mut [Option<bool>]) {
    match tree {
        Tree::Leaf(at) => hold[*at] = Some(holds),
        Tree::And(left, right) | Tree::Or(left, right) => {
            set(left, holds, hold);
            set(right, holds, hold);
        }
        Tree::Unless(left, right) => {
            set(left, holds, hold);
            set(right, !holds, hold);
        }
        Tree::Absent(of) => set(of, !holds, hold),
    }
}

fn is_absent(tree: &Tree, leaf: usize, is_within: bool) -> bool {
    match tree {
        Tree::Leaf(at) => is_within && *at == leaf,
        Tree::Absent(of) => is_absent(of, leaf, true),
        Tree::And(left, right) | Tree::Or(left, right) | Tree::Unless(left, right) => {
            is_absent(left, leaf, is_within) || is_absent(right, leaf, is_within)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse::parse;

    fn check(text: &str, expected: &[(&[Option<bool>], bool)]) {
        let parsed = parse(text).expect("PromQL");
        let condition = Condition::new(&parsed.expr).expect("leaves");
        let others: Vec<_> = (0..condition.leaves.len()).map(|at| condition.others(at)).collect();
        let drawn: Vec<_> =
            others.iter().map(|others| (&*others.hold, others.is_positive)).collect();
        assert_eq!(drawn, expected, "{text}");
    }

    #[test]
    fn a_leaf_decides_when_the_others_let_it() {
        check("a > 1", &[(&[None], true)]);
        check("(1 < a)", &[(&[None], true)]);
        check("a > 1 and b > 1", &[(&[None, Some(true)], true), (&[Some(true), None], true)]);
        check("a > 1 or absent(a)", &[(&[None, Some(true)], true), (&[Some(false), None], false)]);
        check("absent(a > 1) == 1", &[(&[None], false)]);
        check(
            "a > 1 unless on (x) b",
            &[(&[None, Some(false)], true), (&[Some(true), None], false)],
        );
        check(
            "a > 1 unless (b > 1 or c > 1)",
            &[
                (&[None, Some(false), Some(false)], true),
                (&[Some(true), None, Some(false)], false),
                (&[Some(true), Some(false), None], false),
            ],
        );
    }
}
