//! What the options change, and the exact words of what is wrong with them.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{Document, Registry, Stage};
use demarche_entity::register;
use demarche_tokenize::Tokenize;
use serde_json::{Value, json};

fn entities(options: &Value, text: &str) -> Result<Vec<String>, String> {
    let mut registry = Registry::default();
    register(&mut registry).unwrap();
    let stage = registry.get("entity").unwrap().build(options).map_err(|error| error.to_string())?;
    let mut doc = Document::new("", text);
    Tokenize::default().process(&mut doc).unwrap();
    stage.process(&mut doc).unwrap();
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
