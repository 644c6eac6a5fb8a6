//! Promise 1: in = out + failed, in the order of the input, whatever fails and however often the run is stopped; and with 1, 2 or 8
//! threads the same bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use demarche::runner::{Report, Stop};
use demarche_tests::disk::{Disk, Random};
use demarche_tests::job::Job;
use demarche_tests::json_lines;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// Texts that come through, and texts that fail in the stage.
const GOOD: [&str; 4] = ["One two.", "", "Three. Four five.", "\u{1f600} “Six”"];
const BAD: [&str; 3] = ["fail", "panic", "late"];
/// Lines that are no record, or not one that has a text.
const NO_RECORD: [&[u8]; 4] = [b"{", b"{\"text\": \"\xff\"}", b"{\"body\": \"a\"}", b"[1]"];

#[derive(Clone, Debug)]
enum Line {
    Text(&'static str),
    NoRecord(&'static [u8]),
    Blank,
}

#[derive(Clone, Debug)]
enum Input {
    Lines(Vec<Line>),
    /// A text file with this text.
    Text(&'static str),
    /// A file that is said to be gzip and is not.
    Broken,
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        6 => proptest::sample::select(&GOOD[..]).prop_map(Line::Text),
        2 => proptest::sample::select(&BAD[..]).prop_map(Line::Text),
        1 => proptest::sample::select(&NO_RECORD[..]).prop_map(Line::NoRecord),
        1 => Just(Line::Blank),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        4 => proptest::collection::vec(line(), 0..40).prop_map(Input::Lines),
        1 => proptest::sample::select(&GOOD[..]).prop_map(Input::Text),
        1 => proptest::sample::select(&BAD[..]).prop_map(Input::Text),
        1 => Just(Input::Broken),
    ]
}

/// What is to become of the records of a corpus: the texts in the output, and file and number of those that failed.
#[derive(Debug, Default, PartialEq)]
struct Accounts {
    out: Vec<String>,
    failed: Vec<(String, u64)>,
}

/// Writes the corpus.
fn write(inputs: &[Input], folder: &Path) -> Accounts {
    let mut accounts = Accounts::default();
    let mut add = |text: &str, name: &str, record: u64| {
        if BAD.contains(&text) {
            accounts.failed.push((name.to_owned(), record));
        } else {
            accounts.out.push(text.to_owned());
        }
    };
    for (number, input) in inputs.iter().enumerate() {
        let (ending, bytes) = match input {
            Input::Text(text) => ("txt", text.as_bytes().to_vec()),
            Input::Broken => ("jsonl.gz", b"\x1f\x8b\x08\0 no more".to_vec()),
            Input::Lines(lines) => {
                let mut bytes = Vec::new();
                for line in lines {
                    match line {
                        Line::Text(text) => {
                            bytes.extend(serde_json::json!({"text": text}).to_string().bytes());
                        }
                        Line::NoRecord(line) => bytes.extend(*line),
                        Line::Blank => {}
                    }
                    bytes.push(b'\n');
                }
                ("jsonl", bytes)
            }
        };
        let name = format!("{number:02}.{ending}");
        fs::write(folder.join(&name), bytes).unwrap();
        match input {
            Input::Text(text) => add(text, &name, 1),
            Input::Broken => add("fail", &name, 1),
            Input::Lines(lines) => {
                for (line, record) in lines.iter().zip(1..) {
                    match line {
                        Line::Text(text) => add(text, &name, record),
                        Line::NoRecord(_) => add("fail", &name, record),
                        Line::Blank => {}
                    }
                }
            }
        }
    }
    accounts
}

/// Runs to the end, with stops at random where they are asked for; gives what is on the disk then.
fn run(job: &Job, mut stops: Option<Random>) -> (Report, BTreeMap<PathBuf, Vec<u8>>) {
    let disk = Disk::default();
    loop {
        let stop_after = stops.as_mut().map(|random| random.below(40) + 1);
        let mut n = 0;
        let mut observe = |_, stop: &Stop| {
            n += 1;
            if Some(n) == stop_after {
                stop.ask();
            }
        };
        match job.go_on(Arc::new(disk.clone()), &mut observe) {
            Ok(report) => return (report, disk.files()),
            Err(error) => assert!(stop_after.is_some(), "{error}"),
        }
    }
}

/// What stands in the files.
fn found(files: &BTreeMap<PathBuf, Vec<u8>>, job: &Job) -> Accounts {
    let lines = |name: &Path| files.get(name).map_or_else(Vec::new, |bytes| json_lines(bytes));
    let text = |doc: &serde_json::Value| doc["text"].as_str().unwrap().to_owned();
    let place = |failed: &serde_json::Value| {
        let path = Path::new(failed["source"]["path"].as_str().unwrap()).file_name().unwrap();
        // What is wrong with a file as a whole is told of before its first record.
        let record = failed["source"]["record"].as_u64().unwrap().max(1);
        (path.to_str().unwrap().to_owned(), record)
    };
    Accounts {
        out: lines(Path::new("out.jsonl")).iter().map(text).collect(),
        failed: lines(&job.failed()).iter().map(place).collect(),
    }
}

fn check(cases: u32) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let corpora = (proptest::collection::vec(input(), 1..5), 1_usize..9, 0_u64..3, any::<u64>());
    let checked = TestRunner::new(config).run(&corpora, |(inputs, threads, milliseconds, seed)| {
        let folder = tempfile::tempdir().unwrap();
        let expected = write(&inputs, folder.path());
        let mut job = Job::quick(folder.path(), Path::new("out.jsonl"));
        job.every = Duration::from_secs(1);
        let (report, files) = run(&job, None);
        prop_assert!(report.is_balanced());
        prop_assert_eq!(report.n_in, report.n_out + report.n_failed);
        let counts = (expected.out.len() as u64, expected.failed.len() as u64);
        prop_assert_eq!((report.n_out, report.n_failed), counts);
        prop_assert_eq!(found(&files, &job), expected, "each once, in the order of the input");
        for threads in [2, 8] {
            job.threads = threads;
            prop_assert!(run(&job, None).1 == files, "{} threads", threads);
        }
        (job.threads, job.every) = (threads, Duration::from_millis(milliseconds));
        let (report, stopped) = run(&job, Some(Random(seed)));
        prop_assert!(report.is_balanced());
        prop_assert_eq!((report.n_out, report.n_failed), counts);
        prop_assert!(stopped == files, "stopped again and again");
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn r_accounts() {
    check(500);
}

#[test]
#[ignore = "takes minutes: for releases"]
fn r_accounts_10_000() {
    check(10_000);
}
