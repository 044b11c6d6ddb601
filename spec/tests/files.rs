//! Specifications as files: includes, and everything that is no specification.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use streamhouse_metrics_spec::render::{Style, render_all};
use streamhouse_metrics_spec::{Checked, load};

/// A folder of its own for each test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// What is wrong with a file, its folder left out.
fn errors(path: &Path) -> String {
    let rejected = load(path).expect_err("something is wrong");
    let text = render_all(&rejected.diagnostics, &rejected.sources, Style::Plain);
    text.replace(&format!("{}/", path.parent().unwrap().display()), "")
}

fn valid(path: &Path) -> Checked {
    load(path).unwrap_or_else(|rejected| {
        panic!("{}", render_all(&rejected.diagnostics, &rejected.sources, Style::Plain))
    })
}

const ORDERS: &str =
    "[checkout.orders]\ntype = \"counter\"\nunit = \"items\"\nhelp = \"Orders placed\"\n";

#[test]
fn included_files_are_one_specification() {
    let folder = folder("included");
    write(&folder, "parts/checkout.toml", format!("include = [\"stock.toml\"]\n{ORDERS}"));
    write(&folder, "parts/stock.toml", ORDERS.replace("checkout", "stock"));
    let main = write(
        &folder,
        "metrics.toml",
        "namespace = \"shop\"\ninclude = [\"parts/checkout.toml\"]\n",
    );
    let names: Vec<_> =
        valid(&main).catalog.metrics().map(|(_, metric)| metric.exposed()).collect();
    assert_eq!(names, ["shop_checkout_orders_total", "shop_stock_orders_total"]);
}

#[test]
fn duplicates_across_files_name_both_places() {
    let folder = folder("duplicates");
    write(&folder, "more.toml", ORDERS);
    let main = write(
        &folder,
        "metrics.toml",
        format!("namespace = \"shop\"\ninclude = [\"more.toml\"]\n{ORDERS}"),
    );
    assert_eq!(
        errors(&main),
        "\
error[duplicate-key]: metric `orders` is defined twice
 --> more.toml:1:11
  |
1 | [checkout.orders]
  |           ^^^^^^ second time
  |
 ::: metrics.toml:3:11
  |
3 | [checkout.orders]
  |           ------ first time

"
    );
}

#[test]
fn includes_stay_below_the_specification_and_end() {
    let folder = folder("cycle");
    write(&folder, "a.toml", "include = [\"b.toml\"]");
    write(
        &folder,
        "b.toml",
        "include = [\"metrics.toml\", \"../elsewhere.toml\", \"missing.toml\", \"a.toml\"]",
    );
    write(folder.parent().unwrap(), "elsewhere.toml", "");
    let main = write(
        &folder,
        "metrics.toml",
        format!("namespace = \"shop\"\ninclude = [\"a.toml\"]\n{ORDERS}"),
    );
    let errors = errors(&main);
    for error in [
        "b.toml:1:13\n",
        "`metrics.toml` includes itself, directly or through others",
        "`../elsewhere.toml` lies outside the specification's folder",
        "cannot read `missing.toml`: No such file or directory",
        "`a.toml` is included twice",
    ] {
        assert!(errors.contains(error), "{error} is missing in\n{errors}");
    }
}

#[test]
fn what_is_no_text_file_is_an_error_at_once() {
    let folder = folder("unreadable");
    let started = Instant::now();
    fs::create_dir(folder.join("directory")).unwrap();
    assert!(errors(&folder.join("directory")).contains("is a directory"));
    assert!(errors(&folder.join("missing.toml")).contains("No such file or directory"));
    let huge = fs::File::create(folder.join("huge.toml")).unwrap();
    huge.set_len(50 << 20).unwrap();
    assert!(errors(&folder.join("huge.toml")).contains("has 52428800 bytes"));
    let latin = write(&folder, "latin.toml", b"namespace = \"shop\"\n# caf\xe9\n");
    assert!(errors(&latin).contains("byte 24, in line 2, is not UTF-8"), "{}", errors(&latin));
    let nul = write(&folder, "nul.toml", "namespace = \"sh\0op\"\n");
    assert!(errors(&nul).contains("hidden character U+0000"));
    #[cfg(unix)]
    {
        let made =
            std::process::Command::new("mkfifo").arg(folder.join("pipe.toml")).status().unwrap();
        assert!(made.success());
        assert!(errors(&folder.join("pipe.toml")).contains("is not a regular file"));
    }
    assert!(started.elapsed() < Duration::from_secs(5), "reading hung");
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_nothing() {
    let folder = folder("crlf");
    let text = format!(
        "namespace = \"shop\"\n{ORDERS}[queries.q]\nexpr = '''\nup\n  == 0'''\nhelp = \"Up\"\n"
    );
    let unix = write(&folder, "unix.toml", &text);
    let windows = write(&folder, "windows.toml", format!("\u{feff}{}", text.replace('\n', "\r\n")));
    let [unix, windows] = [unix, windows].map(|path| format!("{:?}", valid(&path).catalog));
    assert_eq!(unix, windows);
    let broken = write(
        &folder,
        "broken.toml",
        format!("\u{feff}{}", text.replace('\n', "\r\n").replace("unit", "unti")),
    );
    assert!(errors(&broken).contains("broken.toml:4:1\n"), "{}", errors(&broken));
}

#[test]
fn a_flood_of_mistakes_is_reported_within_a_second() {
    let folder = folder("flood");
    let mistakes: String =
        (0..20_000).map(|at| format!("[c.m{at}]\ntype = \"gague\"\nhelp = \"x\"\n")).collect();
    let main = write(&folder, "metrics.toml", format!("namespace = \"shop\"\n{mistakes}"));
    let started = Instant::now();
    assert_eq!(load(&main).expect_err("wrong").diagnostics.len(), 20_000);
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
}
