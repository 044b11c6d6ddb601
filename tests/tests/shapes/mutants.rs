//! Mutants of alerts of every shape, which their tests refuse.

use std::collections::BTreeSet;

use streamhouse_metrics_tests::survivors;

use super::corpus::followed;

const MAX_FOR_SUM: &str = "the sum of what is never below zero is above zero where the largest is";
const ONE_SERIES: &str = "there is one such series";
const BOTH_SIDES: &str = "the other side has no such series to match";
const NEVER_HOLDS: &str = "what stands in is zero and never above the bound";
const RANGE_ENDS: &str =
    "a range ends one evaluation earlier in Prometheus 3, and tests hold for both";
const RANGE_HOLDS: &str = "a range holds one sample less in Prometheus 3, a tenth of the sum";
const SIX: &str = "of six processes nine percent cannot be down";

/// Mutants that differ from their alert in nothing that anybody could see, each with the reason.
const EQUIVALENT: &[(&str, &str, &str)] = &[
    ("AbsentOfSum", "`max` for `sum` of `depot_web_enabled`", "both are there when any series is"),
    ("AbsentOverTime", "for: 4m", RANGE_ENDS),
    ("AndOnNothing", "`max` for `sum` of `depot_web_enabled`", MAX_FOR_SUM),
    ("Busy", "`max` for `sum` of `rate(depot_web_busy_seconds_total[5m])`", ONE_SERIES),
    (
        "CountOfVersions",
        "`max` for `count` of `depot_store_build_info`",
        "only how many there are is counted",
    ),
    ("External", "`sum` for `max` of `cluster:quota:bytes`", ONE_SERIES),
    ("IncreaseOfAnything", "keep_firing_for: 9m", RANGE_ENDS),
    (
        "PodPhase",
        "`max` for `sum` of `max by (namespace, pod) (kube_pod_status_phase{phase=~\"Pending|Unknown|Failed\"}) * on (namespace, pod) group_left (owner_kind) max by (namespace, pod, owner_kind) (kube_pod_owner{owner_kind!=\"Job\"})`",
        MAX_FOR_SUM,
    ),
    ("PodPhase", "no label `owner_kind`", "a pod has one owner, and the sum drops what it is"),
    ("RateIsNothing", "`max` for `sum` of `rate(depot_store_commits_total[5m])`", MAX_FOR_SUM),
    ("RatioDisk", "no `fstype!~\"tmpfs|overlay\"`", BOTH_SIDES),
    ("RatioDisk", "no `fstype!~\"tmpfs|overlay\"`, at place 2", BOTH_SIDES),
    ("RatioOrNothing", "`max` for `sum` of `rate(depot_web_requests_total[5m])`", NEVER_HOLDS),
    ("RatioOrNothing", "a range of `10m`, at place 2", NEVER_HOLDS),
    ("RatioOrNothing", "a range of `2m30s`, at place 2", NEVER_HOLDS),
    ("RatioOrNothing", "no label `queue`, at place 2", NEVER_HOLDS),
    ("ReplicasOfOne", "no `deployment=\"depot-web\"`", BOTH_SIDES),
    ("ReplicasOfOne", "no `deployment=\"depot-web\"`, at place 2", BOTH_SIDES),
    ("ShareDown", "a bound 5 % less than `10`", SIX),
    ("ShareDown", "a bound 5 % more than `10`", SIX),
    ("SumOverTime", "a bound 5 % less than `5`", RANGE_HOLDS),
    ("SumOverTime", "a bound 5 % more than `5`", RANGE_HOLDS),
    ("Unless", "`max` for `sum` of `rate(depot_web_requests_total[5m])`", MAX_FOR_SUM),
    ("UnlessNested", "`max` for `sum` of `rate(depot_web_requests_total[5m])`", MAX_FOR_SUM),
    ("UnlessPresent", "no `desk=\"front\"`", "the label has one value"),
];

/// Every so many alerts' tests pass, and refuse all mutants but those that are equivalent.
pub(crate) fn every_mutant_is_refused(of: usize) {
    let followed = followed();
    let trials: Vec<_> = followed.iter().step_by(of).collect();
    let mutants: usize = trials.iter().map(|trial| trial.mutants.len()).sum();
    let is_tried = |alert: &str| trials.iter().any(|trial| trial.alert == alert);
    let equivalent = EQUIVALENT.iter().filter(|(alert, ..)| is_tried(alert));
    let equivalent =
        equivalent.map(|(alert, mistake, _)| ((*alert).to_owned(), (*mistake).to_owned()));
    let equivalent: BTreeSet<_> = equivalent.collect();
    assert_eq!(survivors(&trials), equivalent, "of {mutants} mutants");
}
