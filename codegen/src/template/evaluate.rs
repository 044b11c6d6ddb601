//! From a template and one series to a text.

use std::collections::BTreeMap;

use super::call::Fault;
use super::function::{Body, Function, Parameter};
use super::syntax::{Command, Control, Field, Keyword, Node, Operand, Pipeline, Template, Term};
use super::value::Value;
use super::{Cause, Failure};

/// Writes a template for one series.
pub(super) fn evaluate(
    template: &Template,
    labels: &BTreeMap<String, String>,
    value: f64,
) -> Result<String> {
    let mut evaluation =
        Evaluation { labels, value, variables: Vec::new(), written: String::new() };
    let declared = [("$labels", Value::Labels(labels)), ("$value", Value::Float(value))];
    let declared = declared.into_iter().chain([("$", Value::Alert)]);
    evaluation.variables = declared.map(|(name, value)| (name.to_owned(), value)).collect();
    evaluation.nodes(&template.nodes, &Value::Alert)?;
    Ok(evaluation.written)
}

struct Evaluation<'l> {
    labels: &'l BTreeMap<String, String>,
    value: f64,
    /// Those that are declared, the last one of a name being the one that is meant.
    variables: Vec<(String, Value<'l>)>,
    written: String,
}

type Result<T> = std::result::Result<T, Failure>;

impl<'l> Evaluation<'l> {
    fn nodes(&mut self, nodes: &[Node], dot: &Value<'l>) -> Result<()> {
        nodes.iter().try_for_each(|node| match node {
            Node::Text(text) => {
                self.written += text;
                Ok(())
            }
            Node::Action(pipeline) => self.action(pipeline, dot),
            Node::Control(control) => self.control(control, dot),
        })
    }

    fn action(&mut self, pipeline: &Pipeline, dot: &Value<'l>) -> Result<()> {
        let value = self.pipeline(pipeline, dot)?;
        if pipeline.variables.is_empty() {
            self.written += &value.shown().ok_or_else(|| {
                let message = format!("{} is not reproduced as a whole", value.what());
                Failure::new(Cause::Unsupported, pipeline.place.clone(), message)
            })?;
        }
        Ok(())
    }

    fn control(&mut self, control: &Control, dot: &Value<'l>) -> Result<()> {
        let Control { keyword, place, pipeline, body, otherwise } = control;
        let Some(pipeline) = pipeline.as_ref().filter(|_| is_reproduced(*keyword)) else {
            // What is only defined is not written.
            return match keyword {
                Keyword::Define => Ok(()),
                _ => {
                    let message = format!("`{}` is not reproduced", keyword.as_str());
                    Err(Failure::new(Cause::Unsupported, place.clone(), message))
                }
            };
        };
        let known = self.variables.len();
        let value = self.pipeline(pipeline, dot)?;
        match (value.is_true(), keyword) {
            (true, Keyword::With) => self.nodes(body, &value)?,
            (true, _) => self.nodes(body, dot)?,
            (false, _) => self.nodes(otherwise, dot)?,
        }
        self.variables.truncate(known);
        Ok(())
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value<'l>) -> Result<Value<'l>> {
        let Pipeline { place, variables, assigns, commands } = pipeline;
        let mut value = None;
        for command in commands {
            value = Some(self.command(command, dot, value)?);
        }
        let nothing = || Failure::refused(place.clone(), "there is no value");
        let value = value.ok_or_else(nothing)?;
        for name in variables {
            if !assigns {
                self.variables.push((name.clone(), value.clone()));
                continue;
            }
            let known = self.variables.iter_mut().rev().find(|(known, _)| known == name);
            let (_, known) = known.ok_or_else(|| {
                let place = place.start..place.start + name.len();
                Failure::new(Cause::Misused, place, format!("unknown variable `{name}`"))
                    .help(format!("write `{name} :=` where it is new"))
            })?;
            *known = value.clone();
        }
        Ok(value)
    }

    /// A command's value, given that of the command before it.
    fn command(
        &mut self,
        command: &Command,
        dot: &Value<'l>,
        last: Option<Value<'l>>,
    ) -> Result<Value<'l>> {
        let Some((first, arguments)) = command.operands.split_first() else {
            return Err(Failure::refused(0..0, "there is no value"));
        };
        if let (Term::Function(function), []) = (&first.term, &*first.fields) {
            return self.call(function, first, arguments, dot, last);
        }
        if !arguments.is_empty() || last.is_some() {
            let message = "this is no function and takes no argument";
            return Err(Failure::new(Cause::Misused, first.place.clone(), message));
        }
        if matches!(first.term, Term::Nil) {
            let message = "`nil` is nothing to write";
            return Err(Failure::new(Cause::Misused, first.place.clone(), message));
        }
        self.operand(first, dot)
    }

