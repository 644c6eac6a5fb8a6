//! Promise 19, the whole command: files that are cut off or taken away during a run end as failures, never the run by SIGBUS. The readers one
//! by one: `crates/corpus/tests/vanish.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, OpenOptions};

use demarche_tests::job::records;
use demarche_tests::json_lines;
use demarche_tests::runs::Runs;

#[test]
fn r_vanish() {
    let large = records(20_000);
    let mut runs = Runs::over(&large);
    fs::write(runs.path("later.jsonl"), records(10)).unwrap();
    fs::write(runs.path("last.txt"), "The last one.").unwrap();
    runs.read(&["in.jsonl", "later.jsonl", "last.txt"]);
    let mut run = runs.start("out.jsonl", &[]);
    Runs::wait_until(|| runs.path("out.jsonl.part").exists());
    // At the end of a line, so that nothing else is wrong with it.
    let half = large[..large.len() / 2].rfind('\n').unwrap() + 1;
    OpenOptions::new().write(true).open(runs.path("in.jsonl")).unwrap().set_len(half as u64).unwrap();
    fs::remove_file(runs.path("later.jsonl")).unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(3));

    let failed = json_lines(&runs.bytes("out.jsonl.failed.jsonl"));
    let unreadable: Vec<_> = failed.iter().filter(|failed| failed["code"] == "io").collect();
    let [cut_off, gone] = unreadable.as_slice() else { panic!("{unreadable:?}") };
    assert_eq!(
        (&cut_off["source"]["path"], &cut_off["source"]["offset"]),
        (&"in.jsonl".into(), &half.into())
    );
    let missing = large.len() - half;
    let message =
        format!("cannot read the file: it was cut off while it was read: {missing} bytes are missing");
    assert_eq!(cut_off["message"], message);
    assert_eq!(gone["source"]["path"], "later.jsonl");
    let out = json_lines(&runs.bytes("out.jsonl"));
    assert_eq!(out.last().unwrap()["text"], "The last one.");
    let n_lines = large[..half].lines().count();
    assert_eq!(
        out.len() + failed.len(),
        n_lines + 3,
        "all lines, two files that are unreadable, and one text"
    );
}
