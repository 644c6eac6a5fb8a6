//! Promises 2 and 5 to 8 for results in parts: whatever breaks and whenever, the same parts with the same bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the long test has figures to tell")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use demarche_tests::demarche;
use demarche_tests::disk::{Disk, Random};
use demarche_tests::job::{Job, records};
use demarche_tests::runs::Runs;
use demarche_tests::trials::Trial;

/// Parts of a few records, by the end of their names.
const FORMS: [(&str, u64); 3] = [(".parquet", 3_000), (".jsonl", 3_000), (".jsonl.zst", 600)];

/// A job over 26 records in parts of so many bytes.
fn trial(ending: &str, bytes: u64) -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, records(26)).unwrap();
    let job = Job::new(&input, Path::new("out")).in_parts(bytes, ending);
    let disk = Disk::default();
    let report = job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).unwrap();
    assert_eq!(report.n_in, 26);
    let whole = disk.files();
    let n_parts = whole.keys().filter(|name| name.starts_with("out")).count();
    assert!(
        n_parts > 2 && whole.len() == n_parts + 1,
        "parts and failures, nothing else: {:?}",
        whole.keys()
    );
    Trial { name: ending.to_owned(), job, whole, folder }
}

/// The folder has its name only when all is in it; a part that has its name is whole.
fn what_has_a_name_is_whole(Trial { job, whole, .. }: &Trial, disk: &Disk, when: &str) {
    let files = disk.files();
    if files.keys().any(|name| name.starts_with("out") || *name == job.failed()) {
        assert!(files.get(&job.failed()) == whole.get(&job.failed()), "{when}");
    }
    if files.keys().any(|name| name.starts_with("out")) {
        assert!(whole.iter().all(|(name, bytes)| files.get(name) == Some(bytes)), "{when}");
    }
    for (name, bytes) in whole.iter().filter(|(name, _)| name.starts_with("out")) {
        let aside = Path::new("out.part").join(name.file_name().unwrap());
        assert!(
            files.get(&aside).is_none_or(|found| found == bytes),
            "{} is not whole, {when}",
            aside.display()
        );
    }
}

#[test]
fn the_kth_operation_fails_for_every_k() {
    for (ending, bytes) in FORMS {
        trial(ending, bytes).fails_at_each_operation(40, what_has_a_name_is_whole);
    }
}

#[test]
fn the_power_goes_at_the_kth_operation_for_every_k() {
    for (ending, bytes) in FORMS {
        trial(ending, bytes).loses_power_at_each_operation(what_has_a_name_is_whole);
    }
}

/// A run whose parts are gone, or are others, is not gone on with.
#[test]
fn parts_that_are_missing_are_told_of() {
    let Trial { job, folder: _folder, .. } = trial(".jsonl", 3_000);
    let disk = Disk::default();
    let stopped = job.go_on(Arc::new(disk.clone()), &mut |n, stop| {
        if n == 20 {
            stop.ask();
        }
    });
    assert!(stopped.is_err());
    disk.write("out.part/part-00000.jsonl", b"another");
    let error = job.go_on(Arc::new(disk), &mut |_, _| {}).unwrap_err().to_string();
    assert!(error.starts_with("cannot write `out.part`: its first "), "{error}");
}

/// The files of a folder.
fn folder(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    files
        .map(|file| file.unwrap().path())
        .map(|file| (file.file_name().unwrap().into(), fs::read(&file).unwrap()))
        .collect()
}

#[test]
fn r_parts_are_the_same_for_any_number_of_threads_and_as_export_writes_them() {
    let runs = Runs::over(&records(3_000));
    assert_eq!(runs.run("out.jsonl", &[]).status.code(), Some(1), "some records fail on purpose");
    for ending in ["parquet", "arrow"] {
        let export = |output: &str, arguments: &[&str]| {
            let (input, output) = (runs.path("out.jsonl"), runs.path(output));
            demarche().arg("export").arg(input).arg("-o").arg(output).args(arguments).assert().success();
        };
        let size = ["--part-size", "300KB"];
        export(&format!("export.{ending}"), &size);
        let parts = folder(&runs.path(&format!("export.{ending}")));
        assert!(parts.len() > 2, "{}", parts.len());
        for threads in ["1", "2", "8"] {
            let output = format!("{threads}.{ending}");
            let arguments = [&["--threads", threads], &size[..]].concat();
            assert_eq!(runs.run(&output, &arguments).status.code(), Some(1));
            assert!(folder(&runs.path(&output)) == parts, "{output}");
        }
        // One file too.
        export(&format!("one-export.{ending}"), &[]);
        assert_eq!(runs.run(&format!("one.{ending}"), &[]).status.code(), Some(1));
        assert!(runs.bytes(&format!("one.{ending}")) == runs.bytes(&format!("one-export.{ending}")));
    }
    // The lines of all parts are those of one file.
    for output in ["lines/", "lines.jsonl.gz"] {
        assert_eq!(runs.run(output, &["--part-size", "300KB"]).status.code(), Some(1));
    }
    let parts = folder(&runs.path("lines"));
    assert!(parts.len() > 2 && parts.keys().all(|name| name.extension().unwrap() == "jsonl"));
    assert!(parts.into_values().collect::<Vec<_>>().concat() == runs.bytes("out.jsonl"));
    let first = folder(&runs.path("lines.jsonl.gz")).pop_first().unwrap();
    assert!(first.0 == Path::new("part-00000.jsonl.gz") && first.1.starts_with(b"\x1f\x8b"));
}

