//! The figures are those of the reference scorer.
//!
//! `agreement/figures.json` is what that scorer, a Python program which is not part of this repository, printed for the
//! documents beside it: a fact about them, not to be remade with this crate. `news` is written for it and has what is
//! awkward: documents that are missing, of another text, without layers or with empty ones; quotations and events of the
//! same place; discontinuous contents; mentions within mentions; tokens cut otherwise. `chance` is chance: letters and
//! layers by a random generator.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use demarche_core::Offsets;
use demarche_evaluate::{Document, Documents, Options, ScoredLayer, score};
use serde_json::Value;

/// How far two figures may be apart.
const TOLERANCE: f64 = 1e-9;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement").join(name)
}

fn documents(name: &str) -> Documents {
    let mut documents = Documents::default();
    let lines = std::fs::read_to_string(path(name)).unwrap();
    for (n, line) in lines.lines().enumerate() {
        documents.add(Document::parse(line, Offsets::Char, format!("{name}:{}", n + 1)).unwrap()).unwrap();
    }
    documents
}

/// Compares every name, in order, and every number; gives how many numbers there were.
fn compare(place: &str, expected: &Value, found: &Value) -> usize {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            assert!(
                expected.keys().eq(found.keys()),
                "{place}: {:?} for {:?}",
                found.keys(),
                expected.keys()
            );
            let compared =
                expected.iter().map(|(key, value)| compare(&format!("{place} {key}"), value, &found[key]));
            compared.sum()
        }
        (Value::Number(expected), Value::Number(found)) => {
            assert_eq!(expected.is_f64(), found.is_f64(), "{place}: {found} for {expected}");
            let (expected, found) = (expected.as_f64().unwrap(), found.as_f64().unwrap());
            assert!((expected - found).abs() < TOLERANCE, "{place}: {found} for {expected}");
            1
        }
        _ => {
            assert_eq!(expected, found, "{place}");
            usize::from(expected.is_null())
        }
    }
}

#[test]
fn every_figure_is_that_of_the_reference_scorer() {
    let cases: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(path("figures.json")).unwrap()).unwrap();
    let mut compared = 0;
    for case in &cases {
        let name = case["documents"].as_str().unwrap();
        let gold = documents(&format!("{name}-gold.jsonl"));
        let predicted = documents(&format!("{name}-predicted.jsonl"));
        let options = Options {
            labels: case["labels"].as_str().map(|labels| labels.parse().unwrap()),
            keep_singletons: case["keep_singletons"].as_bool().unwrap(),
        };
        let layers = case["layers"].as_array().unwrap();
        assert_eq!(layers.len(), ScoredLayer::ALL.len());
        for (layer, expected) in ScoredLayer::ALL.into_iter().zip(layers) {
            let found = serde_json::to_value(score(layer, &gold, &predicted, &options).unwrap()).unwrap();
            compared += compare(name, expected, &found);
        }
    }
    assert!(compared > 2000, "{compared} figures");
}

#[test]
fn offsets_in_other_units_give_the_same_figures() {
    // “é” is one code point, two bytes; the clef one code point, four bytes, two units of UTF-16.
    let text = "“Café” \u{1d11e} déjà";
    let line = |entities: [[u32; 2]; 2]| {
        let [a, b] = entities;
        serde_json::json!({"id": 1, "text": text, "entities": [{"span": a, "label": "A"}, {"span": b, "label": "B"}]})
    };
    let of = |line: Value, unit| {
        let mut documents = Documents::default();
        documents.add(Document::parse(&line.to_string(), unit, "x").unwrap()).unwrap();
        documents
    };
    let chars = of(line([[1, 5], [9, 13]]), Offsets::Char);
    let bytes = of(line([[3, 8], [17, 23]]), Offsets::Byte);
    let utf16 = of(line([[1, 5], [10, 14]]), Offsets::Utf16);
    for (gold, predicted) in [(&chars, &bytes), (&bytes, &utf16), (&utf16, &chars)] {
        let scored = score(ScoredLayer::Entities, gold, predicted, &Options::default()).unwrap();
        let demarche_evaluate::Score::Prf(exact) = scored.scores.get(&["exact"]).unwrap() else { panic!() };
        assert_eq!(exact.f1, Some(1.0));
    }
}
