//! What a good pipeline file gives.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::path::Path;

use demarche_runner::{OffsetUnit, load_pipeline, parse_pipeline};

const WHOLE: &str = r#"
[pipeline]
name = "news"
description = "Who said what"

[input]
text = "body"
date = "published"
max_record = 1000

[output]
offsets = "utf16"

[run]
threads = 3
document_seconds = 0.5

[[stage]]
use = "tokenize"

[[stage]]
use = "options"
who = "all"
min_words = 100
share = 1
mode = "thorough"
strict = true
lists = ["tests/pipelines/names.tsv"]
weights.title = 2
"#;

#[test]
fn everything_a_file_can_say() {
    let loaded = common::pipeline(WHOLE);
    assert_eq!(loaded.name, "news");
    assert_eq!(loaded.description.as_deref(), Some("Who said what"));
    assert_eq!(loaded.pipeline.stages().collect::<Vec<_>>(), ["tokenize", "options"]);
    let read = loaded.settings.input.read_options();
    assert_eq!((read.fields.id.as_str(), read.fields.text.as_str()), ("id", "body"));
    assert_eq!((read.fields.date.as_deref(), read.max_record), (Some("published"), 1000));
    assert_eq!(loaded.settings.output.offsets, OffsetUnit::Utf16);
    assert_eq!((loaded.settings.run.threads, loaded.settings.run.document_seconds), (Some(3), 0.5));
}

#[test]
fn a_file_is_named_after_itself_and_its_paths_are_relative_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(folder.path().join("names.tsv"), "Seoul\tKOR\n").unwrap();
    std::fs::write(&path, "[[stage]]\nuse = \"options\"\nwho = \"all\"\nlists = [\"names.tsv\"]\n").unwrap();
    let loaded = load_pipeline(&path, common::registry(), 0).unwrap();
    assert_eq!((loaded.name.as_str(), loaded.description), ("mine", None));
}

#[test]
fn the_fingerprint_tells_apart_what_gives_other_results() {
    let folder = tempfile::tempdir().unwrap();
    let names = folder.path().join("names.tsv");
    std::fs::write(&names, "Seoul\tKOR\n").unwrap();
    let of =
        |text: &str| parse_pipeline(text, "t", folder.path(), common::registry(), 1).unwrap().fingerprint;
    let text = "[[stage]]\nuse = \"options\"\nwho = \"all\"\nlists = [\"names.tsv\"]\n";
    let first = of(text);
    assert_eq!(first, of(text));
    assert_ne!(first, of(&text.replace("all", "some")));
    std::fs::write(&names, "Seoul\tPRK\n").unwrap();
    assert_ne!(first, of(text));
    assert_eq!(first.len(), 64);
}

#[test]
fn text_of_any_kind_is_an_error_not_a_panic() {
    use proptest::prelude::*;
    let any = proptest::collection::vec(
        prop_oneof![
            Just("[[stage]]\n"),
            Just("[run]\n"),
            Just("use = "),
            Just("\"tokenize\"\n"),
            Just("lists = [1, {}]\n"),
            Just("who = \"é"),
            Just("\n"),
            Just("["),
            Just("weights.title = 1\n")
        ],
        0..12,
    );
    proptest!(ProptestConfig::with_cases(500), |(parts in any)| {
        let text = parts.concat();
        if let Err(errors) = parse_pipeline(&text, "t", Path::new("/no"), common::registry(), 1) {
            prop_assert!(!errors.errors().is_empty() && !errors.render(true).is_empty());
        }
    });
}