/// Kills so many runs at random moments, some of them again while they go on.
fn kill(n_kills: u64, n_records: usize, outputs: &[(&str, &str)]) {
    let runs = Runs::over(&records(n_records));
    for (number, (output, size)) in (0..).zip(outputs) {
        let (output, size) = (*output, ["--part-size", *size]);
        let with = |argument: &'static str| [&size[..], &[argument]].concat();
        let whole = format!("whole-{output}");
        let started = Instant::now();
        assert_eq!(runs.run(&whole, &with("--quiet")).status.code(), Some(1), "some records fail on purpose");
        let time = started.elapsed().as_micros() as u64;
        let parts = folder(&runs.path(&whole));
        assert!(parts.len() > 2, "{output}: {} parts", parts.len());
        let (mut n_killed, mut n_again) = (0, 0);
        let mut random = Random(number);
        while n_killed < n_kills {
            let after = Duration::from_micros(random.below(time + time / 20));
            if runs.kill_after(after, output, &size) {
                n_killed += 1;
                // Between its last steps it can be all done.
                let is_done =
                    || runs.path(output).exists() && !runs.path(&format!("{output}.journal")).exists();
                if !is_done() && random.below(3) == 0 {
                    let after = Duration::from_micros(random.below(time));
                    n_again += u64::from(runs.kill_after(after, output, &with("--resume")));
                }
                if is_done() {
                    // A lock that nobody holds, and what was in hand.
                    for ending in [".lock", ".begun"] {
                        let _ = fs::remove_file(runs.path(&format!("{output}{ending}")));
                    }
                } else {
                    let resumed = runs.run(output, &with("--resume"));
                    let message = String::from_utf8_lossy(&resumed.stderr).into_owned();
                    assert_eq!(resumed.status.code(), Some(1), "kill {n_killed}: {message}");
                }
            }
            assert!(folder(&runs.path(output)) == parts, "kill {n_killed} of {output} at {after:?}");
            let failed = |name: &str| runs.bytes(&format!("{name}.failed.jsonl"));
            assert!(failed(output) == failed(&whole), "kill {n_killed} of {output} at {after:?}");
            let left: Vec<_> = runs.names().into_iter().filter(|name| name.starts_with(output)).collect();
            assert_eq!(left.len(), 2, "{left:?}");
            fs::remove_dir_all(runs.path(output)).unwrap();
            fs::remove_file(runs.path(&format!("{output}.failed.jsonl"))).unwrap();
        }
        println!(
            "{output}: {n_killed} kills of a run of {} ms over {n_records} records in {} parts, {n_again} of its \
             resumption too; all the same as the unbroken run",
            time / 1000,
            parts.len()
        );
    }
}

#[test]
fn r_parts_kill() {
    kill(6, 2_000, &[("out.parquet", "200KB"), ("out.jsonl.zst", "8KB")]);
}

#[test]
#[ignore = "takes minutes: for releases"]
fn r_parts_kill_100_times_over_20_000_documents() {
    kill(50, 20_000, &[("out.parquet", "1MB"), ("out.jsonl.zst", "80KB")]);
}

#[test]
fn what_cannot_be_is_said_before_anything_is_read() {
    let runs = Runs::over(&records(5));
    fs::create_dir(runs.path("there")).unwrap();
    let cases: [(&str, &[&str], &str); 7] = [
        ("out.parquet.gz", &[], "`out.parquet.gz`: tables are compressed within"),
        (
            "out.parquet",
            &["--resume"],
            "`--resume` is not for this output: a table in one file is of use only as a whole: add `--part-size 256MB`",
        ),
        ("-", &["--part-size", "1MB"], "`--part-size` needs a folder"),
        (
            "there",
            &[],
            "`there` is a folder: name a file, or a folder that is to be made, as `there/results/`",
        ),
        ("there/", &[], "cannot write `there`: it is there already: name a folder that is to be made"),
        ("out", &["--part-size", "0"], "write a number of bytes, such as 256MB"),
        ("out", &["--part-size", "big"], "write a number of bytes, such as 256MB"),
    ];
    for (output, arguments, said) in cases {
        let done = runs.run(output, arguments);
        let message = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(2) && message.contains(said), "{output} {arguments:?}: {message}");
        assert_eq!(runs.names(), ["in.jsonl", "p.toml", "there"], "{output} {arguments:?}");
    }
}

/// A run in parts is not gone on with as another one; anew it leaves nothing of what was there.
#[test]
fn parts_of_another_run_are_not_taken_for_its_own() {
    let runs = Runs::over(&records(4_000));
    let size = ["--part-size", "20KB"];
    let mut child = runs.start("out", &size);
    Runs::wait_until(|| runs.path("out.part/part-00001.jsonl").exists());
    child.kill().unwrap();
    child.wait().unwrap();
    let told = |arguments: &[&str]| {
        let done = runs.run("out", arguments);
        assert_eq!(done.status.code(), Some(2));
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    assert!(told(&size).contains("add `--resume` to go on, or `--restart` to begin anew"));
    // Nor is what it has done thrown away for one file of its name.
    assert!(told(&["--restart"]).contains("`out.part` is a folder, of results in parts"));
    let other = told(&["--part-size", "30KB", "--resume"]);
    assert!(other.contains("`--part-size` is 30000, it was 20000"), "{other}");
    assert_eq!(
        runs.run("out", &["--part-size", "1MB", "--format", "arrow", "--restart"]).status.code(),
        Some(1)
    );
    let parts = folder(&runs.path("out"));
    assert!(parts.keys().all(|name| name.extension().unwrap() == "arrow"), "{:?}", parts.keys());
    // What is complete is not begun again, and nothing is left of the attempt.
    assert!(told(&["--part-size", "1MB", "--resume"]).contains("cannot write `out`: it is there already"));
    assert!(!runs.path("out.journal").exists());
}
