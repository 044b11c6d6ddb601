//! An expression in one form, whichever way it is written: to tell whether two say the same.
//!
//! White space, comments and parentheses go, groupings and matchers are in order, numbers and times
//! are as long as they are, and what is compared with a number stands before it.

use super::syntax::{
    Aggregation, Chain, Expr, Link, Matcher, Matching, MatrixSelector, Node, Selector, Span,
    Subquery, Time, Word,
};

/// The form of an expression, given with its text.
pub(super) fn canonical(expr: &Expr, text: &str) -> String {
    let written = |span: &Span| text[span.clone()].split_whitespace().collect::<String>();
    let form = |expr: &Expr| canonical(expr, text);
    let time = |time: &Time| match time.milliseconds {
        Some(milliseconds) => format!("{milliseconds}ms"),
        None => written(&time.span),
    };
    match &expr.node {
        Node::Number(number) => format!("{number}"),
        Node::Text(text) => format!("{text:?}"),
        Node::Variable => text[expr.span.clone()].to_owned(),
        Node::Parentheses(of) => form(of),
        Node::Selector(selector) => {
            let Selector { name, braces, matchers, .. } = &**selector;
            let name_end = name.as_ref().map_or(0, |name| name.span.end);
            let end = braces.as_ref().map_or(name_end, |braces| braces.end);
            let name = name.as_ref().map_or("", |name| &name.text);
            let mut matchers: Vec<_> = matchers.iter().map(matcher).collect();
            matchers.sort();
            format!("{name}{{{}}}{}", matchers.join(","), written(&(end..expr.span.end)))
        }
        Node::MatrixSelector(matrix) => {
            let MatrixSelector { of, range, .. } = &**matrix;
            let behind = written(&(range.span.end..expr.span.end));
            format!("{}[{}{behind}", form(of), time(range))
        }
        Node::Subquery(subquery) => {
            let Subquery { of, range, step, .. } = &**subquery;
            let step_form = step.as_ref().map_or_else(String::new, time);
            let end = step.as_ref().map_or(range.span.end, |step| step.span.end);
            let behind = written(&(end..expr.span.end));
            format!("({})[{}:{step_form}{}", form(of), time(range), behind.trim_start_matches(':'))
        }
        Node::Call(call) => {
            let arguments: Vec<_> = call.arguments.iter().map(form).collect();
            format!("{}({})", call.name.text, arguments.join(","))
        }
        Node::Aggregation(aggregation) => {
            let Aggregation { operator, grouping, parameter, of } = &**aggregation;
            let grouping = grouping.as_ref().map_or_else(String::new, |grouping| {
                let word = if grouping.is_without { "without" } else { "by" };
                format!(" {word}({})", sorted(&grouping.labels))
            });
            let parameter = parameter.as_ref().map_or_else(String::new, |of| form(of) + ",");
            format!("{}{grouping}({parameter}{})", operator.text, form(of))
        }
        Node::Unary { is_negative, of } => {
            format!("{}({})", if *is_negative { "-" } else { "" }, form(of))
        }
        Node::Chain(chain) => links(chain, text),
    }
}

fn links(chain: &Chain, text: &str) -> String {
    let Chain { first, rest } = chain;
    if let [Link { operator, is_bool: false, matching: None, right, .. }] = &**rest
        && operator.is_comparison()
        && matches!(first.bare().node, Node::Number(_))
    {
        let operator = operator.mirrored().as_str();
        return format!("({}){operator}({})", canonical(right, text), canonical(first, text));
    }
    let mut form = format!("({})", canonical(first, text));
    for Link { operator, is_bool, matching, fills, right, .. } in rest {
        let matching = matching.as_ref().map_or_else(String::new, |matching| {
            let Matching { is_on, labels, group, .. } = matching;
            let group = group.as_ref().map_or_else(String::new, |group| {
                let side = if group.is_left { "left" } else { "right" };
                format!(" group_{side}({})", sorted(&group.labels))
            });
            format!(" {}({}){group} ", if *is_on { "on" } else { "ignoring" }, sorted(labels))
        });
        let is_bool = if *is_bool { " bool" } else { "" };
        // What is filled in is told apart by where it stands.
        let fills = if *fills { format!(" fill@{}", right.span.start) } else { String::new() };
        let right = canonical(right, text);
        form += &format!("{}{is_bool}{matching}{fills}({right})", operator.as_str());
    }
    form
}

fn matcher(matcher: &Matcher) -> String {
    let Matcher { label, operator, value, .. } = matcher;
    format!("{}{operator:?}{:?}", label.text, value.text)
}

fn sorted(labels: &[Word]) -> String {
    let mut names: Vec<&str> = labels.iter().map(|label| &*label.text).collect();
    names.sort_unstable();
    names.dedup();
    names.join(",")
}
