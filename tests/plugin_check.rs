//! `demarche plugin`: what a library is, its pin, and the verdict about it, over the real binary and real libraries.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use demarche_tests::{demarche, plugin};
use serde_json::Value;

/// Standard output and exit code of a command about a library.
fn about(library: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = demarche();
    let output = command.arg("plugin").args(arguments).arg(library).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// The one check of a verdict that fails.
fn failure(stage: &str, more: &[&str]) -> Value {
    let arguments = [&["check", "--json", "--stage", stage][..], more].concat();
    let (code, verdict) = about(&plugin("misbehave"), &arguments);
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    assert_eq!((code, &verdict["ok"]), (1, &Value::Bool(false)), "{verdict}");
    let checks = verdict["checks"].as_array().unwrap();
    let mut failed = checks.iter().filter(|check| check["outcome"] == "failed");
    let failure = failed.next().unwrap().clone();
    assert_eq!(failed.next(), None, "{verdict}");
    failure
}

/// A verdict without times and counts, and without the list of all stages.
fn steady(verdict: &str) -> String {
    let verdict: String =
        verdict.split_inclusive('\n').filter(|line| !line.contains("of the boundary, stages: ")).collect();
    let mut out = String::new();
    let mut in_number = false;
    for c in verdict.chars() {
        if c.is_ascii_digit() || (in_number && c == '.') {
            if !in_number {
                out.push('N');
            }
            in_number = true;
        } else {
            in_number = false;
            out.push(c);
        }
    }
    out
}

#[test]
fn the_verdict_on_the_example() {
    let (code, verdict) = about(&plugin("headline"), &["check", "--options", "max_words = 5"]);
    insta::assert_snapshot!(steady(&verdict));
    assert_eq!(code, 0);
}

#[test]
fn the_verdict_on_one_that_writes_wrong_spans() {
    let (code, verdict) = about(&plugin("misbehave"), &["check", "--stage", "bad-span"]);
    insta::assert_snapshot!(steady(&verdict));
    assert_eq!(code, 1);
}

#[test]
fn a_crash_is_part_of_the_verdict() {
    let failure = failure("crash", &[]);
    assert_eq!((&failure["stage"], &failure["check"]), (&"crash".into(), &"strange texts".into()));
    assert!(failure["detail"].as_str().unwrap().starts_with("the process ended: "), "{failure}");
}

#[test]
fn one_that_hangs_is_ended() {
    // It waits until its time is up, and nobody ever says so.
    let failure = failure("slow-forever", &["--seconds", "2"]);
    assert_eq!(
        (&failure["check"], &failure["detail"]),
        (&"strange texts".into(), &"it did not return within 2 s".into())
    );
}

#[test]
fn what_is_printed_is_seen() {
    let failure = failure("print", &[]);
    assert_eq!(failure["check"], "standard output");
    assert_eq!(failure["detail"], "it prints: look at me");
}

#[test]
fn wrong_options_are_told_like_those_of_a_pipeline() {
    let mut command = demarche();
    command.args(["plugin", "check", "--options", "max_word = 3"]).arg(plugin("headline"));
    let output = command.assert().code(2).stdout("").get_output().clone();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("max_word") && message.contains("max_words"), "{message}");
}

#[test]
fn info_says_what_a_library_is() {
    let library = plugin("headline");
    let (code, text) = about(&library, &["info"]);
    assert_eq!(code, 0);
    for part in
        ["headline 0.", "sha256", "Reads   tokens", "Writes  headline", "max_words", "needs version 1.0"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (_, json) = about(&library, &["info", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["abi"], &json["stages"][0]["name"]), (&"1.0".into(), &"headline".into()));
    assert_eq!(json["stages"][0]["options"]["properties"]["max_words"]["default"], 18);
}

#[test]
fn pins_are_printed_and_can_be_required() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libheadline.so");
    fs::copy(plugin("headline"), &library).unwrap();
    let (code, pin) = about(&library, &["pin"]);
    assert!(code == 0 && pin.starts_with("sha256 = \""), "{pin}");
    fs::write(folder.path().join("in.txt"), "Truce holds\nAll quiet.").unwrap();
    let run = |run_table: &str, pin: &str, more: &[&str]| {
        let pipeline = format!(
            "[run]\n{run_table}\n[[plugin]]\npath = \"libheadline.so\"\nallow_writable = true\n{pin}\n[[stage]]\nuse = \"tokenize\"\n[[stage]]\nuse = \"headline\"\n"
        );
        fs::write(folder.path().join("p.toml"), pipeline).unwrap();
        let mut command = demarche();
        command.current_dir(folder.path()).args(["run", "p.toml", "in.txt", "--quiet"]).args(more);
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run("", "", &[]).0, 0);
    for (table, more) in [("", &["--require-pins"][..]), ("require_pins = true", &[])] {
        let (code, message) = run(table, "", more);
        assert!(
            code == 2 && message.contains("this plugin is not pinned") && message.contains(pin.trim()),
            "{message}"
        );
        assert_eq!(run(table, &pin, more).0, 0);
    }
}
