//! The command over a few sentences written for this test.

use std::path::Path;

mod common;

/// Texts, each with source, cue and content of its quotation; nothing where there is none.
const TEXTS: [(&str, [&str; 3]); 4] = [
    ("The mayor said that the bridge was safe.", ["The mayor", "said", "that the bridge was safe"]),
    ("“We are late,” the captain said.", ["the captain", "said", "“We are late,”"]),
    ("The bridge will open, according to the mayor.", ["the mayor", "according to", "The bridge will open"]),
    ("The bridge over the river opened on Monday.", ["", "", ""]),
];

fn jsonl() -> String {
    let mut out = String::new();
    for (at, (text, parts)) in TEXTS.iter().cycle().take(24).enumerate() {
        // Offsets in characters, as the format has them.
        let span = |part: &str| {
            let start = text.find(part).unwrap_or(0);
            let start = text[..start].chars().count();
            format!("[[{start}, {}]]", start + part.chars().count())
        };
        let [source, cue, content] = parts.map(span);
        let quote = format!(
            r#"{{"kind": "indirect", "content": {content}, "cue": {cue}, "source": {source}, "speaker": null}}"#
        );
        let quotes = if parts[0].is_empty() { String::new() } else { quote };
        out += &format!("{{\"id\": \"{at}\", \"text\": \"{text}\", \"quotes\": [{quotes}]}}\n");
    }
    out
}

fn train(data: &Path, out: &Path) -> (Vec<u8>, String) {
    common::train(&["quotes", "--folds", "2", "--passes", "4"], data, out, "english.model")
}

#[test]
fn the_same_command_gives_the_same_bytes_and_learns() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("tiny.jsonl");
    std::fs::write(&data, jsonl()).unwrap();
    let (first, log) = train(&data, &folder.path().join("first"));
    let (second, _) = train(&data, &folder.path().join("second"));
    assert!(first == second, "the same command, other bytes");
    assert!(log.contains("18 cues with"), "{log}");
    let exact = log.lines().find(|line| line.starts_with("all content_trimmed")).expect("it measures");
    assert!(exact.contains("100.00"), "{log}");
}
