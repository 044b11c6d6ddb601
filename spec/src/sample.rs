//! Samples: the part of its observations that a histogram records, written `1/16`.

/// Most observations of which one is recorded.
pub const MOST: u32 = 1_000_000;

/// The `N` of `1/N`.
pub fn parse(text: &str) -> Option<u32> {
    let number = text.strip_prefix("1/")?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    number.parse().ok().filter(|number| plain && (2..=MOST).contains(number))
}

/// What a text that is no sample probably stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Every observation: no sample at all.
    Every,
    /// One of so many.
    OneOf(u32),
}

/// What was meant by a text that is no sample: a percentage, a share, or only the `N`.
pub fn meant(text: &str) -> Option<Meant> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let share = match (text.trim().strip_suffix('%'), text.split_once('/')) {
        (Some(percentage), _) => number(percentage)? / 100.0,
        (None, Some((part, whole))) => number(part)? / number(whole)?,
        (None, None) => number(text)?,
    };
    let of = match share {
        1.0 => return Some(Meant::Every),
        whole if whole > 1.0 && whole.fract() == 0.0 => whole,
        share => (1.0 / share).round(),
    };
    (2.0..=f64::from(MOST)).contains(&of).then_some(Meant::OneOf(of as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_whole_number() {
        assert_eq!(parse("1/2"), Some(2));
        assert_eq!(parse("1/1000000"), Some(MOST));
        for bad in
            ["", "1/", "1/0", "1/1", "1/1000001", "2/3", "1/+2", "1/02", "1/ 2", "1/2.0", "10%"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn other_spellings_are_understood() {
        for (text, expected) in [
            ("10%", Some(Meant::OneOf(10))),
            ("0.1", Some(Meant::OneOf(10))),
            ("2/3", Some(Meant::OneOf(2))),
            ("1 / 16", Some(Meant::OneOf(16))),
            ("16", Some(Meant::OneOf(16))),
            ("1/1", Some(Meant::Every)),
            ("100 %", Some(Meant::Every)),
            ("1/0", None),
            ("0/0", None),
            ("0", None),
            ("-0.5", None),
            ("1/2000000", None),
            ("a tenth", None),
        ] {
            assert_eq!(meant(text), expected, "{text}");
        }
    }
}
