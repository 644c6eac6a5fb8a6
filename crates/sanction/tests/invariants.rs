//! What holds for every text, however strange.

#![allow(clippy::unwrap_used, reason = "a failure to build the stages fails the test")]

mod common;

use std::sync::LazyLock;

use demarche_core::{Document, Pipeline};
use proptest::prelude::*;

/// Words that make seeds, governors and parties meet in every order.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "sanctions",
        "embargo",
        "on",
        "against",
        "Iran",
        "the",
        "EU",
        "imposed",
        "lifted",
        "threatened",
        "to",
        "freeze",
        "assets",
        "list",
        "from",
        "it",
        "its",
        "if",
        "not",
        "would",
        ",",
        ".",
        "“",
        "”",
        "US",
        "resolution",
        "violating",
        "of",
        "Franco-German",
        "–",
        "ban",
        "and",
        "expelled",
        "diplomats",
        "İ",
        "é",
        "\n\n",
        "warned",
        "that",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.join(" "))
}

/// The text with every layer; `None` where a stage before this one could not read it.
fn read(text: &str) -> Option<Document<'_>> {
    static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| common::pipeline(&serde_json::json!({})));
    let mut doc = Document::new("", text);
    let last = common::STAGES.len() - 1;
    (0..last).try_for_each(|step| PIPELINE.process_step(step, &mut doc)).ok()?;
    PIPELINE.process_step(last, &mut doc).unwrap();
    Some(doc)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_gives_a_sound_document(text in any::<String>()) {
        if let Some(doc) = read(&text) {
            prop_assert!(doc.validate().is_ok());
        }
    }

    #[test]
    fn any_order_of_words_gives_a_sound_document(text in words()) {
        let Some(doc) = read(&text) else { return Ok(()) };
        prop_assert!(doc.validate().is_ok());
        let mut last = 0;
        for event in doc.sanctions() {
            // In text order, one event a trigger.
            prop_assert!(event.trigger.start >= last);
            last = event.trigger.end;
        }
    }
}

/// The stage alone over a text repeated `times`, in seconds: the best of three, as other work may disturb.
fn seconds(pipeline: &Pipeline, text: &str, times: usize) -> f64 {
    let mut doc = Document::new("", text.repeat(times));
    let last = common::STAGES.len() - 1;
    for step in 0..last {
        pipeline.process_step(step, &mut doc).unwrap();
    }
    let time = || {
        let mut doc = doc.clone();
        let start = std::time::Instant::now();
        pipeline.process_step(last, &mut doc).unwrap();
        start.elapsed().as_secs_f64()
    };
    (0..3).map(|_| time()).fold(f64::MAX, f64::min)
}

#[test]
fn time_grows_with_the_text_not_with_its_square() {
    let pipeline = common::pipeline(&serde_json::json!({}));
    for text in
        ["sanctions and ", "sanctions of ", "Iran imposed sanctions on Iran. ", "freeze assets of its "]
    {
        let short = seconds(&pipeline, text, 400).max(0.002);
        let long = seconds(&pipeline, text, 2_400);
        assert!(long < 22.0 * short, "{text:?}: {short} s for 400 times, {long} s for 2,400 times");
    }
}
