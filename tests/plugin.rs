//! Plugins through the real binary and real pipeline files: one that works, and ones that do not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use demarche_tests::{demarche, json_lines, plugin, root};
use serde_json::{Value, json};

/// Runs a pipeline of `tokenize` and one stage of a library over two texts; with what it says on standard error.
fn run(library: &Path, table: &str, stage: &str) -> (i32, Vec<Value>, Vec<Value>, String) {
    let folder = tempfile::tempdir().unwrap();
    // Beside the pipeline file, so that no message depends on where the workspace lies.
    let name = library.file_name().unwrap();
    let beside = library.exists().then(|| fs::copy(library, folder.path().join(name)).unwrap());
    let library = if beside.is_some() { Path::new(name) } else { library };
    let pipeline = format!(
        "[[plugin]]\npath = {:?}\nallow_writable = true\n{table}\n[[stage]]\nuse = \"tokenize\"\n[[stage]]\nuse = \"{stage}\"\n",
        library.to_str().unwrap(),
    );
    fs::write(folder.path().join("p.toml"), pipeline).unwrap();
    let texts = "{\"id\": \"a\", \"text\": \"Talks fail\\n\\nSeoul protested.\"}\n{\"id\": \"b\", \"text\": \"Second\"}\n";
    fs::write(folder.path().join("in.jsonl"), texts).unwrap();
    let mut command = demarche();
    let arguments = ["run", "p.toml", "in.jsonl", "--failed", "failed.jsonl", "--quiet"];
    let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
    let failed = fs::read(folder.path().join("failed.jsonl")).unwrap_or_default();
    let whole = format!("{}{}", folder.path().canonicalize().unwrap().display(), std::path::MAIN_SEPARATOR);
    let message = String::from_utf8(output.stderr).unwrap().replace(&whole, "");
    (output.status.code().unwrap(), json_lines(&output.stdout), json_lines(&failed), message)
}

/// A message without what differs from machine to machine and from build to build.
fn steady(message: &str, library: &Path) -> String {
    let hash = |word: &str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    let message = message.replace(library.file_name().unwrap().to_str().unwrap(), "LIBRARY");
    let words = message.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            if hash(&word[..word.len() - 1]) {
                format!("HASH{}", &word[word.len() - 1..])
            } else {
                word.to_owned()
            }
        })
        .collect()
}

#[test]
fn the_example_works_through_its_ready_pipeline() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target/release");
    fs::create_dir_all(&target).unwrap();
    fs::create_dir(folder.path().join("pipelines")).unwrap();
    let library = plugin("headline");
    fs::copy(&library, target.join(library.file_name().unwrap())).unwrap();
    fs::copy(root().join("pipelines/plugin.toml"), folder.path().join("pipelines/plugin.toml")).unwrap();
    let mut command = demarche();
    let pipeline = folder.path().join("pipelines/plugin.toml");
    let output =
        command.args(["run", pipeline.to_str().unwrap(), "samples/01-wire-shoal.txt"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let layer = &json_lines(&output.stdout)[0]["layers"]["headline"];
    assert_eq!(layer[0], json!({"span": [0, 64], "value": {"kind": "headline", "words": 9}}));
    assert_eq!(layer[1]["value"]["kind"], "byline");
}

#[test]
fn options_of_a_plugin_are_checked_like_those_of_a_built_in_stage() {
    let library = plugin("headline");
    let (code, results, _, message) = run(&library, "", "headline\"\nmax_word = \"3");
    assert_eq!((code, results.len()), (2, 0));
    assert!(message.contains("max_words") && message.contains("p.toml:9"), "{message}");
}

#[test]
fn a_panic_costs_its_documents_and_says_where() {
    let library = plugin("misbehave");
    let (code, results, failed, message) = run(&library, "", "panic");
    assert_eq!((code, results.len(), failed.len()), (1, 0, 2), "{message}");
    assert_eq!(failed[0]["stage"], "panic");
    assert!(!message.contains("RUST_BACKTRACE"), "the panic is told in the failed-documents file: {message}");
}

#[test]
fn an_error_costs_its_documents() {
    let (code, results, failed, _) = run(&plugin("misbehave"), "", "fail");
    assert_eq!((code, results.len(), failed.len()), (1, 0, 2));
}

#[test]
fn a_span_past_the_text_is_refused() {
    let (code, results, failed, _) = run(&plugin("misbehave"), "", "bad-span");
    assert_eq!((code, results.len(), failed.len()), (1, 0, 2), "{failed:?}");
}

#[test]
fn a_stage_that_cannot_go_on_ends_the_run() {
    let (code, _, _, message) = run(&plugin("misbehave"), "", "fatal");
    assert_eq!(code, 3, "{message}");
}

#[test]
fn another_version_of_the_boundary() {
    let library = plugin("other_version");
    let (code, _, _, message) = run(&library, "", "other");
    assert_eq!(code, 2);
    insta::assert_snapshot!(steady(&message, &library));
}

#[test]
fn a_pin_that_fits_and_one_that_does_not() {
    let library = plugin("headline");
    let wrong = format!("sha256 = \"{}\"", "0".repeat(64));
    let (code, _, _, message) = run(&library, &wrong, "headline");
    assert_eq!(code, 2);
    insta::assert_snapshot!(steady(&message, &library));
    // The message names the right one.
    let actual = message.split_once("SHA-256 is ").unwrap().1.get(..64).unwrap();
    let (code, results, _, _) = run(&library, &format!("sha256 = \"{actual}\""), "headline");
    assert_eq!((code, results.len()), (0, 2));
}

#[test]
fn a_library_that_is_not_there() {
    let (code, _, _, message) = run(Path::new("nowhere/libnothing.so"), "", "nothing");
    assert_eq!(code, 2);
    insta::assert_snapshot!(message);
}

#[test]
fn a_file_that_is_no_library() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.so");
    fs::write(&text, "not a library").unwrap();
    let (code, _, _, message) = run(&text, "", "nothing");
    assert_eq!(code, 2, "{message}");
    assert!(message.contains("text.so"), "{message}");
}

