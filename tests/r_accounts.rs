//! Promise 1: in = out + failed, in the order of the input, whatever fails and however often the run is stopped.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use demarche_tests::disk::{Disk, Random};
use demarche_tests::job::Job;
use demarche_tests::json_lines;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r_accounts(
        texts in proptest::collection::vec(
            proptest::sample::select(&["One two.", "", "fail", "panic", "Three. Four five.", "\u{1f600} “Six”", "{"][..]),
            0..80,
        ),
        threads in 1_usize..5,
        milliseconds in 0_u64..3,
        seed in any::<u64>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in.jsonl");
        let line = |(i, text): (usize, &&str)| match *text {
            "{" => "{\n".to_owned(),
            text => format!("{}\n", serde_json::json!({"id": i.to_string(), "text": text})),
        };
        fs::write(&input, texts.iter().enumerate().map(line).collect::<String>()).unwrap();
        let mut job = Job::new(&input, Path::new("out.jsonl"));
        (job.threads, job.every) = (threads, Duration::from_millis(milliseconds));
        let (disk, mut random) = (Disk::default(), Random(seed));
        let report = loop {
            let stop_after = random.below(40) + 1;
            let mut n = 0;
            let mut observe = |_, stop: &demarche::runner::Stop| {
                n += 1;
                if n == stop_after {
                    stop.ask();
                }
            };
            if let Ok(report) = job.go_on(Arc::new(disk.clone()), &mut observe) {
                break report;
            }
        };
        let n_failed = texts.iter().filter(|text| ["fail", "panic", "{"].contains(text)).count();
        prop_assert!(report.is_balanced());
        prop_assert_eq!((report.n_in, report.n_failed), (texts.len() as u64, n_failed as u64));
        let files = disk.files();
        let lines = |name: &Path| files.get(name).map_or_else(Vec::new, |bytes| json_lines(bytes));
        let out: Vec<usize> = lines(Path::new("out.jsonl"))
            .iter()
            .map(|doc| doc["id"].as_str().unwrap().parse().unwrap())
            .collect();
        let failed: Vec<usize> = lines(&job.failed())
            .iter()
            .map(|account| account["source"]["record"].as_u64().unwrap() as usize - 1)
            .collect();
        let (bad, good): (Vec<_>, Vec<_>) =
            (0..texts.len()).partition(|&i| ["fail", "panic", "{"].contains(&texts[i]));
        prop_assert_eq!((out, failed), (good, bad), "each once, in the order of the input");
    }
}
