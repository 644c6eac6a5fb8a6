//! Promises 5 to 8 on disks that fail on purpose: whatever breaks and whenever, a run that is gone on with gives the same bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use demarche_tests::disk::Disk;
use demarche_tests::job::{Job, records};
use demarche_tests::trials::Trial;

/// A job over 26 records to this output.
fn trial(output: &str) -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, records(26)).unwrap();
    let job = Job::new(&input, Path::new(output));
    let disk = Disk::default();
    let report = job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).unwrap();
    assert_eq!(report.n_in, 26);
    let whole = disk.files();
    assert_eq!(whole.len(), 2, "output and failures, nothing else: {:?}", whole.keys());
    Trial { name: output.to_owned(), job, whole, folder }
}

/// Output and failures under their names are whole.
fn no_part_has_a_name(Trial { job, whole, .. }: &Trial, disk: &Disk, when: &str) {
    let files = disk.files();
    for (name, bytes) in whole {
        if let Some(found) = files.get(name) {
            assert!(found == bytes, "{} is not whole, {when}", name.display());
        }
    }
    let output = whole.keys().find(|&name| *name != job.failed()).unwrap();
    if files.contains_key(output) {
        assert!(
            files.contains_key(&job.failed()),
            "output has its name before its failures have theirs, {when}"
        );
    }
}

#[test]
fn the_kth_operation_fails_for_every_k() {
    for output in ["out.jsonl", "out.jsonl.gz"] {
        trial(output).fails_at_each_operation(60, no_part_has_a_name);
    }
}

#[test]
fn the_power_goes_at_the_kth_operation_for_every_k() {
    for output in ["out.jsonl", "out.jsonl.zst"] {
        trial(output).loses_power_at_each_operation(no_part_has_a_name);
    }
}
