//! What stands between braces: commands, each of which hands its value to the next.

use std::ops::Range;

use streamhouse_metrics_spec::suggest::did_you_mean;

use super::literal;
use super::{Parser, Result};
use crate::template::Failure;
use crate::template::function::{function, names};
use crate::template::syntax::{Command, Field, Keyword, Novelty, Operand, Pipeline, Term};
use crate::template::token::{Kind, Token};

impl Parser<'_> {
    /// Takes a pipeline whose value is written, and the braces behind it.
    pub(super) fn action(&mut self) -> Result<Pipeline> {
        let pipeline = self.pipeline("a placeholder", false)?;
        self.expect_close()?;
        Ok(pipeline)
    }

    /// Takes a pipeline; that of a range may declare two variables.
    pub(super) fn pipeline(&mut self, of: &str, is_range: bool) -> Result<Pipeline> {
        let start = self.peek().place.start;
        let (variables, assigns) = self.declarations(is_range)?;
        let mut commands = Vec::new();
        loop {
            if self.is_end() {
                break;
            }
            if !commands.is_empty() {
                self.can_take_a_value()?;
            }
            commands.push(self.command()?);
            // Go takes one that nothing follows for none.
            if !self.takes_symbol("|") {
                break;
            }
        }
        let end = self.end();
        if commands.is_empty() {
            let place = self.peek().place.clone();
            return Err(Failure::refused(place, format!("{of} without a value"))
                .help("write `$value` or `$labels.name`"));
        }
        Ok(Pipeline { place: start..end, variables, assigns, commands })
    }

    fn is_end(&self) -> bool {
        self.peek().kind == Kind::Close || self.is_symbol(")")
    }

    /// Takes `$name :=`, or `$name =` of one that is there.
    fn declarations(&mut self, is_range: bool) -> Result<(Vec<String>, bool)> {
        let mut variables = Vec::new();
        while self.peek().kind == Kind::Variable {
            let before = self.at;
            let place = self.advance().place;
            let name = self.written(&place).to_owned();
            if self.is_symbol(":=") || self.is_symbol("=") {
                let assigns = self.is_symbol("=");
                self.advance();
                self.variables.push(name.clone());
                variables.push(name);
                return Ok((variables, assigns));
            }
            if !self.is_symbol(",") || !is_range || !variables.is_empty() {
                // It is a value; so may be what stands behind a comma, as far as Go cares.
                self.at = before;
                break;
            }
            self.advance();
            if self.peek().kind != Kind::Variable && !self.is_end() {
                return Err(self.unexpected("another variable and `:=`"));
            }
            self.variables.push(name.clone());
            variables.push(name);
        }
        Ok((variables, false))
    }

    /// Finds a command behind a pipe that can do nothing with what comes through it.
    fn can_take_a_value(&self) -> Result<()> {
        let Token { kind, place } = self.peek();
        let written = self.written(place);
        let is_constant = matches!(kind, Kind::Quoted | Kind::Character | Kind::Number | Kind::Dot)
            || *kind == Kind::Word && matches!(written, "true" | "false" | "nil");
        match is_constant {
            true => Err(Failure::refused(place.clone(), format!("`{written}` is no function"))
                .help("a value goes through pipes to functions")),
            false => Ok(()),
        }
    }

    fn command(&mut self) -> Result<Command> {
        let mut operands = vec![self.operand()?];
        while !self.is_end() && !self.is_symbol("|") {
            let end = self.end();
            if self.peek().place.start == end {
                let message = format!("unexpected `{}`", self.written(&self.peek().place));
                return Err(Failure::refused(self.peek().place.clone(), message)
                    .help("put a space between a function and each of its arguments"));
            }
            operands.push(self.operand()?);
        }
        Ok(Command { operands })
    }

    /// Takes a term, and the fields right behind it.
    fn operand(&mut self) -> Result<Operand> {
        let Token { kind, place: start } = self.peek().clone();
        let mut fields = Vec::new();
        let term = match kind {
            Kind::Field => Term::Dot,
            _ => self.term()?,
        };
        let mut end = if kind == Kind::Field { start.start } else { self.end() };
        while self.peek().kind == Kind::Field && self.peek().place.start == end {
            let Token { place, .. } = self.advance();
            let has_fields = match term {
                Term::Dot => kind == Kind::Field,
                Term::Variable(_) | Term::Function(_) | Term::Group(_) => true,
                _ => false,
            };
            if !has_fields {
                let written = self.written(&(start.start..end));
                let message = format!("`{written}` has no fields");
                return Err(Failure::refused(place, message));
            }
            end = place.end;
            let place = place.start + 1..end;
            fields.push(Field { name: self.written(&place).to_owned(), place });
        }
        Ok(Operand { place: start.start..end, term, fields })
    }

    /// The end of the last token.
    fn end(&self) -> usize {
        self.tokens[self.at.saturating_sub(1)].place.end
    }

    fn term(&mut self) -> Result<Term> {
        let Token { kind, place } = self.peek().clone();
        let term = match kind {
            Kind::Word => self.word(&place)?,
            Kind::Variable => {
                self.is_declared(&place)?;
                Term::Variable(self.written(&place).to_owned())
            }
            Kind::Dot => Term::Dot,
            Kind::Number => literal::number(self.text, place)?,
            Kind::Quoted => Term::Text(literal::text(self.text, place)?),
            Kind::Character => literal::character(self.text, place)?,
            Kind::Symbol if self.is_symbol("(") => return self.group(place),
            _ => return Err(self.no_operand()),
        };
        self.advance();
        Ok(term)
    }

    /// Takes a pipeline between parentheses.
    fn group(&mut self, open: Range<usize>) -> Result<Term> {
        self.enter(&open)?;
        self.advance();
        let pipeline = self.pipeline("parentheses", false)?;
        match self.takes_symbol(")") {
            true => {
                self.depth -= 1;
                Ok(Term::Group(pipeline))
            }
            false => Err(Failure::refused(open, "this parenthesis is never closed")),
        }
    }

    fn word(&mut self, place: &Range<usize>) -> Result<Term> {
        let word = self.written(place);
        match word {
            "true" | "false" => return Ok(Term::Bool(word == "true")),
            "nil" => return Ok(Term::Nil),
            _ => (),
        }
        if let Some(function) = function(word) {
            self.novelties.push(Novelty { place: place.clone(), since: function.since });
            return Ok(Term::Function(function));
        }
        let is_keyword = Keyword::from_word(word).is_some() || matches!(word, "else" | "end");
        if is_keyword {
            return Err(Failure::refused(place.clone(), format!("`{word}` is no value")));
        }
        let variable = format!("${word}");
        let help = match self.variables.contains(&variable) {
            true => Some(format!("write `{variable}`")),
            false => did_you_mean(word, names()),
        };
        let message = format!("unknown function `{word}`");
        Err(Failure { help, ..Failure::refused(place.clone(), message) })
    }

    /// Why there is no value here.
    fn no_operand(&self) -> Failure {
        let help = match self.written(&self.peek().place) {
            ">" | "<" => "write `gt $value 1.0`, or `lt`",
            "=" | "!" => "write `eq` or `ne` before both sides",
            "&" => "write `and` before both sides",
            "+" | "-" | "*" | "/" | "%" => "templates do not calculate: let the expression do it",
            "{" => "braces as text are written `{{ \"{{\" }}`",
            _ => return self.unexpected("a value"),
        };
        self.unexpected("a value").help(help)
    }
}
