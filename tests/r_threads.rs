//! Promise 2: the same bytes for any number of threads, in compressed files too.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demarche_tests::job::records;
use demarche_tests::runs::Runs;

#[test]
fn r_threads() {
    // Over 4 MiB of output, so that compressed files have several members.
    let runs = Runs::over(&records(9_000));
    for ending in ["jsonl", "jsonl.gz", "jsonl.zst"] {
        let mut first = None;
        for threads in ["1", "2", "8"] {
            for round in ["a", "b"] {
                let output = format!("{threads}{round}.{ending}");
                assert_eq!(runs.run(&output, &["--threads", threads]).status.code(), Some(1));
                let found = (runs.bytes(&output), runs.bytes(&format!("{output}.failed.jsonl")));
                assert!(*first.get_or_insert(found.clone()) == found, "{output}");
            }
        }
    }
}
