//! Without the feature, nothing is left: no size, no dependency, no instruction.

use std::collections::HashMap;
use std::fs;

use crate::cargo::{cargo, fixtures, target};

const LEVELS: [&str; 4] = ["1", "2", "3", "s"];

/// What cargo prints; it must succeed.
fn printed(arguments: &[&str]) -> String {
    let finished = cargo(&fixtures(), arguments);
    assert_eq!(finished.code, Some(0), "cargo {arguments:?}: {}", finished.stderr);
    finished.stdout
}

/// The assembly of `fixtures/zero_cost`, at an optimisation level and with these cfgs.
fn assembly(features: &str, level: &str, cfgs: &[&str]) -> String {
    let file = target().join(format!("zero_cost-{features}-{level}-{}.s", cfgs.join("-")));
    let mut arguments = vec!["rustc", "--package=zero_cost", "--features", features, "--"];
    let level = format!("opt-level={level}");
    let emit = format!("--emit=asm={}", file.display());
    for option in [&*level, "codegen-units=1", "debuginfo=0", "debug-assertions=no"] {
        arguments.extend(["-C", option]);
    }
    for cfg in cfgs {
        arguments.extend(["--cfg", cfg]);
    }
    arguments.push(&emit);
    printed(&arguments);
    fs::read_to_string(file).expect("rustc was told to write it")
}

/// The lines of an assembly with its names made comparable: labels are numbered as they come up,
/// and symbols lose the hash of the crate that they lie in.
fn normalised(assembly: &str) -> Vec<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "._$".contains(c);
    let mut labels = HashMap::new();
    let mut word = |word: &str| {
        if word.starts_with(".L") {
            let next = labels.len();
            return format!(".L{}", labels.entry(word.to_owned()).or_insert(next));
        }
        match word.rsplit_once("17h") {
            Some((symbol, hash)) if hash.len() == 17 => symbol.to_owned(),
            _ => word.to_owned(),
        }
    };
    let lines = assembly.lines().filter(|line| !line.trim_start().starts_with(".file"));
    let normal = lines.map(|line| {
        let pieces = line.split_inclusive(|c| !is_word(c));
        let parts =
            pieces.map(|piece| piece.split_at(piece.trim_end_matches(|c| !is_word(c)).len()));
        parts.map(|(name, separator)| word(name) + separator).collect()
    });
    normal.collect()
}

/// The calls of all functions, and the same functions without them.
fn with_and_without(features: &str, level: &str, cfgs: &[&str]) -> [Vec<String>; 2] {
    let without = [cfgs, &["removed"]].concat();
    [cfgs, &without].map(|cfgs| normalised(&assembly(features, level, cfgs)))
}

#[test]
fn calls_leave_no_instruction() {
    for level in LEVELS {
        let [with, without] = with_and_without("", level, &[]);
        let difference = with.iter().zip(&without).find(|(with, without)| with != without);
        assert!(with == without, "opt-level {level}: {difference:?} of\n{}", with.join("\n"));
        let ours = |line: &&String| line.contains("zero_cost") && line.ends_with(':');
        let functions = with.iter().filter(ours).count();
        assert!(functions >= 12, "{functions} functions are too few at opt-level {level}");
    }
}

/// The comparison can tell: an argument with a side effect stays.
#[test]
fn a_side_effect_leaves_instructions() {
    for level in LEVELS {
        let [with, without] = with_and_without("", level, &["side_effect"]);
        assert!(with != without, "opt-level {level}");
    }
}

/// The comparison can tell: with the feature on, calls are there.
#[test]
fn the_feature_leaves_instructions() {
    for level in LEVELS {
        let [with, without] = with_and_without("metrics", level, &[]);
        assert!(with != without, "opt-level {level}");
    }
}

/// Sizes are asserted by the fixture itself, which does not compile otherwise.
#[test]
fn prometheus_client_is_no_dependency() {
    let tree = ["tree", "--package=zero_cost", "--edges=normal", "--prefix=none", "--features"];
    let packages = |features| printed(&[&tree[..], &[features]].concat());
    assert!(!packages("").contains("prometheus-client v"));
    assert!(packages("metrics").contains("prometheus-client v"));
}

/// Cargo unifies the runtime's features, but each crate has its own gate.
#[test]
fn on_and_off_in_one_binary() {
    let drawn = "\
recording: 8 and 32 bytes
silent: 0 and 0 bytes
# HELP shop_checkout_refunds Orders paid back
# TYPE shop_checkout_refunds counter
shop_checkout_refunds_total{currency=\"eur\"} 1
shop_checkout_refunds_total{currency=\"usd\"} 0
# HELP shop_checkout_visitors Visitors in the shop
# TYPE shop_checkout_visitors gauge
shop_checkout_visitors 7
# HELP shop_checkout_metrics_overflow Records that went to an overflow series, or were dropped if they \
set a gauge, by the label whose limit was reached
# TYPE shop_checkout_metrics_overflow counter
shop_checkout_metrics_overflow_total{label=\"city\"} 0
# HELP shop_checkout_metrics_errors Recorded values that were dropped, by what was wrong with them
# TYPE shop_checkout_metrics_errors counter
shop_checkout_metrics_errors_total{reason=\"invalid_value\"} 0
# EOF
";
    assert_eq!(printed(&["run", "--quiet", "--package=both"]), drawn);
}
