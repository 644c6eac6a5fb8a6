//! Each command in README.md and docs/ is run as it stands, from the root of the repository.
//!
//! `console` blocks show a command and its output: both must agree (`TRYCMD=overwrite` rewrites the output).
//! `sh` blocks are commands only: each must succeed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use demarche_tests::{demarche, plugin, root};

fn documents() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<_> =
        docs.filter(|file| file.extension().is_some_and(|name| name == "md")).collect();
    documents.push(root().join("README.md"));
    documents.sort();
    documents
}

/// The lines of all blocks in a language, without empty ones and comments.
fn commands(language: &str, document: &Path) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in fs::read_to_string(document).unwrap().lines() {
        if let Some(fence) = line.strip_prefix("```") {
            inside = !inside && fence == language;
        } else if inside && !line.trim().is_empty() && !line.starts_with('#') {
            commands.push(line.split(" #").next().unwrap_or(line).trim().to_owned());
        }
    }
    commands
}

#[test]
fn the_output_that_is_shown_is_the_real_one() {
    std::env::set_current_dir(root()).unwrap();
    let binary = demarche().get_program().to_owned();
    let cases = trycmd::TestCases::new();
    cases.register_bin("demarche", Path::new(&binary));
    for document in documents() {
        cases.case(document);
    }
}

/// A folder with what the commands read: the samples and pipelines, the built plugin, and what a reader would have
/// of their own.
fn playground() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (from, to) in
        [("samples", "samples"), ("pipelines", "pipelines"), ("samples", "articles"), ("samples", "archive")]
    {
        fs::create_dir(path(to)).unwrap();
        for file in fs::read_dir(root().join(from)).unwrap().map(|entry| entry.unwrap().path()) {
            fs::copy(&file, path(to).join(file.file_name().unwrap())).unwrap();
        }
    }
    fs::copy(root().join("docs/gold-sample.jsonl"), path("gold.jsonl")).unwrap();
    let library = plugin("headline");
    fs::create_dir_all(path("target/release")).unwrap();
    fs::copy(&library, path("target/release").join(library.file_name().unwrap())).unwrap();
    // The pipeline file that docs/pipelines.md begins with, and the names it speaks of.
    let page = fs::read_to_string(root().join("docs/pipelines.md")).unwrap();
    let mine = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    fs::write(path("mine.toml"), mine).unwrap();
    fs::write(path("people.tsv"), "Lena Hartwig\tPERSON\n").unwrap();
    let wire = fs::read_to_string(root().join("samples/wire.jsonl")).unwrap();
    let renamed = wire.replace("\"text\":", "\"body\":").replace("\"date\":", "\"published\":");
    fs::write(path("archive/2024.jsonl"), renamed).unwrap();
    assert_cmd::Command::new("gzip").arg(path("archive/2024.jsonl")).assert().success();
    folder
}

#[test]
fn every_command_works() {
    let folder = playground();
    let mut tried = 0;
    for document in documents() {
        for command in commands("sh", &document) {
            // These build and test; CI runs them as they stand.
            if command.starts_with("cargo ") && !command.starts_with("cargo run --release -- ") {
                continue;
            }
            let binary = demarche().get_program().to_str().unwrap().to_owned();
            let ours = command.replace("cargo run --release -- ", "demarche ");
            let script = ours.replace("demarche ", &format!("{binary} "));
            let mut shell = assert_cmd::Command::new("bash");
            shell.args(["-euo", "pipefail", "-c", &script]).current_dir(folder.path());
            let output = shell.output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: `{command}`: {error}", document.display());
            tried += 1;
        }
    }
    assert!(tried >= 2, "the documents have commands");
}

/// `cargo run` runs the one binary of the workspace's default members, with their own features. That those build is checked;
/// all of it is not built a second time for that.
#[test]
fn cargo_run_runs_the_command() {
    let cargo = |arguments: &[&str]| {
        let mut cargo = assert_cmd::Command::new(env!("CARGO"));
        cargo.args(arguments).args(["--quiet", "--locked"]).current_dir(root()).assert().success()
    };
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.get_output().stdout).unwrap();
    let members = metadata["workspace_default_members"].as_array().unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let binaries: Vec<_> = packages
        .iter()
        .filter(|package| members.contains(&package["id"]))
        .flat_map(|package| package["targets"].as_array().unwrap())
        .filter(|target| target["kind"][0] == "bin")
        .map(|target| target["name"].as_str().unwrap())
        .collect();
    assert_eq!(binaries, ["demarche"]);
    cargo(&["check"]);
    demarche().arg("--version").assert().success().stdout(concat!(
        "demarche ",
        env!("CARGO_PKG_VERSION"),
        "\n"
    ));
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let readme = commands("sh", &root().join("README.md"));
    let tests: Vec<_> = readme.iter().filter(|command| command.starts_with("cargo test")).collect();
    assert_eq!(tests, ["cargo test --workspace"]);
    assert!(fs::read_to_string(root().join(".ci/run")).unwrap().contains(tests[0].as_str()));
}

#[test]
fn the_example_of_the_document_format_is_a_document() {
    let page = fs::read_to_string(root().join("docs/document-format.md")).unwrap();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let doc = demarche::format::read(example, demarche::Offsets::Char).unwrap();
    assert!(demarche::Layer::BUILT_IN.iter().all(|layer| doc.has(layer)), "it shows every layer");
}
