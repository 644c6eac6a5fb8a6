//! Promise 5: `kill -9` at any moment, then `--resume`: the same bytes as an unbroken run.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the long test has figures to tell")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use demarche::corpus::{FileSystem, Lock, Open, Storage, StoredFile};
use demarche_tests::disk::Random;
use demarche_tests::job::{Job, records};
use demarche_tests::runs::Runs;

/// Kills so many runs over so many records, each at a random moment, some of them again while they go on.
fn kill(n_kills: u64, n_records: usize, outputs: &[&str]) {
    let runs = Runs::over(&records(n_records));
    for (number, output) in (0..).zip(outputs) {
        let whole = format!("whole{output}");
        let started = Instant::now();
        assert_eq!(runs.run(&whole, &["--quiet"]).status.code(), Some(1), "some records fail on purpose");
        let time = started.elapsed().as_micros() as u64;
        let (mut n_killed, mut n_again, mut n_early) = (0, 0, 0);
        let mut random = Random(number);
        while n_killed < n_kills {
            let after = Duration::from_micros(random.below(time + time / 20));
            if !runs.kill_after(after, output, &[]) {
                // It had ended, and its output is whole.
                assert!(runs.bytes(output) == runs.bytes(&whole));
                fs::remove_file(runs.path(output)).unwrap();
                continue;
            }
            n_killed += 1;
            n_early += u64::from(!runs.path(&format!("{output}.journal")).exists());
            if random.below(3) == 0 {
                let after = Duration::from_micros(random.below(time));
                n_again += u64::from(runs.kill_after(after, output, &["--resume"]));
            }
            let resumed = runs.run(output, &["--resume"]);
            let message = String::from_utf8_lossy(&resumed.stderr).into_owned();
            assert_eq!(resumed.status.code(), Some(1), "kill {n_killed}: {message}");
            assert!(runs.bytes(output) == runs.bytes(&whole), "kill {n_killed} of {output} at {after:?}");
            let failed = |name: &str| runs.bytes(&format!("{name}.failed.jsonl"));
            assert!(failed(output) == failed(&whole), "kill {n_killed} of {output} at {after:?}");
            let left: Vec<_> = runs.names().into_iter().filter(|name| name.starts_with(output)).collect();
            assert_eq!(left.len(), 2, "{left:?}");
            fs::remove_file(runs.path(output)).unwrap();
            fs::remove_file(runs.path(&format!("{output}.failed.jsonl"))).unwrap();
        }
        println!(
            "{output}: {n_killed} kills of a run of {} ms over {n_records} records, {n_again} of its resumption too, \
             {n_early} before the journal was there; all the same as the unbroken run",
            time / 1000
        );
    }
}

#[test]
fn r_kill() {
    kill(6, 2_000, &["out.jsonl", "out.jsonl.zst"]);
}

#[test]
#[ignore = "takes minutes: for releases"]
fn r_kill_100_times_over_20_000_documents() {
    kill(50, 20_000, &["out.jsonl", "out.jsonl.zst"]);
}

/// The system's files, and an end of this process before the `n`th operation on them.
#[derive(Debug)]
struct Killing {
    left: Arc<AtomicU64>,
}

impl Killing {
    fn step(left: &AtomicU64) {
        if left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let id = std::process::id().to_string();
            Command::new("kill").args(["-9", &id]).status().unwrap();
            std::thread::sleep(Duration::from_secs(60));
        }
    }
}

impl Storage for Killing {
    fn open(&self, path: &Path, how: Open) -> io::Result<Box<dyn StoredFile>> {
        Self::step(&self.left);
        let file = FileSystem.open(path, how)?;
        Ok(Box::new(KillingFile { file, left: Arc::clone(&self.left) }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        FileSystem.read(path)
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        FileSystem.length(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Self::step(&self.left);
        FileSystem.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Self::step(&self.left);
        FileSystem.remove(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        Self::step(&self.left);
        FileSystem.make_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        FileSystem.list(folder)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        Self::step(&self.left);
        FileSystem.sync_folder(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        Self::step(&self.left);
        FileSystem.lock(path)
    }
}

struct KillingFile {
    file: Box<dyn StoredFile>,
    left: Arc<AtomicU64>,
}

impl Write for KillingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Half of it is there when the process ends.
        if self.left.load(Ordering::SeqCst) == 1 {
            self.file.write_all(&bytes[..bytes.len() / 2])?;
        }
        Killing::step(&self.left);
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl StoredFile for KillingFile {
    fn sync(&mut self) -> io::Result<()> {
        Killing::step(&self.left);
        self.file.sync()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        Killing::step(&self.left);
        self.file.truncate(length)
    }
}

const STEP: &str = "R_KILL_STEP";
const FOLDER: &str = "R_KILL_FOLDER";

/// Nothing by itself: the process that the next test starts and that ends itself.
#[test]
fn a_run_that_kills_itself() {
    let (Ok(step), Ok(folder)) = (std::env::var(STEP), std::env::var(FOLDER)) else { return };
    let folder = Path::new(&folder);
    let job = Job::new(&folder.join("in.jsonl"), &folder.join("out.jsonl.zst"));
    let storage = Killing { left: Arc::new(AtomicU64::new(step.parse().unwrap())) };
    job.go_on(Arc::new(storage), &mut |_, _| {}).unwrap();
}

#[test]
fn r_kill_at_each_step_of_the_journal() {
    let whole = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, records(9)).unwrap();
    let job = |folder: &Path| Job::new(&input, &folder.join("out.jsonl.zst"));
    job(whole.path()).go_on(Arc::new(FileSystem), &mut |_, _| {}).unwrap();
    let bytes = |folder: &Path, name: &str| fs::read(folder.join(name)).unwrap();
    for step in 1.. {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "a_run_that_kills_itself"])
            .env(STEP, step.to_string())
            .env(FOLDER, folder.path());
        let status = child.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        // The journal takes the child for another program than this one only if the build changed in between.
        job(folder.path()).go_on(Arc::new(FileSystem), &mut |_, _| {}).unwrap();
        for name in ["out.jsonl.zst", "out.jsonl.failed"] {
            assert!(bytes(folder.path(), name) == bytes(whole.path(), name), "{name}, killed at step {step}");
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "only the input is left, killed at step {step}"
        );
        if status.success() {
            assert!(step > 30, "there are many steps");
            return;
        }
    }
}
