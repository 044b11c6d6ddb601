//! Label values on their way from a call to the series they select.
//!
//! The derive turns every label set of the specification into a struct (or, for a single closed
//! label, an enum) that implements [`LabelSet`]. The runtime sees only what that trait hands over:
//! the open values, borrowed, and one number for all closed labels together.

use std::fmt;

/// What an empty value of an open label is recorded as.
///
/// Prometheus cannot tell an empty label from an absent one, so a series that carried it would
/// silently change its identity.
pub(crate) const EMPTY: &str = "__empty__";

/// The value of one open label, borrowed from the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Any text; if empty, it is recorded as `__empty__`.
    Text(&'a str),
    /// A number without a sign.
    Unsigned(u64),
    /// A number that may be negative.
    Signed(i64),
    /// `true` or `false`.
    Boolean(bool),
}

impl Value<'_> {
    /// What every value past the limit of its label is recorded as.
    #[cfg(feature = "metrics")]
    pub(crate) const OVERFLOW: Self = Value::Text("__overflow__");

    /// The value as it is recorded.
    #[inline]
    pub(crate) fn canonical(self) -> Self {
        match self {
            Value::Text("") => Value::Text(EMPTY),
            value => value,
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.canonical() {
            Value::Text(text) => formatter.write_str(text),
            Value::Unsigned(number) => number.fmt(formatter),
            Value::Signed(number) => number.fmt(formatter),
            Value::Boolean(truth) => truth.fmt(formatter),
        }
    }
}

/// The labels of one recording: a generated struct with a field a label.
pub trait LabelSet: Copy {
    /// The component the set belongs to, so that another component's set does not compile.
    type Component;

    /// The metrics with exactly these labels, resolved once.
    type Bound;

    /// An array of the open values.
    type Open<'v>: OpenValues<'v>
    where
        Self: 'v;

    /// The position of the set in [`Component::sets`](crate::__private::on::Component).
    const SET: usize;

    /// The open values in the order of `[labels]`.
    fn open(&self) -> Self::Open<'_>;

    /// The index into the dense, row-major grid of the closed labels; 0 when there are none.
    fn closed(&self) -> usize;
}

/// An array of open values, of any length.
pub trait OpenValues<'v>: AsRef<[Value<'v>]> {
    /// The array of their words.
    #[cfg(feature = "metrics")]
    type Words: AsRef<[crate::__private::on::Word]>;

    /// The values as words that can be hashed and compared.
    #[cfg(feature = "metrics")]
    fn words(&self) -> Self::Words;
}

impl<'v, const LENGTH: usize> OpenValues<'v> for [Value<'v>; LENGTH] {
    #[cfg(feature = "metrics")]
    type Words = [crate::__private::on::Word; LENGTH];

    #[cfg(feature = "metrics")]
    #[inline(always)]
    fn words(&self) -> Self::Words {
        // The array's own `map` is not inlined everywhere, and words should stay in registers.
        let mut words = [crate::__private::on::Word::default(); LENGTH];
        for (word, value) in words.iter_mut().zip(self) {
            *word = crate::__private::on::Word::new(*value);
        }
        words
    }
}

/// The label set of metrics without labels, at position `SET`.
#[derive(Clone, Copy, Debug)]
pub struct NoLabels<const SET: usize>;

impl<const SET: usize> LabelSet for NoLabels<SET> {
    type Component = ();
    type Bound = ();
    type Open<'v> = [Value<'v>; 0];
    const SET: usize = SET;

    #[inline(always)]
    fn open(&self) -> Self::Open<'_> {
        []
    }

    #[inline(always)]
    fn closed(&self) -> usize {
        0
    }
}

/// The position of a metric among the metrics of its component, in the order of the specification.
#[derive(Clone, Copy, Debug)]
pub struct Slot(usize);

impl Slot {
    /// The metric at `position` of its component.
    #[inline(always)]
    pub const fn new(position: usize) -> Self {
        Self(position)
    }

    /// The position.
    #[inline(always)]
    pub const fn position(self) -> usize {
        self.0
    }
}
