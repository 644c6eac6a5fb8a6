//! What holds for any text through the whole pipeline: no stage panics, and the layers are sound and fit together.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use demarche::{Document, Pipeline};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

static NEWS: LazyLock<Pipeline> = LazyLock::new(|| {
    let registry = demarche::registry();
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        pipeline.push(kind, kind.build(&serde_json::json!({})).unwrap());
    }
    pipeline
});

/// Words of the sample articles, with the lines between them.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let text: String = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    text.replace('\n', " \n ").split(' ').map(str::to_owned).collect()
});

const SCRAPS: [&str; 28] = [
    "“",
    "”",
    "\"",
    "'",
    "‘",
    "’",
    "«",
    "»",
    "\n\n",
    ",",
    ".",
    ":",
    "—",
    "(",
    ")",
    "said",
    "threatened",
    "sanctions",
    "imposed",
    "against",
    "by",
    "of",
    "according to",
    "é",
    "😀",
    "\u{301}",
    "\0",
    "\u{202e}",
];

/// Stretches of news between words and marks in any order, often cut off in the middle.
fn scraps() -> impl Strategy<Value = String> {
    let stretch = (0..WORDS.len(), 1_usize..8)
        .prop_map(|(start, n)| WORDS[start..(start + n).min(WORDS.len())].join(" "));
    let scrap = prop_oneof![select(&SCRAPS[..]).prop_map(str::to_owned), stretch];
    vec(scrap, 0..20).prop_map(|scraps| scraps.join(" "))
}

fn check(text: &str) {
    let mut doc = Document::new("", text);
    NEWS.process(&mut doc).unwrap_or_else(|error| panic!("{error}: {text:?}"));
    doc.validate().unwrap_or_else(|error| panic!("{error}: {text:?}"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn scraps_of_news(text in scraps()) {
        check(&text);
    }
}

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,300}") {
        check(&text);
    }
}

#[test]
fn nothing() {
    ["", " ", "\n", "\0", "\u{feff}", "."].into_iter().for_each(check);
}
