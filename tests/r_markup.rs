//! Promise 22: no message, view or table of the command carries what a text or a name says to a terminal, a browser or a spreadsheet. The writers
//! one by one: `crates/export/tests`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Output;

use demarche_tests::demarche;
use serde_json::json;

/// A formula, markup, and codes that color, set a title, go back, turn and end lines.
const EVIL: &str = "=cmd()<script>alert(1)</script>\" x='y'\u{1b}[31m\u{1b}]0;title\u{7}\u{9b}5m\u{8}\u{202e}\u{7f}\u{2028}T99\tX\r;=cmd()";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    demarche().current_dir(folder).args(arguments).output().unwrap()
}

/// What steers a terminal.
fn steers(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text that may be shown: nothing in it steers a terminal but the colors that were asked for.
#[track_caller]
fn harmless(text: &[u8], what: &str) -> String {
    let text = String::from_utf8(text.to_vec()).unwrap();
    let is_code = |part: &&str| {
        part.split_once('m')
            .is_some_and(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
    };
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        assert!(what.contains("always") && is_code(&part), "{what}: {part:.40?}");
        plain.push_str(part.split_once('m').unwrap().1);
    }
    if let Some(at) = plain.find(steers) {
        let start = plain[..at].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
        panic!("{what}: {:?}", &plain[start..plain.len().min(at + 20)]);
    }
    plain
}

/// The cells of a table as CSV.
fn cells(table: &str) -> Vec<String> {
    let (mut cells, mut is_quoted) = (vec![String::new()], false);
    for c in table.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

/// A document of which everything is evil.
fn document(id: &str) -> String {
    let text = format!("{EVIL} said {EVIL}.");
    let n = EVIL.chars().count();
    let all = json!([0, n]);
    json!({
        "id": id, "meta": {"title": EVIL, "date": EVIL}, "text": text, "sentences": [[0, 2 * n + 7]],
        "tokens": [{"span": [0, n], "lemma": EVIL, "upos": "X", "xpos": EVIL, "head": null, "deprel": EVIL}, {"span": [n + 1, n + 5]}],
        "entities": [{"span": all, "label": EVIL, "name": EVIL, "norm": EVIL}],
        "quotes": [{"kind": "direct", "content": [[n + 6, 2 * n + 6]], "cue": [[n + 1, n + 5]], "source": [all],
            "speaker": {"name": EVIL, "norm": EVIL}}],
        "sanctions": [{"trigger": [n + 1, n + 5], "action": "impose", "measures": [], "factuality": "actual",
            "sender": [{"span": all, "norm": EVIL}, {"span": [n + 1, n + 5], "norm": EVIL.to_owned() + "2"}],
            "target": [{"span": all, "norm": null}], "actor": [{"span": all, "norm": EVIL}],
            "instrument": all, "reason": all, "date": all, "quote": 0}],
    })
    .to_string()
}

#[test]
fn r_markup_in_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("r.jsonl"), document(EVIL) + "\n").unwrap();
    fs::write(folder.join("g.jsonl"), document("another") + "\n").unwrap();
    for arguments in [
        &["show", "r.jsonl"][..],
        &["show", "r.jsonl", "--color", "always"],
        &["show", "r.jsonl", "--lists"],
        &["stats", "r.jsonl"],
        &["events", "r.jsonl"],
        &["events", "r.jsonl", "--dyads"],
        &["events", "r.jsonl", "--by", "month,sender,target"],
        &["evaluate", "g.jsonl", "r.jsonl"],
        &["evaluate", "r.jsonl", "r.jsonl", "--color", "always"],
        &["export", "r.jsonl", "-o", "-", "--to", "html"],
        &["export", "r.jsonl", "-o", "-", "--to", "conllu"],
        &["run", "words", "r.jsonl", "--format", "pretty", "--quiet"],
        &["run", "news", "r.jsonl", "--format", "pretty", "--color", "always"],
    ] {
        let output = run(folder, arguments);
        let what = arguments.join(" ");
        let errors = harmless(&output.stderr, &what);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{what}: {errors}");
        let shown = harmless(&output.stdout, &what);
        assert!(!shown.is_empty(), "{what}");
        if arguments[0] == "events" {
            for cell in cells(&shown) {
                // Where a spreadsheet parts columns by `;`, each part is a cell.
                assert!(cell.split(';').all(|part| !part.starts_with('=')), "{what}: {cell}");
            }
            assert!(shown.contains("'=cmd()"), "{what}");
        }
        if what.contains("html") {
            assert!(!shown.contains("<script") && shown.contains("&lt;script"), "{shown}");
        }
    }
}

/// Text and annotations for brat are the text as it is, for brat compares them; but each annotation is a line.
#[test]
fn r_markup_for_brat() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("r.jsonl"), document("a") + "\n").unwrap();
    assert!(run(folder, &["export", "r.jsonl", "--to", "brat", "-o", "brat"]).status.success());
    let annotations = fs::read_to_string(folder.join("brat/000001-a.ann")).unwrap();
    // As Python ends lines.
    let lines = annotations.split([
        '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}',
    ]);
    for line in lines.filter(|line| !line.is_empty()) {
        let (id, rest) = line.split_once('\t').unwrap_or_else(|| panic!("{line:?}"));
        let is_id = id.starts_with(['T', 'E', 'A', '#']) && id[1..].bytes().all(|byte| byte.is_ascii_digit());
        assert!(is_id && id != "T99" && !rest.is_empty(), "{line:?}");
        assert!(line.matches('\t').count() <= 2, "{line:?}");
    }
}

#[test]
fn r_markup_in_messages() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // What may be in the name of a file.
    let name = "=a\u{1b}[31m\u{1b}]0;t\u{7}\u{9b}5m\u{202e}\n.jsonl";
    fs::write(folder.join(name), format!("{}\nno record\n", json!({EVIL: 1}))).unwrap();
    fs::write(folder.join("r.jsonl"), format!("{}\n", json!({"id": EVIL, "text": 1}))).unwrap();
    fs::write(folder.join("evil.json"), "{\"sources\": \"\u{1b}[31m\"").unwrap();
    for arguments in [
        &["run", "words", name][..],
        &["run", "words", name, "-o", &format!("no/{EVIL}")],
        &["run", "words", &format!("no{EVIL}.txt")],
        &["run", EVIL, "r.jsonl"],
        &["run", "words", "r.jsonl", "--input", &format!("text={EVIL}")],
        &["run", "words", "r.jsonl", "--input", &format!("{EVIL}=1")],
        &["run", "words", "r.jsonl", "--where", EVIL],
        &["run", "words", &format!("{EVIL}*")],
        &["show", name],
        &["stats", name],
        &["events", "r.jsonl", "-o", &format!("no/{EVIL}.csv")],
        &["export", name, "-o", "x.html"],
        &["evaluate", name, "r.jsonl"],
        &["stages", EVIL],
        &["check", EVIL],
        &["plugin", "info", EVIL],
        &[EVIL],
        &["run", "--format", EVIL],
    ] {
        let output = run(folder, arguments);
        let what = format!("{arguments:?}");
        harmless(&output.stdout, &what);
        let message = harmless(&output.stderr, &what);
        assert!(!output.status.success() && message.contains("error"), "{what}: {message}");
    }
}
