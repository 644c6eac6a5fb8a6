//! Promise 20: nothing is fetched, and nothing is written but what was asked for, whatever names there are in the input. Seen from outside, by
//! `strace`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "what is not tested is told")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use demarche_tests::archive::{tar, zip};
use demarche_tests::{demarche, root};

/// What a command did.
struct Trace {
    code: Option<i32>,
    /// System calls of the network.
    network: Vec<String>,
    /// Files that it opened for writing, made, renamed or removed.
    written: BTreeSet<String>,
}

/// Calls that change what there is on the disk; `open` and its like do so only where they say so.
const CHANGES: [&str; 11] =
    ["creat", "mkdir", "rename", "unlink", "rmdir", "link", "symlink", "truncate", "chmod", "chown", "mknod"];
const WRITES: [&str; 4] = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"];

fn has_strace() -> bool {
    let found = Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("NOT TESTED: what is written and fetched. Install `strace`, which sees it.");
    }
    found
}

fn traced(folder: &Path, arguments: &[&str]) -> Trace {
    let logs = tempfile::tempdir().unwrap();
    let mut command = Command::new("strace");
    // A log for each thread: in one for all, a call that another thread's interrupts is two lines, each a half of it.
    command
        .args(["-ff", "-qq", "-s", "4096", "-e", "trace=%network,%file", "-o"])
        .arg(logs.path().join("log"));
    command.arg(demarche().get_program()).args(arguments).current_dir(folder);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let mut trace = Trace { code: output.status.code(), network: Vec::new(), written: BTreeSet::new() };
    let log: String = fs::read_dir(logs.path())
        .unwrap()
        .map(|log| fs::read_to_string(log.unwrap().path()).unwrap())
        .collect();
    assert!(log.contains("execve("), "strace works: {}", String::from_utf8_lossy(&output.stderr));
    for line in log.lines() {
        let Some((name, rest)) = line.split_once('(') else { continue };
        let is_open = name.starts_with("open");
        let changes = CHANGES.iter().any(|change| name.starts_with(change));
        if is_open || changes {
            if changes || WRITES.iter().any(|flag| rest.contains(flag)) {
                // Each odd piece between quotation marks is a path.
                trace.written.extend(rest.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        } else if !is_of_files(name) {
            trace.network.push(line.to_owned());
        }
    }
    trace
}

/// Whether a call is one of files that changes none.
fn is_of_files(name: &str) -> bool {
    const READING: [&str; 12] = [
        "exec", "stat", "access", "faccess", "readlink", "getcwd", "chdir", "newfstat", "lstat", "getxattr",
        "inotify", "utime",
    ];
    READING.iter().any(|call| name.starts_with(call)) || matches!(name, "fstat" | "fstatfs" | "umount2")
}

/// Inputs whose names and contents would like to be elsewhere.
fn inputs(folder: &Path) {
    let file = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let text = b"Ghana froze the assets of two Danish firms, Anna Berg said on Monday.".to_vec();
    let names = [
        "../up.txt",
        "../../../../tmp/r_reach_up.txt",
        "/tmp/r_reach_root.txt",
        "a/../../b.txt",
        "C:\\c.txt",
    ];
    let members: Vec<_> = names.iter().map(|&name| (name.to_owned(), text.clone())).collect();
    fs::create_dir(folder.join("in")).unwrap();
    file("in/a.zip", &zip(&members));
    file("in/a.tar", &tar(&members));
    file("in/b.csv", b"id,text\n../../up,One.\n/tmp/r_reach_id,Two.\n");
    file("in/c.jsonl", br#"{"id": "../up", "text": "Ghana froze the assets of two firms.", "url": "http://127.0.0.1/", "path": "/tmp/r_reach"}"#);
    let crawl = "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: file:///../../tmp/r_reach_warc\r\nWARC-Filename: ../../up.txt\r\nContent-Type: text/html\r\nContent-Length: ";
    let page = "<html><head><base href='http://127.0.0.1/'><link rel=stylesheet href=x.css></head><body><img src='http://127.0.0.1/x.png'><p>One page.</p><script src='//127.0.0.1/x.js'></script></body></html>";
    file("in/d.warc", format!("{crawl}{}\r\n\r\n{page}\r\n\r\n", page.len()).as_bytes());
    file("in/e.html", page.as_bytes());
    let news = "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"http://127.0.0.1/nitf.dtd\" [<!ENTITY x SYSTEM \"/etc/hostname\">]><nitf><body><body.content><p>One &x; two.</p></body.content></body></nitf>";
    file("in/f.xml", news.as_bytes());
    file("in/g.txt", &text);
}

#[track_caller]
fn check(folder: &Path, arguments: &[&str], code: i32, written: &[&str]) {
    let trace = traced(folder, arguments);
    assert_eq!(trace.code, Some(code), "{arguments:?}");
    assert!(trace.network.is_empty(), "{arguments:?}: {:?}", trace.network);
    let expected: BTreeSet<_> = written.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(trace.written, expected, "{arguments:?}");
}

#[test]
fn r_reach() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    inputs(folder);
    let of_output = ["out.jsonl", "out.jsonl.part", "out.jsonl.journal", "out.jsonl.lock", "out.jsonl.begun"];
    check(folder, &["run", "news", "in", "-o", "out.jsonl", "--quiet"], 0, &of_output);
    let n_documents = fs::read_to_string(folder.join("out.jsonl")).unwrap().lines().count();
    assert_eq!(n_documents, 17, "all of them were read");
    fs::remove_file(folder.join("out.jsonl")).unwrap();
    // In processes of their own too; with a record that fails, and a report.
    fs::write(folder.join("in/h.jsonl"), "no record\n").unwrap();
    let more = [
        "report.json",
        "report.json.part",
        "report.json.lock",
        "out.jsonl.failed.jsonl",
        "out.jsonl.failed.jsonl.part",
        "out.jsonl.failed.jsonl.lock",
    ];
    let isolated = [
        "run",
        "words",
        "in",
        "-o",
        "out.jsonl",
        "--quiet",
        "--isolate",
        "process",
        "--report",
        "report.json",
    ];
    check(folder, &isolated, 1, &[&of_output[..], &more].concat());
    check(folder, &["run", "words", "in/g.txt", "--quiet"], 0, &[]);
    let news = root().join("samples/02-web-eu-belarus.txt").canonicalize().unwrap();
    check(
        folder,
        &["run", "news", news.to_str().unwrap(), "in/c.jsonl", "-o", "r.jsonl", "--quiet"],
        0,
        &["r.jsonl", "r.jsonl.part", "r.jsonl.journal", "r.jsonl.lock", "r.jsonl.begun"],
    );
    for arguments in [
        &["show", "r.jsonl"][..],
        &["stats", "r.jsonl"],
        &["events", "r.jsonl"],
        &["check", "news"],
        &["stages"],
        &["evaluate", "r.jsonl", "r.jsonl"],
    ] {
        check(folder, arguments, 0, &[]);
    }
    for name in ["r.html", "r.conllu", "r.parquet", "r.arrow"] {
        let parts = [name.to_owned(), format!("{name}.part"), format!("{name}.lock")];
        check(folder, &["export", "r.jsonl", "-o", name], 0, &parts.each_ref().map(String::as_str));
    }
    let brat = [
        "annotation.conf",
        "000001-02-web-eu-belarus_txt.ann",
        "000001-02-web-eu-belarus_txt.txt",
        "000002-___up.ann",
        "000002-___up.txt",
    ];
    let brat: Vec<_> = brat
        .iter()
        .map(|name| format!("brat.part/{name}"))
        .chain(["brat".to_owned(), "brat.part".to_owned()])
        .collect();
    let brat: Vec<_> = brat.iter().map(String::as_str).collect();
    check(folder, &["export", "r.jsonl", "--to", "brat", "-o", "brat"], 0, &brat);
    assert!(
        fs::read_dir("/tmp").unwrap().all(|file| !file
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("r_reach"))
    );
}
