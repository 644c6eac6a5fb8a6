//! The cases of `tests/cases/*.md`: text in, tokens and sentences out. Those of words and sentences hold for rules and for
//! learned ends alike.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{Document, Stage};
use demarche_tokenize::{Sentences, Tokenize, TokenizeOptions};

#[test]
fn words() {
    check_all(include_str!("cases/words.md"), &[Sentences::Rules, Sentences::Learned]);
}

#[test]
fn sentences() {
    check_all(include_str!("cases/sentences.md"), &[Sentences::Rules, Sentences::Learned]);
}

#[test]
fn learned() {
    check_all(include_str!("cases/learned.md"), &[Sentences::Learned]);
}

fn check_all(cases: &str, modes: &[Sentences]) {
    for &mode in modes {
        let mut options = TokenizeOptions::default();
        options.sentences = mode;
        let tokenize = Tokenize::new(options);
        for case in cases.split("\n## ").skip(1) {
            let (name, rest) = case.split_once('\n').unwrap();
            let block = rest.split("```\n").nth(1).unwrap();
            let (text, expected) = block.split_once("\n---\n").unwrap();
            assert_eq!(annotate(&tokenize, text), expected.trim_end(), "{name}, {mode:?}");
        }
    }
}

fn annotate(tokenize: &Tokenize, text: &str) -> String {
    let mut doc = Document::new("", text);
    tokenize.process(&mut doc).unwrap();
    let sentence = |&span| {
        let words = doc.tokens_in(span).map(|token| doc.token(token));
        words.collect::<Vec<_>>().join(" ")
    };
    doc.sentences().iter().map(sentence).collect::<Vec<_>>().join("\n")
}
