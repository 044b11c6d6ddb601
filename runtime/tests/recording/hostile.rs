//! Text that tries to break out of its place arrives as data.

use prometheus_client::encoding::text;
use streamhouse_metrics::__private::on::{Component, Counter, Kind, Metric, Number, Recorder};
use streamhouse_metrics::Format;

use crate::support::{EMPTY, metric, open, registered, text as labelled};

static HOSTILE: Component = Component {
    name: "hostile",
    labels: &[open("value", 100)],
    sets: &[&[0]],
    metrics: &[Metric {
        help: "Back\\slash, \"quotes\",\n# TYPE fake counter\nfake 1 {{ x }} <b> | é",
        const_labels: &[("fixed", "a\"b")],
        ..metric("hostile_things", Kind::Counter, Number::Integer, 0)
    }],
    ..EMPTY
};

const VALUES: [&str; 7] =
    ["say \"hi\"", "C:\\new", "two\nlines", "\\\"\n", "{{ $x }} | <b>", "naïve 日本", "\r\t"];

fn record(recorder: &Recorder) {
    for value in VALUES {
        let counter: Counter<'_, u64, _> = labelled::<0, _>(recorder, 0, value);
        counter.inc();
    }
}

#[test]
fn every_value_stays_within_its_quotes() {
    let (registry, recorder) = registered(&HOSTILE);
    record(&recorder);
    let expected = r##"# HELP hostile_things Back\\slash, \"quotes\",\n# TYPE fake counter\nfake 1 {{ x }} <b> | é
# TYPE hostile_things counter
hostile_things_total{fixed="a\"b",value="say \"hi\""} 1
hostile_things_total{fixed="a\"b",value="C:\\new"} 1
hostile_things_total{fixed="a\"b",value="two\nlines"} 1
hostile_things_total{fixed="a\"b",value="\\\"\n"} 1
hostile_things_total{fixed="a\"b",value="{{ $x }} | <b>"} 1
hostile_things_total{fixed="a\"b",value="naïve 日本"} 1
hostile_things_total{fixed="a\"b",value="<CR><TAB>"} 1
# EOF
"##;
    let expected = expected.replace("<CR>", "\r").replace("<TAB>", "\t");
    assert_eq!(registry.to_text(), expected);
}

#[test]
fn prometheus_client_escapes_as_we_do() {
    let (ours, recorder) = registered(&HOSTILE);
    record(&recorder);
    let mut theirs = prometheus_client::registry::Registry::default();
    record(&Recorder::new(&mut theirs, &HOSTILE));
    let mut body = String::new();
    text::encode(&mut body, &theirs).unwrap();
    assert_eq!(body, ours.to_text());
}

#[test]
fn only_openmetrics_escapes_quotes_in_help() {
    let (registry, recorder) = registered(&HOSTILE);
    record(&recorder);
    let body = String::from_utf8(registry.encode(Format::Prometheus)).unwrap();
    let help = body.lines().next().unwrap();
    let text = r##"Back\\slash, "quotes",\n# TYPE fake counter\nfake 1 {{ x }} <b> | é"##;
    assert_eq!(help, format!("# HELP hostile_things_total {text}"));
}
