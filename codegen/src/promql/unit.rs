//! What a result is counted or measured in: an algebra of the specification's units.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A product of units, each to a power; `records` per `seconds` is records¹ seconds⁻¹.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    powers: Arc<BTreeMap<String, i32>>,
    /// How much larger numbers are than the units say: a hundred times for percentages.
    scale: Scale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    One,
    Hundred,
}

impl Unit {
    /// A plain number: a ratio, or how many there are of something.
    pub(crate) fn one() -> Self {
        Self { powers: Arc::default(), scale: Scale::One }
    }

    /// A base unit by its name in the specification.
    pub(crate) fn base(name: &str) -> Self {
        match name {
            "" | "ratio" => Self::one(),
            "percent" => Self { scale: Scale::Hundred, ..Self::one() },
            name => {
                Self { powers: Arc::new(BTreeMap::from([(name.to_owned(), 1)])), scale: Scale::One }
            }
        }
    }

    /// A unit as the specification writes those of results: `records`, `records/s`.
    pub(crate) fn written(name: &str) -> Option<Self> {
        match name.strip_suffix("/s") {
            Some(counted) => Self::base(counted).per(&Self::seconds()),
            None => Some(Self::base(name)),
        }
    }

    pub(crate) fn seconds() -> Self {
        Self::base("seconds")
    }

    /// Whether it has no dimension.
    pub(crate) fn is_one(&self) -> bool {
        self.powers.is_empty()
    }

    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        self.combine(other, 1)
    }

    pub(crate) fn per(&self, other: &Self) -> Option<Self> {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Self, sign: i32) -> Option<Self> {
        let scale = match (self.scale, other.scale) {
            (scale, Scale::One) => scale,
            (Scale::One, Scale::Hundred) if sign > 0 => Scale::Hundred,
            (Scale::Hundred, Scale::Hundred) if sign < 0 => Scale::One,
            _ => return None,
        };
        let mut powers = BTreeMap::clone(&self.powers);
        for (name, power) in &*other.powers {
            let sum = powers.entry(name.clone()).or_default();
            *sum = sum.checked_add(sign * power)?;
        }
        powers.retain(|_, power| *power != 0);
        Some(Self { powers: Arc::new(powers), scale })
    }

    /// A hundred times as large numbers, which makes percentages of ratios.
    pub(crate) fn hundredfold(&self) -> Option<Self> {
        (self.scale == Scale::One).then(|| Self { scale: Scale::Hundred, ..self.clone() })
    }

    /// Its name: `records/s`, `ratio`, `percent`, `bytes`; none for a hundredth of anything else.
    pub(crate) fn name(&self) -> Option<String> {
        match (self.is_one(), self.scale) {
            (true, Scale::One) => return Some("ratio".to_owned()),
            (true, Scale::Hundred) => return Some("percent".to_owned()),
            (false, Scale::Hundred) => return None,
            (false, Scale::One) => (),
        }
        let part = |positive: bool| {
            let powers = self.powers.iter().filter(move |(_, power)| (**power > 0) == positive);
            let names = powers.map(|(name, power)| {
                let name = if name == "seconds" && !positive { "s" } else { name };
                match power.abs() {
                    1 => name.to_owned(),
                    power => format!("{name}^{power}"),
                }
            });
            names.collect::<Vec<_>>().join("*")
        };
        let (above, below) = (part(true), part(false));
        let above = if above.is_empty() { "1".to_owned() } else { above };
        Some(if below.is_empty() { above } else { format!("{above}/{below}") })
    }
}
