//! Promises 5 to 8 on disks that fail on purpose: whatever breaks and whenever, a run that is gone on with gives the same bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demarche_tests::disk::{Disk, Random, Trouble};
use demarche_tests::job::{Job, records};

/// A job over so many records, and what a run that nothing disturbs leaves behind.
fn job(n: usize, output: &str) -> (tempfile::TempDir, Job, BTreeMap<PathBuf, Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, records(n)).unwrap();
    let job = Job::new(&input, Path::new(output));
    let disk = Disk::default();
    let report = job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).unwrap();
    assert_eq!(report.n_in, n as u64);
    let files = disk.files();
    assert_eq!(files.len(), 2, "output and failures, nothing else: {:?}", files.keys());
    (folder, job, files)
}

/// Output and failures under their names are whole.
fn no_part_has_a_name(job: &Job, disk: &Disk, whole: &BTreeMap<PathBuf, Vec<u8>>, when: &str) {
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
        let (_folder, job, whole) = job(26, output);
        let troubles: [fn(u64) -> Trouble; 3] = [
            |k| Trouble::Error(k, ErrorKind::StorageFull),
            |k| Trouble::Error(k, ErrorKind::Interrupted),
            Trouble::ShortWrite,
        ];
        for trouble in troubles {
            for k in 0.. {
                let disk = Disk::default();
                disk.trouble(trouble(k));
                let done = job.go_on(Arc::new(disk.clone()), &mut |_, _| {});
                let is_untouched = disk.operations() <= k;
                let when = format!("{output}, {:?}", trouble(k));
                if let Err(error) = &done {
                    assert!(
                        error.to_string().starts_with("cannot write `out."),
                        "one message with the path: {error}"
                    );
                }
                no_part_has_a_name(&job, &disk, &whole, &when);
                if done.is_err() {
                    disk.trouble(Trouble::None);
                    job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).unwrap();
                }
                assert!(disk.files() == whole, "{when}");
                if is_untouched {
                    assert!(k > 60, "there are many operations");
                    break;
                }
            }
        }
    }
}

#[test]
fn the_power_goes_at_the_kth_operation_for_every_k() {
    for output in ["out.jsonl", "out.jsonl.zst"] {
        let (_folder, job, whole) = job(26, output);
        for seed in 0..2 {
            for k in 0.. {
                let disk = Disk::default();
                let mut random = Random(seed << 32 | k);
                disk.trouble(Trouble::Crash(k));
                let is_done = job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).is_ok();
                disk.reboot(&mut random);
                let when = format!("{output}, power gone at operation {k}, seed {seed}");
                no_part_has_a_name(&job, &disk, &whole, &when);
                // Once more while it goes on.
                disk.trouble(Trouble::Crash(random.below(60)));
                if job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).is_err() {
                    disk.reboot(&mut random);
                    no_part_has_a_name(&job, &disk, &whole, &when);
                    job.go_on(Arc::new(disk.clone()), &mut |_, _| {})
                        .unwrap_or_else(|error| panic!("{when}: {error}"));
                }
                assert!(disk.files() == whole, "{when}");
                if is_done {
                    break;
                }
            }
        }
    }
}
