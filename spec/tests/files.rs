//! Specifications as files: includes, and everything that is no specification.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};

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
fn dashboards_across_files_are_one_list() {
    let folder = folder("dashboards");
    let dashboard = |key: &str| {
        format!(
            "[dashboards.{key}]\nhelp = \"Orders\"\npanels = [{{ metric = \"checkout.orders\" }}]\n"
        )
    };
    let main = |rest: &str| {
        let text = format!("namespace = \"shop\"\ninclude = [\"more.toml\"]\n{ORDERS}{rest}");
        write(&folder, "metrics.toml", text)
    };
    write(&folder, "more.toml", dashboard("on_call"));
    let catalog = valid(&main(&dashboard("weekly"))).catalog;
    let keys: Vec<_> = catalog.dashboards.iter().map(|dashboard| &*dashboard.key).collect();
    assert_eq!(keys, ["weekly", "on_call"]);
    assert_eq!(
        errors(&main(&dashboard("on_call"))),
        "\
error[duplicate-key]: dashboard `on_call` is defined twice
 --> more.toml:1:13
  |
1 | [dashboards.on_call]
  |             ^^^^^^^ second time
  |
 ::: metrics.toml:7:13
  |
7 | [dashboards.on_call]
  |             ------- first time

"
    );
    write(&folder, "more.toml", dashboard("checkout"));
    assert_eq!(
        errors(&main("")),
        "\
error[dashboard]: `checkout` is the dashboard of a component
 --> more.toml:1:13
  |
1 | [dashboards.checkout]
  |             ^^^^^^^^
  |
 ::: metrics.toml:3:2
  |
3 | [checkout.orders]
  |  -------- of this one
  |
  = help: choose another key

"
    );
}

#[test]
fn settings_stand_in_the_main_file() {
    let folder = folder("settings");
    let main = format!("namespace = \"shop\"\ninclude = [\"more.toml\"]\n{ORDERS}");
    let main = write(&folder, "metrics.toml", main);
    write(&folder, "more.toml", "title = \"Shop\"\n[grafana]\neditable = true\n");
    assert_eq!(
        errors(&main),
        "\
error[unknown-key]: `title` is for the whole specification
 --> more.toml:1:1
  |
1 | title = \"Shop\"
  | ^^^^^
  |
  = help: write it in the main file

error[unknown-key]: `grafana` is for the whole specification
 --> more.toml:2:2
  |
2 | [grafana]
  |  ^^^^^^^
  |
  = help: write it in the main file

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
    fs::create_dir(folder.join("directory")).unwrap();
    assert!(errors(&folder.join("directory")).contains("is a directory"));
    assert!(errors(&folder.join("missing.toml")).contains("No such file or directory"));
    let huge = fs::File::create(folder.join("huge.toml")).unwrap();
    huge.set_len(50 << 20).unwrap();
    assert!(errors(&folder.join("huge.toml")).contains("has 52428800 bytes"));
    let latin = write(&folder, "latin.toml", b"namespace = \"shop\"\n# caf\xe9\n");
    assert!(
        errors(&latin).contains("byte 24 is not UTF-8")
            && errors(&latin).contains("latin.toml:2:6\n"),
        "{}",
        errors(&latin)
    );
    let nul = write(&folder, "nul.toml", "namespace = \"sh\0op\"\n");
    assert!(errors(&nul).contains("hidden character U+0000"));
    #[cfg(unix)]
    {
        let made =
            std::process::Command::new("mkfifo").arg(folder.join("pipe.toml")).status().unwrap();
        assert!(made.success());
        assert!(errors(&folder.join("pipe.toml")).contains("is not a regular file"));
    }
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
fn of_a_flood_of_mistakes_the_beginning_is_reported() {
    let folder = folder("flood");
    let mistakes: String =
        (0..20_000).map(|at| format!("[c.m{at}]\ntype = \"gague\"\nhelp = \"x\"\n")).collect();
    let main = write(&folder, "metrics.toml", format!("namespace = \"shop\"\n{mistakes}"));
    let diagnostics = load(&main).expect_err("wrong").diagnostics;
    // A thousand are shown, and how many more there are.
    assert_eq!(diagnostics.len(), 1001);
    assert_eq!(diagnostics[1000].message, "19000 more findings are not shown");
}

#[test]
fn long_lines_and_hidden_floods_are_reported_at_once() {
    let folder = folder("floods");
    let values = "\"a\", ".repeat(20_000);
    for (name, text) in [
        ("nul.toml", "\0".repeat(1 << 20)),
        ("zero_width.toml", "\u{200b}\n".repeat(100_000)),
        (
            "values.toml",
            format!(
                "namespace = \"shop\"\n[labels]\nstore = {{ help = \"S\", values = [{values}] }}\n"
            ),
        ),
        ("keys.toml", "a = 1\n".repeat(20_000)),
        ("headers.toml", "[checkout.orders]\ntype = \"counter\"\n".repeat(20_000)),
    ] {
        let text = errors(&write(&folder, name, text));
        assert!(!text.is_empty() && text.len() < 1 << 20, "{name}: {} bytes", text.len());
    }
}

#[test]
fn a_link_to_a_specification_includes_what_stands_beside_its_target() {
    let folder = folder("linked");
    write(&folder, "real/more.toml", ORDERS);
    let text = "namespace = \"shop\"\ninclude = [\"more.toml\"]\n";
    let real = write(&folder, "real/metrics.toml", text);
    let link = folder.join("metrics.toml");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&real, &link).unwrap();
    #[cfg(not(unix))]
    let link = real;
    assert_eq!(valid(&link).catalog.metrics().count(), 1);
}
