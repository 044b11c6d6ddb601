//! The condition of an alert as leaves, each of which holds or does not, and what is made of them.

use crate::promql::syntax::{Chain, Expr, Node, Operator, Selector};

use super::engine::{Unsupported, constant};

/// A condition.
#[derive(Debug)]
pub(super) struct Condition<'e> {
    pub(super) leaves: Vec<Leaf<'e>>,
    tree: Tree,
}

/// What holds or does not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf<'e> {
    /// What is measured is beyond a bound.
    Compare { measured: &'e Expr, operator: Operator, bound: f64 },
    /// There are such series.
    Present(&'e Expr),
    /// There are no such series.
    Absent(&'e Selector),
}

/// How leaves, given by their positions, come together.
#[derive(Debug)]
enum Tree {
    Leaf(usize),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    Unless(Box<Tree>, Box<Tree>),
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
}

impl Leaf<'_> {
    /// The expressions that it reads series by.
    pub(super) fn measured(&self) -> Option<&Expr> {
        match self {
            Self::Compare { measured, .. } | Self::Present(measured) => Some(measured),
            Self::Absent(_) => None,
        }
    }
}

fn tree<'e>(expr: &'e Expr, leaves: &mut Vec<Leaf<'e>>) -> Result<Tree, Unsupported> {
    let expr = expr.bare();
    let mut leaf = |leaf| {
        leaves.push(leaf);
        Ok(Tree::Leaf(leaves.len() - 1))
    };
    match &expr.node {
        Node::Chain(chain) => {
            let Chain { first, rest } = &**chain;
            let Some(last) = rest.last() else { return Err(Unsupported("this operator")) };
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
            let [only] = &**rest else { return leaf(Leaf::Present(expr)) };
            if !only.operator.is_comparison() || only.is_bool {
                return leaf(Leaf::Present(expr));
            }
            match (constant(first), constant(&only.right)) {
                (None, Some(bound)) => {
                    leaf(Leaf::Compare { measured: first, operator: only.operator, bound })
                }
                (Some(bound), None) => {
                    let operator = only.operator.mirrored();
                    leaf(Leaf::Compare { measured: &only.right, operator, bound })
                }
                _ => Err(Unsupported("a comparison without a number")),
            }
        }
        Node::Call(call) if call.name.text == "absent" => match &*call.arguments {
            [of] => match &of.bare().node {
                Node::Selector(selector) => leaf(Leaf::Absent(selector)),
                _ => Err(Unsupported("the absence of what is calculated")),
            },
            _ => Err(Unsupported("this function")),
        },
        _ => leaf(Leaf::Present(expr)),
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
        check("a > 1 or absent(a)", &[(&[None, Some(false)], true), (&[Some(false), None], true)]);
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
