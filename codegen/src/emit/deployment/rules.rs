//! The rules for Prometheus, as others take them: in an object of Kubernetes, by Mimir, by Thanos.
//!
//! Each is the text of the file for Prometheus with some lines more, so that the step to a cluster
//! changes no rule.

use crate::emit::Artifact;
use crate::rules::{self, RuleFile};
use crate::text::{PREAMBLE, yaml};

/// What Thanos does when some of its stores do not answer: an alert on half of the data is none.
const PARTIAL_RESPONSE: &str = "    partial_response_strategy: \"abort\"\n";

/// The groups as the last part of an object of Kubernetes.
pub(super) fn spec(file: &RuleFile) -> String {
    format!("spec:\n  groups:\n{}", rules::yaml(&file.groups, 4))
}

/// The file for Mimir, where a namespace holds one file.
pub(super) fn for_mimir(file: &RuleFile) -> Artifact {
    let RuleFile { name, groups } = file;
    let (namespace, groups) = (yaml::quoted(name), rules::yaml(groups, 2));
    let text = format!("# {PREAMBLE}\nnamespace: {namespace}\ngroups:\n{groups}");
    Artifact { path: format!("mimir/rules/{name}.yml"), text }
}

/// The file for Thanos, whose groups say what half an answer is worth.
pub(super) fn for_thanos(file: &RuleFile) -> Artifact {
    let RuleFile { name, groups } = file;
    let mut text = format!("# {PREAMBLE}\ngroups:\n");
    for line in rules::yaml(groups, 2).split_inclusive('\n') {
        text.push_str(line);
        // Rules stand deeper, and so do the lines of their expressions.
        if line.starts_with("  - name: ") {
            text.push_str(PARTIAL_RESPONSE);
        }
    }
    Artifact { path: format!("thanos/rules/{name}.yml"), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Action, Group, Rule};

    fn file() -> RuleFile {
        let rule = Rule {
            action: Action::Record { name: "a:b:c".to_owned() },
            expr: "up\n\n  - name: 1".to_owned(),
            labels: Vec::new(),
        };
        let group =
            |name: &str| Group { name: name.to_owned(), interval: None, rules: vec![rule.clone()] };
        RuleFile { name: "shop.recording".to_owned(), groups: vec![group("one"), group("two")] }
    }

    const GROUP: &str = "    rules:
      - record: \"a:b:c\"
        expr: |-
          up

            - name: 1
";

    #[test]
    fn kubernetes_takes_the_groups_deeper() {
        let deeper = |line: &str| match line {
            "\n" => line.to_owned(),
            line => format!("  {line}"),
        };
        let group: String = GROUP.split_inclusive('\n').map(deeper).collect();
        assert_eq!(
            spec(&file()),
            format!("spec:\n  groups:\n    - name: \"one\"\n{group}    - name: \"two\"\n{group}")
        );
    }

    #[test]
    fn mimir_has_a_namespace_a_file() {
        let Artifact { path, text } = for_mimir(&file());
        assert_eq!(path, "mimir/rules/shop.recording.yml");
        assert_eq!(
            text,
            format!(
                "# {PREAMBLE}\nnamespace: \"shop.recording\"\ngroups:\n  - name: \"one\"\n{GROUP}  - name: \"two\"\n{GROUP}"
            )
        );
    }

    #[test]
    fn every_group_tells_thanos_what_half_an_answer_is_worth() {
        let Artifact { path, text } = for_thanos(&file());
        assert_eq!(path, "thanos/rules/shop.recording.yml");
        assert_eq!(
            text,
            format!(
                "# {PREAMBLE}\ngroups:\n  - name: \"one\"\n{PARTIAL_RESPONSE}{GROUP}  - name: \"two\"\n{PARTIAL_RESPONSE}{GROUP}"
            )
        );
    }
}
