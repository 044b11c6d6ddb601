//! From what Prometheus answers to pictures: a page for each dashboard, which Chromium shows once.

use std::fmt;
use std::fs::{self, File};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::tools::{self, run};
use crate::{report, workspace};

/// How long Chromium may take for a picture.
const PATIENCE: Duration = Duration::from_secs(60);

/// It shows one page, asks nobody for anything, and its clock goes on as soon as nothing is left to do.
const CHROMIUM: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=2000",
    "--dump-dom",
];

/// What asks and what draws, made of their sources.
#[derive(Debug)]
pub(crate) struct Drawing {
    /// The program that asks, and pages beside the one that draws them.
    folder: PathBuf,
}

/// What Prometheus said to everything that dashboards ask.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) pages: Vec<Page>,
    /// Whether every panel shows something.
    pub(crate) are_right: bool,
}

/// A dashboard as a page, and what is on it.
#[derive(Debug)]
pub(crate) struct Page {
    name: String,
    width: u64,
    height: u64,
    panels: u64,
    queries: u64,
    series: u64,
}

impl Drawing {
    /// Makes both programs; what is in them is not checked.
    pub(crate) fn prepare() -> Result<Self, String> {
        let drawing = Self { folder: workspace().join("target/drawing") };
        let mut page = bundle("page/page.tsx", &drawing.folder)?;
        page.args(["--minify", "--define:process.env.NODE_ENV=\"production\""]);
        run(page.args(["ttf", "svg", "woff2"].map(|ending| format!("--loader:.{ending}=dataurl"))))?;
        let mut answers = bundle("answers/main.ts", &drawing.folder)?;
        run(answers.arg("--platform=node"))?;
        Ok(drawing)
    }

    /// Asks a Prometheus what dashboards ask, and says what is wrong with the answers.
    pub(crate) fn ask(
        &self,
        prometheus: &str,
        minutes: u64,
        dashboards: &[PathBuf],
    ) -> Result<Answers, String> {
        let mut ask = Command::new("node");
        ask.arg(self.folder.join("main.js")).args(["--from", prometheus]);
        ask.args(["--minutes", &minutes.to_string()]).arg("--pages").arg(&self.folder);
        let answer = ask.args(dashboards).stderr(Stdio::inherit()).output();
        let answer = answer.map_err(|error| format!("`node` cannot be started: {error}"))?;
        let are_right = match answer.status.code() {
            Some(0) => true,
            Some(1) => false,
            _ => return Err(format!("{prometheus} could not be asked")),
        };
        let summaries = String::from_utf8_lossy(&answer.stdout);
        let pages = summaries.lines().map(Page::read).collect::<Option<_>>();
        let pages = pages.ok_or_else(|| format!("this is no summary of answers: {summaries}"))?;
        Ok(Answers { pages, are_right })
    }

    /// Draws pages, into a picture each.
    pub(crate) fn draw(&self, pages: &[Page], out: &Path) -> Result<(), String> {
        let waiting = Mutex::new(pages.iter());
        let next = || waiting.lock().ok()?.next();
        let work = || std::iter::from_fn(next).try_for_each(|page| self.show(page));
        thread::scope(|scope| {
            let at_once = thread::available_parallelism().map_or(1, NonZero::get);
            let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| {
                worker.join().unwrap_or_else(|_| Err("a picture was not drawn".to_owned()))
            })
        })?;
        fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
        let pictures = pages.iter().map(|page| page.picture(&self.folder));
        run(Command::new("node").arg(package().join("shrink.js")).arg(out).args(pictures))
    }

    fn show(&self, page: &Page) -> Result<(), String> {
        let Page { name, width, height, .. } = page;
        let document = self.folder.join(format!("{name}.dom"));
        let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut chromium = tools::command("chromium")?;
        chromium.args(CHROMIUM);
        chromium.arg(format!("--user-data-dir={}", profile.path().display()));
        chromium.arg(format!("--window-size={width},{height}"));
        chromium.arg(format!("--screenshot={}", page.picture(&self.folder).display()));
        chromium.arg(format!("file://{}", self.folder.join(format!("{name}.html")).display()));
        // A file takes all of it at once, whoever waits for what.
        let words = File::create(&document).map_err(|error| error.to_string())?;
        chromium.stdout(words).stderr(Stdio::null());
        finish(&mut chromium).map_err(|why| format!("dashboard `{name}`, {why}"))?;
        let document = fs::read_to_string(&document).map_err(|error| error.to_string())?;
        drawn(&document).map_err(|why| format!("dashboard `{name}`, {why}"))
    }
}

impl Page {
    fn read(summary: &str) -> Option<Self> {
        let summary: Value = serde_json::from_str(summary).ok()?;
        let number = |key: &str| summary[key].as_u64();
        Some(Self {
            name: summary["name"].as_str()?.to_owned(),
            width: number("width")?,
            height: number("height")?,
            panels: number("panels")?,
            queries: number("queries")?,
            series: number("series")?,
        })
    }

    /// Its picture in a folder.
    pub(crate) fn picture(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.png", self.name))
    }
}

impl fmt::Display for Page {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { panels, queries, series, .. } = self;
        write!(formatter, "{panels} panels, {queries} queries, {series} series")
    }
}

/// What a document says about itself once its page has run.
fn drawn(document: &str) -> Result<(), String> {
    let said = |attribute: &str| {
        let (_, value) = document.split_once(&format!(" {attribute}=\""))?;
        value.split('"').next()
    };
    match (said("data-failed"), said("data-drawn")) {
        (Some(failed), _) => Err(failed.to_owned()),
        (None, Some(_)) => Ok(()),
        (None, None) => Err("it was not drawn".to_owned()),
    }
}

/// Has the TypeScript compiler look at what draws; the tests have it look at what asks.
pub(crate) fn check_types() -> Result<(), String> {
    report::step("Checking", "the types of what draws");
    run(tools::command("tsc")?.arg("--project").arg(package().join("page")))
}

fn package() -> PathBuf {
    workspace().join("tests/drawing")
}

fn bundle(source: &str, folder: &Path) -> Result<Command, String> {
    let mut esbuild = tools::command("esbuild")?;
    esbuild.current_dir(package()).args([source, "--bundle", "--log-level=warning"]);
    esbuild.arg(format!("--outdir={}", folder.display()));
    Ok(esbuild)
}

/// Waits for a program that has no reason to take long.
fn finish(command: &mut Command) -> Result<(), String> {
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("Chromium: {status}")),
            None if Instant::now() > deadline => {
                // It may have ended by itself, which is just as well.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("Chromium is not done after {PATIENCE:?}"));
            }
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_read_whole_or_not_at_all() {
        let summary = r#"{"name":"a","width":1400,"height":900,"panels":2,"queries":3,"series":5}"#;
        let page = Page::read(summary).expect("a summary");
        assert_eq!(page.to_string(), "2 panels, 3 queries, 5 series");
        assert_eq!(page.picture(Path::new("images")), Path::new("images/a.png"));
        assert!(Page::read(&summary.replace("\"series\":5", "\"series\":-5")).is_none());
    }

    #[test]
    fn a_document_says_whether_it_was_drawn() {
        assert_eq!(drawn("<body data-drawn=\"12\"><p></p></body>"), Ok(()));
        let failed = "<body data-drawn=\"12\"><p data-failed=\"panel `Lag`: no\"></p></body>";
        assert_eq!(drawn(failed), Err("panel `Lag`: no".to_owned()));
        assert_eq!(drawn("<body></body>"), Err("it was not drawn".to_owned()));
    }
}
