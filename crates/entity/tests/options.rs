//! What the options change, and the exact words of what is wrong with them.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::time::{Duration, Instant};

use demarche_core::{Document, Registry, Stage};
use demarche_entity::register;
use demarche_syntax::Syntax;
use demarche_tokenize::Tokenize;
use serde_json::{Value, json};

fn annotated<'t>(options: &Value, text: &'t str) -> Result<Document<'t>, String> {
    let mut registry = Registry::default();
    register(&mut registry).unwrap();
    let stage = registry.get("entity").unwrap().build(options).map_err(|error| error.to_string())?;
    let mut doc = Document::new("", text);
    Tokenize::default().process(&mut doc).unwrap();
    Syntax::default().process(&mut doc).unwrap();
    stage.process(&mut doc).unwrap();
    Ok(doc)
}

fn entities(options: &Value, text: &str) -> Result<Vec<String>, String> {
    let doc = annotated(options, text)?;
    let row = |entity: demarche_core::Entity<'_>| {
        format!("{} {} {}", doc.slice(entity.span), entity.label, entity.norm.unwrap_or("-"))
    };
    Ok(doc.entities().map(row).collect())
}

fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn labels_keep_only_those() {
    let kept = entities(&json!({ "labels": ["GPE"] }), "On Monday Norway thanked Anna Berg.").unwrap();
    assert_eq!(kept, ["Norway GPE NOR"]);
    let unknown = entities(&json!({ "labels": ["PERS"] }), "").unwrap_err();
    assert!(unknown.starts_with("`PERS` is no label: write some of PERSON, ORG, GPE"), "{unknown}");
}

#[test]
fn a_date_for_documents_without_one() {
    let dated = entities(&json!({ "date": "2024-06-21" }), "It rained last month.").unwrap();
    assert_eq!(dated, ["last month DATE 2024-05"]);
    let wrong = entities(&json!({ "date": "21.6.2024" }), "").unwrap_err();
    assert_eq!(wrong, "`21.6.2024` is no day: write it as `2024-06-21`");
}

#[test]
fn own_names_win_and_may_have_own_labels() {
    let (_folder, path) =
        file("own.tsv", "# ships\nMorning Star|the Star\tVESSEL\tIMO9000001\nNorway\tORG\t\n");
    let found = entities(&json!({ "gazetteers": [path] }), "Norway boarded the Morning Star.").unwrap();
    assert_eq!(found, ["Norway ORG -", "Morning Star VESSEL IMO9000001"]);
}

#[test]
fn of_the_same_name_twice_the_first_counts() {
    let (_folder, first) = file("first.tsv", "Norway\tORG\tONE\nNorway\tVESSEL\tTWO\n");
    let (_other, second) = file("second.tsv", "Norway\tVESSEL\tTHREE\nNORWAY\tVESSEL\tFOUR\n");
    let found = |lists: &Value| entities(&json!({ "gazetteers": lists }), "Norway met NORWAY.").unwrap();
    assert_eq!(found(&json!([first, second])), ["Norway ORG ONE", "NORWAY ORG ONE"]);
    assert_eq!(found(&json!([second, first])), ["Norway VESSEL THREE", "NORWAY VESSEL THREE"]);
}

#[test]
fn a_long_list_costs_linear_time() {
    let timed = |n: usize, line: &dyn Fn(usize) -> String| {
        let (_folder, path) = file("own.tsv", &(0..n).map(line).collect::<String>());
        let start = Instant::now();
        entities(&json!({ "gazetteers": [path] }), "Brakna Line 7 sailed.").unwrap();
        start.elapsed()
    };
    for line in [&(|i| format!("Brakna Line {i}\tORG\tX{i}\n")) as &dyn Fn(usize) -> String, &|i| {
        format!("Brakna Line 7\tORG\tX{i}\n")
    }] {
        let (small, large) = (timed(5_000, line), timed(40_000, line));
        assert!(large < small * 8 * 4 + Duration::from_millis(500), "{small:?}, then {large:?}");
    }
}

