//! Promise 9, the other half: whoever closes the pipe that results go down has had enough. No message, no panic, exit code 0, for every command.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use demarche_tests::{demarche, root};

#[test]
fn r_closed() {
    let folder = tempfile::tempdir().unwrap();
    let samples = root().join("samples").canonicalize().unwrap();
    let samples = samples.to_str().unwrap();
    let mut command = demarche();
    command.current_dir(folder.path()).args(["run", "news", samples, "-o", "one.jsonl", "--quiet"]);
    assert!(command.output().unwrap().status.success());
    // More than a pipe holds.
    let results = fs::read_to_string(folder.path().join("one.jsonl")).unwrap().repeat(4);
    assert!(results.len() > 1_000_000);
    fs::write(folder.path().join("r.jsonl"), results).unwrap();
    for arguments in [
        &["run", "words", samples, samples, samples, samples, "--quiet"][..],
        &["run", "words", samples, samples, "--quiet", "--isolate", "process"],
        &["run", "words", samples, samples, samples, samples, "--quiet", "--format", "pretty"],
        &["show", "r.jsonl"],
        &["export", "r.jsonl", "--to", "html", "-o", "-"],
        &["export", "r.jsonl", "--to", "conllu", "-o", "-"],
        &["export", "r.jsonl", "--to", "parquet", "-o", "-"],
        &["events", "r.jsonl"],
        &["stats", "r.jsonl"],
        &["stages"],
        &["completions", "bash"],
    ] {
        // Closed after some bytes, and before the first one.
        for n in [10, 0] {
            let mut command = Command::new(demarche().get_program());
            command.current_dir(folder.path()).args(arguments).stdin(Stdio::null());
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut stdout = child.stdout.take().unwrap();
            stdout.read_exact(&mut vec![0; n]).unwrap();
            drop(stdout);
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), &*said), (Some(0), ""), "{arguments:?} after {n} bytes");
        }
    }
}
