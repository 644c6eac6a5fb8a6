//! Documents in worker processes: a library that crashes, hangs or takes all memory costs its documents alone.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use demarche_tests::{demarche, json_lines, plugin, root};
use serde_json::{Value, json};

/// A folder with a pipeline of `tokenize` and the stage that does what a text says.
fn folder(run: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let library = plugin("misbehave").to_str().unwrap().to_owned();
    let pipeline = format!(
        "[[plugin]]\npath = {library:?}\nallow_writable = true\n[[stage]]\nuse = \"tokenize\"\n[[stage]]\nuse = \"obey\"\n[run]\n{run}"
    );
    fs::write(folder.path().join("p.toml"), pipeline).unwrap();
    folder
}

/// What a run gives: its exit code, its output, the failed documents, and what it says on standard error.
struct Ran {
    code: Option<i32>,
    output: Vec<u8>,
    failed: Vec<Value>,
    said: String,
}

impl Ran {
    fn ids(&self) -> Vec<String> {
        json_lines(&self.output).iter().map(|doc| doc["id"].as_str().unwrap().to_owned()).collect()
    }

    fn failed_ids(&self) -> Vec<&str> {
        self.failed.iter().map(|failed| failed["id"].as_str().unwrap()).collect()
    }
}

/// Runs a folder's pipeline over texts; each has its number as its id.
fn run(folder: &Path, texts: &[&str], arguments: &[&str]) -> Ran {
    let line = |(i, text): (usize, &&str)| json!({"id": i.to_string(), "text": text}).to_string() + "\n";
    fs::write(folder.join("in.jsonl"), texts.iter().enumerate().map(line).collect::<String>()).unwrap();
    let _ = fs::remove_file(folder.join("failed.jsonl"));
    run_loudly(folder, &[&["--quiet"], arguments].concat())
}

/// Runs it once more over the same texts, with all that it says.
fn run_loudly(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = demarche();
    command.current_dir(folder).args(["run", "p.toml", "in.jsonl", "--failed", "failed.jsonl"]);
    let output = command.args(arguments).output().unwrap();
    let failed = json_lines(&fs::read(folder.join("failed.jsonl")).unwrap_or_default());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ran { code: output.status.code(), output: output.stdout, failed, said }
}

const ISOLATED: [&str; 2] = ["--isolate", "process"];

/// Runs good documents around one that does what `word` says; gives the account of that one.
fn check_bad(word: &str) -> Value {
    let seconds = if word == "loop" { 0.5 } else { 60.0 };
    let folder = folder(&format!("document_seconds = {seconds:?}\nmax_memory = 500_000_000\nthreads = 2"));
    let good = ["Seoul protested.", "Tokyo did not.", "Then it rained."];
    let alone = run(folder.path(), &good, &[]);
    assert_eq!((alone.code, alone.failed.len()), (Some(0), 0), "{}", alone.said);

    let ran = run(folder.path(), &[good[0], good[1], good[2], word, "last"], &ISOLATED);
    assert_eq!(ran.code, Some(1), "{}", ran.said);
    assert_eq!(ran.ids(), ["0", "1", "2", "4"]);
    assert!(ran.output.starts_with(&alone.output), "the other documents are as they were");
    let [failed] = ran.failed.try_into().unwrap();
    assert_eq!(
        (&failed["id"], &failed["stage"], &failed["plugin"]),
        (&json!("3"), &json!("obey"), &json!("misbehave"))
    );
    assert_eq!(failed["record"].as_str().unwrap(), json!({"id": "3", "text": word}).to_string());
    failed
}

/// The code of the failure and its message.
#[track_caller]
fn check(word: &str, code: &str, message: &str) {
    let failed = check_bad(word);
    assert_eq!((failed["code"].as_str().unwrap(), failed["message"].as_str().unwrap()), (code, message));
}

#[test]
fn a_segfault() {
    check("segfault", "crash", "its worker process was ended by SIGSEGV (it used memory that is not there)");
}

#[test]
fn an_abort() {
    check("abort", "crash", "its worker process was ended by SIGABRT (it gave up)");
}

#[test]
fn an_exit() {
    check("exit", "crash", "its worker process ended itself with exit code 0");
}

#[test]
fn a_stack_overflow() {
    check(
        "overflow",
        "crash",
        "its worker process was ended by SIGABRT (it gave up); it said last: fatal runtime error: stack overflow, aborting",
    );
}

