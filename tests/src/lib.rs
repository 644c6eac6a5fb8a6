//! What the end-to-end tests share: the real binary and the real plugins, built once.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

#[path = "../../crates/corpus/tests/common/archive.rs"]
pub mod archive;
pub mod disk;
pub mod fuzz;
pub mod hostile;
pub mod hostile_files;
pub mod job;
pub mod runs;
pub mod trials;
pub mod watched;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use demarche::Pipeline;

/// Root of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The `demarche` command, to be run from the root of the repository.
pub fn demarche() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(artifact("demarche"));
    command.current_dir(root()).env_remove("RUST_BACKTRACE");
    command
}

/// A plugin's library: a package of `plugins/`, or one that misbehaves on purpose.
pub fn plugin(name: &str) -> PathBuf {
    artifact(name)
}

/// The stages of the `news` pipeline, ready for documents.
pub fn news() -> Pipeline {
    let registry = demarche::registry();
    let mut pipeline = Pipeline::new();
    for name in ["tokenize", "syntax", "entity", "coreference", "quote", "sanction"] {
        let kind = registry.get(name).expect("it is built in");
        pipeline.push(kind, kind.build(&serde_json::json!({})).expect("it needs no options"));
    }
    pipeline
}

/// The sample articles.
pub fn articles() -> Vec<String> {
    let files = fs::read_dir(root().join("samples")).expect("the samples are there");
    let mut files: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).expect("it is text")).collect()
}

/// Lines of JSON.
pub fn json_lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(bytes).expect("the output is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// The path of a binary or library by the name of its target. What the tests' own build has not made is built
/// here, once a test binary: cargo builds neither other packages' binaries nor their `cdylib`s for tests.
fn artifact(target: &str) -> PathBuf {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(build);
    built.get(target).unwrap_or_else(|| panic!("the workspace builds no `{target}`")).clone()
}

fn build() -> BTreeMap<String, PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--workspace", "--locked", "--quiet", "--message-format=json"]).current_dir(root());
    // The examples of `demarche-plugin` are the libraries that misbehave on purpose. With examples, cargo gives the
    // dependencies the features that they have in `cargo test --workspace`: otherwise most would be built once more.
    cargo.args(["--lib", "--bins", "--examples"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo builds the workspace");
    json_lines(&output.stdout).iter().filter_map(built_file).collect()
}

/// Name and path of what a message of cargo says was built, if it is a binary or a shared library.
fn built_file(message: &serde_json::Value) -> Option<(String, PathBuf)> {
    let target = &message["target"];
    let name = target["name"].as_str()?.to_owned();
    if let Some(executable) = message["executable"].as_str() {
        return Some((name, executable.into()));
    }
    let is_library = target["crate_types"].as_array()?.iter().any(|kind| kind == "cdylib");
    let mut files = message["filenames"].as_array()?.iter().filter_map(|file| file.as_str());
    let library = files.find(|file| file.ends_with(std::env::consts::DLL_EXTENSION))?;
    is_library.then(|| (name, library.into()))
}
