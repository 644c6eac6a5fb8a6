//! Promise 8, for real: a disk that is full, a limit on the size of files, a device that takes nothing. One message with the path, exit code 3, and
//! the run can be gone on with.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use demarche_tests::demarche;
use demarche_tests::job::records;
use demarche_tests::runs::Runs;

/// The command, started by a shell that does something before.
fn after(shell: &str, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell} && exec \"$0\" \"$@\"")]).arg(demarche().get_program());
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The one line that a run says when it cannot write; the files whose path it can have.
#[track_caller]
fn one_message(output: &Output, paths: &[&str]) {
    assert_eq!(output.status.signal(), None, "it ends by itself");
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(
        paths.iter().any(|path| message.starts_with(&format!("error: cannot write `{path}`: "))),
        "{message}"
    );
}

const FILES: [&str; 3] = ["out.jsonl.part", "out.jsonl.journal", "out.jsonl.failed.jsonl.part"];

#[test]
fn r_full_by_a_limit_on_the_size_of_files() {
    let runs = Runs::over(&records(1_000));
    assert_eq!(runs.run("whole.jsonl", &[]).status.code(), Some(1));
    let arguments = ["run", "p.toml", "in.jsonl", "-o", "out.jsonl", "--quiet", "--resume"];
    let mut n_refused = 0;
    // In steps of 32 KiB or 64 KiB, as the shell counts; each goes on where the one before had to stop.
    for blocks in (0..).step_by(64) {
        let limited = after(&format!("ulimit -f {blocks}"), &runs.path(""), &arguments);
        if limited.status.code() == Some(1) {
            break;
        }
        one_message(&limited, &FILES);
        // At the very first there is nothing to go on with.
        let advice = "; go on with: demarche run p.toml in.jsonl -o out.jsonl --quiet --resume\n";
        assert_eq!(String::from_utf8_lossy(&limited.stderr).ends_with(advice), blocks > 0);
        assert!(!runs.path("out.jsonl").exists(), "nothing that is not complete has its name");
        n_refused += 1;
        assert!(n_refused < 100);
    }
    assert!(n_refused > 3, "{n_refused}");
    for name in ["jsonl", "jsonl.failed.jsonl"] {
        assert!(runs.bytes(&format!("out.{name}")) == runs.bytes(&format!("whole.{name}")), "{name}");
    }
}

/// Other commands write files too.
#[test]
fn r_full_for_other_files() {
    let runs = Runs::over(&records(400));
    assert_eq!(runs.run("results.jsonl", &[]).status.code(), Some(1));
    for arguments in [
        &["export", "results.jsonl", "-o", "out.html"][..],
        &["export", "results.jsonl", "-o", "out.conllu"],
        &["export", "results.jsonl", "-o", "out.parquet"],
        &["export", "results.jsonl", "-o", "folder", "--to", "brat"],
        &["run", "p.toml", "in.jsonl", "-o", "out.jsonl.gz", "--quiet"],
    ] {
        // No file at all can grow.
        let output = after("ulimit -f 0", &runs.path(""), arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(
            (output.status.signal(), output.status.code()),
            (None, Some(3)),
            "{arguments:?}: {message}"
        );
        assert!(
            message.lines().count() == 1 && message.starts_with("error: cannot write `"),
            "{arguments:?}: {message}"
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn r_full_device() {
    let runs = Runs::over(&records(2_000));
    let output = after("true", &runs.path(""), &["run", "p.toml", "in.jsonl", "-o", "/dev/full", "--quiet"]);
    one_message(&output, &["/dev/full"]);
    let output = after("exec >/dev/full", &runs.path(""), &["run", "p.toml", "in.jsonl", "--quiet"]);
    one_message(&output, &["-"]);
}

/// A real file system of 1 MiB.
#[test]
#[ignore = "mounts a file system in a name space of its own, which not every system lets everybody do"]
#[cfg(target_os = "linux")]
fn r_full_disk() {
    let runs = Runs::over(&records(9_000));
    assert_eq!(runs.run("whole.jsonl", &[]).status.code(), Some(1));
    fs::create_dir(runs.path("disk")).unwrap();
    let program = demarche().get_program().to_owned();
    // What is on the disk is gone with the name space: it is made larger there, and the result copied.
    let script = r#"
        mount -t tmpfs -o size=1m tmpfs disk || exit 99
        run="run p.toml in.jsonl -o disk/out.jsonl --quiet"
        "$0" $run 2>message; code=$?
        ls disk >left
        mount -o remount,size=64m disk || exit 99
        "$0" $run --resume; again=$?
        cp disk/out.jsonl disk/out.jsonl.failed.jsonl .
        echo "$code $again"
    "#;
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(program);
    let output = command.current_dir(runs.path("")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "3 1\n", "{said}");
    let message = String::from_utf8(runs.bytes("message")).unwrap();
    assert!(
        message.starts_with("error: cannot write `disk/out.jsonl") && message.lines().count() == 1,
        "{message}"
    );
    assert!(message.contains("No space left on device"), "{message}");
    let left = String::from_utf8(runs.bytes("left")).unwrap();
    assert!(left.lines().all(|name| name != "out.jsonl"), "{left}");
    for name in ["jsonl", "jsonl.failed.jsonl"] {
        assert!(runs.bytes(&format!("out.{name}")) == runs.bytes(&format!("whole.{name}")), "{name}");
    }
}
