//! What holds for every text, whatever stands in it.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::time::{Duration, Instant};

use demarche_core::{Document, Layer};
use proptest::prelude::*;

mod common;

thread_local! {
    static PIPELINE: demarche_core::Pipeline = common::pipeline();
}

/// Runs the stages; the time is that of the last one.
fn run(doc: &mut Document<'_>) -> Duration {
    PIPELINE.with(|pipeline| {
        let quote = pipeline.stages().len() - 1;
        for step in 0..quote {
            pipeline.process_step(step, doc).unwrap();
        }
        let start = Instant::now();
        pipeline.process_step(quote, doc).unwrap();
        start.elapsed()
    })
}

fn annotated(text: &str) -> Document<'_> {
    let mut doc = Document::new("", text);
    run(&mut doc);
    doc
}

/// Words, marks and line breaks in any order: quotations that nobody would write.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "said",
        "says",
        "Kim",
        "the minister",
        "he",
        "that",
        "called",
        "it",
        "was",
        "late",
        "according to",
        "and",
        ",",
        ".",
        ":",
        ";",
        "?",
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "'",
        "«",
        "»",
        "„",
        "''",
        "``",
        "\n\n",
        "\n",
        "–",
        "told",
        "asked if",
        "who",
        "of",
        "by",
        "quoted as saying",
        "é",
        "🙂",
    ]);
    prop::collection::vec(scrap, 0..60).prop_map(|scraps| scraps.join(" "))
}

fn check(text: &str) {
    let doc = annotated(text);
    doc.validate().unwrap();
    for quote in doc.quotes() {
        assert!(!quote.content.is_empty(), "a quotation has content");
        for span in quote.content.iter().chain(quote.cue).chain(quote.source) {
            assert!(!span.is_empty(), "no span is empty");
            assert_eq!(doc.slice(*span).trim(), doc.slice(*span), "no white space at the ends");
        }
        assert!(quote.content.windows(2).all(|pair| pair[0].end <= pair[1].start), "content in text order");
        let overlap = quote.content.iter().any(|content| quote.cue.iter().any(|cue| content.overlaps(*cue)));
        assert!(!overlap, "a cue is not part of what it reports: {}", doc.text());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_scraps(text in scraps()) {
        check(&text);
    }
}

#[test]
fn a_cue_that_ends_the_text() {
    for text in ["sanctions threatened", "threatened", "Kim said", "According to", "“a” he called"] {
        check(text);
    }
}

#[test]
fn the_layer_is_there_when_nothing_is_found() {
    assert!(annotated("").has(&Layer::Quotes));
}

/// Ten times the text takes about ten times as long, not a hundred times.
#[test]
fn hostile_texts_take_linear_time() {
    for scrap in
        ["“", "‘", "\"a\" ", "said ", "said, ", "“a” said ", "he said “a. ", "'s ", "Kim, ", "“a.\n\n", "; "]
    {
        let time = |n: usize| run(&mut Document::new("", scrap.repeat(n))).as_secs_f64();
        let (small, large) = (time(300), time(3_000));
        assert!(large < 60.0 * small + 0.05, "{scrap:?}: {small} s, then {large} s");
    }
}
