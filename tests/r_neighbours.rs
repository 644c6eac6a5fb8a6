//! Promise 3: a document's result does not depend on its neighbours, with all stages of the pipeline `news`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use demarche::corpus::{Corpus, ReadOptions, Record};
use demarche::runner::{LoadedPipeline, RunOptions, annotate, parse_pipeline};
use demarche::{Offsets, format, ready};
use demarche_tests::root;

fn load() -> LoadedPipeline {
    let news = ready::ready("news").unwrap().toml;
    parse_pipeline(news, "news.toml", Path::new(""), demarche::registry(), 1).unwrap()
}

/// The samples, and short texts whose names, words and speakers are those of others, meant otherwise.
fn records() -> Vec<Record> {
    let samples = Corpus::find([root().join("samples")], None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let short = [
        "Washington said on Monday that it was tired. George Washington, a farmer from Leeds, had slept badly.",
        "Washington froze the assets of two Sudanese firms. “It is a start,” said Orsolya Brandt, the envoy.",
        "“It is no start,” Brandt said. She left Jordan on Tuesday.",
        "Jordan, who plays for Leeds, was banned for two matches. He said he would appeal.",
        "He said he would not. They sanctioned him all the same, on Oct. 3.",
        "JORDAN FREEZES ACCOUNTS OF MINE OWNERS",
        "",
    ];
    let line = |text| serde_json::json!({"text": text, "date": "2024-06-21"}).to_string() + "\n";
    let path = folder.path().join("short.jsonl");
    std::fs::write(&path, short.map(line).concat()).unwrap();
    let short = Corpus::find([path], None).unwrap();
    [samples, short]
        .iter()
        .flat_map(|corpus| corpus.read(ReadOptions::default()))
        .map(Result::unwrap)
        .collect()
}

/// What comes out for each record, one after the other on one thread.
fn results<'r>(loaded: &LoadedPipeline, records: impl Iterator<Item = &'r Record>) -> Vec<Vec<u8>> {
    let mut result = |record: &Record| {
        let done = annotate(loaded, record.clone(), &RunOptions::default()).unwrap().unwrap();
        let mut bytes = Vec::new();
        format::write(&done.document, Offsets::Char, &mut bytes).unwrap();
        bytes
    };
    records.map(&mut result).collect()
}

#[test]
fn r_neighbours() {
    let records = records();
    let loaded = load();
    let together = results(&loaded, records.iter());
    let sanctions = together.iter().filter(|result| String::from_utf8_lossy(result).contains("\"trigger\""));
    assert!(sanctions.count() > 5, "there is much to be found");
    // Whatever is remembered of other documents is full now.
    let mut reversed = results(&loaded, records.iter().rev());
    reversed.reverse();
    for (record, (one, other)) in records.iter().zip(together.iter().zip(&reversed)) {
        assert!(one == other, "{} in reverse order", record.place);
        // A pipeline and a thread of its own remember nothing.
        let alone = std::thread::scope(|scope| {
            scope.spawn(|| results(&load(), std::iter::once(record))).join().unwrap()
        });
        assert!(alone[0] == *one, "{} alone", record.place);
    }
}
