//! The command over a few sentences written for this test.

use std::path::Path;

mod common;

/// Texts, each with the trigger of its event and the action.
const TEXTS: [(&str, &str, &str); 4] = [
    ("Norway imposed sanctions on Belarus over the arrest of two sailors.", "sanctions", "impose"),
    ("Japan has lifted its sanctions against Myanmar.", "lifted", "ease"),
    ("Ghana condemned the sanctions against Mali.", "condemned", "oppose"),
    ("The council in Bergen banned cars from the old town.", "", ""),
];

fn jsonl() -> String {
    let mut out = String::new();
    for (at, (text, trigger, action)) in TEXTS.iter().cycle().take(12).enumerate() {
        let start = text.find(trigger).unwrap_or(0);
        let event = format!(
            r#"{{"trigger": [{start}, {}], "action": "{action}", "measures": [], "factuality": "actual",
                "sender": [], "target": [], "actor": [], "instrument": null, "reason": null, "date": null}}"#,
            start + trigger.len()
        );
        let events = if trigger.is_empty() { String::new() } else { event.replace('\n', " ") };
        out += &format!("{{\"id\": \"{at}\", \"text\": \"{text}\", \"sanctions\": [{events}]}}\n");
    }
    out
}

fn train(data: &Path, out: &Path) -> (Vec<u8>, String) {
    common::train(&["sanctions", "--folds", "3", "--passes", "6"], data, out, "english.model")
}

#[test]
fn the_same_command_gives_the_same_bytes_and_learns() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("tiny.jsonl");
    std::fs::write(&data, jsonl()).unwrap();
    let (first, log) = train(&data, &folder.path().join("first"));
    let (second, _) = train(&data, &folder.path().join("second"));
    assert!(first == second, "the same command, other bytes");
    assert!(log.contains("tiny.jsonl in 3 folds:"), "{log}");
    assert!(log.contains("no event in 3 of 3 documents that have none"), "{log}");
}
