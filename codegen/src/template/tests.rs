//! Texts, and what Prometheus 2.42 makes of them; promtool judges more of the same in the
//! whole-system tests.

use super::*;

fn labels() -> BTreeMap<String, String> {
    let labels = [("topic", "orders"), ("instance", "a.b.c:9100"), ("empty", "")];
    labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Each text, and what is written for a series of 1.5.
#[track_caller]
fn writes(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(render(text, &labels(), 1.5).as_deref(), Ok(*expected), "{text}");
    }
}

/// Draws why there is no text beneath it, and compares.
#[track_caller]
fn fails(cause: Cause, pictures: &[&str]) {
    for picture in pictures {
        let text = picture.lines().next().expect("a text");
        let failure = render(text, &labels(), 1.5).expect_err(text);
        assert_eq!(failure.cause, cause, "{text}: {failure}");
        let before = text[..failure.place.start].chars().count();
        let width = text[failure.place].chars().count().max(1);
        let help = failure.help.map_or(String::new(), |help| format!(": {help}"));
        let message = failure.message;
        let carets = "^".repeat(width);
        assert_eq!(&format!("{text}\n{}{carets} {message}{help}", " ".repeat(before)), picture);
    }
}

#[test]
fn braces_stay_braces() {
    for text in ["plain { } text", "a {{ $x }} b", "{{{", "{{- x -}}", "{{/* y"] {
        writes(&[(&constant(text), text)]);
    }
    assert_eq!(constant("a {{ $x"), r#"a {{ "{{" }} $x"#);
}

#[test]
fn values() {
    writes(&[
        ("{{ $value }} {{ .Value }} {{ $.Value }} {{$value}}", "1.5 1.5 1.5 1.5"),
        ("{{ $labels.topic }} {{ .Labels.topic }} {{ ($labels).topic }}", "orders orders orders"),
        ("{{ $labels.missing }}|{{ .Labels.missing }}|{{ index $labels \"missing\" }}|", "|||"),
        ("{{ $labels }}", "map[empty: instance:a.b.c:9100 topic:orders]"),
        (
            "{{ 010 }} {{ 0x1F }} {{ 1_000 }} {{ .5 }} {{ -3 }} {{ 1e3 }} {{ 'a' }}",
            "8 31 1000 0.5 -3 1000 97",
        ),
        (r#"{{ "a\"\u00e9\x41\n" }} {{ `raw {{ }}` }}"#, "a\"éA\n raw {{ }}"),
        ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"),
        ("{{ true }} {{ $value | }}", "true 1.5"),
    ]);
}

#[test]
fn gaps() {
    writes(&[
        ("a {{- 1 -}} b {{- /* c */ -}} d", "a1bd"),
        ("a {{- 1 }} b {{ 2 -}}\n\tc", "a1 b 2c"),
        ("{{/* a */}} b {{/*}}*/}}c", " b c"),
        ("{{-3}}{{- 3}}", "-33"),
        ("}} alone }", "}} alone }"),
        ("{{\n$value\n|\nhumanize\n}}", "1.5"),
    ]);
}

#[test]
fn controls() {
    writes(&[
        ("{{ if $labels.empty }}a{{ else if $value }}b{{ else }}c{{ end }}", "b"),
        ("{{ with $labels.topic }}{{ . }}{{ $.Value }}{{ else }}none{{ end }}", "orders1.5"),
        ("{{ with $x := $labels.topic }}{{ $x }}{{ end }}", "orders"),
        (
            "{{ with $labels }}{{ .topic }}{{ end }}{{ with .Labels.empty }}a{{ else }}b{{ end }}",
            "ordersb",
        ),
        ("{{ if and (gt $value 1.0) (lt $value 2.0) }}in{{ end }}", "in"),
        ("{{ define \"x\" }}never{{ end }}a", "a"),
    ]);
}

#[test]
fn functions() {
    writes(&[
        (
            "{{ eq \"a\" \"b\" \"a\" }} {{ ne 1 2 }} {{ le \"a\" \"a\" }} {{ 5 | lt 3 }}",
            "true true true true",
        ),
        ("{{ and 1 0 }} {{ or 0 \"x\" }} {{ not 1.5 }} {{ and 1 2.5 }}", "0 x false 2.5"),
        ("{{ or \"x\" (humanize \"no\") }}", "x"),
        ("{{ print 1 2 \"a\" \"b\" 3 4.5 true }}{{ println 1 \"a\" }}", "1 2ab3 4.5 true1 a\n"),
        ("{{ len \"é\" }} {{ len $labels }} {{ index \"abc\" 1 }}", "2 3 98"),
        (
            "{{ \"bar-baz x1\" | title }} {{ toUpper \"é\" }} {{ toLower \"ÀB\" }}",
            "Bar-Baz X1 É àb",
        ),
        (
            "{{ match \"a.*\" \"bab\" }} {{ reReplaceAll \"(?P<x>a)\" \"${x}!$$\" \"bab\" }}",
            "true ba!$b",
        ),
        ("{{ parseDuration \"1h30m5ms\" }} {{ parseDuration \"1y\" }}", "5400.005 3.1536e+07"),
        ("{{ graphLink \"up{a=\\\"b c\\\"}\" }}", "/graph?g0.expr=up%7Ba%3D%22b+c%22%7D&g0.tab=0"),
        (
            "{{ stripPort \"[::1]:80\" }} {{ stripPort \"::1\" }} {{ stripDomain \"a.b:80\" }}",
            "::1 ::1 a:80",
        ),
        ("{{ stripDomain \"1.2.3.4:80\" }} {{ stripDomain \"[::1]:80\" }}", "1.2.3.4:80 [::1]:80"),
        (
            "{{ humanizeTimestamp -59.9999 }} {{ humanizeTimestamp 951782400 }}",
            "1969-12-31 23:59:00.001 +0000 UTC 2000-02-29 00:00:00 +0000 UTC",
        ),
    ]);
}

#[test]
fn formats() {
    writes(&[
        (
            "{{ printf \"%.2f|%6.1f|%06.2f|%-6.1f|%+.1f\" 1.5 1.5 1.5 1.5 1.5 }}",
            "1.50|   1.5|001.50|1.5   |+1.5",
        ),
        (
            "{{ printf \"%s %v %5s|%-5s|%.2s\" \"a\" \"b\" \"é\" \"é\" \"éfg\" }}",
            "a b     é|é    |éf",
        ),
        ("{{ printf \"%d%% %05d %+d\" 5 -5 5 }} {{ printf \"%t\" true }}", "5% -0005 +5 true"),
        (
            "{{ printf \"%e %g %.3v %012g\" 1234.5 1e21 2.34567 1e6 }}",
            "1.234500e+03 1e+21 2.35 00000001e+06",
        ),
        ("{{ $value | printf \"%.1f%%\" }}", "1.5%"),
    ]);
}

#[test]
fn humanized() {
    let nothing = BTreeMap::new();
    for (value, expected) in [
        (0.0, "0|0|0s|0%"),
        (0.99995, "1000m|1|1000ms|100%"),
        (999.95, "1000|1000|16m 39s|1e+05%"),
        (1000.5, "1k|1000|16m 40s|1e+05%"),
        (2048.0, "2.048k|2ki|34m 8s|2.048e+05%"),
        (-3.7, "-3.7|-3.7|-3.7s|-370%"),
        (93_784.0, "93.78k|91.59ki|1d 2h 3m 4s|9.378e+06%"),
        (1e-300, "1e-276y|1e-300|1e-276ys|1e-298%"),
        (f64::NAN, "NaN|NaN|NaN|NaN%"),
        (f64::NEG_INFINITY, "-Inf|-Inf|-Inf|-Inf%"),
    ] {
        let text = "{{ humanize $value }}|{{ humanize1024 $value }}|{{ humanizeDuration $value }}|\
                    {{ humanizePercentage $value }}";
        assert_eq!(render(text, &nothing, value).as_deref(), Ok(expected), "{value}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}{}", open.repeat(depth), close.repeat(depth))
    };
    for (text, is_refused) in [
        (format!("{{{{ {}", "(".repeat(100_000)), true),
        (format!("{{{{ {} }}}}", nested("(", "1)", 5000)), true),
        (nested("{{ if 1 }}", "{{ end }}", 5000), true),
        (format!("{{{{ if 1 }}}}{}", "{{ else if 1 }}".repeat(5000)), true),
        ("{{ with $x := 1 }}".repeat(100_000), true),
        // As deep as it may be, and so far nothing is optimised.
        (nested("{{ if 1 }}", "{{ end }}", 100), false),
        (format!("{{{{ {}1{} }}}}", "(".repeat(100), ")".repeat(100)), false),
        ("{{".repeat(100_000), true),
        ("{{ 1 }}".repeat(100_000), false),
        (format!("{{{{ print {} }}}}", "1 ".repeat(100_000)), false),
        (format!("{{{{ 1 {} }}}}", "| print ".repeat(100_000)), false),
        (format!("{{{{ printf \"{}\" 1 }}}}", "%9".repeat(100_000)), false),
    ] {
        let rendered = render(&text, &labels(), 1.5);
        let refused = matches!(rendered, Err(Failure { cause: Cause::Refused, .. }));
        assert_eq!(refused, is_refused, "{}", &text[..20]);
    }
}

#[test]
fn mentioned() {
    let mentioned = |text: &str| {
        let Mentions { labels, values } = mentions(&parse(text).expect("a template"));
        for (name, place) in &labels {
            assert_eq!(&text[place.clone()], name);
        }
        let names: Vec<_> = labels.into_iter().map(|(name, _)| name).collect();
        let values: Vec<_> = values
            .into_iter()
            .map(|Written { place, by }| match by {
                Some((_, place)) => text[place].to_owned(),
                None => text[place].to_owned(),
            })
            .collect();
        format!("{} {}", names.join(","), values.join(","))
    };
    for (text, expected) in [
        ("{{ $labels.a }}{{ .Labels.b }}{{ $.Labels.c }}{{ index $labels \"d\" }}", "a,b,c,d "),
        ("{{ with $labels.a }}{{ .b }}{{ end }}{{ with $labels }}{{ .b }}{{ end }}", "a,b "),
        ("{{ range query \"up\" }}{{ .Labels.a }}{{ $labels.b }}{{ .Value }}{{ end }}", "b "),
        ("{{ if eq $labels.a \"x\" }}{{ $x := $labels }}{{ $x.b }}{{ end }}", "a,b "),
        (
            "{{ $value }}{{ .Value | humanize }}{{ humanizeDuration $value }}",
            " $value,humanize,humanizeDuration",
        ),
        (
            "{{ with $value }}{{ . }}{{ end }}{{ if $value }}{{ printf \"%.1f\" $value }}{{ end }}",
            " .",
        ),
        ("{{ $value := 1 }}{{ $value }}", " "),
    ] {
        assert_eq!(mentioned(text), expected, "{text}");
    }
}

#[test]
fn misused_in_one_of_two_ways() {
    for (text, expected) in [
        ("{{ with $labels.a }}{{ . }}{{ else }}{{ gt $value 2 }}{{ end }}", Some("2")),
        ("{{ with $labels.a }}{{ gt $value 2 }}{{ end }}", Some("2")),
        ("{{ parseDuration $labels.a }}{{ query $labels.a }}", None),
        ("{{ humanize $labels.a }}{{ match \"(\" \"a\" }}", None),
    ] {
        let failure = misuse(&parse(text).expect("a template"));
        assert_eq!(failure.map(|failure| &text[failure.place]), expected, "{text}");
    }
}

#[test]
fn what_prometheus_refuses() {
    fails(
        Cause::Refused,
        &[
            r#"a {{ $value
  ^^ this placeholder is never closed: close it with `}}`; for braces as text write `{{ "{{" }}`"#,
            r#"{{ "}}
   ^ this text is never closed: close it with `"`"#,
            r#"{{ 'ab' }}
   ^^^^ single quotes hold one character, and yield its number: write a text between double quotes"#,
            r#"{{ "a\q" }}
     ^^ no escape sequence begins like this: write `\\` for a backslash"#,
            r#"{{/* a }}
^^^^ this comment is never closed: end it with `*/}}`"#,
            r#"{{/* a */ }}
       ^^ a comment ends right before its braces: write `*/}}`, or `*/ -}}`"#,
            r#"{{}}
  ^^ a placeholder without a value: write `$value` or `$labels.name`"#,
            r#"{{ $value | humanise }}
            ^^^^^^^^ unknown function `humanise`: did you mean `humanize`?"#,
            r#"{{ tmpl "x" . }}
   ^^^^ unknown function `tmpl`"#,
            r#"{{ $lables.topic }}
   ^^^^^^^ unknown variable `$lables`: did you mean `$labels`?"#,
            r#"{{ $value > 3 }}
          ^ expected a value, found `>`: write `gt $value 1.0`, or `lt`"#,
            r#"{{ if $value == 3 }}a{{ end }}
              ^ expected a value, found `=`: write `eq` or `ne` before both sides"#,
            r#"{{ $value * 100 }}
          ^ expected a value, found `*`: templates do not calculate: let the expression do it"#,
            r#"{{ humanize($value) }}
           ^ unexpected `(`: put a space between a function and each of its arguments"#,
            r#"{{ $labels["topic"] }}
          ^ unexpected `[` behind a name: write `index $labels "name"`, or `$labels.name`"#,
            r#"{{ $labels.a-b }}
            ^ unexpected `-` behind a name: names are made of letters, digits and underscores; put a space before `-}}`"#,
            r#"{{ $value-}} x
         ^ unexpected `-` behind a name: names are made of letters, digits and underscores; put a space before `-}}`"#,
            r#"{{ $labels.topic. }}
                ^ unexpected `.`: put a space between a function and each of its arguments"#,
            r#"{{ "a".b }}
      ^^ `"a"` has no fields"#,
            r#"{{ 1 | 2 }}
       ^ `2` is no function: a value goes through pipes to functions"#,
            r#"{{ (1 }}
   ^ this parenthesis is never closed"#,
            r#"{{ 1) }}
    ^ expected `}}`, found `)`"#,
            r#"{{ || }}
   ^ expected a value, found `|`"#,
            r#"{{ print end }}
         ^^^ `end` is no value"#,
            r#"{{ 089 }}
   ^^^ `089` is no number: write it as `1` or `1.5`"#,
            r#"{{ 1e400 }}
   ^^^^^ `1e400` is no number: write it as `1` or `1.5`"#,
            r#"{{ if $value }}a
   ^^ this `if` has no end: write `{{ end }}` behind it"#,
            r#"{{ end }}
   ^^^ nothing begins that this `end` ends: write `if` or `with` before it"#,
            r#"{{ if $value }}a{{ else }}b{{ else }}c{{ end }}
                              ^^^^ a second `else`: write `end`"#,
            r#"{{ else }}
   ^^^^ nothing begins that this `else` ends: write `if` or `with` before it"#,
            r#"{{ if true }}{{ define "x" }}{{ end }}{{ end }}
                ^^^^^^ a `define` stands in nothing else"#,
            r#"{{ define "x" }}{{ $value }}{{ end }}
                   ^^^^^^ unknown variable `$value`: known here: `$`"#,
            r#"{{ template x }}
            ^ expected the name of a template between quotes, found `x`"#,
            r#"{{ break }}
   ^^^^^ `break` only stands in a `range`"#,
            r#"{{ range $i, 3 }}{{ end }}
             ^ expected another variable and `:=`, found `3`"#,
            r#"{{ $value : 3 }}
          ^ a colon only stands in `:=`"#,
            r#"{{{ $value }}}
  ^ expected a value, found `{`: braces as text are written `{{ "{{" }}`"#,
            r#"{{ é }}
   ^ unknown function `é`"#,
            r#"{{ $value; }}
         ^ unexpected `;` behind a name: put a space in between"#,
        ],
    );
}

#[test]
fn what_never_works() {
    fails(
        Cause::Misused,
        &[
            r#"{{ value }}
   ^^^^^ `value` takes 1 argument, and gets 0: write `$value`"#,
            r#"{{ gt $value 100 }}
             ^^^ `gt` cannot compare a float with an integer: write `100.0`"#,
            r#"{{ eq 1 $value }}
      ^ `eq` cannot compare an integer with a float: write `1.0`"#,
            r#"{{ eq "a" "b" $value }}
              ^^^^^^ `eq` cannot compare a text with a float"#,
            r#"{{ lt true false }}
           ^^^^^ `lt` cannot compare a boolean like this"#,
            r#"{{ toUpper $value }}
           ^^^^^^ `toUpper` takes a text, and this is a float"#,
            r#"{{ $value | toUpper }}
            ^^^^^^^ `toUpper` takes a text, and this is a float"#,
            r#"{{ humanize }}
   ^^^^^^^^ `humanize` takes 1 argument, and gets 0"#,
            r#"{{ humanize $value 2 }}
   ^^^^^^^^ `humanize` takes 1 argument, and gets 2"#,
            r#"{{ $value 2 }}
   ^^^^^^ this is no function and takes no argument"#,
            r#"{{ $value | $labels.topic }}
            ^^^^^^^^^^^^^ this is no function and takes no argument"#,
            r#"{{ $labels.topic.x }}
                 ^ a text has no field `x`"#,
            r#"{{ .topic }}
    ^^^^^ the alert has no field `topic`: write `$labels.topic`"#,
            r#"{{ .Foo }}
    ^^^ the alert has no field `Foo`: write `$labels.Foo`"#,
            r#"{{ nil }}
   ^^^ `nil` is nothing to write"#,
            r#"{{ printf "%d" $value }}
               ^^^^^^ `%d` takes integers, and this is a float: write `%.0f`"#,
            r#"{{ printf "%f" 1 }}
               ^ `%f` takes floats, and this is an integer: write `%d`"#,
            r#"{{ printf "%s %s" "a" }}
          ^^^^^^^ there is no argument for `%s`: add an argument, or write `%%`"#,
            r#"{{ printf "%s" "a" "b" }}
                   ^^^ the format does not say where this goes"#,
            r#"{{ first $value }}
         ^^^^^^ `first` takes what `query` has found, and this is a float"#,
            r#"{{ humanize true }}
            ^^^^ `humanize` takes a number, and this is a boolean"#,
            r#"{{ index $labels 1 }}
                 ^ `index` finds nothing in the labels by an integer: write `index $labels "name"`"#,
            r#"{{ len $value }}
       ^^^^^^ `len` takes a text or labels, and this is a float"#,
            r#"{{ eq 1 }}
   ^^ `eq` compares with nothing: give it another value"#,
            r#"{{ $x = 1 }}
   ^^ unknown variable `$x`: write `$x :=` where it is new"#,
            r#"{{ if false }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}
                                        ^^ `$x` has no value here"#,
        ],
    );
}
