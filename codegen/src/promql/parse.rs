//! From tokens to an expression: operators by their strength, everything else by its first word.
//!
//! The grammar is that of the newest Prometheus. What an older one does not know is noted with its
//! place, so that it can be said which version would.

use super::function::{AGGREGATORS, function};
use super::syntax::{
    Aggregation, Call, Chain, Expr, Group, Grouping, Link, Match, Matcher, Matching, Node,
    Operator, Samples, Selector, Shift, Span, Subquery, Time, Word,
};
use super::token::{Kind, Token, tokens, unquoted};
use super::{Mistake, Version};

/// How deeply expressions may stand in each other.
const DEEPEST: usize = 200;

/// An expression, and what of it is not in every version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) expr: Expr,
    pub(crate) novelties: Vec<Novelty>,
}

/// Something that some versions do not know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Novelty {
    pub(crate) span: Span,
    pub(crate) what: String,
    pub(crate) since: Version,
    /// The version that has dropped it.
    pub(crate) until: Option<Version>,
}

/// Reads an expression.
pub(crate) fn parse(text: &str) -> Result<Parsed> {
    let tokens = tokens(text)?;
    let mut parser =
        Parser { text, tokens, at: 0, depth: 0, takes_all: false, novelties: Vec::new() };
    if parser.peek().kind == Kind::End {
        return Err(Mistake::new(0..text.len(), "there is no expression"));
    }
    let expr = parser.binary(0)?;
    match parser.peek().kind {
        Kind::End => Ok(Parsed { expr, novelties: parser.novelties }),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Whether a selector may pass every series: that of `info` only chooses labels.
    takes_all: bool,
    novelties: Vec<Novelty>,
}

type Result<T> = std::result::Result<T, Mistake>;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    /// The token behind the next one.
    fn second(&self) -> &Token {
        self.tokens.get(self.at + 1).unwrap_or(&self.tokens[self.tokens.len() - 1])
    }

    fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        // The end stays.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn written(&self, span: &Span) -> &str {
        &self.text[span.clone()]
    }

    fn is_symbol(&self, symbol: &'static str) -> bool {
        self.peek().kind == Kind::Symbol(symbol)
    }

    fn takes(&mut self, symbol: &'static str) -> bool {
        let is_there = self.is_symbol(symbol);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn expect(&mut self, symbol: &'static str) -> Result<Token> {
        match self.is_symbol(symbol) {
            true => Ok(self.advance()),
            false => Err(self.unexpected(&format!("`{symbol}`"))),
        }
    }

    fn unexpected(&self, wanted: &str) -> Mistake {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "the end of the expression".to_owned(),
            _ => format!("`{}`", self.written(&token.span)),
        };
        Mistake::new(token.span.clone(), format!("expected {wanted}, found {found}"))
    }

    /// Whether the next token is this keyword, in any case.
    fn is_keyword(&self, keyword: &str) -> bool {
        let Token { kind, span } = self.peek();
        *kind == Kind::Word && self.written(span).eq_ignore_ascii_case(keyword)
    }

    fn takes_keyword(&mut self, keyword: &str) -> Option<Span> {
        self.is_keyword(keyword).then(|| self.advance().span)
    }

    fn note(
        &mut self,
        span: Span,
        what: impl Into<String>,
        since: Version,
        until: Option<Version>,
    ) {
        self.novelties.push(Novelty { span, what: what.into(), since, until });
    }

    /// The operator that comes next.
    fn operator(&self) -> Option<Operator> {
        let Token { kind, span } = self.peek();
        match kind {
            Kind::Word | Kind::Symbol(_) => Operator::from_str(self.written(span)),
            _ => None,
        }
    }

    /// An expression of operators that are at least so strong.
    fn binary(&mut self, least: u8) -> Result<Expr> {
        let mut left = self.signed()?;
        while let Some(strength) = self.operator().map(Operator::strength)
            && strength >= least
        {
            let mut rest = Vec::new();
            while let Some(operator) = self.operator()
                && operator.strength() == strength
            {
                rest.push(self.link(operator)?);
                if operator == Operator::Power {
                    break;
                }
            }
            let end = rest.last().map_or(left.span.end, |link| link.right.span.end);
            let span = left.span.start..end;
            let chain = Chain { first: left, rest };
            left = Expr { span, node: Node::Chain(Box::new(chain)) };
        }
        match self.peek().kind {
            Kind::Templated => self.templated(left),
            _ => Ok(left),
        }
    }

    /// An operation whose operator is a dashboard's variable: it may be anything.
    fn templated(&mut self, left: Expr) -> Result<Expr> {
        self.advance();
        self.takes_keyword("bool");
        self.matching(Operator::Add)?;
        let right = self.binary(0)?;
        Ok(Expr { span: left.span.start..right.span.end, node: Node::Variable })
    }

    fn link(&mut self, operator: Operator) -> Result<Link> {
        let operator_span = self.advance().span;
        if matches!(operator, Operator::TrimUpper | Operator::TrimLower) {
            self.note(operator_span.clone(), "trimming of histograms", Version(3, 9), None);
        }
        let is_bool = self.bool(operator)?;
        let matching = self.matching(operator)?;
        self.fill()?;
        // Powers come together from the right, all others from the left.
        let right = match operator {
            Operator::Power => self.deeper(|parser| parser.binary(operator.strength()))?,
            _ => self.binary(operator.strength() + 1)?,
        };
        Ok(Link { operator, operator_span, is_bool, matching, right })
    }

    fn bool(&mut self, operator: Operator) -> Result<bool> {
        match self.takes_keyword("bool") {
            Some(span) if !operator.is_comparison() => {
                let operator = operator.as_str();
                let message = format!("`bool` only goes with a comparison, not with `{operator}`");
                Err(Mistake::new(span, message))
            }
            span => Ok(span.is_some()),
        }
    }

    fn matching(&mut self, operator: Operator) -> Result<Option<Matching>> {
        let is_on = self.is_keyword("on");
        if !is_on && !self.is_keyword("ignoring") {
            return Ok(None);
        }
        let start = self.advance().span.start;
        let labels = self.labels()?;
        let span = start..self.end();
        let is_left = self.is_keyword("group_left");
        let group = if is_left || self.is_keyword("group_right") {
            let start = self.advance().span;
            if operator.is_set() {
                let message =
                    format!("`{}` keeps whole series and has no groups", operator.as_str());
                return Err(Mistake::new(start, message).help("leave the group out"));
            }
            let included = if self.is_symbol("(") { self.labels()? } else { Vec::new() };
            let both = included
                .iter()
                .find(|label| is_on && labels.iter().any(|on| on.text == label.text));
            if let Some(both) = both {
                let message =
                    format!("`{}` is matched on already, so both sides have the same", both.text);
                return Err(
                    Mistake::new(both.span.clone(), message).help("leave it out of the group")
                );
            }
            let labels = included;
            Some(Group { is_left, labels, span: start.start..self.end() })
        } else {
            None
        };
        Ok(Some(Matching { is_on, labels, span, group }))
    }

    /// What stands in for series that are missing on a side.
    fn fill(&mut self) -> Result<()> {
        for side in ["fill", "fill_left", "fill_right"] {
            if self.is_keyword(side) && self.second().kind == Kind::Symbol("(") {
                let span = self.advance().span;
                self.note(span, "filling in for missing series", Version(3, 10), None);
                self.advance();
                self.binary(0)?;
                self.expect(")")?;
            }
        }
        Ok(())
    }

    /// Where the token before ends.
    fn end(&self) -> usize {
        self.tokens[self.at - 1].span.end
    }

    /// A list of labels in parentheses.
    fn labels(&mut self) -> Result<Vec<Word>> {
        self.expect("(")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            labels.push(self.label("a label")?);
            if !self.takes(",") && !self.is_symbol(")") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok(labels)
    }

    fn label(&mut self, wanted: &str) -> Result<Word> {
        let Token { kind, span } = self.peek().clone();
        let text = self.written(&span).to_owned();
        let is_templated = kind == Kind::Templated;
        match kind {
            Kind::Word if text.contains(':') => {
                Err(Mistake::new(span, format!("`{text}` is no name for a label: it has a colon")))
            }
            Kind::Word | Kind::Templated => {
                self.advance();
                Ok(Word { text, span, is_templated })
            }
            Kind::Text => {
                self.advance();
                self.note(span.clone(), "a label's name in quotes", Version(3, 0), None);
                Ok(Word { text: unquoted(&text, span.start)?, span, is_templated: false })
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    fn signed(&mut self) -> Result<Expr> {
        let is_negative = self.is_symbol("-");
        if !is_negative && !self.is_symbol("+") {
            return self.postfixed();
        }
        let start = self.advance().span.start;
        // A power is stronger than a sign.
        let of = self.deeper(|parser| parser.binary(Operator::Power.strength()))?;
        let span = start..of.span.end;
        Ok(Expr { span, node: Node::Signed { is_negative, of: Box::new(of) } })
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEEPEST {
            let message = format!("expressions stand in each other more than {DEEPEST} deep");
            return Err(Mistake::new(self.peek().span.clone(), message));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// An expression with what may stand behind it.
    fn postfixed(&mut self) -> Result<Expr> {
        let mut expr = self.deeper(Self::primary)?;
        loop {
            if self.is_symbol("[") {
                expr = self.bracketed(expr)?;
            } else if self.is_keyword("offset") || self.is_symbol("@") {
                self.shift(&mut expr)?;
            } else if let Some(what) =
                ["smoothed", "anchored"].into_iter().find(|what| self.is_keyword(what))
            {
                let span = self.advance().span;
                self.note(span, format!("`{what}`"), Version(3, 8), None);
            } else {
                return Ok(expr);
            }
        }
    }

    fn bracketed(&mut self, of: Expr) -> Result<Expr> {
        let open = self.advance().span;
        let range = self.time()?;
        let (start, shift) = (of.span.start, Shift::default());
        let node = if self.takes(":") {
            let step = if self.is_symbol("]") { None } else { Some(self.time()?) };
            Node::Subquery(Box::new(Subquery { of, range, step, shift }))
        } else {
            match &of.node {
                Node::Selector(selector) if selector.shift == Shift::default() => (),
                Node::Variable => (),
                Node::Selector(_) => {
                    let message = "a range stands before `offset` and `@`, not behind them";
                    return Err(Mistake::new(open, message));
                }
                _ => {
                    let message = "only a selector has samples of some time";
                    let help =
                        "write a step behind a colon, as in `[5m:]`, to evaluate it at many times";
                    return Err(Mistake::new(open, message).help(help));
                }
            }
            Node::Samples(Box::new(Samples { of, range, shift }))
        };
        let end = self.expect("]")?.span.end;
        Ok(Expr { span: start..end, node })
    }

    /// A length of time: a duration, a variable, or, lately, a calculation.
    fn time(&mut self) -> Result<Time> {
        let Token { kind, span } = self.peek().clone();
        let next = self.second().kind;
        let is_alone = !matches!(next, Kind::Symbol("+" | "-" | "*" | "/" | "%" | "^"));
        match kind {
            Kind::Duration(milliseconds) if is_alone => {
                self.advance();
                if milliseconds == 0 {
                    return Err(Mistake::new(span, "a duration is longer than nothing"));
                }
                Ok(Time { span, milliseconds: Some(milliseconds) })
            }
            Kind::Templated if is_alone => {
                self.advance();
                Ok(Time { span, milliseconds: None })
            }
            Kind::Number(seconds) if is_alone => {
                self.advance();
                self.note(span.clone(), "seconds as a duration", Version(2, 54), None);
                Ok(Time { span, milliseconds: Some((seconds * 1000.0) as u64) })
            }
            _ => {
                let notes = self.novelties.len();
                let expr = self.deeper(|parser| parser.binary(Operator::Add.strength()))?;
                self.novelties.truncate(notes);
                self.note(expr.span.clone(), "a calculated duration", Version(3, 4), None);
                Ok(Time { span: expr.span, milliseconds: None })
            }
        }
    }

    /// `offset` or `@`, once each, behind what is read from storage or evaluated at many times.
    fn shift(&mut self, expr: &mut Expr) -> Result<()> {
        let start = self.advance();
        let is_offset = start.kind != Kind::Symbol("@");
        let (offset, at) = if is_offset {
            if self.is_symbol("-") || self.is_symbol("+") {
                self.advance();
            }
            let is_zero = matches!(self.peek().kind, Kind::Duration(0) | Kind::Number(0.0));
            let time = match is_zero {
                true => Time { span: self.advance().span, milliseconds: Some(0) },
                false => self.time_of_offset()?,
            };
            (Some(time), None)
        } else {
            (None, Some(self.instant()?))
        };
        let word = if is_offset { "offset" } else { "@" };
        let shift = match &mut expr.node {
            Node::Selector(selector) => &mut selector.shift,
            Node::Samples(samples) => &mut samples.shift,
            Node::Subquery(subquery) => &mut subquery.shift,
            // Whatever the variable is.
            Node::Variable => return Ok(()),
            _ => {
                let message = format!("`{word}` only goes with a selector, a range or a subquery");
                return Err(
                    Mistake::new(start.span, message).help("write it behind each selector within")
                );
            }
        };
        if is_offset && shift.offset.is_some() || !is_offset && shift.at.is_some() {
            return Err(Mistake::new(start.span, format!("`{word}` is given twice")));
        }
        shift.offset = shift.offset.take().or(offset);
        shift.at = shift.at.take().or(at);
        expr.span.end = self.end();
        Ok(())
    }

    /// Behind `offset` an operator belongs to what is around.
    fn time_of_offset(&mut self) -> Result<Time> {
        let Token { kind, span } = self.peek().clone();
        let milliseconds = match kind {
            Kind::Duration(milliseconds) => Some(milliseconds),
            Kind::Templated => None,
            _ => return self.time(),
        };
        self.advance();
        Ok(Time { span, milliseconds })
    }

    /// What stands behind `@`.
    fn instant(&mut self) -> Result<Span> {
        let start = self.peek().span.start;
        let is_end = self.is_keyword("start") || self.is_keyword("end");
        if is_end && self.second().kind == Kind::Symbol("(") {
            self.advance();
            self.advance();
            self.expect(")")?;
            return Ok(start..self.end());
        }
        if self.is_symbol("-") || self.is_symbol("+") {
            self.advance();
        }
        let kind = self.peek().kind;
        match kind {
            Kind::Number(seconds) if seconds.abs() >= i64::MAX as f64 / 1000.0 => {
                Err(Mistake::new(self.peek().span.clone(), "there is no such time"))
            }
            Kind::Number(_) | Kind::Duration(_) | Kind::Templated => {
                let span = self.advance().span;
                if matches!(kind, Kind::Duration(_)) {
                    self.note(span, "a duration as a number", Version(2, 54), None);
                }
                Ok(start..self.end())
            }
            _ => Err(self.unexpected("a time stamp, `start()` or `end()`")),
        }
    }

    fn primary(&mut self) -> Result<Expr> {
        match self.peek().kind {
            Kind::Number(_) | Kind::Duration(_) => Ok(self.number()),
            Kind::Text => self.text(),
            Kind::Symbol("(") => self.parenthesised(),
            Kind::Symbol("{") => self.selector(None),
            Kind::Word => self.named(false),
            Kind::Templated => self.named(true),
            _ => Err(self.unexpected("an expression")),
        }
    }

    fn number(&mut self) -> Expr {
        let Token { kind, span } = self.advance();
        let number = match kind {
            Kind::Duration(milliseconds) => {
                self.note(span.clone(), "a duration as a number", Version(2, 54), None);
                milliseconds as f64 / 1000.0
            }
            Kind::Number(number) => number,
            _ => f64::NAN,
        };
        Expr { span, node: Node::Number(number) }
    }

    fn text(&mut self) -> Result<Expr> {
        let span = self.advance().span;
        let text = unquoted(self.written(&span), span.start)?;
        Ok(Expr { span, node: Node::Text(text) })
    }

    fn parenthesised(&mut self) -> Result<Expr> {
        let start = self.advance().span.start;
        let inner = Box::new(self.binary(0)?);
        let end = self.expect(")")?.span.end;
        Ok(Expr { span: start..end, node: Node::Parentheses(inner) })
    }

    /// What begins with a word.
    fn named(&mut self, is_templated: bool) -> Result<Expr> {
        let span = self.peek().span.clone();
        let word = Word { text: self.written(&span).to_owned(), span, is_templated };
        let lower = word.text.to_ascii_lowercase();
        let Token { kind: next, span: next_span } = self.second().clone();
        let before_group = next == Kind::Word
            && ["by", "without"].iter().any(|by| self.written(&next_span).eq_ignore_ascii_case(by));
        let is_called = next == Kind::Symbol("(");
        let aggregator = AGGREGATORS.iter().find(|(name, ..)| *name == lower);
        if (aggregator.is_some() || is_templated)
            && (is_called && aggregator.is_some() || before_group)
        {
            return self.aggregation(Word { text: lower, ..word });
        }
        if !is_templated && (lower == "inf" || lower == "nan") {
            self.advance();
            let number = if lower == "inf" { f64::INFINITY } else { f64::NAN };
            return Ok(Expr { span: word.span, node: Node::Number(number) });
        }
        if is_called {
            return self.call(word);
        }
        if is_templated && next != Kind::Symbol("{") && next != Kind::Symbol("[") {
            self.advance();
            return Ok(Expr { span: word.span, node: Node::Variable });
        }
        const NO_NAMES: &[&str] = &["bool", "on", "ignoring", "group_left", "group_right", "atan2"];
        if NO_NAMES.contains(&&*lower) {
            return Err(self.unexpected("an expression"));
        }
        self.advance();
        self.selector(Some(word))
    }

    fn selector(&mut self, mut name: Option<Word>) -> Result<Expr> {
        let start = name.as_ref().map_or(self.peek().span.start, |name| name.span.start);
        let mut matchers = Vec::new();
        if self.is_symbol("{") {
            let open = self.advance().span.start;
            while !self.takes("}") {
                self.matcher(open, &mut name, &mut matchers)?;
                if !self.takes(",") && !self.is_symbol("}") {
                    let mistake = self.unexpected("`,` or `}`");
                    return Err(match self.is_keyword("or") {
                        true => mistake.help("write the values of one label as `label=~\"a|b\"`"),
                        false => mistake,
                    });
                }
            }
        }
        let span = start..self.end();
        let is_empty =
            |matcher: &Matcher| !matcher.label.is_templated && matcher.passes("") == Some(true);
        if !self.takes_all && name.is_none() && matchers.iter().all(is_empty) {
            let message = "a selector has a name, or a matcher that an empty value does not pass";
            return Err(Mistake::new(span, message)
                .help("name a metric, or match a label by `!=\"\"` or `=~\".+\"`"));
        }
        let selector = Selector { name, matchers, shift: Shift::default() };
        Ok(Expr { span, node: Node::Selector(Box::new(selector)) })
    }

    fn matcher(
        &mut self,
        start: usize,
        name: &mut Option<Word>,
        matchers: &mut Vec<Matcher>,
    ) -> Result<()> {
        let is_text = self.peek().kind == Kind::Text;
        let label = self.label("a label")?;
        let is_last = self.is_symbol(",") || self.is_symbol("}");
        if is_last && is_text {
            return match name {
                Some(_) => Err(Mistake::new(label.span, "the metric is named twice")),
                None => {
                    *name = Some(label);
                    Ok(())
                }
            };
        }
        if is_last && label.is_templated {
            // A variable that holds whole matchers.
            let (span, operator) = (label.span.clone(), Match::Like);
            matchers.push(Matcher { value: label.clone(), label, operator, span });
            return Ok(());
        }
        let operator = match self.peek().kind {
            Kind::Symbol("=") => Match::Equal,
            Kind::Symbol("!=") => Match::NotEqual,
            Kind::Symbol("=~") => Match::Like,
            Kind::Symbol("!~") => Match::NotLike,
            _ => return Err(self.unexpected("`=`, `!=`, `=~` or `!~`")),
        };
        self.advance();
        let Token { kind, span } = self.peek().clone();
        let written = self.written(&span).to_owned();
        let value = match kind {
            Kind::Text => {
                let is_templated = has_variable(&written);
                Word { text: unquoted(&written, span.start)?, span, is_templated }
            }
            Kind::Templated => Word { text: written, span, is_templated: true },
            _ => {
                let mistake = self.unexpected("a value in quotes");
                return Err(match kind {
                    Kind::Word => mistake.help(format!("write `\"{written}\"`")),
                    _ => mistake,
                });
            }
        };
        self.advance();
        let span = label.span.start..value.span.end;
        let is_name = label.text == "__name__" && !label.is_templated;
        match name {
            // What stands before the braces is all of the name; within, several may be demanded.
            Some(name) if is_name && name.span.start < start => {
                return Err(Mistake::new(span, "the metric is named twice"));
            }
            None if is_name && operator == Match::Equal => *name = Some(value),
            _ => matchers.push(Matcher { label, operator, value, span }),
        }
        Ok(())
    }

    fn call(&mut self, name: Word) -> Result<Expr> {
        // Those that calculate durations are known in any case.
        let lower = name.text.to_ascii_lowercase();
        let is_of_time = matches!(&*lower, "step" | "range" | "min_of" | "max_of");
        let known = function(if is_of_time { &lower } else { &name.text });
        if known.is_none() && !name.is_templated {
            let message = format!("`{}` is no function", name.text);
            return Err(Mistake::new(name.span, message));
        }
        if let Some(known) = known
            && (known.since > Version(2, 0) || known.until.is_some())
        {
            let what = format!("the function `{}`", known.name);
            self.note(name.span.clone(), what, known.since, known.until);
        }
        self.advance();
        let before = std::mem::replace(&mut self.takes_all, name.text == "info");
        let arguments = self.arguments()?;
        self.takes_all = before;
        let span = name.span.start..self.end();
        let call = Call { name, function: known, arguments };
        Ok(Expr { span, node: Node::Call(Box::new(call)) })
    }

    /// What stands in parentheses, with commas between.
    fn arguments(&mut self) -> Result<Vec<Expr>> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.binary(0)?);
            if self.takes(")") {
                return Ok(arguments);
            }
            if !self.takes(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn aggregation(&mut self, operator: Word) -> Result<Expr> {
        self.advance();
        let before = self.grouping()?;
        let open = self.peek().span.start;
        let mut arguments = self.arguments()?;
        let all = open..self.end();
        let behind = self.grouping()?;
        if let (Some(_), Some(second)) = (&before, &behind) {
            return Err(Mistake::new(second.span.clone(), "the grouping is given twice"));
        }
        let known = AGGREGATORS.iter().find(|(name, ..)| *name == operator.text);
        let takes_parameter = known.is_some_and(|(_, parameter, _)| parameter.is_some())
            || operator.is_templated && arguments.len() == 2;
        let wanted = 1 + usize::from(takes_parameter);
        if arguments.len() != wanted {
            let plural = if wanted == 1 { "argument" } else { "arguments" };
            let message =
                format!("`{}` takes {wanted} {plural}, not {}", operator.text, arguments.len());
            return Err(Mistake::new(all, message));
        }
        if let Some((name, _, since)) = known
            && *since > Version(2, 0)
        {
            self.note(operator.span.clone(), format!("the operator `{name}`"), *since, None);
        }
        let span = operator.span.start..self.end();
        let of = arguments.pop().ok_or_else(|| self.unexpected("an argument"))?;
        let parameter = arguments.pop();
        let aggregation = Aggregation { operator, grouping: before.or(behind), parameter, of };
        Ok(Expr { span, node: Node::Aggregation(Box::new(aggregation)) })
    }

    fn grouping(&mut self) -> Result<Option<Grouping>> {
        let is_without = self.is_keyword("without");
        if !is_without && !self.is_keyword("by") {
            return Ok(None);
        }
        let start = self.advance().span.start;
        let labels = self.labels()?;
        Ok(Some(Grouping { is_without, labels, span: start..self.end() }))
    }
}

/// Whether a dashboard would put something into a text.
fn has_variable(text: &str) -> bool {
    let names = |(at, _): (usize, &str)| {
        let next = text[at + 1..].chars().next();
        next.is_some_and(|next| next.is_ascii_alphabetic() || next == '_' || next == '{')
    };
    text.match_indices('$').any(names) || text.contains("[[")
}
