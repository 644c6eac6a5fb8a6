//! `demarche run` over real files.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use demarche_tests::{demarche, json_lines, root};
use serde_json::Value;

fn samples() -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(root().join("samples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files
}

/// `n` documents in a JSON Lines file: the samples again and again, each with an id of its own.
fn copies(n: usize, path: &Path) {
    let texts: Vec<_> = samples().iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let line =
        |i: usize| serde_json::json!({"id": format!("copy-{i}"), "text": texts[i % texts.len()]}).to_string();
    fs::write(path, (0..n).map(line).collect::<Vec<_>>().join("\n")).unwrap();
}

fn ids(documents: &[Value]) -> Vec<&str> {
    documents.iter().map(|doc| doc["id"].as_str().unwrap()).collect()
}

#[test]
fn a_folder_in_the_order_of_its_names() {
    let output = demarche().args(["run", "pipelines/news.toml", "samples/"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let documents = json_lines(&output.stdout);
    assert!(documents.len() >= 10);
    let names: Vec<_> =
        samples().iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(ids(&documents)[..names.len()], names);
    for layer in ["tokens", "sentences", "entities", "chains", "quotes", "sanctions"] {
        assert!(documents.iter().all(|doc| doc[layer].is_array()), "{layer}");
        assert!(documents.iter().any(|doc| !doc[layer].as_array().unwrap().is_empty()), "{layer}");
    }
}

#[test]
fn standard_input_is_one_text() {
    let output =
        demarche().args(["run", "entities", "-"]).write_stdin("Seoul protested to Moscow.").output().unwrap();
    let documents = json_lines(&output.stdout);
    assert_eq!(documents.len(), 1);
    let norms: Vec<_> =
        documents[0]["entities"].as_array().unwrap().iter().map(|e| e["norm"].clone()).collect();
    assert_eq!(norms, ["KOR", "RUS"]);
}

#[test]
fn a_table_with_names_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.csv");
    fs::write(&input, "key,body,published\n7,\"Seoul protested, yesterday.\",2024-06-21\n8,Short\n").unwrap();
    let settings = ["--input", "id=key", "--input", "text=body", "--input", "date=published"];
    let mut command = demarche();
    command.args(["run", "entities", input.to_str().unwrap(), "--quiet"]).args(settings);
    let failed = folder.path().join("failed.jsonl");
    let output = command.arg("--failed").arg(&failed).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let documents = json_lines(&output.stdout);
    assert_eq!(ids(&documents), ["7"]);
    assert_eq!(documents[0]["meta"], serde_json::json!({"date": "2024-06-21"}));
    assert_eq!(documents[0]["entities"][0]["norm"], "KOR");
    let failed = json_lines(&fs::read(failed).unwrap());
    assert_eq!(failed[0]["message"], "a row of 2 cells, where there are 3 columns");
    assert_eq!(failed[0]["record"], r#"{"key":"8","body":"Short"}"#);
}

#[test]
fn near_duplicates_are_marked_or_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    let story = "The council in Riga agreed on Monday to freeze the accounts of four shipping firms.";
    let line = |id: &str, text: &str| serde_json::json!({"id": id, "text": text}).to_string();
    let lines =
        [line("a", story), line("b", "Seoul protested."), line("c", &story.to_uppercase())].join("\n");
    fs::write(&input, lines).unwrap();
    let run = |duplicates: &str| {
        let setting = format!("duplicates={duplicates}");
        let output = demarche().args(["run", "words", input.to_str().unwrap(), "--input", &setting]).output();
        let output = output.unwrap();
        (json_lines(&output.stdout), String::from_utf8(output.stderr).unwrap())
    };
    let (documents, _) = run("mark");
    assert_eq!(ids(&documents), ["a", "b", "c"]);
    let marks: Vec<_> = documents.iter().map(|doc| doc["meta"]["near_duplicate_of"].as_str()).collect();
    assert_eq!(marks, [None, None, Some("a")]);
    let (documents, told) = run("skip");
    assert_eq!(ids(&documents), ["a", "b"]);
    assert!(told.contains("1 near-duplicates left out"), "{told}");
    assert_eq!(ids(&run("keep").0), ["a", "b", "c"]);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    copies(300, &input);
    let run = |threads: &str| {
        let output =
            demarche().args(["run", "news", input.to_str().unwrap(), "--threads", threads]).output().unwrap();
        assert!(output.status.success());
        output.stdout
    };
    let one = run("1");
    assert_eq!(ids(&json_lines(&one)).len(), 300);
    assert!(run("2") == one && run("8") == one);
}

#[test]
fn compressed_input_and_output() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    copies(5, Path::new(&path("in.jsonl")));
    let run = |input: &str, output: &str| {
        demarche().args(["run", "entities", &path(input), "-o", &path(output)]).assert().success().stdout("");
    };
    run("in.jsonl", "out.jsonl");
    run("in.jsonl", "out.jsonl.gz");
    run("in.jsonl", "out.jsonl.zst");
    run("in.jsonl", "out.jsonl.xz");
    let plain = fs::read(path("out.jsonl")).unwrap();
    for name in ["out.jsonl.gz", "out.jsonl.zst", "out.jsonl.xz"] {
        assert!(fs::read(path(name)).unwrap().len() < plain.len() / 2, "{name} is compressed");
        let output = demarche().args(["run", "entities", &path(name)]).output().unwrap();
        assert_eq!(ids(&json_lines(&output.stdout)), ids(&json_lines(&plain)));
    }
}

#[test]
fn offsets_in_the_unit_that_is_asked_for() {
    let spans = |unit: &str| {
        let mut command = demarche();
        let output =
            command.args(["run", "entities", "-", "--offsets", unit]).write_stdin("“😀” Seoul").output();
        json_lines(&output.unwrap().stdout)[0]["entities"][0]["span"].clone()
    };
    assert_eq!(spans("char"), serde_json::json!([4, 9]));
    assert_eq!(spans("utf16"), serde_json::json!([5, 10]));
    assert_eq!(spans("byte"), serde_json::json!([11, 16]));
}

#[test]
fn nothing_but_data_on_standard_output() {
    let output = demarche().args(["run", "entities", "samples/"]).output().unwrap();
    assert!(!json_lines(&output.stdout).is_empty());
    let output = demarche().args(["run", "entities", "samples/", "--quiet"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn ids_titles_and_everything_else_are_carried_through() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, "{\"id\": 7, \"text\": \"Seoul\", \"date\": \"2024-06-21\", \"n\": [1, 2.50]}\n")
        .unwrap();
    let output = demarche().args(["run", "entities", input.to_str().unwrap()]).output().unwrap();
    let doc = &json_lines(&output.stdout)[0];
    assert_eq!(doc["id"], "7");
    assert_eq!(doc["meta"], serde_json::json!({"date": "2024-06-21", "n": [1, 2.5]}));
}

/// Peak memory (KiB) of a run that has written `n` documents and still waits for more.
#[cfg(target_os = "linux")]
fn peak_memory(n: usize) -> u64 {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};

    let text = fs::read_to_string(root().join("samples/00-short.txt")).unwrap();
    let mut child = Command::new(demarche().get_program())
        .args(["run", "news", "-", "--threads", "2", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let line = serde_json::json!({"id": "1", "text": text}).to_string() + "\n";
    let feeder = std::thread::spawn(move || {
        for _ in 0..n {
            stdin.write_all(line.as_bytes()).unwrap();
        }
        stdin.flush().unwrap();
        stdin
    });
    let written = BufReader::new(child.stdout.take().unwrap()).lines().take(n).flatten().count();
    assert_eq!(written, n);
    let stdin = feeder.join().unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_number_of_documents() {
    let (few, many) = (peak_memory(200), peak_memory(2000));
    assert!(many < few + few / 4, "{few} KiB for 200 documents, {many} KiB for 2,000");
}
