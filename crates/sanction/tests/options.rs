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
    std::fs::write(&file, "# our own\nsnub\tverb\tpenalty\tstrong,state\ttrade\n").unwrap();
    let text = "France snubbed Belarus.";
    assert_eq!(events(&json!({}), text), [""; 0]);
    let own = events(&json!({"lexicon": file}), text);
    assert_eq!(own, ["snubbed: impose actual (trade) FRA > BLR"]);
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

#[test]
fn own_bodies_have_their_codes() {
    let file = std::env::temp_dir().join("demarche-sanction-own-bodies.tsv");
    std::fs::write(&file, "# our own\nwashington\tWDC\n").unwrap();
    let text = "Washington has lifted its sanctions against Sudan.";
    assert_eq!(events(&json!({"bodies": file}), text), ["lifted: ease actual WDC > SDN"]);
}

#[test]
fn unsure_events_are_left_out() {
    assert_eq!(events(&json!({"min_confidence": 1.0}), "Iran may respond. Its sanctions stay."), [""; 0]);
    let message = "`1.5` is no confidence: write a number between 0 and 1";
    assert_eq!(error(&json!({"min_confidence": 1.5})), message);
}

#[test]
fn an_explanation_tells_the_way_to_the_trigger() {
    let mut doc = Document::new("", "Washington has lifted its sanctions against Sudan.");
    common::pipeline(&json!({"explain": true})).process(&mut doc).unwrap();
    let why: Vec<_> = doc.open_layer("sanction-why").map(|(span, value)| (doc.slice(span), value)).collect();
    let [(trigger, value)] = why[..] else { panic!("one event: {why:?}") };
    let value: serde_json::Value = serde_json::from_str(value).unwrap();
    assert_eq!(
        (trigger, &value["seed"], &value["way"], &value["by_rule"]),
        ("lifted", &json!("sanctions"), &json!(["lifted"]), &json!(true))
    );
}