#[test]
fn a_malformed_list_is_shown_with_its_line() {
    for (text, message) in [
        ("Oslo\n", ":1: `Oslo` has no label: write the label after the name and a tab"),
        ("\n\tORG\n", ":2: there is no name in the first column"),
        ("A\tORG\tX\t2010\n", ":1: `2010` is no stretch of years: write `2010-2016` or `2019-`"),
        (
            "A\tORG\tX\t2010-\tmore\n",
            ":1: there are more than four columns: write name, label, code and years, parted by tabs",
        ),
    ] {
        let (_folder, path) = file("own.tsv", text);
        let error = entities(&json!({ "gazetteers": [path] }), "").unwrap_err();
        assert!(error.ends_with(message), "{error}");
    }
    let error = entities(&json!({ "gazetteers": ["no-such-file.tsv"] }), "").unwrap_err();
    assert!(error.starts_with("cannot read `no-such-file.tsv`"), "{error}");
}

#[test]
fn explained_entities_say_by_what_they_are() {
    let text = "Norway paid 3 million euros to Brakna.";
    let doc = annotated(&json!({ "explain": true }), text).unwrap();
    let layer: Vec<Value> =
        doc.open_layer("entity-evidence").map(|(_, value)| serde_json::from_str(value).unwrap()).collect();
    let by: Vec<_> = layer.iter().map(|value| value["by"].as_str().unwrap()).collect();
    assert_eq!(by.len(), doc.entities().count());
    assert_eq!(by[..2], ["list", "rule"]);
    assert!(layer[0]["confidence"].as_f64().is_some_and(|chance| chance > 0.5), "{}", layer[0]);
    assert!(layer[1].get("confidence").is_none(), "amounts are found by rules: {}", layer[1]);
    assert_eq!(layer[0]["code"], "list");
}

#[test]
fn the_rules_alone_and_the_least_confidence() {
    let text = "Helen Brakna of Norway paid in May.";
    let rules = annotated(&json!({ "recognizer": "rules", "explain": true }), text).unwrap();
    assert!(rules.open_layer("entity-evidence").all(|(_, value)| !value.contains("confidence")));
    let doubtful = "In May Deco went to Encino with Rodale and the Crown of Ashdown.";
    let chances = |least: f64| {
        let options = json!({ "confidence": least, "explain": true });
        let doc = annotated(&options, doubtful).unwrap();
        let chance = |value: &str| serde_json::from_str::<Value>(value).unwrap()["confidence"].as_f64();
        doc.open_layer("entity-evidence").map(|(_, value)| chance(value)).collect::<Vec<_>>()
    };
    assert!(chances(0.0).iter().flatten().any(|&chance| chance < 0.9), "{:?}", chances(0.0));
    let sure = chances(0.9);
    assert!(sure.iter().flatten().all(|&chance| chance >= 0.9), "{sure:?}");
    assert!(sure.contains(&None), "a date, in which the recognizer has no say, stays: {sure:?}");
    let wrong = entities(&json!({ "confidence": 2.0 }), "").unwrap_err();
    assert_eq!(wrong, "`2` is no chance: write a number from 0 to 1");
}

#[test]
fn a_model_of_ones_own_must_be_one() {
    let (_folder, path) = file("own.model", "no model");
    let wrong = entities(&json!({ "model": path }), "").unwrap_err();
    assert!(wrong.ends_with("own.model`: not a model of demarche: it starts with other bytes"), "{wrong}");
    let (folder, _) = file("x", "");
    let path = folder.path().join("copy.model");
    std::fs::write(&path, demarche_entity::recognizer::Recognizer::ENGLISH).unwrap();
    assert_eq!(entities(&json!({ "model": path }), "Norway sang.").unwrap(), ["Norway GPE NOR"]);
}