#[test]
fn a_loop_without_end() {
    check(
        "loop",
        "time",
        "the time limit for one document is up; its worker process did not stop and was killed",
    );
}

#[test]
#[cfg(target_os = "linux")]
fn memory_without_end() {
    check(
        "alloc",
        "crash",
        "its worker process was ended by SIGABRT (it gave up); it said last: memory allocation of 67108864 bytes failed",
    );
}

/// Promise 16: what does not look at the time, and what takes all memory, ends alone; the documents beside it are as they were.
#[test]
fn r_limits_a_loop_and_memory_without_end_among_others() {
    let folder = folder("document_seconds = 0.5\nmax_memory = 500_000_000\nthreads = 2");
    let good = vec!["Seoul protested."; 40];
    let alone = run(folder.path(), &good, &[]);
    let mut texts = good.clone();
    for (at, word) in [(3, "loop"), (7, "segfault"), (20, "loop"), (39, "abort")] {
        texts[at] = word;
    }
    if cfg!(target_os = "linux") {
        texts[8] = "alloc";
    }
    let ran = run(folder.path(), &texts, &ISOLATED);
    let n_bad = texts.iter().filter(|text| **text != good[0]).count();
    assert_eq!((ran.failed.len(), ran.ids().len()), (n_bad, texts.len() - n_bad));
    let is_good = |line: &&[u8]| {
        texts[json_lines(line)[0]["id"].as_str().unwrap().parse::<usize>().unwrap()] == good[0]
    };
    let expected: Vec<&[u8]> = alone.output.split_inclusive(|&byte| byte == b'\n').filter(is_good).collect();
    assert!(ran.output == expected.concat());
}

#[test]
fn what_a_library_prints_is_not_in_the_output() {
    let folder = folder("threads = 1");
    let ran = run(folder.path(), &["print", "read", "last"], &ISOLATED);
    assert_eq!((ran.code, ran.ids()), (Some(0), ["0", "1", "2"].map(str::to_owned).to_vec()));
    assert_eq!(ran.said.matches("the last line").count(), 2, "all of it goes to standard error");
}

