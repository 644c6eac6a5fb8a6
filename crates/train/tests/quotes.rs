//! The command over a few sentences written for this test.

use std::path::Path;
use std::process::Command;

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
    let output = Command::new(env!("CARGO_BIN_EXE_demarche-train"))
        .arg("quotes")
        .arg("--train")
        .arg(data)
        .args(["--folds", "2", "--passes", "4", "--dev"])
        .arg(data)
        .arg("--out")
        .arg(out)
        .output()
        .expect("the command runs");
    let log = String::from_utf8(output.stderr).expect("the log is UTF-8");
    assert!(output.status.success(), "{log}");
    (std::fs::read(out.join("english.model")).expect("the model was written"), log)
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
