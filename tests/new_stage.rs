//! `demarche new-stage`: what it writes builds, passes its tests and passes `demarche plugin check`, as it stands.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use demarche_tests::{demarche, root};

/// A new stage in a folder of its own.
fn new_stage(folder: &Path, arguments: &[&str]) -> PathBuf {
    let mut command = demarche();
    let written = command.current_dir(folder).arg("new-stage").args(arguments).output().unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    folder.join(arguments[0])
}

/// Runs a program in a folder; `false` where this machine does not have it.
#[expect(clippy::print_stdout, reason = "says that a test was passed over")]
fn run(folder: &Path, program: &str, arguments: &[&str]) -> bool {
    // The Makefiles look for `demarche` as a user's shell does.
    let binary = PathBuf::from(demarche().get_program());
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(binary.parent().unwrap().to_owned()).chain(std::env::split_paths(&paths));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env("PATH", std::env::join_paths(paths).unwrap());
    // One folder for builds, so that the dependencies are built once.
    command
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    match command.output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&said));
            true
        }
        Err(error) => {
            println!("no `{program}`, so that nothing is tested: {error}");
            false
        }
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-stage")
}

fn check(library: &Path) {
    let mut command = demarche();
    let verdict = command.args(["plugin", "check"]).arg(library).output().unwrap();
    assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
}

/// The pipeline beside the library finds something in the article.
fn marks_the_article(folder: &Path) {
    let mut command = demarche();
    let results = command
        .current_dir(folder)
        .args(["run", "pipeline.toml", "article.txt", "--quiet"])
        .output()
        .unwrap();
    assert!(results.status.success(), "{}", String::from_utf8_lossy(&results.stderr));
    let text = String::from_utf8(results.stdout).unwrap();
    assert!(text.contains(r#""far-places":[{"span":"#), "{text}");
}

#[test]
fn in_rust() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = root().join("crates/plugin");
    let stage = new_stage(folder.path(), &["far-places", "--sdk", sdk.to_str().unwrap()]);
    // The versions that this workspace has, so that the network is not needed.
    fs::copy(root().join("Cargo.lock"), stage.join("Cargo.lock")).unwrap();
    assert!(run(&stage, env!("CARGO"), &["test", "--offline", "--quiet"]));
    assert!(run(&stage, env!("CARGO"), &["build", "--offline", "--quiet"]));
    check(&target().join("debug/far_places"));
    // Where the pipeline looks for it.
    fs::create_dir_all(stage.join("target/release")).unwrap();
    let library = format!("{}far_places{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    fs::copy(target().join("debug").join(&library), stage.join("target/release").join(library)).unwrap();
    marks_the_article(&stage);
}

#[cfg(unix)]
#[test]
fn in_c() {
    let folder = tempfile::tempdir().unwrap();
    let stage = new_stage(folder.path(), &["far-places", "--lang", "c"]);
    if Command::new("cc").arg("--version").output().is_ok()
        && run(&stage, "make", &["check", "CFLAGS=-Wall -Wextra -Werror"])
    {
        marks_the_article(&stage);
    }
}

#[cfg(unix)]
#[test]
fn in_go() {
    let folder = tempfile::tempdir().unwrap();
    let stage = new_stage(folder.path(), &["far-places", "--lang", "go"]);
    let has = |program: &str, argument: &str| Command::new(program).arg(argument).output().is_ok();
    if has("cc", "--version") && has("go", "version") && run(&stage, "make", &["check"]) {
        marks_the_article(&stage);
    }
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("far-places")).unwrap();
    let mut command = demarche();
    let refused = command.current_dir(folder.path()).args(["new-stage", "far-places"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`far-places` is there already"));
}
