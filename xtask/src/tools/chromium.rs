//! Chromium, which draws pages without a screen.
//! An installed one is taken from PATH, otherwise Debian's package is unpacked, with its libraries.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Missing, debian, on_path, register};

/// What it is called, and what its relatives are called that do the same.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Makes sure that Chromium is there.
pub(super) fn fetch() -> Result<(), Missing> {
    locate().map_err(|why| Missing {
        what: "Chromium, which draws pictures of dashboards",
        why,
        remedy: "install Chromium so that `chromium` or `google-chrome` is on PATH \
                 (Debian: apt install chromium)",
    })
}

fn locate() -> Result<(), String> {
    if let Some(program) = PROGRAMS.iter().find_map(|name| on_path(name)) {
        return register("chromium", &[&program]);
    }
    let files = debian::unpacked_with_dependencies("chromium")?;
    let libraries = format!("LD_LIBRARY_PATH={}", libraries(&files)?);
    let program = files.join("usr/lib/chromium/chromium");
    register("chromium", &[Path::new("env"), Path::new(&libraries), &program])
}

/// Where its libraries are, of which one is in a folder of its own.
fn libraries(files: &Path) -> Result<String, String> {
    let folders = fs::read_dir(files.join("usr/lib")).map_err(|error| error.to_string())?;
    let folders = folders.filter_map(|folder| Some(folder.ok()?.path()));
    let of_a_system = |folder: &PathBuf| folder.to_string_lossy().ends_with("-linux-gnu");
    let libraries = folders.filter(of_a_system).flat_map(|folder| {
        let own = folder.join("pulseaudio");
        [folder, own]
    });
    let libraries: Vec<_> = libraries.map(|folder| folder.display().to_string()).collect();
    Ok(libraries.join(":"))
}
