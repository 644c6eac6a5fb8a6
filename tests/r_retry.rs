//! What failed can be tried again: each record that a failed-documents file keeps as text; of all others it is said where they are.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use demarche_tests::{demarche, json_lines, plugin};
use serde_json::{Value, json};

/// Bytes of a record that are kept.
const KEPT: usize = 64 * 1024;

struct Folder(tempfile::TempDir);

impl Folder {
    fn run(&self, pipeline: &str, arguments: &[&str]) -> (Option<i32>, Vec<Value>, Vec<Value>) {
        for name in ["out.jsonl", "failed.jsonl"] {
            let _ = fs::remove_file(self.0.path().join(name));
        }
        let library = plugin("misbehave").to_str().unwrap().to_owned();
        let stage = match pipeline {
            "words" => String::new(),
            stage => format!("[[stage]]\nuse = \"{stage}\"\n"),
        };
        let pipeline = format!(
            "[[plugin]]\npath = {library:?}\nallow_writable = true\n[[stage]]\nuse = \"tokenize\"\n{stage}"
        );
        fs::write(self.0.path().join("p.toml"), pipeline).unwrap();
        let mut command = demarche();
        command.current_dir(self.0.path()).args([
            "run",
            "p.toml",
            "--quiet",
            "-o",
            "out.jsonl",
            "--failed",
            "failed.jsonl",
        ]);
        let output = command.args(arguments).output().unwrap();
        let lines = |name: &str| json_lines(&fs::read(self.0.path().join(name)).unwrap_or_default());
        (output.status.code(), lines("out.jsonl"), lines("failed.jsonl"))
    }
}

#[test]
fn r_retry() {
    let folder = Folder(tempfile::tempdir().unwrap());
    // Lines of just so many bytes as are kept, and of one more; a text with what is known of it; bytes that are no text.
    let line = |id: &str, length: usize| {
        let empty = json!({"id": id, "text": "", "date": "2024-06-21"}).to_string();
        let text = "word ".repeat(length / 5 + 1);
        json!({"id": id, "text": text[..length - empty.len()], "date": "2024-06-21"}).to_string()
    };
    let lines = [line("short", 200), line("longest", KEPT), line("too long", KEPT + 1)];
    assert_eq!(lines[1].len(), KEPT);
    fs::write(folder.0.path().join("in.jsonl"), lines.join("\n")).unwrap();
    fs::write(folder.0.path().join("in.txt"), b"caf\xe9\0").unwrap();
    fs::write(folder.0.path().join("in.csv"), b"id,text\nrow,\"one, two\"\nmore,a,b\n").unwrap();

    let inputs = ["in.jsonl", "in.txt", "in.csv"];
    let (code, out, failed) = folder.run("fail", &inputs);
    assert_eq!((code, out.len(), failed.len()), (Some(1), 0, 6));
    let kept =
        |failed: &Value| ["record", "record_base64", "record_sha256"].map(|key| failed[key].is_string());
    let (text, base64, hash) = ([true, false, false], [false, true, false], [false, false, true]);
    assert_eq!(failed.iter().map(kept).collect::<Vec<_>>(), [text, text, hash, base64, text, text]);
    fs::rename(folder.0.path().join("failed.jsonl"), folder.0.path().join("first.jsonl")).unwrap();

    // What is kept as text comes through, as it would have in the first place.
    let (code, out, failed) = folder.run("words", &["--retry-failed", "first.jsonl"]);
    assert_eq!(code, Some(1));
    let names: Vec<_> = out.iter().map(|doc| doc["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["short", "longest", "row", "more"]);
    let (_, expected, _) = folder.run("words", &inputs);
    assert_eq!(out[0], expected[0]);
    assert_eq!(out[1], expected[1]);
    assert_eq!(out[2], expected[3]);
    // Of the rest it is said where it is, and nothing is taken for what it is not.
    let told: Vec<_> = failed
        .iter()
        .map(|failed| (failed["code"].as_str().unwrap(), failed["message"].as_str().unwrap()))
        .collect();
    let not_kept = |place: &str| {
        format!(
            "the failed record is not kept here as text: it is record {place}, to be processed from there"
        )
    };
    assert_eq!(
        told,
        [
            ("not_kept", not_kept("3 of `in.jsonl`").as_str()),
            ("not_kept", not_kept("1 of `in.txt`").as_str())
        ]
    );
}

/// What fails again is kept as it was, however often.
#[test]
fn r_retry_again_and_again() {
    let folder = Folder(tempfile::tempdir().unwrap());
    let line = json!({"id": "a", "text": "One “two”.", "by": "b"}).to_string();
    fs::write(folder.0.path().join("in.jsonl"), &line).unwrap();
    let (_, _, mut failed) = folder.run("fail", &["in.jsonl"]);
    for _ in 0..3 {
        assert_eq!((failed.len(), failed[0]["record"].as_str()), (1, Some(line.as_str())));
        fs::rename(folder.0.path().join("failed.jsonl"), folder.0.path().join("again.jsonl")).unwrap();
        (_, _, failed) = folder.run("fail", &["--retry-failed", "again.jsonl"]);
    }
    fs::rename(folder.0.path().join("failed.jsonl"), folder.0.path().join("again.jsonl")).unwrap();
    let (code, out, _) = folder.run("words", &["--retry-failed", "again.jsonl"]);
    assert_eq!((code, out[0]["meta"]["by"].as_str()), (Some(0), Some("b")));
}
