//! `MANIFEST`: which files of the output folder were written by whom.
//!
//! Without it, a dashboard of a component that is gone would stay for ever; with it, nothing is
//! ever removed that an earlier run did not write.

use std::collections::BTreeMap;

use super::owned;
use crate::text::PREAMBLE;

/// Its name in the output folder.
pub(super) const FILE_NAME: &str = "MANIFEST";

/// Paths with their makers, in the order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Makers by path.
    pub(super) makers: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads what [`Self::text`] wrote, and nothing else.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if !text.lines().next().is_some_and(owned::is_opening) {
            return Err("it is not the list of generated files; move or delete it".to_owned());
        }
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let entry = |line: &str| match line.split_once(' ') {
            Some((maker, path)) => Ok((path.to_owned(), maker.to_owned())),
            None => Err(format!("`{line}` is no maker and path; delete the file to start anew")),
        };
        Ok(Self { makers: lines.map(entry).collect::<Result<_, _>>()? })
    }

    /// A line a file, readable in a diff.
    pub(super) fn text(&self) -> String {
        let lines = self.makers.iter().map(|(path, maker)| format!("{maker} {path}\n"));
        std::iter::once(format!("# {PREAMBLE}\n")).chain(lines).collect()
    }

    /// Everything that either lists.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut makers = self.makers.clone();
        makers.extend(other.makers.clone());
        Self { makers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let makers = [("docs/a b.md", "docs"), ("catalog.json", "catalog")];
        let makers = makers.map(|(path, maker)| (path.to_owned(), maker.to_owned())).into();
        let manifest = Manifest { makers };
        assert_eq!(
            manifest.text().lines().skip(1).collect::<Vec<_>>(),
            ["catalog catalog.json", "docs docs/a b.md"]
        );
        assert_eq!(Manifest::parse(&manifest.text()), Ok(manifest));
    }

    #[test]
    fn refuses_other_lines() {
        let text = Manifest::default().text() + "docs a.md\n=======\n";
        let error = Manifest::parse(&text).unwrap_err();
        assert_eq!(error, "`=======` is no maker and path; delete the file to start anew");
    }

    #[test]
    fn refuses_lists_of_others() {
        for text in ["", "docs a.md\n", "Manifest-Version: 1.0\n", "# Packing list\n"] {
            let error = Manifest::parse(text).unwrap_err();
            assert_eq!(error, "it is not the list of generated files; move or delete it");
        }
    }
}
