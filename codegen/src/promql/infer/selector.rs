//! Which series a selector reads.

use std::borrow::Cow;

use streamhouse_metrics_spec::rule;
use streamhouse_metrics_spec::suggest::{is_slip, nearest, question};

use super::Inference;
use crate::promql::function::Shape;
use crate::promql::labels::{Label, Labels, NAME, Presence};
use crate::promql::schema::Series;
use crate::promql::syntax::{Match, Matcher, Selector, Span, Word};
use crate::promql::types::{Filled, Type};

impl<'s> Inference<'s> {
    pub(super) fn selector(&mut self, selector: &Selector, span: &Span) -> Type {
        let Selector { name, matchers, .. } = selector;
        let known = name.as_ref().filter(|name| !name.is_templated);
        let known = known.and_then(|name| self.named(name, matchers)).map(Cow::into_owned);
        let (mut of, own_labels) = match known {
            Some(Series { of, own_labels, .. }) => (of, own_labels),
            None => (Type::unknown(Some(Shape::Instant)), Vec::new()),
        };
        let before = self.findings.len();
        let declared = of.labels.clone();
        for matcher in matchers {
            self.matcher(matcher, &mut of, &declared, name.as_ref(), &own_labels);
        }
        if of.filled == Filled::Never && self.findings.len() == before {
            let message = "these matchers contradict each other: no series passes them all";
            let help = Some("leave one of them out".to_owned());
            self.find(&rule::EMPTY_RESULT, span.clone(), message, help);
        }
        of
    }