#[test]
fn a_library_that_crashes_between_documents_costs_none() {
    let folder = folder("threads = 1");
    let mut child = Command::new(demarche().get_program())
        .args(["run", "p.toml", "-", "--isolate", "process", "--quiet"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for text in ["abort later", "Seoul protested."] {
        writeln!(stdin, "{}", json!({"text": text})).unwrap();
        assert!(lines.next().unwrap().unwrap().contains(text));
        std::thread::sleep(Duration::from_millis(300));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_same_bytes_with_and_without_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let pipeline = fs::read_to_string(root().join("pipelines/news.toml")).unwrap();
    let library = plugin("headline").to_str().unwrap().to_owned();
    let headline =
        format!("[[plugin]]\npath = {library:?}\nallow_writable = true\n\n[[stage]]\nuse = \"headline\"\n");
    fs::write(folder.path().join("p.toml"), pipeline + &headline).unwrap();
    let run = |arguments: &[&str]| {
        let samples = root().join("samples").canonicalize().unwrap();
        let mut command = demarche();
        command.current_dir(folder.path()).args(["run", "p.toml", samples.to_str().unwrap(), "--quiet"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let plain = run(&["--threads", "2"]);
    assert!(json_lines(&plain).len() > 10);
    for threads in ["1", "3"] {
        assert!(run(&["--threads", threads, "--isolate", "process"]) == plain, "{threads} threads");
    }
}

#[test]
fn a_pipeline_file_can_ask_for_it() {
    let folder = folder("isolate = \"process\"");
    let ran = run(folder.path(), &["abort", "Seoul protested."], &[]);
    assert_eq!((ran.code, ran.ids().len()), (Some(1), 1), "{}", ran.said);
    // The command line goes before it.
    let ran = run(folder.path(), &["abort", "Seoul protested."], &["--isolate", "none"]);
    assert_eq!(ran.code, None, "the run itself is aborted");
}

#[test]
fn too_little_memory_for_the_pipeline_ends_the_run() {
    let folder = folder("isolate = \"process\"\nmax_memory = 1_000_000");
    let ran = run(folder.path(), &["Seoul protested."], &[]);
    assert_eq!((ran.code, ran.output.len(), ran.failed.len()), (Some(3), 0, 0));
    assert!(ran.said.contains("`max_memory` may be too small"), "{}", ran.said);
}

#[test]
fn errors_and_panics_are_told_as_without() {
    let folder = folder("");
    let pipeline = fs::read_to_string(folder.path().join("p.toml")).unwrap();
    for stage in ["panic", "fail", "fatal", "bad-span", "slow"] {
        let other = pipeline.replace("\"obey\"", &format!("\"{stage}\"")) + "\ndocument_seconds = 0.2\n";
        fs::write(folder.path().join("p.toml"), other).unwrap();
        let texts = ["Seoul protested.", "Tokyo did not."];
        let plain = run(folder.path(), &texts, &[]);
        let isolated = run(folder.path(), &texts, &ISOLATED);
        assert_eq!(
            (plain.code, plain.failed, plain.said),
            (isolated.code, isolated.failed, isolated.said),
            "{stage}"
        );
    }
}

/// Promise 17: of 10,000 documents three end the process. The run that goes on names what was in hand, isolates only that, and sets the three
/// aside.
#[test]
fn r_suspects_three_of_ten_thousand() {
    let folder = folder("threads = 2\ncheckpoint_seconds = 0.01");
    let mut texts = vec!["Seoul protested."; 10_000];
    for bad in [3_000, 3_001, 9_000] {
        texts[bad] = "segfault";
    }

    let crashed = run(folder.path(), &texts, &["-o", "out.jsonl"]);
    assert_eq!(crashed.code, None, "the run itself has crashed");
    let suspects = ["-o", "out.jsonl", "--resume", "--isolate", "suspects"];
    let mut n_resumed = 0;
    let resumed = loop {
        n_resumed += 1;
        assert!(n_resumed < 10);
        let ran = run_loudly(folder.path(), &suspects);
        assert!(ran.said.contains("in hand when the run was cut off; they are processed"), "{}", ran.said);
        if ran.code.is_some() {
            break ran;
        }
    };
    assert_eq!((resumed.code, resumed.failed_ids()), (Some(1), vec!["3000", "3001", "9000"]));
    let told = |failed: &Value| (failed["code"].clone(), failed["stage"].clone(), failed["plugin"].clone());
    assert!(
        resumed
            .failed
            .iter()
            .all(|failed| told(failed) == ("crash".into(), "obey".into(), "misbehave".into()))
    );
    let out = json_lines(&fs::read(folder.path().join("out.jsonl")).unwrap());
    let ids: Vec<_> = out.iter().map(|doc| doc["id"].as_str().unwrap().parse::<usize>().unwrap()).collect();
    let good: Vec<_> = (0..10_000).filter(|&i| texts[i] != "segfault").collect();
    assert_eq!((ids.len(), ids == good), (9_997, true));
    assert!(!folder.path().join("out.jsonl.begun").exists());
}

/// The processes that a process has started.
#[cfg(target_os = "linux")]
fn children(pid: u32) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap().map(|task| task.unwrap().path());
    let children = tasks.map(|task| fs::read_to_string(task.join("children")).unwrap_or_default());
    children.collect::<String>().split_whitespace().map(str::to_owned).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn workers_end_with_the_run_even_where_it_is_killed() {
    let folder = folder("threads = 1\ndocument_seconds = 1000.0");
    fs::write(folder.path().join("in.jsonl"), "{\"text\": \"loop\"}\n").unwrap();
    let mut run = Command::new(demarche().get_program())
        .args(["run", "p.toml", "in.jsonl", "--isolate", "process", "--quiet"])
        .current_dir(folder.path())
        .spawn()
        .unwrap();
    let wait_for = |what: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !what() {
            assert!(start.elapsed() < Duration::from_secs(30));
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    wait_for(&|| !children(run.id()).is_empty());
    let workers = children(run.id());
    run.kill().unwrap();
    run.wait().unwrap();
    let is_gone = |pid: &String| {
        // One that has ended but that nobody has taken note of is a zombie.
        fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
    };
    wait_for(&|| workers.iter().all(is_gone));
}

#[test]
fn a_worker_that_nobody_has_asked_for_says_so() {
    let output = demarche().arg("worker").write_stdin("printed").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "error: no run has started this process: it works for one and for nobody else\n");
}
