//! The rules for Prometheus, as others take them: in an object of Kubernetes, by Mimir, by Thanos.
//!
//! Each is the text of the file for Prometheus with some lines more, so that the step to a cluster
//! changes no rule.

use crate::emit::Artifact;
use crate::text::PREAMBLE;

/// What Thanos does when some of its stores do not answer: an alert on half of the data is none.
const PARTIAL_RESPONSE: &str = "    partial_response_strategy: \"abort\"\n";

/// A file of rules for Prometheus.
pub(super) struct RuleFile {
    /// Its name, without `.yml`.
    pub(super) stem: String,
    /// Its groups, as a document without its opening comment.
    pub(super) groups: String,
}

/// Files of rules, taken apart.
pub(super) fn rule_files(artifacts: &[Artifact]) -> Vec<RuleFile> {
    artifacts.iter().map(RuleFile::new).collect()
}

impl RuleFile {
    fn new(artifact: &Artifact) -> Self {
        let Artifact { path, text } = artifact;
        let name = path.rsplit_once('/').map_or(&**path, |(_folder, name)| name);
        let groups = text.strip_prefix(&format!("# {PREAMBLE}\n")).unwrap_or(text);
        Self { stem: name.trim_end_matches(".yml").to_owned(), groups: groups.to_owned() }
    }

    /// The groups as the last part of an object of Kubernetes.
    pub(super) fn as_spec(&self) -> String {
        let indented = |line: &str| match line {
            "\n" => line.to_owned(),
            line => format!("  {line}"),
        };
        "spec:\n".to_owned() + &self.groups.split_inclusive('\n').map(indented).collect::<String>()
    }

    /// The file for Mimir, where a namespace holds one file.
    pub(super) fn for_mimir(&self, service: &str) -> Artifact {
        let Self { stem, groups } = self;
        // Both names are words, which need no quotes inside the quotes.
        let text = format!("# {PREAMBLE}\nnamespace: \"{service}_{stem}\"\n{groups}");
        Artifact { path: format!("mimir/rules/{stem}.yml"), text }
    }

    /// The file for Thanos, whose groups say what half an answer is worth.
    pub(super) fn for_thanos(&self) -> Artifact {
        let mut text = format!("# {PREAMBLE}\n");
        for line in self.groups.split_inclusive('\n') {
            text.push_str(line);
            // Rules stand deeper, and so do the lines of their expressions.
            if line.starts_with("  - name: ") {
                text.push_str(PARTIAL_RESPONSE);
            }
        }
        Artifact { path: format!("thanos/rules/{}.yml", self.stem), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &str = "\
groups:
  - name: \"shop\"
    rules:
      - alert: \"A\"
        expr: |-
          up

            - name: 1
  - name: \"other\"
    rules: []
";

    fn file(groups: &str) -> RuleFile {
        let path = "prometheus/rules/shop_cart.yml".to_owned();
        RuleFile::new(&Artifact { path, text: format!("# {PREAMBLE}\n{groups}") })
    }

    #[test]
    fn kubernetes_takes_the_groups_deeper() {
        assert_eq!(
            file(GROUPS).as_spec(),
            "\
spec:
  groups:
    - name: \"shop\"
      rules:
        - alert: \"A\"
          expr: |-
            up

              - name: 1
    - name: \"other\"
      rules: []
"
        );
        assert_eq!(file("groups: []\n").as_spec(), "spec:\n  groups: []\n");
    }

    #[test]
    fn mimir_has_a_namespace_a_file() {
        let Artifact { path, text } = file(GROUPS).for_mimir("shop");
        assert_eq!(path, "mimir/rules/shop_cart.yml");
        assert_eq!(text, format!("# {PREAMBLE}\nnamespace: \"shop_shop_cart\"\n{GROUPS}"));
    }

    #[test]
    fn every_group_tells_thanos_what_half_an_answer_is_worth() {
        let Artifact { path, text } = file(GROUPS).for_thanos();
        assert_eq!(path, "thanos/rules/shop_cart.yml");
        let expected = GROUPS
            .replace("\"shop\"\n", &format!("\"shop\"\n{PARTIAL_RESPONSE}"))
            .replace("\"other\"\n", &format!("\"other\"\n{PARTIAL_RESPONSE}"));
        assert_eq!(text, format!("# {PREAMBLE}\n{expected}"));
    }
}