    /// What is known of a metric; none if nothing is.
    fn named(&mut self, name: &Word, matchers: &[Matcher]) -> Option<Cow<'s, Series>> {
        if self.seen.insert(name.text.clone()) {
            self.metrics.push(name.text.clone());
        }
        if let Some(series) = self.schema.selected(&name.text, matchers) {
            return Some(series);
        }
        if !self.assumes_unknown || self.schema.owns(&name.text) {
            self.unknown_metric(name);
        }
        None
    }

    fn unknown_metric(&mut self, name: &Word) {
        let help = match self.schema.samples_of(&name.text) {
            Some(samples) => Some(format!("its samples are `{}`", samples.join("`, `"))),
            None => nearest(&name.text, self.schema.names()).map(question).or_else(|| {
                let is_foreign = !self.schema.owns(&name.text);
                is_foreign.then(|| {
                    format!("declare another system's metric: `[external.\"{}\"]`", name.text)
                })
            }),
        };
        let message = format!("nothing exposes a metric `{}`", name.text);
        self.find(&rule::UNKNOWN_METRIC, name.span.clone(), message, help);
    }

    /// Takes from a type what a matcher does not let pass.
    fn matcher(
        &mut self,
        matcher: &Matcher,
        of: &mut Type,
        declared: &Labels,
        name: Option<&Word>,
        own: &[String],
    ) {
        let Matcher { label, operator, value, .. } = matcher;
        if label.is_templated {
            return;
        }
        self.plain(matcher);
        let test = matcher.test();
        let passes_empty = test.passes("");
        if passes_empty.is_none() && !value.is_templated && is_surely_wrong(&value.text) {
            let message = "this is no regular expression";
            let help = "write `\\\\` before a character that stands for itself";
            self.find(&rule::QUERY_SYNTAX, value.span.clone(), message, Some(help.to_owned()));
        }
        if label.text == NAME {
            return;
        }
        let known = of.labels.get(&label.text).clone();
        let metric = name.map_or("", |name| &name.text);
        let wants_some = passes_empty == Some(false);
        if known.presence == Presence::Never && wants_some && of.filled != Filled::Never {
            self.unknown_label(label, metric, own, "it has no series with one");
        } else if known == Label::MAYBE && !own.contains(&label.text) && !value.is_templated {
            // Targets may have any label; what is nearly a label of the metric was meant as one.
            let is_near = nearest(&label.text, own.iter().map(|own| &**own));
            if let Some(meant) = is_near.filter(|meant| is_slip(&label.text, meant)) {
                let message = format!("`{metric}` has no label `{}`", label.text);
                let help = Some(question(meant));
                self.find(&rule::METRIC_LABEL, label.span.clone(), message, help);
            }
        }
        if *operator == Match::NotRegex && value.text == ".*" && !value.is_templated {
            of.filled = Filled::Never;
        }
        if passes_empty.is_none() {
            return;
        }
        let passes = |value: &str| test.passes(value).unwrap_or(true);
        match known.filtered(passes) {
            Some(mut left) => {
                match *operator {
                    // An empty value is none.
                    Match::Equal if value.text.is_empty() => left = Label::NEVER,
                    Match::Equal if left.presence == Presence::Always => {
                        left = Label::of([&*value.text]);
                    }
                    _ => self.slips(matcher, declared.get(&label.text)),
                }
                of.labels.set(&label.text, left);
            }
            None => {
                let declared = declared.get(&label.text);
                if declared.presence != Presence::Never && declared.filtered(passes).is_none() {
                    self.unknown_value(matcher, declared, metric);
                }
                // Otherwise this contradicts another matcher, which is found once for all of them.
                of.filled = Filled::Never;
            }
        }
    }

    /// Finds a regular expression that is none, or that says nothing.
    fn plain(&mut self, matcher: &Matcher) {
        let Matcher { operator, value, .. } = matcher;
        let plain = match operator {
            Match::Regex => "=",
            Match::NotRegex => "!=",
            Match::Equal | Match::NotEqual => return,
        };
        let text = &*value.text;
        if value.is_templated {
            return;
        }
        let inner = text.strip_prefix('^').unwrap_or(text);
        let inner = inner.strip_suffix('$').filter(|inner| !inner.ends_with('\\')).unwrap_or(inner);
        let mut listed = text.split('|');
        let all = match operator {
            Match::Regex => "everything passes this",
            _ => "nothing passes this",
        };
        let (message, help) = if text.is_empty() {
            ("this is one value, and no pattern", Some(format!("write `{plain}\"\"`")))
        } else if is_plain(inner) && !inner.is_empty() {
            ("this is one value, and no pattern", Some(format!("write `{plain}{}`", quoted(inner))))
        } else if inner.len() < text.len() && !inner.is_empty() {
            let help = format!("write `{}`", quoted(inner));
            ("a pattern has to match all of a value anyway", Some(help))
        } else if text == ".*" {
            let is_all = *operator == Match::Regex;
            (all, Some(if is_all { "leave it out" } else { "write what passes" }.to_owned()))
        } else if text.len() < 1000
            && listed.clone().all(is_plain)
            && let Some(twice) =
                listed.find(|one| text.split('|').filter(|two| one == two).count() > 1)
        {
            ("a value stands in this list twice", Some(format!("write `{twice}` once")))
        } else {
            return;
        };
        self.find(&rule::REGEX, value.span.clone(), message, help);
    }

    /// Finds values that a matcher names beside others, or leaves out, and that were meant for ones
    /// that there are.
    fn slips(&mut self, matcher: &Matcher, declared: &Label) {
        let Matcher { label, operator, value, .. } = matcher;
        let Some(values) = declared.values.as_ref().filter(|_| !value.is_templated) else { return };
        let named: Vec<&str> = match operator {
            Match::Equal | Match::NotEqual => vec![&value.text],
            Match::Regex | Match::NotRegex => value.text.split('|').take(1000).collect(),
        };
        let is_wrong = |word: &&str| !values.contains(*word) && is_plain(word);
        for word in named.into_iter().filter(is_wrong) {
            if let Some(meant) = nearest(word, values.iter().map(|value| &**value)) {
                // The others may pass all the same.
                let message = format!("`{}` is never `{word}`: this changes nothing", label.text);
                self.find(&rule::NO_EFFECT, value.span.clone(), message, Some(question(meant)));
            }
        }
    }

    fn unknown_label(&mut self, label: &Word, metric: &str, own: &[String], why: &str) {
        let message = format!("`{metric}` has no label `{}`: {why}", label.text);
        let help = nearest(&label.text, own.iter().map(|own| &**own)).map(question);
        let all = || match own {
            [] => None,
            own => Some(format!("it has `{}`", own.join("`, `"))),
        };
        let help = help.or_else(all);
        self.find(&rule::METRIC_LABEL, label.span.clone(), message, help);
    }

    fn unknown_value(&mut self, matcher: &Matcher, known: &Label, metric: &str) {
        let Matcher { label, value, operator, span } = matcher;
        let values: Vec<&str> =
            known.values.iter().flat_map(|values| values.iter()).map(|v| &**v).collect();
        let message = match operator {
            Match::Equal if value.text.is_empty() => {
                format!("`{metric}` always has a label `{}`: no series passes", label.text)
            }
            Match::Equal => format!("`{}` is never `{}`: no series passes", label.text, value.text),
            _ => format!("no value of `{}` passes this", label.text),
        };
        let help = nearest(&value.text, values.iter().copied()).map(question).or_else(|| {
            let listed = values.len() <= 20 && !values.is_empty();
            listed.then(|| format!("it is one of `{}`", values.join("`, `")))
        });
        let place = if value.text.is_empty() { span } else { &value.span };
        self.find(&rule::LABEL_VALUE, place.clone(), message, help);
    }
}

/// Whether brackets or repetitions are left open, in any dialect.
pub(super) fn is_surely_wrong(regex: &str) -> bool {
    if regex.contains(r"\Q") {
        // Between these all stands for itself.
        return false;
    }
    let (mut depth, mut in_class, mut is_escaped) = (0_i32, false, false);
    for character in regex.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' if in_class => in_class = false,
            _ if in_class => (),
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => (),
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0 || in_class || is_escaped || regex.starts_with(['*', '+', '?'])
}

/// Whether a pattern is a text that stands for itself.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| r"\.+*?()[]{}^$|".contains(c))
}

/// A text in quotes, as an expression has it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
