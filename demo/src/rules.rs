//! The generated rules at another pace: a minute of theirs lasts a second here.
//!
//! Nobody watches a demo for the five minutes that an alert waits. Only durations change; names such
//! as `ratio_rate5m` stay, or else nothing would find them.

/// How much shorter every duration is.
const PACE: u64 = 60;

/// The keys of a rule file whose values are durations.
const KEYS: [&str; 3] = ["for: \"", "interval: \"", "keep_firing_for: \""];

/// A rule file whose durations are a sixtieth of what they were.
pub(crate) fn scaled(rules: &str) -> String {
    rules.lines().map(|line| line_scaled(line) + "\n").collect()
}

fn line_scaled(line: &str) -> String {
    let text = line.trim_start();
    let key = KEYS.iter().find(|key| text.starts_with(**key));
    if let Some((key, value)) = key.and_then(|key| line.split_once(key).map(|(_, v)| (key, v)))
        && let Some(duration) = value.strip_suffix('"').and_then(shorter)
    {
        let indent = &line[..line.len() - text.len()];
        return format!("{indent}{key}{duration}\"");
    }
    // Ranges stand in brackets, and nothing else that reads as a duration does.
    let mut parts = line.split('[');
    let mut scaled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let range = part.split_once(']').and_then(|(range, rest)| {
            let durations: Option<Vec<_>> = range.split(':').map(shorter).collect();
            Some((durations?.join(":"), rest))
        });
        match range {
            Some((range, rest)) => scaled.push_str(&format!("[{range}]{rest}")),
            None => scaled.push_str(&format!("[{part}")),
        }
    }
    scaled
}

/// A duration such as `1h30m`, shorter; none where it is no duration.
fn shorter(duration: &str) -> Option<String> {
    let mut milliseconds = 0_u64;
    let mut rest = duration;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let length = match &rest[..unit] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return None,
        };
        milliseconds += number * length;
        rest = &rest[unit..];
    }
    match milliseconds / PACE {
        0 if milliseconds == 0 => None,
        whole if whole % 1_000 == 0 && whole > 0 => Some(format!("{}s", whole / 1_000)),
        part => Some(format!("{}ms", part.max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_change_and_nothing_else() {
        let cases = [
            ("        for: \"5m\"", "        for: \"5s\""),
            ("    interval: \"30s\"", "    interval: \"500ms\""),
            ("expr: \"rate(a_total[5m]) > 10\"", "expr: \"rate(a_total[5s]) > 10\""),
            ("max_over_time(a[1h30m:1m]) + b[1d]", "max_over_time(a[90s:1s]) + b[1440s]"),
            ("- record: \"a:ratio_rate5m\"", "- record: \"a:ratio_rate5m\""),
            ("  a:ratio_rate5m{b=\"[x]\"} > 5", "  a:ratio_rate5m{b=\"[x]\"} > 5"),
            ("description: \"for 5m [\"", "description: \"for 5m [\""),
        ];
        for (line, expected) in cases {
            assert_eq!(scaled(line), format!("{expected}\n"));
        }
    }
}
