//! Options: what they change, and the exact words of their errors.

#![allow(clippy::unwrap_used, reason = "a failure to build the stages fails the test")]

mod common;

use demarche_core::Document;
use serde_json::json;

const TEXT: &str = "Canada imposed sanctions on Belarus. Washington has lifted its sanctions against Sudan.";

fn events(options: &serde_json::Value, text: &str) -> Vec<String> {
    let mut doc = Document::new("", text.to_owned());
    common::pipeline(options).process(&mut doc).unwrap();
    common::events(&doc)
}

#[test]
fn only_the_named_actions_are_kept() {
    assert_eq!(events(&json!({"actions": ["ease"]}), TEXT), ["lifted: ease actual USA > SDN"]);
}

#[test]
fn codes_are_left_out_on_request() {
    let codes = |options| {
        let mut doc = Document::new("", TEXT);
        common::pipeline(&options).process(&mut doc).unwrap();
        doc.sanctions()
            .map(|event| (event.cameo.map(str::to_owned), event.plover.map(str::to_owned)))
            .collect::<Vec<_>>()
    };
    let pair = |cameo: &str, plover: &str| (Some(cameo.to_owned()), Some(plover.to_owned()));
    assert_eq!(codes(json!({})), [pair("163", "SANCTION"), pair("085", "RETREAT")]);
    assert_eq!(codes(json!({"codes": false})), [(None, None), (None, None)]);
}

#[test]
fn own_words_are_triggers_too() {
    let file = std::env::temp_dir().join("demarche-sanction-own-words.tsv");
    std::fs::write(&file, "# our own\nquarantine\tverb\tpenalty\tstrong,state\ttrade\n").unwrap();
    let text = "France quarantined Belarus.";
    assert_eq!(events(&json!({}), text), [""; 0]);
    let own = events(&json!({"lexicon": file}), text);
    assert_eq!(own, ["quarantined: impose actual (trade) FRA > BLR"]);
}

fn error(options: &serde_json::Value) -> String {
    let registry = common::registry();
    registry.get("sanction").unwrap().build(options).err().unwrap().to_string()
}

#[test]
fn an_unknown_action_says_which_there_are() {
    let known = "impose, expand, ease, threaten, propose, urge_relief, oppose, enforce, violate, in_force";
    assert_eq!(error(&json!({"actions": ["lift"]})), format!("`lift` is no action: write any of {known}"));
}

#[test]
fn a_bad_line_of_the_lexicon_is_shown_with_its_place() {
    let file = std::env::temp_dir().join("demarche-sanction-bad-words.tsv");
    std::fs::write(&file, "shun\tverb\toppose\t-\t-\nshun\tadverb\toppose\t-\t-\n").unwrap();
    let message = "`adverb` is no part of speech: write `noun`, `verb` or `adj`";
    assert_eq!(error(&json!({"lexicon": file})), format!("{}:2: {message}", file.display()));
}
