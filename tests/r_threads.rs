//! Promise 2: the same bytes for any number of threads, any number of documents in hand and any run, in compressed files too.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use demarche_tests::disk::Disk;
use demarche_tests::job::{Job, records};
use demarche_tests::runs::Runs;

/// Stages that sleep at random, so that documents overtake each other.
#[test]
fn r_threads() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    let sleepy = records(240).replace("Nobody", "sleep. Nobody");
    assert!(sleepy.matches("sleep").count() > 200);
    fs::write(&input, sleepy).unwrap();
    for output in ["out.jsonl", "out.jsonl.zst"] {
        let mut first = None;
        for threads in [1, 2, 3, 8, 32] {
            for documents_per_thread in [1, 3, 100] {
                for run in 0..3 {
                    let mut job = Job::quick(&input, Path::new(output));
                    (job.threads, job.documents_per_thread) = (threads, documents_per_thread);
                    let disk = Disk::default();
                    job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).unwrap();
                    let files = disk.files();
                    let when = format!("{output}: {threads} threads × {documents_per_thread}, run {run}");
                    assert!(*first.get_or_insert_with(|| files.clone()) == files, "{when}");
                }
            }
        }
        assert!(first.unwrap()[Path::new(output)].len() > 4_000);
    }
}

/// The command itself, each time in a process of its own, whose hashes have other keys.
#[test]
fn r_threads_of_the_command() {
    // Over 4 MiB of output, so that compressed files have several members.
    let runs = Runs::over(&records(9_000));
    for ending in ["jsonl", "jsonl.gz", "jsonl.zst"] {
        let mut first = None;
        for threads in ["1", "2", "8"] {
            let output = format!("{threads}.{ending}");
            assert_eq!(runs.run(&output, &["--threads", threads]).status.code(), Some(1));
            let found = (runs.bytes(&output), runs.bytes(&format!("{output}.failed.jsonl")));
            assert!(*first.get_or_insert(found.clone()) == found, "{output}");
        }
    }
}
