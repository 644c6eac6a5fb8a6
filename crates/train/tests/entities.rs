//! The command over a few documents written for this test.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// Texts with their names in brackets: label after a bar.
const ANNOTATED: [&str; 4] = [
    "[Velmora|ORG] hired [Anna Brandt|PERSON] in [Lisbon|GPE]. [Velmora|ORG] makes lamps.",
    "The workers of [Velmora|ORG] met [Anna Brandt|PERSON] near the river.",
    "In [Lisbon|GPE] it rained when [Tom Okafor|PERSON] of [Velmora|ORG] came.",
    "Nobody knew why [Tom Okafor|PERSON] had left [Lisbon|GPE] so early.",
];

fn document(id: usize, marked: &str) -> Value {
    let (mut text, mut entities) = (String::new(), Vec::new());
    for part in marked.split('[') {
        let (name, rest) = part.split_once(']').unwrap_or(("", part));
        if let Some((name, label)) = name.split_once('|') {
            let start = text.len();
            text += name;
            entities.push(json!({ "span": [start, text.len()], "label": label }));
        }
        text += rest;
    }
    json!({ "id": id.to_string(), "text": text, "entities": entities })
}

fn write(folder: &Path, name: &str, documents: &[Value]) -> PathBuf {
    let path = folder.join(name);
    let lines: Vec<String> = documents.iter().map(Value::to_string).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

fn train(arguments: &[&str], paths: &[(&str, &Path)]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche-train"));
    command.arg("entities").args(arguments);
    for (name, path) in paths {
        command.arg(name).arg(path);
    }
    command.output().expect("the command runs")
}

#[test]
fn the_same_command_gives_the_same_bytes_and_learns() {
    let folder = tempfile::tempdir().unwrap();
    let documents: Vec<Value> = ANNOTATED.iter().enumerate().map(|(id, text)| document(id, text)).collect();
    let gold = write(folder.path(), "gold.jsonl", &documents);
    let unlabeled: Vec<Value> = documents
        .iter()
        .map(|doc| {
            let names = doc["entities"].as_array().unwrap().iter();
            let names: Vec<Value> =
                names.map(|name| json!({ "span": name["span"], "value": name["label"] })).collect();
            json!({ "id": doc["id"], "text": doc["text"], "layers": { "machine-md": names } })
        })
        .collect();
    let silver = write(folder.path(), "silver.jsonl", &unlabeled);
    let clusters = folder.path().join("clusters.tsv");
    std::fs::write(&clusters, "lisbon\t1\t2\t3\t4\nvelmora\t1\t5\t6\t7\n").unwrap();
    let model = |name: &str, arguments: &[&str]| {
        let out = folder.path().join(name);
        let paths = [
            ("--train", &*gold),
            ("--silver", &*silver),
            ("--dev", &*gold),
            ("--clusters", &*clusters),
            ("--out", &*out),
        ];
        let output = train(arguments, &paths);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        (std::fs::read(out.join("english.model")).unwrap(), log)
    };
    let (first, log) = model("first", &["--passes", "20", "--sure", "0.5"]);
    let (second, _) = model("second", &["--passes", "20", "--sure", "0.5"]);
    let (other_seed, _) = model("other", &["--passes", "20", "--sure", "0.5", "--seed", "2"]);
    assert!(first == second, "the same command, other bytes");
    assert!(first != other_seed, "another seed, the same bytes");
    let figures = log.lines().rfind(|line| line.starts_with("rules and recognizer")).unwrap();
    assert!(figures.contains("all 1.000 1.000"), "ten names are learned by heart: {figures}");
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let gold = write(folder.path(), "gold.jsonl", &[document(0, ANNOTATED[0])]);
    let broken = write(folder.path(), "broken.jsonl", &[document(0, ANNOTATED[0]), json!({ "text": 5 })]);
    let clusters = folder.path().join("clusters.tsv");
    std::fs::write(&clusters, "lisbon\t1\n").unwrap();
    let out = folder.path().join("out");
    for (paths, message) in [
        ([("--train", &*broken), ("--out", &*out)].as_slice(), "broken.jsonl:2"),
        (
            &[("--train", &*gold), ("--clusters", &*clusters), ("--out", &*out)],
            "clusters.tsv:1: a line has a word and 4 numbers, this one has 2 columns",
        ),
    ] {
        let output = train(&[], paths);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && log.contains(message), "{log}");
    }
}
