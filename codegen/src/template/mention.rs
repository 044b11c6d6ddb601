//! What a template says of its series: the labels that it names, and how it writes the value.

use std::ops::Range;

use super::function::Function;
use super::syntax::{Command, Control, Keyword, Node, Operand, Pipeline, Template, Term};

/// Everything that a template says of its series.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// The labels, each with the place of its name.
    pub(crate) labels: Vec<(String, Range<usize>)>,
    pub(crate) values: Vec<Written>,
}

/// Where the value is written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) place: Range<usize>,
    /// The function that does it, and where its name stands; none if it is written as it is.
    pub(crate) by: Option<(&'static str, Range<usize>)>,
}

/// Finds what a template says, in the order in which it does.
pub(crate) fn mentions(template: &Template) -> Mentions {
    let declared = [("$", What::Alert), ("$labels", What::Labels), ("$value", What::Value)];
    let variables = declared.map(|(name, what)| (name.to_owned(), what)).to_vec();
    let mut reader = Reader { variables, mentions: Mentions::default() };
    reader.nodes(&template.nodes, What::Alert);
    reader.mentions
}

/// What a term stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// The series itself, with everything that is known of it.
    Alert,
    Labels,
    Value,
    Other,
}

struct Reader {
    variables: Vec<(String, What)>,
    mentions: Mentions,
}

impl Reader {
    fn nodes(&mut self, nodes: &[Node], dot: What) {
        for node in nodes {
            match node {
                Node::Text(_) => (),
                Node::Action(pipeline) => {
                    self.pipeline(pipeline, dot);
                    let written = self.written(pipeline, dot);
                    self.mentions.values.extend(written);
                }
                Node::Control(control) => self.control(control, dot),
            }
        }
    }

    fn control(&mut self, control: &Control, dot: What) {
        let Control { keyword, pipeline, body, otherwise, .. } = control;
        let known = self.variables.len();
        let what = pipeline.as_ref().map(|pipeline| self.pipeline(pipeline, dot));
        let inside = match keyword {
            Keyword::If => dot,
            Keyword::With => what.unwrap_or(What::Other),
            _ => What::Other,
        };
        self.nodes(body, inside);
        self.nodes(otherwise, dot);
        self.variables.truncate(known);
    }

    /// Reads a pipeline, and says what its value is.
    fn pipeline(&mut self, pipeline: &Pipeline, dot: What) -> What {
        let Pipeline { variables, commands, .. } = pipeline;
        let mut what = What::Other;
        let mut last = None;
        for command in commands {
            what = self.command(command, last, dot);
            last = Some(what);
        }
        self.variables.extend(variables.iter().map(|name| (name.clone(), what)));
        what
    }

    fn command(&mut self, command: &Command, last: Option<What>, dot: What) -> What {
        let operands: Vec<What> =
            command.operands.iter().map(|operand| self.operand(operand, dot)).collect();
        if let ([index, _, name], [_, What::Labels, _]) = (&*command.operands, &*operands) {
            self.index(index, name);
        }
        match &*operands {
            [what] if last.is_none() => *what,
            _ => What::Other,
        }
    }

    /// Reads `index $labels "topic"`.
    fn index(&mut self, index: &Operand, name: &Operand) {
        let is_index = matches!(index.term, Term::Function(Function { name: "index", .. }));
        if let Term::Text(label) = &name.term
            && is_index
        {
            // Between the quotes.
            let place = name.place.start + 1..name.place.end - 1;
            self.mentions.labels.push((label.clone(), place));
        }
    }

    fn operand(&mut self, operand: &Operand, dot: What) -> What {
        let Operand { term, fields, .. } = operand;
        let mut what = match term {
            Term::Dot => dot,
            Term::Group(pipeline) => self.pipeline(pipeline, dot),
            Term::Variable(name) => self.variable(name),
            _ => What::Other,
        };
        for field in fields {
            what = match (what, &*field.name) {
                (What::Alert, "Labels") => What::Labels,
                (What::Alert, "Value") => What::Value,
                (What::Labels, label) => {
                    self.mentions.labels.push((label.to_owned(), field.place.clone()));
                    What::Other
                }
                _ => What::Other,
            };
        }
        what
    }

    fn variable(&self, name: &str) -> What {
        let known = self.variables.iter().rev().find(|(known, _)| known == name);
        known.map_or(What::Other, |(_, what)| *what)
    }

    /// Whether an action writes the value, and how.
    fn written(&self, pipeline: &Pipeline, dot: What) -> Option<Written> {
        let Pipeline { place, variables, commands, .. } = pipeline;
        if !variables.is_empty() {
            return None;
        }
        let (first, rest) = commands.split_first()?;
        let function = |command: &Command| match command.operands.first()? {
            Operand { term: Term::Function(function), place, .. } => {
                Some((function.name, place.clone()))
            }
            _ => None,
        };
        let by = match &*first.operands {
            [value] if self.is_value(value, dot) => rest.first().and_then(function),
            [_, value] if self.is_value(value, dot) => Some(function(first)?),
            _ => return None,
        };
        Some(Written { place: place.clone(), by })
    }

    fn is_value(&self, operand: &Operand, dot: What) -> bool {
        match (&operand.term, &*operand.fields) {
            (Term::Variable(name), []) => self.variable(name) == What::Value,
            (Term::Variable(name), [field]) => {
                self.variable(name) == What::Alert && field.name == "Value"
            }
            (Term::Dot, []) => dot == What::Value,
            (Term::Dot, [field]) => dot == What::Alert && field.name == "Value",
            _ => false,
        }
    }
}
