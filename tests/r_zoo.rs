//! Promise 18: whatever a plugin does, the accounts hold: each document is in the output or among the failures, once, in order. Every stage of the
//! library that misbehaves on purpose is tried, in the process of the run and in one of its own.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use demarche::Layer;
use demarche::plugin::{PluginSpec, load};
use demarche_tests::{demarche, json_lines, plugin};
use serde_json::json;

/// What no process outlives that has it in itself.
const ENDS_THE_PROCESS: [&str; 2] = ["crash", "slow-forever"];
const N: usize = 4;

/// The stages of a pipeline that ends with this one, which reads and writes these layers.
fn pipeline(library: &Path, stage: &str, reads: &[Layer], writes: &[Layer]) -> String {
    let library = library.to_str().unwrap();
    let before: &[&str] = if reads.contains(&Layer::Chains) {
        &["tokenize", "syntax", "entity", "coreference"]
    } else if writes.contains(&Layer::Tokens) && reads.is_empty() {
        &[]
    } else {
        &["tokenize"]
    };
    let stages = before.iter().chain([&stage]).map(|stage| format!("[[stage]]\nuse = \"{stage}\"\n"));
    let run = "[run]\nthreads = 2\ndocument_seconds = 0.1\nmax_memory = 1_000_000_000\n";
    format!("[[plugin]]\npath = {library:?}\nallow_writable = true\n{}{run}", stages.collect::<String>())
}

#[test]
fn r_zoo() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = "Seoul protested. It said that Moscow had lied.";
    let line = |i| json!({"id": i, "text": format!("{text} {i}")}).to_string() + "\n";
    fs::write(folder.join("in.jsonl"), (0..N).map(line).collect::<String>()).unwrap();
    let library = plugin("misbehave");
    let spec = PluginSpec { path: library.clone(), allow_writable: true, ..PluginSpec::default() };
    let kinds = load(&spec, 1).unwrap().kinds;
    let (mut n_tried, mut n_failed, mut n_refused) = (0, 0, 0);
    for kind in &kinds {
        let (reads, writes) = (&kind.reads, &kind.writes);
        fs::write(folder.join("p.toml"), pipeline(&library, &kind.name, reads, writes)).unwrap();
        for isolate in ["process", "none"] {
            if isolate == "none" && ENDS_THE_PROCESS.contains(&kind.name.as_str()) {
                continue;
            }
            let what = format!("{}, isolate {isolate}", kind.name);
            let mut command = demarche();
            command.current_dir(folder).args([
                "run",
                "p.toml",
                "in.jsonl",
                "-o",
                "out.jsonl",
                "--failed",
                "failed.jsonl",
            ]);
            let output = command.args(["--isolate", isolate, "--quiet", "--restart"]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let lines = |name: &str| {
                let bytes = fs::read(folder.join(name)).unwrap_or_default();
                let _ = fs::remove_file(folder.join(name));
                json_lines(&bytes)
            };
            let (out, failed) = (lines("out.jsonl"), lines("failed.jsonl"));
            n_tried += 1;
            match output.status.code() {
                // The pipeline cannot be: nothing was read.
                Some(2) => {
                    n_refused += 1;
                    assert!(out.is_empty() && failed.is_empty() && said.contains("error"), "{what}: {said}");
                }
                // The stage says that nothing can go on: what it said that of is told.
                Some(3) => assert!(said.contains("in.jsonl:1: stage"), "{what}: {said}"),
                code => {
                    assert_eq!(code, Some(i32::from(!failed.is_empty())), "{what}: {said}");
                    n_failed += failed.len();
                    let out = out.iter().map(|doc| doc["id"].as_str().unwrap().parse::<usize>().unwrap());
                    let failed =
                        failed.iter().map(|failed| failed["source"]["record"].as_u64().unwrap() as usize - 1);
                    let (out, failed): (Vec<_>, Vec<_>) = (out.collect(), failed.collect());
                    assert!(out.is_sorted() && failed.is_sorted(), "{what}: {out:?} {failed:?}");
                    let mut all = [out, failed].concat();
                    all.sort_unstable();
                    assert_eq!(all, (0..N).collect::<Vec<_>>(), "{what}");
                }
            }
        }
    }
    assert!(kinds.len() > 20 && n_tried > 2 * kinds.len() - 3, "{n_tried} of {}", kinds.len());
    assert!(n_failed > 40 && n_refused < 5, "{n_failed} {n_refused}");
}