#[test]
fn places_have_coordinates_from_a_table_beside_the_pipeline() {
    let folder = tempfile::tempdir().unwrap();
    let library = plugin("places");
    fs::copy(&library, folder.path().join(library.file_name().unwrap())).unwrap();
    fs::write(folder.path().join("ours.tsv"), "Geneva\t46.2\t6.14\tCHE\n").unwrap();
    fs::write(folder.path().join("in.txt"), "Talks in Geneva and Oslo failed.").unwrap();
    let run = |table: &str| {
        let stages =
            ["tokenize", "tags", "entity", "places"].map(|stage| format!("[[stage]]\nuse = \"{stage}\"\n"));
        let plugin = "[[plugin]]\npath = \"places\"\nallow_writable = true\n";
        fs::write(folder.path().join("p.toml"), format!("{plugin}{}{table}", stages.concat())).unwrap();
        let mut command = demarche();
        command.current_dir(folder.path()).args(["run", "p.toml", "in.txt", "--quiet"]).output().unwrap()
    };
    let geneva = json!({"span": [9, 15], "value": {"name": "Geneva", "latitude": 46.2, "longitude": 6.14, "state": "CHE"}});
    let found = |output: &std::process::Output| json_lines(&output.stdout)[0]["layers"]["places"].clone();
    let own = found(&run("table = \"ours.tsv\""));
    assert_eq!(own, json!([geneva]));
    let built_in = found(&run(""));
    assert_eq!((&built_in[0], &built_in[1]["value"]["name"]), (&geneva, &json!("Oslo")));
    fs::write(folder.path().join("ours.tsv"), "Geneva\tnorth\n").unwrap();
    let wrong = run("table = \"ours.tsv\"");
    let message = String::from_utf8(wrong.stderr).unwrap();
    assert!(wrong.status.code() == Some(2) && message.contains("`north` is no latitude"), "{message}");
}

/// What an author must not do, seen by who runs it: the text stands among the results, and they are still there.
#[test]
fn a_plugin_that_prints_spoils_no_document() {
    let library = plugin("misbehave");
    let folder = tempfile::tempdir().unwrap();
    fs::copy(&library, folder.path().join(library.file_name().unwrap())).unwrap();
    let pipeline = "[[plugin]]\npath = \"misbehave\"\nallow_writable = true\n[[stage]]\nuse = \"print\"\n";
    fs::write(folder.path().join("p.toml"), pipeline).unwrap();
    fs::write(folder.path().join("in.txt"), "Seoul protested.").unwrap();
    let mut command = demarche();
    let arguments = ["run", "p.toml", "in.txt", "--quiet", "-o", "out.jsonl"];
    let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()),
        (Some(0), "look at me\n")
    );
    let results = json_lines(&fs::read(folder.path().join("out.jsonl")).unwrap());
    assert_eq!(results[0]["layers"]["misbehave"][0]["value"], 1);
}
