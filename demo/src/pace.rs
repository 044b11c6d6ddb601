//! Generated configuration at another pace: a minute of its lasts a second here.
//!
//! Nobody watches a demo, or a test, for the five minutes that an alert waits. Only durations
//! change: those of certain keys, and those of ranges and offsets in expressions. Names such as
//! `ratio_rate5m` stay, or else nothing would find them, and so does what people read.
//!
//! Files are read line by line, a key on each, as they are generated.

/// How much shorter every duration is.
const PACE: u64 = 60;

/// The keys whose values are durations, in rules, in `prometheus.yml` and in `alertmanager.yml`.
const KEYS: [&str; 10] = [
    "for",
    "interval",
    "keep_firing_for",
    "scrape_interval",
    "scrape_timeout",
    "evaluation_interval",
    "group_wait",
    "group_interval",
    "repeat_interval",
    "resolve_timeout",
];

/// A file of rules, or a configuration of Prometheus or Alertmanager, whose durations are a sixtieth
/// of what they were.
pub fn scaled(configuration: &str) -> String {
    let mut scaled = String::with_capacity(configuration.len());
    // The key whose value is a block: the lines that stand further in.
    let mut block: Option<Key<'_>> = None;
    for line in configuration.lines() {
        let indent = line.len() - line.trim_start().len();
        let (key, value, goes_on) = match block {
            Some(key) if indent > key.column || line.is_empty() => (key, line, true),
            _ => {
                let (key, value) = Key::of(line);
                (key, value, value.starts_with(['|', '>']))
            }
        };
        block = goes_on.then_some(key);
        scaled.push_str(&line[..line.len() - value.len()]);
        match key.name {
            "expr" => scaled.push_str(&expression_scaled(value)),
            name if KEYS.contains(&name) => scaled.push_str(&value_scaled(value)),
            _ => scaled.push_str(value),
        }
        scaled.push('\n');
    }
    scaled
}

/// A key, and where on its line it stands.
#[derive(Clone, Copy)]
struct Key<'l> {
    name: &'l str,
    column: usize,
}

impl<'l> Key<'l> {
    /// The key of a line, maybe the first of a list's element, and its value.
    fn of(line: &'l str) -> (Self, &'l str) {
        let pair = line.trim_start_matches([' ', '-']);
        let (name, value) = pair.split_once(": ").unwrap_or((pair, ""));
        (Self { name, column: line.len() - pair.len() }, value)
    }
}

/// A duration, with quotes around it or without.
fn value_scaled(value: &str) -> String {
    let duration = value.trim_matches(['"', '\'']);
    shorter(duration).map_or_else(|| value.to_owned(), |shorter| value.replace(duration, &shorter))
}

/// Ranges stand in brackets, and nothing else that reads as a duration does.
fn expression_scaled(expression: &str) -> String {
    scaled_after("offset ", &scaled_after("[", expression))
}

/// A text whose durations are shorter where they follow an opening.
fn scaled_after(opening: &str, text: &str) -> String {
    let mut parts = text.split(opening);
    let mut scaled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == ':';
        let end = part.find(|character| !is_part(character)).unwrap_or(part.len());
        let (durations, rest) = part.split_at(end);
        let shorter: Option<Vec<_>> = durations.split(':').map(shorter_or_empty).collect();
        scaled.push_str(opening);
        scaled.push_str(&shorter.map_or_else(|| durations.to_owned(), |all| all.join(":")));
        scaled.push_str(rest);
    }
    scaled
}

/// A subquery may leave its step out.
fn shorter_or_empty(duration: &str) -> Option<String> {
    if duration.is_empty() { Some(String::new()) } else { shorter(duration) }
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

    #[track_caller]
    fn check(file: &str, expected: &str) {
        assert_eq!(scaled(file), expected);
    }

    #[test]
    fn rules() {
        check(
            r#"# Waits for: 5m
groups:
  - name: "a_5m"
    interval: "30s"
    rules:
      - alert: "High"
        expr: |-
          rate(a_total{b="[x]"}[5m]) > 10
            unless

          max_over_time(a:ratio_rate5m[1h30m:1m] offset 1d) > 5
        for: "5m"
        keep_firing_for: "0s"
        annotations:
          description: "for: 5m, rate(a_total[5m])"
          text: |-
            for: 5m
      - expr: "rate(a_total[5m:]) > 10"
        record: "a:ratio_rate5m"
      - expr: rate(a_total[1w])
        labels: {for: "5m"}
"#,
            r#"# Waits for: 5m
groups:
  - name: "a_5m"
    interval: "500ms"
    rules:
      - alert: "High"
        expr: |-
          rate(a_total{b="[x]"}[5s]) > 10
            unless

          max_over_time(a:ratio_rate5m[90s:1s] offset 1440s) > 5
        for: "5s"
        keep_firing_for: "0s"
        annotations:
          description: "for: 5m, rate(a_total[5m])"
          text: |-
            for: 5m
      - expr: "rate(a_total[5s:]) > 10"
        record: "a:ratio_rate5m"
      - expr: rate(a_total[10080s])
        labels: {for: "5m"}
"#,
        );
    }

    #[test]
    fn prometheus() {
        check(
            r#"
global:
  scrape_interval: 15s
  scrape_timeout: "10s"
  evaluation_interval: '1m'
scrape_configs:
  - scrape_interval: 1ms
    job_name: "15s"
"#,
            r#"
global:
  scrape_interval: 250ms
  scrape_timeout: "166ms"
  evaluation_interval: '1s'
scrape_configs:
  - scrape_interval: 1ms
    job_name: "15s"
"#,
        );
    }

    #[test]
    fn alertmanager() {
        check(
            r#"
route:
  receiver: "5m"
  group_wait: "30s"
  routes:
    - group_interval: "5m"
      repeat_interval: "4h"
      matchers: ["severity=\"5m\""]
"#,
            r#"
route:
  receiver: "5m"
  group_wait: "500ms"
  routes:
    - group_interval: "5s"
      repeat_interval: "240s"
      matchers: ["severity=\"5m\""]
"#,
        );
    }
}
