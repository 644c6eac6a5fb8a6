//! Words per second of the stage alone, on news of our own writing that is full of sanctions and on one that has none.
//! What the other stages cost is left out: the documents come with every layer that this stage reads.

#![allow(clippy::unwrap_used, reason = "a bench that cannot build its stages has nothing to measure")]

#[path = "../tests/common/mod.rs"]
mod common;

use demarche_core::{Document, Pipeline};
use divan::counter::ItemsCount;

const DENSE: &str = "The European Union on Monday extended its sanctions against Belarus by a year and froze the assets of \
twelve officials. Minsk threatened to close its border to trucks from Poland if the bloc added more names to the list. \
Canada, which had imposed an arms embargo in 2021, called on its partners to join the measures. A bank in Vienna was \
fined for evading the restrictions, and two diplomats were expelled from Lithuania. ";
const PLAIN: &str = "The mayor opened a new library on Monday and thanked the workers who had built it in two years. \
Children read aloud from their favorite books while the band of the fire brigade played outside in the rain. ";

fn main() {
    divan::main();
}

fn prepared(text: &str) -> (Pipeline, Document<'static>, usize) {
    let text = text.repeat(50);
    let words = text.split_whitespace().count();
    let mut doc = Document::new("bench", text);
    let pipeline = common::pipeline(&serde_json::json!({}));
    for step in 0..common::STAGES.len() - 1 {
        pipeline.process_step(step, &mut doc).unwrap();
    }
    (pipeline, doc, words)
}

#[divan::bench(args = ["dense", "plain"])]
fn words(bencher: divan::Bencher<'_, '_>, text: &str) {
    let (pipeline, doc, words) = prepared(if text == "dense" { DENSE } else { PLAIN });
    bencher.counter(ItemsCount::new(words)).with_inputs(|| doc.clone()).bench_local_values(|mut doc| {
        pipeline.process_step(common::STAGES.len() - 1, &mut doc).unwrap();
        doc
    });
}
