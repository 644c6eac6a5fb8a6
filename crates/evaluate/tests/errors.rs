//! What is said of documents that cannot be scored: which one, where, what.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demarche_core::Offsets;
use demarche_evaluate::{Document, Documents, LabelGroups, Options, ScoredLayer, score};

/// What scoring all layers of one document against itself says.
fn error(layers: &str) -> String {
    let line = format!("{{\"id\": \"a\", \"text\": \"“Café”, she said.\", {layers}}}");
    let mut documents = Documents::default();
    documents.add(Document::parse(&line, Offsets::Char, "gold.jsonl:3").unwrap()).unwrap();
    let score = |layer| score(layer, &documents, &documents, &Options::default()).err();
    ScoredLayer::ALL
        .into_iter()
        .find_map(score)
        .map_or_else(|| "no error".to_owned(), |error| error.to_string())
}

fn parse(line: &str) -> String {
    Document::parse(line, Offsets::Char, "gold.jsonl:3").err().unwrap().to_string()
}

#[test]
fn layers_that_are_not_made_so() {
    for (layers, message) in [
        (r#""entities": {}"#, "`entities`: invalid type: map, expected a sequence"),
        (r#""entities": [{"label": "ORG"}]"#, "`entities[0]`: missing field `span`"),
        (
            r#""entities": [{"span": [0, 1], "label": 3}]"#,
            "`entities[0].label`: invalid type: integer `3`, expected a string",
        ),
        (
            r#""entities": [{"span": [0, 1]}, {"span": [0, -1]}]"#,
            "`entities[1].span[1]`: invalid value: integer `-1`, expected u64",
        ),
        (r#""tokens": [{"span": [0]}]"#, "`tokens[0].span`: invalid length 1, expected an array of length 2"),
        (
            r#""chains": [{"mentions": [[0, 1], "x"]}]"#,
            "`chains[0].mentions[1]`: invalid type: string \"x\", expected an array of length 2",
        ),
        (
            r#""quotes": [{"speaker": {"name": []}}]"#,
            "`quotes[0].speaker.name`: invalid type: sequence, expected a string or a number",
        ),
        (r#""sanctions": [{"action": "impose"}]"#, "`sanctions[0]`: missing field `trigger`"),
        (
            r#""tokens": [{"span": [0, 1], "head": 1}]"#,
            "`tokens[0].head`: 1 is not the index of a token; there are 1",
        ),
        (
            r#""chains": [{"mentions": [[0, 1], [1, 2]], "heads": [[0, 1]]}]"#,
            "`chains[0].heads`: there are 1 for 2 mentions",
        ),
    ] {
        assert_eq!(error(layers), format!("gold.jsonl:3: document `a`: {message}"));
    }
}

#[test]
fn spans_outside_of_the_text() {
    for (layers, message) in [
        (
            r#""entities": [{"span": [7, 99]}]"#,
            "`entities[0].span`: [7, 99] is not a stretch of the text, which is 17 code points long",
        ),
        (
            r#""sentences": [[0, 17], [9, 3]]"#,
            "`sentences[1]`: [9, 3] is not a stretch of the text, which is 17 code points long",
        ),
        (
            r#""quotes": [{"content": [[0, 22]]}]"#,
            "`quotes[0].content`: [0, 22] is not a stretch of the text when counted in code points; in bytes it is",
        ),
    ] {
        assert_eq!(error(layers), format!("gold.jsonl:3: document `a`: {message}"));
    }
}

#[test]
fn lines_that_are_no_documents() {
    for (line, message) in [
        ("{\"id\": 1", "not a document: EOF while parsing an object"),
        ("{\"id\": 1}", "not a document: missing field `text`"),
        ("{\"text\": \"x\"}", "not a document: missing field `id`"),
        (
            "{\"id\": [1], \"text\": \"x\"}",
            "the `id` of a document must be a string or a number, and is a list",
        ),
    ] {
        assert_eq!(parse(line), format!("gold.jsonl:3: {message}"));
    }
}

#[test]
fn an_id_twice() {
    let document = |place| Document::parse("{\"id\": 7, \"text\": \"x\"}", Offsets::Char, place).unwrap();
    let mut documents = Documents::default();
    documents.add(document("a.jsonl:1")).unwrap();
    let error = documents.add(document("a.jsonl:4")).unwrap_err().to_string();
    assert_eq!(error, "a.jsonl:4: the id `7` occurs twice, first at a.jsonl:1");
}

#[test]
fn a_label_in_two_groups() {
    let error = "PER=PERSON;LOC=GPE, LOC;GEO=LOC".parse::<LabelGroups>().unwrap_err().to_string();
    assert_eq!(error, "the label `LOC` is in two groups, `LOC` and `GEO`");
}

#[test]
fn what_is_wrong_in_a_layer_that_is_not_scored_does_no_harm() {
    let line = r#"{"id": 1, "text": "x", "tokens": 5, "entities": []}"#;
    let mut documents = Documents::default();
    documents.add(Document::parse(line, Offsets::Char, "x").unwrap()).unwrap();
    assert!(score(ScoredLayer::Entities, &documents, &documents, &Options::default()).is_ok());
}
