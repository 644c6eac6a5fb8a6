//! The cases of `tests/cases/*.md`: text in, tokens and sentences out.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{Document, Stage};
use demarche_tokenize::Tokenize;

#[test]
fn words() {
    check_all(include_str!("cases/words.md"));
}

#[test]
fn sentences() {
    check_all(include_str!("cases/sentences.md"));
}

fn check_all(cases: &str) {
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let block = rest.split("```\n").nth(1).unwrap();
        let (text, expected) = block.split_once("\n---\n").unwrap();
        assert_eq!(annotate(text), expected.trim_end(), "{name}");
    }
}

fn annotate(text: &str) -> String {
    let mut doc = Document::new("", text);
    Tokenize::default().process(&mut doc).unwrap();
    let sentence = |&span| {
        let words = doc.tokens_in(span).map(|token| doc.token(token));
        words.collect::<Vec<_>>().join(" ")
    };
    doc.sentences().iter().map(sentence).collect::<Vec<_>>().join("\n")
}
