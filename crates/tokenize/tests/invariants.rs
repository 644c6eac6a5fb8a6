//! What holds for any text, and what the options change.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::sync::LazyLock;

use demarche_core::{Document, Registry, Stage};
use demarche_tokenize::{Sentences, Tokenize, TokenizeOptions, register};
use proptest::prelude::*;
use serde_json::json;

static STAGES: LazyLock<[Tokenize; 2]> = LazyLock::new(|| {
    [Sentences::Learned, Sentences::Rules].map(|sentences| {
        let mut options = TokenizeOptions::default();
        options.sentences = sentences;
        Tokenize::new(options)
    })
});

fn check(text: &str) {
    for stage in &*STAGES {
        check_with(stage, text);
    }
}

fn check_with(stage: &Tokenize, text: &str) {
    let mut doc = Document::new("", text);
    stage.process(&mut doc).unwrap();
    doc.validate().unwrap();
    let mut end = 0;
    for token in doc.tokens() {
        assert!(token.start >= end && !token.is_empty());
        assert!(text[end as usize..token.start as usize].chars().all(is_space), "{token:?} of {text:?}");
        end = token.end;
    }
    assert!(text[end as usize..].chars().all(is_space));
    let mut after = 0;
    for sentence in doc.sentences() {
        let tokens = doc.tokens_in(*sentence);
        assert_eq!(tokens.start, after, "no token lies between sentences");
        assert_eq!(sentence.start, doc.tokens()[tokens.start].start);
        assert_eq!(sentence.end, doc.tokens()[tokens.end - 1].end);
        after = tokens.end;
    }
    let in_sentences: usize = doc.sentences().iter().map(|&span| doc.tokens_in(span).len()).sum();
    assert_eq!(in_sentences, doc.tokens().len());
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{200B}' || c == '\u{FEFF}'
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn text_of_addresses(text in r#"([(\[<"'’“‘«]{0,3}(s|em|90s|24|tis|a)?(@|://|www\.|\.a/)[a-z0-9.]{0,3}['’)\]>”]{0,2}(s|[ .,])?){0,6}"#) {
        check(&text);
    }

    #[test]
    fn text_of_marks(text in r#"([a-zA-Z0-9]{0,3}|[ \n.,:;!?'’"“”`()\[\]/@#$%&*+<>=…–—_-]|n't|'s|U\.S\.|www\.|http://|é|\u{301}|👍🏽|\u{200D}){0,40}"#) {
        check(&text);
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    for pattern in [
        ".", "a.", "1-", "1-1-", "'s", "a'", "(", ")", "\"", "a@", "www.", "a/", "non-", "[1] ", ". ", "\n",
        "A. A. ", "? a", "a A ", ": A", "” A", "(A. ", "\" A. ", ".\n\n", "Aa, ", "_____ ", "a://b ", "-",
        "\u{301}", "\u{200D}", "1,", "))\".", "é.É", "x\ny ",
    ] {
        check(&pattern.repeat(50_000));
    }
}

#[test]
fn options() {
    let sentences = |options: serde_json::Value, text: &str| {
        let mut registry = Registry::default();
        register(&mut registry).unwrap();
        let stage = registry.get("tokenize").unwrap().build(&options).map_err(|error| error.to_string())?;
        let mut doc = Document::new("", text);
        stage.process(&mut doc).unwrap();
        Ok::<_, String>(doc.sentences().iter().map(|&span| doc.slice(span).to_owned()).collect::<Vec<_>>())
    };
    let lines = "The Oslo\nTimes";
    assert_eq!(sentences(json!({}), lines).unwrap(), ["The Oslo", "Times"]);
    assert_eq!(sentences(json!({"newlines": "space"}), lines).unwrap(), ["The Oslo\nTimes"]);
    assert_eq!(sentences(json!({"newlines": "end"}), "we\nmet").unwrap(), ["we", "met"]);
    let mail = "Ann Ode 03/14/2001 09:12 AM Please find the draft attached. Let me know what you think. Thanks, Kari Lind";
    assert_eq!(sentences(json!({"sentences": "rules"}), mail).unwrap().len(), 3);
    assert_eq!(sentences(json!({"sentences": "learned"}), mail), sentences(json!({}), mail));
    assert_eq!(sentences(json!({}), mail).unwrap().len(), 6);
    assert_eq!(sentences(json!({"abbreviations": ["Cllr."]}), "Ask Cllr. Ode.").unwrap(), ["Ask Cllr. Ode."]);
    assert_eq!(
        sentences(json!({"abbreviations": ["Cllr"]}), "").unwrap_err(),
        "`Cllr` cannot be an abbreviation: write one word with its full stop, as in `Cllr.`"
    );
}
