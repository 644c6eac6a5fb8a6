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
fn defaults_keep_everything_the_words_of_persons_inside_others_too() {
    let found = contents(&json!({}));
    assert_eq!(found, ["Maria Lind warned of delays", "delays", "“We are late,”", "that the port will open"]);
}

#[test]
fn kinds_are_chosen() {
    assert_eq!(contents(&json!({ "kinds": ["direct"] })), ["“We are late,”"]);
}

#[test]
fn types_are_chosen() {
    assert_eq!(contents(&json!({ "types": ["belief"] })), ["that the port will open"]);
}

#[test]
fn nested_ones_are_left_out() {
    let found = contents(&json!({ "nested": false, "types": ["statement"] }));
    assert_eq!(found, ["Maria Lind warned of delays", "“We are late,”"]);
}

#[test]
fn the_rules_alone_leave_out_beliefs_and_that() {
    let rules = |beliefs: bool| contents(&json!({ "method": "rules", "beliefs": beliefs }));
    assert_eq!(rules(false), ["Maria Lind warned of delays", "delays", "“We are late,”"]);
    assert_eq!(rules(true).last().unwrap(), "the port will open");
}

#[test]
fn a_higher_confidence_leaves_less() {
    let count = |confidence: f64| contents(&json!({ "min_confidence": confidence })).len();
    assert!(count(0.99) < count(0.2));
}

#[test]
fn each_quotation_says_what_found_it() {
    let pipeline = common::pipeline_with(&json!({ "explain": true }));
    let mut doc = Document::new("", TEXT);
    pipeline.process(&mut doc).unwrap();
    let by: Vec<String> = doc
        .open_layer("quote-evidence")
        .map(|(_, value)| serde_json::from_str::<Value>(value).unwrap()["by"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(by, ["both", "both", "both", "model"]);
}

#[test]
fn cues_of_ones_own_are_added() {
    let cues = file("# lemma\tclass\tframes\nbelieve\tstatement\tclause\n");
    let options = json!({ "cues": cues.path(), "method": "rules" });
    assert_eq!(contents(&options).last().unwrap(), "the port will open");
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
    let confidence = error(&json!({ "min_confidence": 2 }));
    assert!(confidence.contains("`2` is no confidence: write a number between 0 and 1"), "{confidence}");
    assert!(error(&json!({ "types": ["joke"] })).contains("unknown variant `joke`"));
    assert!(error(&json!({ "kinds": ["spoken"] })).contains("unknown variant `spoken`"));
    assert!(error(&json!({ "cue": 1 })).contains("unknown field `cue`"));
}
