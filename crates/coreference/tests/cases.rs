//! The cases of `tests/cases/*.md`: text in, chains out.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::sync::LazyLock;

use demarche_core::{Chain, Document, Pipeline, Registry};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn chains_by_sieves() {
    check(include_str!("cases/chains.md"), &SIEVES);
}

#[test]
fn chains_by_sieves_and_ranker() {
    check(include_str!("cases/learned.md"), &PIPELINE);
}

fn check(cases: &str, pipeline: &Pipeline) {
    let mut wrong = String::new();
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let block = rest.split("```\n").nth(1).unwrap();
        let (text, expected) = block.split_once("\n---\n").unwrap();
        let found = annotate(pipeline, text);
        // Every expected chain is there as it is; what else is found is other cases' business.
        let missing = expected.lines().filter(|line| !found.iter().any(|chain| chain == line));
        for line in missing {
            wrong.push_str(&format!("{name}: no `{line}` in {found:#?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn explanations_name_sieve_or_chance() {
    let mut doc = Document::new("", "Foreign Minister Kari Lind bought a boat. She painted the boat.");
    pipeline(&json!({ "explain": true })).process(&mut doc).unwrap();
    let items: Vec<_> = doc.open_layer("chain-evidence").map(|(_, value)| value.to_owned()).collect();
    assert!(items.iter().any(|item| item.contains("\"pronoun\"")), "{items:?}");
    assert!(items.iter().any(|item| item.contains("\"confidence\"")), "{items:?}");
}

#[test]
fn entities_are_linked_to_their_chains() {
    let mut doc = Document::new("", "Ghana protested. Ghana said it would answer.");
    PIPELINE.process(&mut doc).unwrap();
    assert_eq!(doc.entities().map(|entity| entity.chain).collect::<Vec<_>>(), [Some(0), Some(0)]);
    doc.validate().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_makes_sound_chains(words in prop::collection::vec(any_word(), 0..40)) {
        let mut doc = Document::new("", words.join(" "));
        PIPELINE.process(&mut doc).unwrap();
        doc.validate().unwrap();
        for chain in doc.chains() {
            assert!(chain.mentions.len() > 1 && chain.mentions.is_sorted());
        }
    }
}

#[test]
fn a_name_in_apposition_to_nothing() {
    for text in ["Marek,", "of Donald Brandt,", "Kim, Kim, Kim, "] {
        let mut doc = Document::new("", text);
        PIPELINE.process(&mut doc).unwrap();
    }
}

fn any_word() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "the",
        "her",
        "his",
        "it",
        "government",
        "minister",
        "of",
        "Ghana",
        "Oslo",
        "Kari Lind",
        "Lind",
        "'s",
        ",",
        ".",
        "“",
        "”",
        "51-year-old",
        "ministry",
        "EU",
        "said",
        "in",
        "ambassador",
        "country",
        "\n\n",
        "who",
        "group",
        "M23",
        "\"",
    ];
    prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Built once: the parser's model takes a while to load.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| pipeline(&json!({})));
static SIEVES: LazyLock<Pipeline> =
    LazyLock::new(|| pipeline(&json!({ "resolver": "sieves", "things": false })));

fn pipeline(options: &serde_json::Value) -> Pipeline {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry).unwrap();
    demarche_syntax::register(&mut registry).unwrap();
    demarche_entity::register(&mut registry).unwrap();
    demarche_coreference::register(&mut registry).unwrap();
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        let plain = json!({});
        let options = if kind.name == "coreference" { options } else { &plain };
        pipeline.push(kind, kind.build(options).unwrap());
    }
    pipeline
}

fn annotate(pipeline: &Pipeline, text: &str) -> Vec<String> {
    let mut doc = Document::new("", text);
    pipeline.process(&mut doc).unwrap();
    let line = |chain: Chain<'_>| {
        let mentions: Vec<_> = chain.mentions.iter().map(|&span| doc.slice(span)).collect();
        let norm = chain.norm.map(|norm| format!(" {norm}")).unwrap_or_default();
        format!("{}{norm}: {}", chain.name.unwrap_or_default(), mentions.join(" | "))
    };
    doc.chains().map(line).collect()
}
