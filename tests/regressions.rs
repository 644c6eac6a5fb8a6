//! What fuzzing has found, and what it starts from: each file of `regressions/TARGET/` through the check of its target.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use demarche_tests::fuzz::TARGETS;
use demarche_tests::root;

/// Names of the files in a folder, without their endings.
fn stems(folder: &Path) -> BTreeSet<String> {
    let stem = |file: PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files(folder).into_iter().map(stem).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_was_found_stays_right() {
    let mut wrong = Vec::new();
    for (target, check) in TARGETS {
        for file in files(&root().join("tests/regressions").join(target)) {
            let bytes = fs::read(&file).unwrap();
            if catch_unwind(|| check(&bytes)).is_err() {
                wrong.push(file);
            }
        }
    }
    assert!(wrong.is_empty(), "wrong again: {wrong:#?}");
}

#[test]
fn each_target_is_fuzzed_and_has_a_folder() {
    let targets: BTreeSet<_> = TARGETS.iter().map(|(target, _)| (*target).to_owned()).collect();
    assert_eq!(stems(&root().join("fuzz/fuzz_targets")), targets);
    assert_eq!(stems(&root().join("tests/regressions")), targets);
}
