//! `demarche new-stage`: what it writes builds, passes its tests and passes `demarche plugin check`, with the commands that
//! docs/plugins.md gives, as they stand there.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use demarche_tests::{demarche, root};

/// The commands of a section of docs/plugins.md.
fn commands(heading: &str) -> String {
    let page = fs::read_to_string(root().join("docs/plugins.md")).unwrap();
    let section = page.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    section.split("```bash\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

/// Runs commands in a folder, with `demarche` where a shell finds it, and looks at the results.
fn run(folder: &Path, commands: &str) {
    let binary = PathBuf::from(demarche().get_program());
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(binary.parent().unwrap().to_owned()).chain(std::env::split_paths(&paths));
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", commands]).current_dir(folder);
    shell.env("PATH", std::env::join_paths(paths).unwrap()).env("CARGO_NET_OFFLINE", "true");
    shell.env_remove("CARGO_TARGET_DIR").env("CARGO_PROFILE_DEV_DEBUG", "0");
    let output = shell.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{commands}: {}", String::from_utf8_lossy(&said));
    let results = fs::read_to_string(folder.join("far-places/results.jsonl")).unwrap();
    assert!(results.contains(r#""far-places":[{"span":"#), "{results}");
}

/// Whether this machine has these programs.
#[expect(clippy::print_stdout, reason = "says that a test was passed over")]
fn has(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| Command::new(program).arg("version").output().is_err());
    if let Some(missing) = missing {
        println!("no `{missing}`, so that nothing is tested");
    }
    missing.is_none()
}

#[cfg(unix)]
#[test]
fn in_rust() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = root().join("crates/plugin").canonicalize().unwrap();
    // The crate of this workspace, the versions that it has, and one build of them for tests and library.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-stage");
    fs::create_dir_all(target.join("debug")).unwrap();
    let _ = std::os::unix::fs::symlink("debug", target.join("release"));
    let begin = format!(
        "demarche new-stage far-places --sdk '{}'\ncp '{}' far-places\nln -s '{}' far-places/target\n",
        sdk.display(),
        root().join("Cargo.lock").display(),
        target.display(),
    );
    let commands = commands("In Rust");
    let (first, rest) = commands.split_once('\n').unwrap();
    assert_eq!(first, "demarche new-stage far-places");
    run(folder.path(), &(begin + &rest.replace("cargo build --release", "cargo build")));
}

#[cfg(unix)]
#[test]
fn in_c() {
    let folder = tempfile::tempdir().unwrap();
    if has(&["cc", "make"]) {
        run(folder.path(), &commands("In C").replace("\nmake\n", "\nmake CFLAGS='-Wall -Wextra -Werror'\n"));
    }
}

#[cfg(unix)]
#[test]
fn in_go() {
    let folder = tempfile::tempdir().unwrap();
    if has(&["cc", "make", "go"]) {
        run(folder.path(), &commands("In Go"));
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