    fn operand(&mut self, operand: &Operand, dot: &Value<'l>) -> Result<Value<'l>> {
        let Operand { place, term, fields } = operand;
        let unsupported = |message: &str| Failure::new(Cause::Unsupported, place.clone(), message);
        let value = match term {
            Term::Dot => dot.clone(),
            Term::Nil => return Err(unsupported("`nil` is not reproduced")),
            Term::Odd => return Err(unsupported("such a number is not reproduced")),
            Term::Bool(truth) => Value::Bool(*truth),
            Term::Text(text) => Value::Text(text.clone()),
            Term::Integer(number) => Value::Integer(*number),
            Term::Float(number) => Value::Float(*number),
            Term::Group(pipeline) => self.pipeline(pipeline, dot)?,
            Term::Function(function) => self.call(function, operand, &[], dot, None)?,
            Term::Variable(name) => self.variable(name, operand)?,
        };
        fields.iter().try_fold(value, |value, field| self.field(&value, field))
    }

    fn variable(&self, name: &str, operand: &Operand) -> Result<Value<'l>> {
        if let Some((_, value)) = self.variables.iter().rev().find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        let place = operand.place.clone();
        Err(match name {
            "$externalLabels" | "$externalURL" => {
                let message = format!("`{name}` depends on the configuration of Prometheus");
                Failure::new(Cause::Unsupported, place, message)
            }
            // It was declared in a branch that was not taken.
            _ => Failure::new(Cause::Misused, place, format!("`{name}` has no value here")),
        })
    }

    fn field(&self, value: &Value<'l>, field: &Field) -> Result<Value<'l>> {
        let Field { name, place } = field;
        match (value, &**name) {
            (Value::Labels(labels), name) => {
                Ok(Value::Text(labels.get(name).cloned().unwrap_or_default()))
            }
            (Value::Alert, "Labels") => Ok(Value::Labels(self.labels)),
            (Value::Alert, "Value") => Ok(Value::Float(self.value)),
            (Value::Alert, "ExternalLabels" | "ExternalURL") => {
                let message = format!("`{name}` depends on the configuration of Prometheus");
                Err(Failure::new(Cause::Unsupported, place.clone(), message))
            }
            (value, name) => {
                let message = format!("{} has no field `{name}`", value.what());
                let failure = Failure::new(Cause::Misused, place.clone(), message);
                Err(match value {
                    Value::Alert => failure.help(format!("write `$labels.{name}`")),
                    _ => failure,
                })
            }
        }
    }

    /// The value of a function, of which the last argument may come through a pipe.
    fn call(
        &mut self,
        function: &Function,
        caller: &Operand,
        arguments: &[Operand],
        dot: &Value<'l>,
        last: Option<Value<'l>>,
    ) -> Result<Value<'l>> {
        let Function { name, takes, more, since: _, body } = function;
        let count = arguments.len() + usize::from(last.is_some());
        if count < takes.len() || more.is_none() && count > takes.len() {
            let least = if more.is_some() { "at least " } else { "" };
            let takes = counted(takes.len());
            let message = format!("`{name}` takes {least}{takes}, and gets {count}");
            let failure = Failure::new(Cause::Misused, caller.place.clone(), message);
            return Err(match *name {
                "value" => failure.help("write `$value`"),
                _ => failure,
            });
        }
        let place = |at: usize| arguments.get(at).map_or(&caller.place, |operand| &operand.place);
        let mut values = Vec::with_capacity(count);
        let mut last = last;
        for at in 0..count {
            let value = match arguments.get(at) {
                Some(operand) => self.operand(operand, dot)?,
                None => last.take().unwrap_or(Value::Alert),
            };
            let parameter = takes.get(at).copied().or(*more).unwrap_or(Parameter::Any);
            let fits = match parameter {
                Parameter::Any => true,
                Parameter::Text => matches!(value, Value::Text(_)),
                Parameter::Found => false,
            };
            if !fits {
                let (wanted, found) = (parameter.what(), value.what());
                let message = format!("`{name}` takes {wanted}, and this is {found}");
                return Err(Failure::new(Cause::Misused, place(at).clone(), message));
            }
            let decides = matches!(body, Body::First(truth) if value.is_true() == *truth);
            if decides {
                return Ok(value);
            }
            values.push(value);
        }
        let fault = match body {
            Body::Made(made) => match made(&values) {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            },
            Body::First(_) => return Ok(values.pop().unwrap_or(Value::Bool(false))),
            Body::Elsewhere(why) => Fault {
                cause: Cause::Unsupported,
                argument: None,
                message: format!("`{name}` {why}"),
                help: None,
            },
        };
        let Fault { cause, argument, message, help } = fault;
        let place = argument.map_or(&caller.place, place).clone();
        Err(Failure { cause, place, message, help })
    }
}

fn is_reproduced(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::If | Keyword::With)
}

fn counted(arguments: usize) -> String {
    match arguments {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{arguments} arguments"),
    }
}
