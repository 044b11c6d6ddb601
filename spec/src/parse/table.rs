//! A TOML table with its places, read key by key.

use toml::de::{DeTable, DeValue};

use crate::source::{Span, Spanned};
use crate::spec::Text;

use super::file;

/// A table of one file, its entries in source order.
pub(crate) struct Table<'a> {
    /// The key that names the table; empty at the root.
    pub span: Span,
    /// Keys with their values.
    entries: Vec<(Text, Value<'a>)>,
}

/// A value of one file.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    /// The file's text.
    source: &'a str,
    /// Where the value stands; strings without their quotes.
    pub span: Span,
    /// What it is.
    pub value: &'a DeValue<'a>,
}

impl<'a> Table<'a> {
    /// A table under a key.
    pub(crate) fn new(table: &'a DeTable<'a>, source: &'a str, key: Span) -> Self {
        let mut entries: Vec<_> = (table.iter())
            .map(|(name, value)| {
                let span = unquoted(source, Span::new(key.file, name.span()));
                let value_span = Span::new(key.file, value.span());
                let value = Value { source, span: value_span, value: value.get_ref() };
                (file::text(name.get_ref(), span), value.with_inner_span())
            })
            .collect();
        entries.sort_by_key(|(name, _)| name.span);
        Self { span: key, entries }
    }

    /// Every key with its value, in source order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Text, Value<'a>)> {
        self.entries.iter().map(|(name, value)| (name, *value))
    }

    /// The value of a key.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.entries.iter().find(|(key, _)| key.value == name).map(|(_, value)| *value)
    }

    /// The text of a key.
    pub(crate) fn text(&self, name: &str) -> Option<Text> {
        self.get(name)?.text()
    }

    /// The text of a key, or nothing at the table's place.
    pub(crate) fn text_or_blank(&self, name: &str) -> Text {
        self.text(name).unwrap_or_else(|| file::text("", self.span))
    }

    /// The texts of a list; empty if there is none, and one where there should be a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<Text> {
        self.items(name).filter_map(|value| value.text()).chain(self.text(name)).collect()
    }

    /// The numbers of a list; empty if there is none.
    pub(crate) fn numbers(&self, name: &str) -> Vec<Spanned<f64>> {
        self.items(name).filter_map(|value| value.number()).collect()
    }

    /// The number of a key that is whole and not negative.
    pub(crate) fn count(&self, name: &str) -> Option<Spanned<u64>> {
        self.get(name)?.count()
    }

    /// The number of a key that is whole.
    pub(crate) fn integer(&self, name: &str) -> Option<Spanned<i64>> {
        self.get(name)?.integer()
    }

    /// What a key says that is true or false.
    pub(crate) fn boolean(&self, name: &str) -> Option<Spanned<bool>> {
        let value = self.get(name)?;
        Some(Spanned::new(value.value.as_bool()?, value.span))
    }

    /// The number of a key.
    pub(crate) fn number(&self, name: &str) -> Option<Spanned<f64>> {
        self.get(name)?.number()
    }

    /// The number of a key, in its digits.
    pub(crate) fn written(&self, name: &str) -> Option<Text> {
        let value = self.get(name)?;
        value.number().map(|number| file::text(value.written(), number.span))
    }

    /// The table of a key.
    pub(crate) fn table(&self, name: &str) -> Option<Table<'a>> {
        let (key, value) = self.entries.iter().find(|(key, _)| key.value == name)?;
        value.table(key.span)
    }

    /// The tables under a key with the keys that name them.
    pub(crate) fn tables(&self, name: &str) -> Vec<(Text, Table<'a>)> {
        let Some(outer) = self.table(name) else {
            return Vec::new();
        };
        outer
            .entries()
            .filter_map(|(key, value)| Some((key.clone(), value.table(key.span)?)))
            .collect()
    }

    /// The tables of a list.
    pub(crate) fn list_of_tables(&self, name: &str) -> Vec<Table<'a>> {
        self.items(name).filter_map(|value| value.table(value.span)).collect()
    }

    /// The texts under a key with the keys that name them.
    pub(crate) fn map_of_texts(&self, name: &str) -> Vec<(Text, Text)> {
        let Some(outer) = self.table(name) else {
            return Vec::new();
        };
        outer.entries().filter_map(|(key, value)| Some((key.clone(), value.text()?))).collect()
    }

    /// The lists of texts under a key with the keys that name them.
    pub(crate) fn map_of_lists(&self, name: &str) -> Vec<(Text, Vec<Text>)> {
        let Some(outer) = self.table(name) else {
            return Vec::new();
        };
        let texts = |value: Value<'a>| value.items().filter_map(Value::text).collect();
        outer.entries().map(|(key, value)| (key.clone(), texts(value))).collect()
    }

    fn items(&self, name: &str) -> impl Iterator<Item = Value<'a>> {
        self.get(name).into_iter().flat_map(|value| value.items())
    }
}

impl<'a> Value<'a> {
    /// The text, if it is one.
    pub(crate) fn text(self) -> Option<Text> {
        self.value.as_str().map(|value| file::text(value, self.span))
    }

    /// The number, if it is whole and not negative.
    pub(crate) fn count(self) -> Option<Spanned<u64>> {
        let integer = self.value.as_integer()?;
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
        Some(Spanned::new(number, self.span))
    }

    /// The number, if it is whole.
    pub(crate) fn integer(self) -> Option<Spanned<i64>> {
        let integer = self.value.as_integer()?;
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
        Some(Spanned::new(number, self.span))
    }

    /// The number, whole or not.
    pub(crate) fn number(self) -> Option<Spanned<f64>> {
        let number = match self.value {
            DeValue::Integer(integer) => {
                i64::from_str_radix(integer.as_str(), integer.radix()).ok()? as f64
            }
            DeValue::Float(float) => float.as_str().parse().ok().filter(|number: &f64| {
                // A number too large to hold reads as infinite without saying so.
                number.is_finite() || float.as_str().contains(['i', 'n'])
            })?,
            _ => return None,
        };
        Some(Spanned::new(number, self.span))
    }

    /// The text as it stands in the file.
    pub(crate) fn written(self) -> &'a str {
        &self.source[self.span.range()]
    }

    /// The table, if it is one.
    pub(crate) fn table(self, key: Span) -> Option<Table<'a>> {
        self.value.as_table().map(|table| Table::new(table, self.source, key))
    }

    /// The items, if it is a list.
    pub(crate) fn items(self) -> impl Iterator<Item = Value<'a>> {
        let file = self.span.file;
        let source = self.source;
        self.value.as_array().into_iter().flat_map(|array| array.iter()).map(move |item| {
            let span = Span::new(file, item.span());
            Value { source, span, value: item.get_ref() }.with_inner_span()
        })
    }

    /// The same value; a string's place without its quotes.
    fn with_inner_span(self) -> Self {
        match self.value {
            DeValue::String(_) => Self { span: unquoted(self.source, self.span), ..self },
            _ => self,
        }
    }
}

/// A place without the quotes around it.
fn unquoted(source: &str, span: Span) -> Span {
    let text = &source[span.range()];
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        let inner = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner
            && !inner.is_empty()
        {
            let start = span.start as usize + quote.len();
            return Span::new(span.file, start..start + inner.len());
        }
    }
    span
}
