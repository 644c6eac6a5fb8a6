//! Words per second on one thread: each stage of the news pipeline by itself, and the whole pipeline.
//!
//! Measured on the articles in `samples/`; reading files and writing results are left out. `items/s` are words
//! and marks as the `tokenize` stage counts them.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench fails by panicking, and nobody calls it")]

use std::sync::LazyLock;

use demarche::{Document, Pipeline};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

/// The stages in the order of `pipelines/news.toml`.
const STAGES: [&str; 6] = ["tokenize", "syntax", "entity", "coreference", "quote", "sanction"];

fn main() {
    divan::main();
}

static NEWS: LazyLock<Pipeline> = LazyLock::new(|| {
    let registry = demarche::registry();
    let mut pipeline = Pipeline::new();
    for name in STAGES {
        let kind = registry.get(name).unwrap();
        pipeline.push(kind, kind.build(&serde_json::json!({})).unwrap());
    }
    pipeline
});

/// The sample articles after the first `steps` stages.
fn articles(steps: usize) -> Vec<Document<'static>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let mut documents: Vec<_> =
        files.iter().map(|file| Document::new("", std::fs::read_to_string(file).unwrap())).collect();
    for doc in &mut documents {
        (0..steps).for_each(|step| NEWS.process_step(step, doc).unwrap());
    }
    documents
}

fn measure(bencher: Bencher<'_, '_>, before: usize, steps: std::ops::Range<usize>) {
    let documents = articles(before);
    let words: usize = articles(1).iter().map(|doc| doc.tokens().len()).sum();
    let bytes: usize = documents.iter().map(|doc| doc.text().len()).sum();
    bencher
        .counter(ItemsCount::new(words))
        .counter(BytesCount::new(bytes))
        .with_inputs(|| documents.clone())
        .bench_local_refs(|documents| {
            for doc in documents {
                steps.clone().for_each(|step| NEWS.process_step(step, doc).unwrap());
            }
        });
}

#[divan::bench(args = STAGES)]
fn stage(bencher: Bencher<'_, '_>, name: &str) {
    let step = STAGES.iter().position(|stage| *stage == name).unwrap();
    measure(bencher, step, step..step + 1);
}

#[divan::bench]
fn whole_pipeline(bencher: Bencher<'_, '_>) {
    measure(bencher, 0, 0..STAGES.len());
}

/// Tokens, sentences, tags and lemmas, without trees.
#[divan::bench]
fn words_pipeline(bencher: Bencher<'_, '_>) {
    let registry = demarche::registry();
    let stages =
        ["tokenize", "tags"].map(|name| registry.get(name).unwrap().build(&serde_json::json!({})).unwrap());
    let documents = articles(0);
    let words: usize = articles(1).iter().map(|doc| doc.tokens().len()).sum();
    bencher.counter(ItemsCount::new(words)).with_inputs(|| documents.clone()).bench_local_refs(|documents| {
        for doc in documents {
            for stage in &stages {
                stage.process(doc).unwrap();
            }
        }
    });
}

/// What a process pays once: gazetteers and models made ready.
#[divan::bench]
fn build_all_stages(bencher: Bencher<'_, '_>) {
    let registry = demarche::registry();
    bencher.bench(|| STAGES.map(|name| registry.get(name).unwrap().build(&serde_json::json!({})).unwrap()));
}
