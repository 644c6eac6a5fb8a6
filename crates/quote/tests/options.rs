//! What the options change, and the words of what can be wrong with them.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::io::Write;

use demarche_core::{Document, Registry};
use serde_json::{Value, json};

mod common;

const TEXT: &str = "The ministry said Maria Lind warned of delays. “We are late,” Maria Lind said. \
    Maria Lind believes that the port will open.";

/// Contents of the quotations that the stage finds with these options.
fn contents(options: &Value) -> Vec<String> {
    let pipeline = common::pipeline_with(options);
    let mut doc = Document::new("", TEXT);
    pipeline.process(&mut doc).unwrap();
    doc.quotes().map(|quote| doc.slice(quote.content[0]).to_owned()).collect()
}

fn error(options: &Value) -> String {
    let mut registry = Registry::default();
    demarche_quote::register(&mut registry).unwrap();
    let built = registry.get("quote").unwrap().build(options);
    built.err().unwrap().to_string()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn defaults_keep_all_kinds_and_nested_ones() {
    assert_eq!(contents(&json!({})), ["Maria Lind warned of delays", "delays", "“We are late,”"]);
}

#[test]
fn kinds_are_chosen() {
    assert_eq!(contents(&json!({ "kinds": ["direct"] })), ["“We are late,”"]);
}

#[test]
fn nested_ones_are_left_out() {
    assert_eq!(contents(&json!({ "nested": false })), ["Maria Lind warned of delays", "“We are late,”"]);
}

#[test]
fn beliefs_are_taken() {
    assert_eq!(contents(&json!({ "beliefs": true })).last().unwrap(), "the port will open");
}

#[test]
fn cues_of_ones_own_are_added() {
    let cues = file("# lemma\tclass\tframes\nbelieve\tstatement\tclause\n");
    assert_eq!(contents(&json!({ "cues": cues.path() })).last().unwrap(), "the port will open");
}

#[test]
fn errors_say_what_to_write() {
    let line = file("# mine\nbelieve\tthought\tclause\n");
    let place = line.path().display();
    assert_eq!(
        error(&json!({ "cues": line.path() })),
        format!(
            "{place}:2: `thought` is no class: write statement, demand, judgment, accusation, finding or belief"
        )
    );
    let columns = file("believe clause\n");
    let place = columns.path().display();
    assert_eq!(
        error(&json!({ "cues": columns.path() })),
        format!("{place}:1: a line has three columns between tabs: words, class, frames")
    );
    assert!(error(&json!({ "kinds": ["spoken"] })).contains("unknown variant `spoken`"));
    assert!(error(&json!({ "cue": 1 })).contains("unknown field `cue`"));
}
