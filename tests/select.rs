//! A part of a corpus, what failed, and the accounts: `--where`, `--sample`, `--limit`, `--retry-failed`, `--report`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demarche_tests::json_lines;
use demarche_tests::runs::Runs;
use serde_json::{Value, json};

/// Documents `0` to `n - 1`; every third is from `wire`, and they are a day apart.
fn documents(n: usize) -> String {
    let line = |i: usize| {
        let source = if i.is_multiple_of(3) { "wire" } else { "press" };
        let date = format!("2024-{:02}-{:02}", 1 + i / 28, 1 + i % 28);
        json!({"id": i.to_string(), "text": "It rained. ", "source": source, "date": date, "n": i})
            .to_string()
            + "\n"
    };
    (0..n).map(line).collect()
}

/// The ids of the documents that a run gives.
fn ids(runs: &Runs, arguments: &[&str]) -> Vec<usize> {
    let output = runs.run("out.jsonl", arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let id = |doc: &Value| doc["id"].as_str().unwrap().parse().unwrap();
    json_lines(&runs.bytes("out.jsonl")).iter().map(id).collect()
}

#[test]
fn documents_whose_metadata_pass() {
    let runs = Runs::over(&documents(60));
    assert_eq!(ids(&runs, &["--where", "n<4"]), [0, 1, 2, 3]);
    assert_eq!(ids(&runs, &["--where", "source=wire", "--where", "date>=2024-03"]), [57]);
    assert_eq!(ids(&runs, &["--where", "source=wire", "--limit", "2"]), [0, 3]);
    let refused = runs.run("out.jsonl", &["--where", "source"]);
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("`source` is not a comparison: write KEY=VALUE"), "{message}");
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_sample_is_the_same_each_time_and_another_for_another_seed() {
    let runs = Runs::over(&documents(60));
    let sample = ids(&runs, &["--sample", "10", "--threads", "1"]);
    assert_eq!(sample.len(), 10);
    assert!(sample.is_sorted());
    assert_eq!(ids(&runs, &["--sample", "10", "--threads", "3"]), sample);
    assert_ne!(ids(&runs, &["--sample", "10", "--seed", "1"]), sample);
    let passing = ids(&runs, &["--sample", "10", "--where", "source=wire"]);
    assert!(passing.len() == 10 && passing.iter().all(|id| id.is_multiple_of(3)), "{passing:?}");
}

#[test]
fn what_failed_is_tried_again() {
    let runs = Runs::over(
        "{\"id\": 1, \"text\": \"One.\"}\n{\"id\": 2, \"body\": \"Two.\"}\n{\"id\": 3, \"news\": \"Three.\"}\n",
    );
    assert_eq!(runs.run("out.jsonl", &[]).status.code(), Some(1));
    let retry = |failed: &str, text: &str, output: &str| {
        let mut command = std::process::Command::new(demarche_tests::demarche().get_program());
        command.args(["run", "p.toml", "--retry-failed", failed, "--input", text, "-o", output]);
        command.current_dir(runs.path("")).output().unwrap().status.code()
    };
    assert_eq!(retry("out.jsonl.failed.jsonl", "text=body", "second.jsonl"), Some(1));
    assert_eq!(json_lines(&runs.bytes("second.jsonl"))[0]["id"], "2");
    assert_eq!(retry("second.jsonl.failed.jsonl", "text=news", "third.jsonl"), Some(0));
    assert_eq!(json_lines(&runs.bytes("third.jsonl"))[0]["text"], "Three.");
}

#[test]
fn the_accounts_as_json() {
    let runs = Runs::over(&(documents(20) + "not a record\n"));
    assert_eq!(runs.run("out.jsonl", &["--report", "report.json"]).status.code(), Some(1));
    let report: Value = serde_json::from_slice(&runs.bytes("report.json")).unwrap();
    assert_eq!((&report["in"], &report["out"], &report["failed"]), (&json!(21), &json!(20), &json!(1)));
    assert_eq!(report["failures"], json!({"json": 1}));
    assert_eq!((&report["words"], &report["layers"]), (&json!(60), &json!({"sentences": 20})));
    assert_eq!(report["stages"][0]["stage"], "tokenize");
    assert_eq!(report["slowest"].as_array().unwrap().len(), 5);
}

#[test]
fn accounts_that_cannot_be_written() {
    let runs = Runs::over(&documents(1));
    let done = runs.run("out.jsonl", &["--quiet", "--report", "none/report.json"]);
    assert_eq!(done.status.code(), Some(3));
    let message = String::from_utf8(done.stderr).unwrap();
    assert!(message.starts_with("error: cannot write `none/report.json.part`: "), "{message}");
    assert_eq!(runs.names(), ["in.jsonl", "out.jsonl", "p.toml"]);
}

#[test]
fn a_run_that_is_gone_on_with_reports_all_of_it() {
    let runs = Runs::over(&documents(6_000));
    assert!(runs.run("whole.jsonl", &["--report", "whole.json"]).status.success());
    let mut child = runs.start("out.jsonl", &[]);
    Runs::wait_until(|| runs.path("out.jsonl.journal").metadata().is_ok_and(|journal| journal.len() > 2_000));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(runs.run("out.jsonl", &["--resume", "--report", "report.json"]).status.success());
    let report = |name: &str| -> Value { serde_json::from_slice(&runs.bytes(name)).unwrap() };
    for key in ["in", "out", "failed", "words", "bytes", "layers"] {
        assert_eq!(report("report.json")[key], report("whole.json")[key], "{key}");
    }
}
