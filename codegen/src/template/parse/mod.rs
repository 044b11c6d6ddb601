//! From tokens to a template: what is written, and what is asked first.
//!
//! The grammar is that of the newest Prometheus. What an older one does not know is noted with its
//! place.

mod literal;
mod pipeline;

use std::ops::Range;

use streamhouse_metrics_spec::suggest::did_you_mean;

use super::Failure;
use super::syntax::{Control, Keyword, Node, Novelty, Template};
use super::token::{Kind, Token, tokens};
use crate::promql::Version;

/// How deeply parentheses and controls may stand in each other.
const DEEPEST: usize = 100;

/// The variables that Prometheus declares for each text.
const DECLARED: &[&str] = &["$", "$labels", "$externalLabels", "$externalURL", "$value"];

/// Reads a template.
pub(crate) fn parse(text: &str) -> Result<Template> {
    let tokens = tokens(text)?;
    let variables = DECLARED.iter().map(|&name| name.to_owned()).collect();
    let mut parser =
        Parser { text, tokens, at: 0, depth: 0, ranges: 0, variables, novelties: Vec::new() };
    let (nodes, ending) = parser.nodes(true)?;
    match ending {
        Ending::Text => Ok(Template { nodes, novelties: parser.novelties }),
        Ending::Else(place) | Ending::End(place) => {
            let message = format!("nothing begins that this `{}` ends", &text[place.clone()]);
            Err(Failure::refused(place, message).help("write `if` or `with` before it"))
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// How many bodies of `range` we are in.
    ranges: usize,
    /// Those that may be named here.
    variables: Vec<String>,
    novelties: Vec<Novelty>,
}

type Result<T> = std::result::Result<T, Failure>;

/// What ends a list of nodes: a word, with its place, which has been taken.
enum Ending {
    Text,
    Else(Range<usize>),
    End(Range<usize>),
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        // The end stays.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn written(&self, place: &Range<usize>) -> &str {
        &self.text[place.clone()]
    }

    fn is_word(&self, word: &str) -> bool {
        let Token { kind, place } = self.peek();
        *kind == Kind::Word && self.written(place) == word
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        let Token { kind, place } = self.peek();
        *kind == Kind::Symbol && self.written(place) == symbol
    }

    fn takes_symbol(&mut self, symbol: &str) -> bool {
        let is_there = self.is_symbol(symbol);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn expect_close(&mut self) -> Result<()> {
        match self.peek().kind {
            Kind::Close => {
                self.advance();
                Ok(())
            }
            _ => Err(self.unexpected("`}}`")),
        }
    }

    fn unexpected(&self, wanted: &str) -> Failure {
        let Token { kind, place } = self.peek();
        let found = match kind {
            Kind::End => "the end of the text".to_owned(),
            Kind::Close => "`}}`".to_owned(),
            _ => format!("`{}`", self.written(place)),
        };
        Failure::refused(place.clone(), format!("expected {wanted}, found {found}"))
    }

    fn enter(&mut self, place: &Range<usize>) -> Result<()> {
        self.depth += 1;
        match self.depth > DEEPEST {
            true => Err(Failure::refused(place.clone(), "this is nested too deeply")),
            false => Ok(()),
        }
    }

    /// Takes what is written until `else`, `end` or the end of the text.
    fn nodes(&mut self, is_top: bool) -> Result<(Vec<Node>, Ending)> {
        let mut nodes = Vec::new();
        loop {
            let Token { kind, place } = self.advance();
            match kind {
                Kind::End => return Ok((nodes, Ending::Text)),
                Kind::Open => (),
                _ => {
                    nodes.push(Node::Text(self.written(&place).to_owned()));
                    continue;
                }
            }
            let Token { kind, place } = self.peek().clone();
            let word = if kind == Kind::Word { self.written(&place) } else { "" };
            match (word, Keyword::from_word(word)) {
                ("else", _) => {
                    self.advance();
                    return Ok((nodes, Ending::Else(place)));
                }
                ("end", _) => {
                    self.advance();
                    self.expect_close()?;
                    return Ok((nodes, Ending::End(place)));
                }
                (_, Some(Keyword::Define)) if !is_top => {
                    let message = "a `define` stands in nothing else";
                    return Err(Failure::refused(place, message));
                }
                (_, Some(keyword)) => {
                    self.advance();
                    nodes.push(Node::Control(self.control(keyword, place)?));
                }
                _ => nodes.push(Node::Action(self.action()?)),
            }
        }
    }

    /// Takes a control behind its keyword.
    fn control(&mut self, keyword: Keyword, place: Range<usize>) -> Result<Control> {
        self.enter(&place)?;
        let control = match keyword {
            Keyword::If | Keyword::With | Keyword::Range => self.branches(keyword, place)?,
            Keyword::Break | Keyword::Continue => {
                if self.ranges == 0 {
                    let message = format!("`{}` only stands in a `range`", keyword.as_str());
                    return Err(Failure::refused(place, message));
                }
                self.expect_close()?;
                Control { keyword, place, pipeline: None, body: vec![], otherwise: vec![] }
            }
            Keyword::Define | Keyword::Block | Keyword::Template => self.named(keyword, place)?,
        };
        self.depth -= 1;
        Ok(control)
    }

    fn branches(&mut self, keyword: Keyword, place: Range<usize>) -> Result<Control> {
        let known = self.variables.len();
        let pipeline = Some(self.pipeline(keyword.as_str(), keyword == Keyword::Range)?);
        self.expect_close()?;
        self.ranges += usize::from(keyword == Keyword::Range);
        let (body, ending) = self.nodes(false)?;
        self.ranges -= usize::from(keyword == Keyword::Range);
        let otherwise = match ending {
            Ending::Text => return Err(self.unended(keyword, place)),
            Ending::End(_) => Vec::new(),
            Ending::Else(other) => self.otherwise(keyword, &place, &other)?,
        };
        self.variables.truncate(known);
        Ok(Control { keyword, place, pipeline, body, otherwise })
    }

    /// Takes what stands behind the `else` of a control: `else if` ends with the same `end`.
    fn otherwise(
        &mut self,
        keyword: Keyword,
        place: &Range<usize>,
        other: &Range<usize>,
    ) -> Result<Vec<Node>> {
        if keyword != Keyword::Range && self.is_word(keyword.as_str()) {
            let again = self.advance().place;
            let since = if keyword == Keyword::With { Version(3, 0) } else { Version(2, 0) };
            self.novelties.push(Novelty { place: other.start..again.end, since });
            return Ok(vec![Node::Control(self.control(keyword, again)?)]);
        }
        self.expect_close()?;
        let (otherwise, ending) = self.nodes(false)?;
        match ending {
            Ending::End(_) => Ok(otherwise),
            Ending::Text => Err(self.unended(keyword, place.clone())),
            Ending::Else(place) => {
                Err(Failure::refused(place, "a second `else`").help("write `end`"))
            }
        }
    }

    fn unended(&self, keyword: Keyword, place: Range<usize>) -> Failure {
        let message = format!("this `{}` has no end", keyword.as_str());
        Failure::refused(place, message).help("write `{{ end }}` behind it")
    }

    /// Takes a template with a name, or a call of one.
    fn named(&mut self, keyword: Keyword, place: Range<usize>) -> Result<Control> {
        if self.peek().kind != Kind::Quoted {
            return Err(self.unexpected("the name of a template between quotes"));
        }
        let name = self.advance();
        literal::text(self.text, name.place)?;
        let has_pipeline = match keyword {
            Keyword::Block => true,
            Keyword::Template => self.peek().kind != Kind::Close,
            _ => false,
        };
        let pipeline = has_pipeline.then(|| self.pipeline(keyword.as_str(), false)).transpose()?;
        self.expect_close()?;
        let mut body = Vec::new();
        if keyword != Keyword::Template {
            // Templates see neither the variables nor the ranges around them.
            let own = vec![DECLARED[0].to_owned()];
            let variables = std::mem::replace(&mut self.variables, own);
            let ranges = std::mem::take(&mut self.ranges);
            let (nodes, ending) = self.nodes(false)?;
            match ending {
                Ending::End(_) => (),
                Ending::Text => return Err(self.unended(keyword, place)),
                Ending::Else(place) => {
                    let message = format!("a `{}` has no `else`", keyword.as_str());
                    return Err(Failure::refused(place, message));
                }
            }
            body = nodes;
            (self.variables, self.ranges) = (variables, ranges);
        }
        Ok(Control { keyword, place, pipeline, body, otherwise: Vec::new() })
    }

    /// Finds a variable that nobody has declared.
    fn is_declared(&self, place: &Range<usize>) -> Result<()> {
        let name = self.written(place);
        if self.variables.iter().rev().any(|known| known == name) {
            return Ok(());
        }
        let known = self.variables.iter().map(|known| &**known);
        let help = did_you_mean(name, known).unwrap_or_else(|| {
            let known: Vec<_> = self.variables.iter().map(|known| format!("`{known}`")).collect();
            format!("known here: {}", known.join(", "))
        });
        Err(Failure::refused(place.clone(), format!("unknown variable `{name}`")).help(help))
    }
}
