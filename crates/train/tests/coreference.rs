//! The command over a few documents written for this test.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Texts with their mentions in brackets: number of the chain after a bar.
const ANNOTATED: [&str; 4] = [
    "[Anna Brandt|0] opened [the door|1]. [She|0] closed [it|1] again.",
    "[The old baker|0] sold [a house|1]. [He|0] had built [the house|1] alone.",
    "[Tom Okafor|0] saw [a ship|1]. [He|0] painted [the ship|1].",
    "[The judge|0] read [a letter|1]. [She|0] burned [it|1].",
];

fn document(id: usize, marked: &str) -> Value {
    let (mut text, mut chains) = (String::new(), vec![Vec::new(), Vec::new()]);
    for part in marked.split('[') {
        let (mention, rest) = part.split_once(']').unwrap_or(("", part));
        if let Some((mention, chain)) = mention.split_once('|') {
            let start = text.len();
            text += mention;
            chains[chain.parse::<usize>().unwrap()].push(json!([start, text.len()]));
        }
        text += rest;
    }
    let chains: Vec<Value> = chains.into_iter().map(|mentions| json!({ "mentions": mentions })).collect();
    json!({ "id": id.to_string(), "text": text, "chains": chains })
}

fn train(data: &Path, out: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche-train"));
    command.args(["coreference", "--rare", "1"]).args(arguments);
    command
        .arg("--train")
        .arg(data)
        .arg("--dev")
        .arg(data)
        .arg("--out")
        .arg(out)
        .output()
        .expect("the command runs")
}

#[test]
fn the_same_command_gives_the_same_bytes_and_learns() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("gold.jsonl");
    let lines: Vec<String> =
        ANNOTATED.iter().enumerate().map(|(id, text)| document(id, text).to_string()).collect();
    std::fs::write(&data, lines.join("\n")).unwrap();
    let model = |name: &str, arguments: &[&str]| {
        let out = folder.path().join(name);
        let output = train(&data, &out, arguments);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        (std::fs::read(out.join("english.model")).unwrap(), log)
    };
    let (first, log) = model("first", &["--passes", "20"]);
    let (second, _) = model("second", &["--passes", "20"]);
    let (other, _) = model("other", &["--passes", "20", "--seed", "2"]);
    assert!(first == second, "two trainings differ");
    assert!(first != other, "the seed has no effect");
    assert!(log.lines().rev().any(|line| line.contains("CoNLL 100.00")), "what was learned is known:\n{log}");
}

#[test]
fn a_file_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("gold.jsonl");
    std::fs::write(&data, "{\"id\": \"1\"").unwrap();
    let output = train(&data, folder.path(), &[]);
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && log.contains("gold.jsonl:1"), "{log}");
}
