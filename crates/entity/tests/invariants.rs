//! What holds for any text.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use demarche_core::{Document, Morphology, Stage, StringId, Upos};
use demarche_entity::Entities;
use demarche_tokenize::Tokenize;
use proptest::prelude::*;

static STAGE: LazyLock<Entities> = LazyLock::new(Entities::default);

fn check(text: &str, upos: Option<Upos>) {
    let mut doc = Document::new("", text);
    Tokenize::default().process(&mut doc).unwrap();
    if let Some(upos) = upos {
        let n_tokens = doc.tokens().len();
        let none = vec![StringId::NONE; n_tokens];
        doc.set_morphology(Morphology {
            upos: vec![upos; n_tokens].into(),
            xpos: none.clone().into(),
            lemma: none.into(),
        });
    }
    STAGE.process(&mut doc).unwrap();
    doc.validate().unwrap();
    let mut end = 0;
    for entity in doc.entities() {
        assert!(entity.span.start >= end && !entity.span.is_empty(), "{:?} of {text:?}", entity.span);
        assert!(entity.name.is_some_and(|name| !name.is_empty()));
        end = entity.span.end;
    }
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        check(&text, None);
    }

    #[test]
    fn text_of_names(text in r#"((the|of|and|al|von|in|said|President|Mr\.|J\.|Kim|Maria|Bank|Ministry|Lake|Russia|Russian|South|Korea|United|Nations|New|York|U\.S\.|EU|Friday|night|March|May|12|2024|\$|%|million|one|half|a|third|days|end|year|last|[A-Z][a-z]{0,5}|É|'s|’|-|,|\.|\(|/|"|\n)[ ]?){0,40}"#) {
        check(&text, None);
        check(&text, Some(Upos::Propn));
        check(&text, Some(Upos::Verb));
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    let timed = |pattern: &str, times: usize| {
        let text = pattern.repeat(times);
        let start = Instant::now();
        check(&text, None);
        start.elapsed()
    };
    for pattern in [
        "United Nation ",
        "Anna ",
        "Anna-",
        "J. ",
        "of the ",
        "Ministry of ",
        "Bank and ",
        "al-",
        "one hundred ",
        "12-",
        "$",
        "Kim Maria Bush said ",
        "Paris, ",
        "the Fund ",
        "Anna Berg. Berg ",
        "Free Front (FF) ",
        "President ",
        "Friday, ",
        "a ",
    ] {
        let (small, large) = (timed(pattern, 1_000), timed(pattern, 8_000));
        assert!(large < small * 8 * 6 + Duration::from_millis(200), "{pattern:?}: {small:?}, then {large:?}");
    }
}
