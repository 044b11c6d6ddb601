//! Go's `print` and `printf`.

use super::{Fault, Result, texts};
use crate::template::Cause;
use crate::template::float;
use crate::template::value::Value;

/// One behind the other, with a space between what are no texts.
pub(crate) fn print<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let mut printed = String::new();
    for (at, argument) in arguments.iter().enumerate() {
        let is_text = |value: &Value<'_>| matches!(value, Value::Text(_));
        if at > 0 && !is_text(argument) && !is_text(&arguments[at - 1]) {
            printed.push(' ');
        }
        printed += &shown(argument, at)?;
    }
    Ok(Value::Text(printed))
}

/// With a space between all, and the end of a line.
pub(crate) fn println<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let shown: Result<Vec<_>> =
        arguments.iter().enumerate().map(|(at, argument)| shown(argument, at)).collect();
    Ok(Value::Text(shown?.join(" ") + "\n"))
}

fn shown(value: &Value<'_>, at: usize) -> Result<String> {
    value.shown().ok_or_else(|| {
        let message = format!("{} is not reproduced as a whole", value.what());
        Fault::new(Cause::Unsupported, message).at(at)
    })
}

/// Arguments as a format says.
pub(crate) fn printf<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [format] = texts(arguments);
    let mut printed = String::new();
    let mut next = 1;
    let mut pieces = format.split('%');
    printed += pieces.next().unwrap_or_default();
    while let Some(piece) = pieces.next() {
        let Some((directive, rest)) = Directive::new(piece) else {
            // The second of two percent signs.
            let Some(rest) = pieces.next().filter(|_| piece.is_empty()) else {
                let message = format!("nothing is known of `%{piece}`");
                return Err(Fault::new(Cause::Unsupported, message).at(0));
            };
            printed.push('%');
            printed += rest;
            continue;
        };
        let argument = arguments.get(next).ok_or_else(|| {
            let message = format!("there is no argument for `%{}`", directive.verb);
            Fault::new(Cause::Misused, message).at(0).help("add an argument, or write `%%`")
        })?;
        printed += &directive.written(argument, next)?;
        printed += rest;
        next += 1;
    }
    match next < arguments.len() {
        true => Err(Fault::new(Cause::Misused, "the format does not say where this goes").at(next)),
        false => Ok(Value::Text(printed)),
    }
}

/// `%-8.2f`
struct Directive {
    is_signed: bool,
    is_left: bool,
    has_zeros: bool,
    width: usize,
    precision: Option<usize>,
    verb: char,
}

/// Wider than any text of an alert.
const WIDEST: usize = 1000;

impl Directive {
    /// Reads it behind its percent sign, and gives what is behind it.
    fn new(text: &str) -> Option<(Self, &str)> {
        let flags = text.len() - text.trim_start_matches(['+', '-', '0']).len();
        let (flags, rest) = text.split_at(flags);
        let (width, rest) = digits(rest);
        let (precision, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (precision, rest) = digits(rest);
                (Some(precision), rest)
            }
            None => (None, rest),
        };
        let number = |digits: &str| match digits {
            "" => Some(0),
            _ => digits.parse().ok().filter(|number| *number <= WIDEST),
        };
        let verb = rest.chars().next().filter(|verb| "vsdfFeEgGtxX".contains(*verb))?;
        let is_left = flags.contains('-');
        let directive = Self {
            is_signed: flags.contains('+'),
            is_left,
            has_zeros: flags.contains('0') && !is_left,
            width: number(width)?,
            precision: precision.map_or(Some(None), |precision| number(precision).map(Some))?,
            verb,
        };
        Some((directive, &rest[1..]))
    }

    fn written(&self, value: &Value<'_>, at: usize) -> Result<String> {
        let Self { precision, verb, .. } = self;
        let written = match (value, verb) {
            (Value::Text(text), 'v' | 's') => {
                text.chars().take(precision.unwrap_or(usize::MAX)).collect()
            }
            (Value::Float(number), 'f' | 'F') => float::fixed(*number, precision.unwrap_or(6)),
            (Value::Float(number), 'e') => float::scientific(*number, precision.unwrap_or(6)),
            (Value::Float(number), 'v' | 'g') => match precision {
                Some(precision) => float::significant(*number, *precision),
                None => float::shortest(*number),
            },
            (Value::Integer(number), 'd' | 'v') if precision.is_none() => number.to_string(),
            (Value::Bool(truth), 't' | 'v') => truth.to_string(),
            (Value::Labels(_), 'v') if precision.is_none() && self.width == 0 => shown(value, at)?,
            _ => return Err(self.unwritten(value, at)),
        };
        let is_number = matches!(value, Value::Float(number) if number.is_finite())
            || matches!(value, Value::Integer(_));
        match !is_number && (self.has_zeros || self.is_signed) {
            true => {
                let message = format!("this `%{verb}` of {} is not reproduced", value.what());
                Err(Fault::new(Cause::Unsupported, message).at(0))
            }
            false => Ok(self.padded(written)),
        }
    }

    fn padded(&self, written: String) -> String {
        let width = self.width;
        let (sign, digits) = match written.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None if self.is_signed => ("+", &*written),
            None => ("", &*written),
        };
        match (self.has_zeros, self.is_left) {
            (true, _) => {
                format!("{sign}{digits:0>width$}", width = width.saturating_sub(sign.len()))
            }
            (_, true) => format!("{:<width$}", format!("{sign}{digits}")),
            _ => format!("{:>width$}", format!("{sign}{digits}")),
        }
    }

    /// Why a value is not written: Go writes its type instead, or how it does is not known here.
    fn unwritten(&self, value: &Value<'_>, at: usize) -> Fault {
        let Self { verb, .. } = self;
        let (takes, help) = match (value, verb) {
            (Value::Float(_), 'd') => ("integers", "write `%.0f`"),
            (Value::Integer(_), 'f' | 'F' | 'e' | 'E' | 'g' | 'G') => ("floats", "write `%d`"),
            (Value::Text(_), 'd' | 'f' | 'F' | 'e' | 'E' | 'g' | 'G') => ("numbers", "write `%s`"),
            (Value::Float(_) | Value::Integer(_), 's') => ("texts", "write `%v`"),
            (Value::Float(_) | Value::Integer(_) | Value::Text(_), 't') => {
                ("booleans", "write `%v`")
            }
            _ => {
                let message = format!("`%{verb}` of {} is not reproduced", value.what());
                return Fault::new(Cause::Unsupported, message).at(0);
            }
        };
        let message = format!("`%{verb}` takes {takes}, and this is {}", value.what());
        Fault::new(Cause::Misused, message).at(at).help(help)
    }
}

fn digits(text: &str) -> (&str, &str) {
    let length = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(length)
}
