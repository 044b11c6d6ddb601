//! What people write beside the specification: the parts of runbooks that no one can derive.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Runbook;

use crate::output::{Failure, read_text};

/// The folder of runbooks that no alert has to name.
const FOLDER: &str = "runbooks";

/// Hand-written texts by what they are about.
#[derive(Clone, Debug, Default)]
pub struct Handwritten {
    /// In Markdown, by the name of the alert.
    runbooks: BTreeMap<String, String>,
}

impl Handwritten {
    /// Reads what belongs to a specification: the runbooks that its alerts name, and
    /// `runbooks/<Alert>.md` of the others where there is one.
    ///
    /// # Errors
    ///
    /// Gives the first file that cannot be read, or that no alert has, so that a runbook does not
    /// outlive its alert unnoticed.
    pub fn read(catalog: &Catalog, folder: &Path) -> Result<Self, Failure> {
        let there = files(&folder.join(FOLDER))?;
        let mut read = BTreeSet::new();
        let mut runbooks = BTreeMap::new();
        for alert in &catalog.alerts {
            let own = format!("{}.md", alert.name);
            let path = match &alert.runbook {
                Some(Runbook::File(path)) => path.trim_start_matches("./").to_owned(),
                _ if there.contains(&own) => format!("{FOLDER}/{own}"),
                _ => continue,
            };
            runbooks.insert(alert.name.clone(), read_text(folder, &path)?);
            read.insert(path);
        }
        match there.iter().find(|name| !read.contains(&format!("{FOLDER}/{name}"))) {
            Some(name) => {
                let message = format!("`{FOLDER}/{name}` is the runbook of no alert");
                Err(Failure::input(format!("{message}; name it after one, or delete it")))
            }
            None => Ok(Self { runbooks }),
        }
    }

    /// The hand-written part of an alert's runbook.
    pub(crate) fn runbook(&self, alert: &str) -> Option<&str> {
        self.runbooks.get(alert).map(String::as_str)
    }
}

/// The Markdown files of a folder that may not be there.
fn files(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(Failure::disk("read", folder, error)),
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::disk("read", folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A folder of runbooks may say what it is.
        if name.ends_with(".md") && name != "README.md" {
            names.insert(name);
        }
    }
    Ok(names)
}
