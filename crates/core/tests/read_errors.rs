//! What the reader of the document format says of a file that is wrong.

use demarche_core::{Offsets, format};

#[track_caller]
fn check(json: &str, message: &str) {
    let error = format::read(json, Offsets::Char).expect_err("the document is wrong");
    assert_eq!(error.to_string(), message);
}

#[test]
fn not_json() {
    check(r#"{"id": "1", "text": "a""#, "EOF while parsing an object at line 1 column 23");
}

#[test]
fn no_text() {
    check(r#"{"id": "1"}"#, "missing field `text` at line 1 column 11");
}

#[test]
fn a_span_past_the_text() {
    let json = r#"{"text": "é", "entities": [{"span": [0, 2], "label": "GPE"}]}"#;
    check(json, "layer `entities`, item 0: [0, 2] is not a stretch of the text");
}

#[test]
fn a_span_that_ends_before_it_starts() {
    let json = r#"{"text": "ab", "sentences": [[1, 0]]}"#;
    check(json, "layer `sentences`, item 0: [1, 0] is not a stretch of the text");
}

#[test]
fn an_unknown_word() {
    let json = r#"{"text": "ab", "quotes": [{"kind": "said", "content": [[0, 1]]}]}"#;
    check(json, "layer `quotes`, item 0: `said` is no kind of quotation");
}

#[test]
fn tokens_out_of_order() {
    let json = r#"{"text": "ab", "tokens": [{"span": [1, 2]}, {"span": [0, 1]}]}"#;
    check(json, "layer `tokens`, item 1: the span 0..1 starts before the one before it ends");
}

#[test]
fn heads_in_a_circle() {
    let json = r#"{"text": "ab", "tokens": [{"span": [0, 1], "head": 1}, {"span": [1, 2], "head": 0}]}"#;
    check(json, "layer `dependencies`, item 0: following the heads from this token never ends at a root");
}

#[test]
fn a_chain_that_is_not_there() {
    let json = r#"{"text": "ab", "entities": [{"span": [0, 1], "label": "GPE", "chain": 3}]}"#;
    check(json, "layer `entities`, item 0: the index 3 of the layer `chains` points at nothing");
}
