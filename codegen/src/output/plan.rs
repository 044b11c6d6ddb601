//! What differs between the outputs and the disk.
//!
//! Writing, `--check` and `--diff` all carry out the same plan, so they cannot disagree.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use streamhouse_metrics_spec::disk;

use super::manifest::{self, Manifest};
use super::{Base, Failure, Folders, MARKDOWN, Output, Selection, foreign, owned, place};

/// The way from what is on disk to what should be.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files that differ, in the order of the outputs, then those to remove.
    pub changes: Vec<Change>,
    /// How many files are as they should be, the manifest among them.
    pub unchanged: usize,
    /// Files in the output folder that nobody generates; they are never touched.
    pub foreign: Vec<PathBuf>,
    /// The folder of the specification, from which the difference counts its paths.
    root: PathBuf,
    /// The output folder.
    pub(super) folder: PathBuf,
    /// Every folder that an output is in.
    pub(super) folders: BTreeSet<PathBuf>,
    /// The manifest, if it differs.
    pub(super) manifest: Option<ManifestChange>,
    /// Places of all outputs, and of files to remove.
    taken: HashSet<PathBuf>,
    /// Files in the place of an output that are somebody's own.
    owned: Vec<PathBuf>,
}

/// A file that differs.
#[derive(Debug)]
pub struct Change {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds, if it is there.
    pub old: Option<Vec<u8>>,
    /// What it should hold, unless it should go.
    pub new: Option<String>,
}

/// The manifest as it is, while files are replaced, and afterwards.
#[derive(Debug)]
pub(super) struct ManifestChange {
    pub(super) path: PathBuf,
    pub(super) old: Option<String>,
    /// Lists the old and the new files, so that a run killed half-way loses track of none.
    pub(super) during: String,
    pub(super) new: String,
}

impl Plan {
    /// Compares the selected outputs with the disk.
    ///
    /// When everything is selected, files of makers that are no more are stale too, and files of
    /// nobody are looked for.
    pub fn new(
        outputs: Vec<Output>,
        folders: &Folders,
        selection: &Selection,
    ) -> Result<Self, Failure> {
        let Folders { spec, output, sources } = folders.clone();
        let mut plan = Self { root: spec, folder: output, ..Self::default() };
        plan.folders.insert(plan.folder.clone());
        let manifest_path = plan.folder.join(manifest::FILE_NAME);
        let old_text = place::content(&plan.folder, manifest::FILE_NAME)?;
        let old_text = old_text.map(|text| String::from_utf8_lossy(&text).into_owned());
        let old = old_text.as_deref().map(Manifest::parse).transpose();
        let old = old.map_err(|why| Failure::disk("replace", &manifest_path, why))?;
        let old = old.unwrap_or_default();
        plan.taken.insert(manifest_path.clone());

        let mut manifest = Manifest::default();
        for output in outputs {
            if output.base == Base::OutputFolder {
                manifest.makers.insert(output.path.clone(), output.maker.to_owned());
            }
            plan.compare(output, folders, &old)?;
        }
        for (path, maker) in &old.makers {
            if manifest.makers.contains_key(path) {
                continue;
            }
            if selection.wants(maker) {
                plan.remove(path)?;
            } else {
                manifest.makers.insert(path.clone(), maker.clone());
            }
        }
        owned::spare_sources(&plan.changes, &sources)?;
        owned::spare(&plan.owned)?;
        // A folder that holds the specification holds the rest of somebody's project, too.
        let is_ours = !disk::canonical(&plan.root).starts_with(disk::canonical(&plan.folder));
        if selection.is_everything() && is_ours {
            plan.taken.extend(sources);
            plan.foreign = foreign::below(&plan.folder, &plan.taken);
        }

        let new = manifest.text();
        let is_needed = old_text.is_some() || !manifest.makers.is_empty();
        if old_text.as_ref() == Some(&new) {
            plan.unchanged += 1;
        } else if is_needed {
            let during = old.union(&manifest).text();
            plan.manifest =
                Some(ManifestChange { path: manifest_path, old: old_text, during, new });
        }
        Ok(plan)
    }

    /// Whether the disk is as it should be, with nothing that nobody generates.
    pub fn is_current(&self) -> bool {
        self.changes.is_empty() && self.foreign.is_empty() && self.manifest.is_none()
    }

    /// How many files are to be written, the manifest among them.
    pub fn written(&self) -> usize {
        let changed = self.changes.iter().filter(|change| change.new.is_some()).count();
        changed + usize::from(self.manifest.is_some())
    }

    /// How many files are to be removed.
    pub fn removed(&self) -> usize {
        self.changes.iter().filter(|change| change.new.is_none()).count()
    }

    /// Notes whether an output differs from what is in its place.
    fn compare(
        &mut self,
        output: Output,
        folders: &Folders,
        manifest: &Manifest,
    ) -> Result<(), Failure> {
        let Output { maker, base, path, text } = output;
        let (base, is_known) = match base {
            Base::OutputFolder => (&folders.output, manifest.makers.contains_key(&path)),
            Base::SpecFolder => (&folders.spec, maker == MARKDOWN),
        };
        let place = place::below(base, &path)?;
        if !self.taken.insert(place.clone()) {
            return Err(Failure::disk("write", &place, "two outputs have this place"));
        }
        self.folders.extend(place.parent().map(Path::to_owned));
        let old = place::content(base, &path)?;
        if old.as_deref() == Some(text.as_bytes()) {
            self.unchanged += 1;
        } else {
            if !is_known && old.as_ref().is_some_and(|old| !owned::says_so(old)) {
                self.owned.push(place.clone());
            }
            self.changes.push(Change { path: place, old, new: Some(text) });
        }
        Ok(())
    }

    /// Notes that a file of an earlier run should go, if it is still there.
    fn remove(&mut self, path: &str) -> Result<(), Failure> {
        let place = place::below(&self.folder, path)?;
        // It may have become an output of another kind, such as the schema.
        if self.taken.insert(place.clone())
            && let Some(old) = place::content(&self.folder, path)?
        {
            self.changes.push(Change { path: place, old: Some(old), new: None });
        }
        Ok(())
    }

    /// Every file that differs, with what it holds and should hold, by its path.
    ///
    /// Paths count from the folder of the specification, so that a difference reads the same
    /// wherever it was made.
    pub(super) fn texts(&self) -> BTreeMap<String, (Option<String>, Option<String>)> {
        let lossy = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let shown = |path: &Path| {
            let path = path.strip_prefix(&self.root).unwrap_or(path);
            path.display().to_string().replace('\\', "/")
        };
        let changes = self
            .changes
            .iter()
            .map(|Change { path, old, new }| (shown(path), (old.as_ref().map(lossy), new.clone())));
        let manifest = self.manifest.iter().map(|ManifestChange { path, old, new, .. }| {
            (shown(path), (old.clone(), Some(new.clone())))
        });
        changes.chain(manifest).collect()
    }
}
