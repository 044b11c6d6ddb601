//! What differs between the outputs and the disk.
//!
//! Writing, `--check` and `--diff` all carry out the same plan, so they cannot disagree.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use streamhouse_metrics_spec::disk;

use super::manifest::{self, Manifest};
use super::{Base, Failure, Output, place};

/// The way from what is on disk to what should be.
#[derive(Debug)]
pub struct Plan {
    /// Files that differ, in the order of the outputs, then those to remove.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub unchanged: usize,
    /// Files in the output folder that nobody generates; they are never touched.
    pub foreign: Vec<PathBuf>,
    /// The output folder.
    pub(super) folder: PathBuf,
    /// Every folder that an output is in.
    pub(super) folders: BTreeSet<PathBuf>,
    /// What the output folder's manifest says and should say.
    pub(super) manifest: Option<ManifestChange>,
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
    pub(super) old: String,
    /// Lists the old and the new files, so that a run killed half-way loses track of none.
    pub(super) during: String,
    pub(super) new: String,
}

impl Plan {
    /// Compares all outputs of some makers with the disk.
    ///
    /// With `everything`, files of makers that are no more are stale too, and files of nobody are
    /// looked for.
    pub fn new(
        outputs: Vec<Output>,
        root: &Path,
        folder: &Path,
        wanted: impl Fn(&str) -> bool,
        everything: bool,
    ) -> Result<Self, Failure> {
        let base = |output: &Output| match output.base {
            Base::OutputFolder => folder,
            Base::SpecFolder => root,
        };
        let old_manifest = read_manifest(folder)?;
        let mut new_manifest = Manifest::default();
        let mut paths = HashSet::new();
        let mut plan = Self {
            changes: Vec::new(),
            unchanged: 0,
            foreign: Vec::new(),
            folder: folder.to_owned(),
            folders: BTreeSet::from([folder.to_owned()]),
            manifest: None,
        };

        for output in outputs {
            let base = base(&output);
            let path = place::below(base, &output.path)?;
            if !paths.insert(path.clone()) {
                return Err(Failure::disk("write", &path, "two outputs have this place"));
            }
            plan.folders.extend(path.parent().map(Path::to_owned));
            let old = place::content(base, &output.path)?;
            if old.as_deref() == Some(output.text.as_bytes()) {
                plan.unchanged += 1;
            } else {
                plan.changes.push(Change {
                    path,
                    old,
                    new: Some(output.text),
                });
            }
            if output.base == Base::OutputFolder {
                new_manifest
                    .makers
                    .insert(output.path, output.maker.to_owned());
            }
        }

        for (path, maker) in &old_manifest.makers {
            if new_manifest.makers.contains_key(path) {
                continue;
            }
            if !everything && !wanted(maker) {
                new_manifest.makers.insert(path.clone(), maker.clone());
                continue;
            }
            let stale = place::below(folder, path)?;
            // It may have become a hand-named output, such as the schema.
            if paths.insert(stale.clone())
                && let Some(old) = place::content(folder, path)?
            {
                plan.changes.push(Change {
                    path: stale,
                    old: Some(old),
                    new: None,
                });
            }
        }

        if everything {
            paths.insert(folder.join(manifest::FILE_NAME));
            foreign(folder, &paths, &mut plan.foreign);
            plan.foreign.sort();
        }
        plan.manifest = manifest_change(folder, &old_manifest, &new_manifest)?;
        Ok(plan)
    }

    /// Whether the disk is as it should be, with nothing that nobody generates.
    pub fn is_current(&self) -> bool {
        self.changes.is_empty() && self.foreign.is_empty() && self.manifest.is_none()
    }

    /// Whether the list of written files differs.
    pub fn has_stale_manifest(&self) -> bool {
        self.manifest.is_some()
    }

    /// Every file that differs, by its path as shown, with what it holds and should hold.
    pub(super) fn texts(&self) -> BTreeMap<String, (Option<String>, Option<String>)> {
        let lossy = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let changes = self.changes.iter().map(|change| {
            (
                disk::shown(&change.path),
                (change.old.as_ref().map(lossy), change.new.clone()),
            )
        });
        let manifest = self.manifest.iter().map(|change| {
            let old = (!change.old.is_empty()).then(|| change.old.clone());
            (disk::shown(&change.path), (old, Some(change.new.clone())))
        });
        changes.chain(manifest).collect()
    }
}

fn read_manifest(folder: &Path) -> Result<Manifest, Failure> {
    let path = folder.join(manifest::FILE_NAME);
    let text = place::content(folder, manifest::FILE_NAME)?.unwrap_or_default();
    Manifest::parse(&String::from_utf8_lossy(&text)).map_err(|line| {
        Failure::disk(
            "read",
            &path,
            format!("`{line}` names no file and its maker; delete the manifest to start anew"),
        )
    })
}

/// The change of the manifest, unless it stays byte for byte.
fn manifest_change(
    folder: &Path,
    old: &Manifest,
    new: &Manifest,
) -> Result<Option<ManifestChange>, Failure> {
    let path = folder.join(manifest::FILE_NAME);
    let on_disk = place::content(folder, manifest::FILE_NAME)?;
    let text = new.text();
    let nothing = on_disk.is_none() && new.makers.is_empty();
    if nothing || on_disk.as_deref() == Some(text.as_bytes()) {
        return Ok(None);
    }
    let old_text = String::from_utf8_lossy(&on_disk.unwrap_or_default()).into_owned();
    Ok(Some(ManifestChange {
        path,
        old: old_text,
        during: old.union(new).text(),
        new: text,
    }))
}

/// Files that are in a folder and not among the known ones; hidden ones belong to other tools.
fn foreign(folder: &Path, known: &HashSet<PathBuf>, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if hidden || known.contains(&path) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            foreign(&path, known, found);
        } else {
            found.push(path);
        }
    }
}
