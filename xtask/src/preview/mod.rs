//! `cargo xtask preview`: what the generated dashboards look like while StreamHouse runs.
//!
//! ```text
//! demo ──▶ Prometheus ──answers──▶ pages ──Chromium──▶ docs/images/*.png
//! Load                    tests/drawing/    Drawing
//! ```
//!
//! Nobody ships a Grafana server that could be fetched, so components of Grafana's draw the panels.
//! A panel in which nobody could see anything is drawn all the same, and then is an error.

mod drawing;
mod load;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, Parser};

use self::drawing::Drawing;
use self::load::Load;
use crate::{Arguments, report, tools, workspace};

/// Draws every dashboard as it looks after some minutes of load, and refuses those that show nothing.
#[derive(Args, Debug)]
pub(crate) struct Preview {
    /// How many minutes of load are drawn.
    #[arg(long, value_name = "COUNT", default_value_t = 5,
        value_parser = clap::value_parser!(u16).range(1..=1440))]
    minutes: u16,

    /// Draw this dashboard alone, by the name of its file: `streamhouse-overview`.
    #[arg(long, value_name = "NAME")]
    dashboard: Option<String>,

    /// Where pictures go; `docs/images` without it.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    /// Start nothing, and ask a Prometheus that runs: one whose scrapes are seconds apart.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
}

impl Preview {
    /// Exits 0 when every panel shows something, 1 when one does not, 2 when nothing could be drawn.
    pub(crate) fn run(self) -> ExitCode {
        let missing = tools::fetch_for_drawing();
        for missing in &missing {
            report::error(missing);
        }
        if !missing.is_empty() {
            return ExitCode::from(2);
        }
        let derived = Arguments::parse_from(["cargo xtask", "gen"]).chore.run();
        if derived != ExitCode::SUCCESS {
            return derived;
        }
        match self.draw() {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => {
                report::error("somebody would look at these panels and see nothing");
                ExitCode::FAILURE
            }
            Err(error) => {
                report::error(error);
                ExitCode::from(2)
            }
        }
    }

    /// Whether every panel shows something.
    fn draw(self) -> Result<bool, String> {
        let Self { minutes, dashboard, out, from } = self;
        let dashboards = dashboards(dashboard.as_deref())?;
        let out = out.unwrap_or_else(|| workspace().join("docs/images"));
        let minutes = minutes.into();
        let (mut load, drawing) = match from {
            Some(_) => (None, Drawing::prepare()?),
            None => {
                let mut load = Load::start(minutes)?;
                // There is time for it.
                drawing::check_types()?;
                let drawing = Drawing::prepare()?;
                load.wait()?;
                (Some(load), drawing)
            }
        };
        let prometheus = load.as_ref().map(Load::prometheus).or(from.as_deref());
        let start = Instant::now();
        let answers = drawing.ask(prometheus.unwrap_or_default(), minutes, &dashboards)?;
        if let Some(load) = &mut load {
            // It ends while pictures are drawn.
            load.end();
        }
        drawing.draw(&answers.pages, &out)?;
        report_pictures(&answers, &out, start.elapsed())?;
        Ok(answers.are_right)
    }
}

fn report_pictures(answers: &drawing::Answers, out: &Path, time: Duration) -> Result<(), String> {
    for page in &answers.pages {
        let picture = page.picture(out);
        let size = fs::metadata(&picture).map_err(|error| error.to_string())?.len() / 1000;
        let shown = picture.strip_prefix(workspace()).unwrap_or(&picture).display();
        report::step("Drew", format_args!("{shown}: {page}, {size} kB"));
    }
    let (count, seconds) = (answers.pages.len(), time.as_secs_f64());
    report::step("Finished", format_args!("{count} pictures in {seconds:.1} s, after the load"));
    Ok(())
}

/// The generated dashboards, or the one of a name.
fn dashboards(name: Option<&str>) -> Result<Vec<PathBuf>, String> {
    let folder = workspace().join("generated/grafana/dashboards");
    let entries = fs::read_dir(&folder);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut known: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    known.sort();
    let Some(name) = name else { return Ok(known) };
    let names = known.iter().filter_map(|file| file.file_stem());
    let names = names.map(|name| format!("`{}`", name.display())).collect::<Vec<_>>().join(", ");
    known.retain(|file| file.file_stem() == Some(name.as_ref()));
    if known.is_empty() {
        return Err(format!("there is no dashboard `{name}`, but {names}"));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dashboard_is_found_by_its_name() {
        let all = dashboards(None).expect("dashboards are generated");
        assert!(all.len() > 1 && all.is_sorted());
        let name = all[1].file_stem().and_then(|name| name.to_str()).expect("a name");
        assert_eq!(dashboards(Some(name)).expect("it is there"), [all[1].clone()]);
        let unknown = dashboards(Some("overvew")).expect_err("it is misspelt");
        assert!(unknown.starts_with("there is no dashboard `overvew`, but `"), "{unknown}");
        assert!(unknown.contains(&format!("`{name}`")), "{unknown}");
    }
}
