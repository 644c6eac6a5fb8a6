//! `demarche export` and `demarche stats`: results in other formats, with the real binary.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use demarche_tests::demarche;

/// Results of two documents, one of which names itself as if it were a path.
fn results(folder: &Path) -> String {
    let path = folder.join("results.jsonl");
    let lines = r#"{"id": "../../up", "text": "Seoul <b>froze</b> it.", "entities": [{"span": [0, 5], "label": "GPE", "norm": "KOR"}]}
{"id": "b", "text": "“No,” said Lena.", "quotes": [{"kind": "direct", "content": [[0, 5]], "cue": [[6, 10]], "source": [[11, 15]], "speaker": {"name": "Lena"}}]}
"#;
    fs::write(&path, lines).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_page() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    demarche()
        .args(["export", &results(folder.path()), "-o", page.to_str().unwrap()])
        .assert()
        .success()
        .stdout("");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("&lt;b&gt;froze&lt;/b&gt;") && page.contains("<li>Lena <small></small>"));
}

#[test]
fn brat_writes_a_folder_and_nothing_outside_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let results = results(folder.path());
    let out = folder.path().join("brat");
    let command = || {
        let mut command = demarche();
        command.args(["export", &results, "--to", "brat", "-o", out.to_str().unwrap()]);
        command
    };
    command().assert().success();
    let names = |path: &Path| {
        let mut names: Vec<_> = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let expected =
        ["000001-______up.ann", "000001-______up.txt", "000002-b.ann", "000002-b.txt", "annotation.conf"];
    assert_eq!(names(&out), expected);
    assert_eq!(names(folder.path()), ["brat", "results.jsonl"]);
    assert_eq!(
        fs::read_to_string(out.join("000001-______up.ann")).unwrap(),
        "T1\tGPE 0 5\tSeoul\n#1\tAnnotatorNotes T1\tKOR\n"
    );
    let error = String::from_utf8(command().assert().code(2).get_output().stderr.clone()).unwrap();
    assert!(error.contains("is there already"), "{error}");
}

#[test]
fn conllu_to_standard_output() {
    let run =
        demarche().args(["run", "words", "-", "--quiet"]).write_stdin("Seoul protested.").output().unwrap();
    let output = demarche().args(["export", "-", "--to", "conllu"]).write_stdin(run.stdout).output().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.contains("1\tSeoul\tSeoul\tPROPN\tNNP\t_\t_\t_\t_\tend_char=5|start_char=0\n"), "{words}");
}

#[test]
fn an_ending_that_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let assert = demarche().args(["export", &results(folder.path()), "-o", "out.xyz"]).assert().code(2);
    let error = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(error.contains("`out.xyz`: the ending does not say which format"), "{error}");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let results = results(folder.path());
    let lines = fs::read_to_string(&results).unwrap() + "oops\n";
    fs::write(&results, lines).unwrap();
    let output = demarche().args(["stats", &results]).assert().code(1).get_output().clone();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("2 documents, 0 words, 1 names, 1 quotations, 0 sanction events\n"), "{table}");
    let output = demarche().args(["stats", &results, "--json"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["speakers"]["Lena"], 1);
}

#[test]
fn events_as_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("events.parquet");
    let table = table.to_str().unwrap();
    demarche().args(["events", &results(folder.path()), "-o", table]).assert().success().stdout("");
    let bytes = fs::read(table).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    assert!(!Path::new(&format!("{table}.part")).exists());
}

#[test]
fn documents_as_parquet_and_arrow() {
    let folder = tempfile::tempdir().unwrap();
    let results = results(folder.path());
    for (name, mark) in [("all.parquet", &b"PAR1"[..]), ("all.arrow", b"ARROW1")] {
        let out = folder.path().join(name);
        let out = out.to_str().unwrap();
        demarche().args(["export", &results, "-o", out]).assert().success().stdout("");
        let bytes = fs::read(out).unwrap();
        assert!(bytes.starts_with(mark) && bytes.ends_with(mark), "{name}");
        // What it writes it reads.
        let run = demarche().args(["run", "words", out, "--quiet"]).output().unwrap();
        let documents = demarche_tests::json_lines(&run.stdout);
        assert_eq!(
            documents.iter().map(|doc| doc["id"].as_str().unwrap()).collect::<Vec<_>>(),
            ["../../up", "b"]
        );
        assert_eq!(documents[1]["text"], "“No,” said Lena.");
        assert_eq!(documents[1]["meta"], serde_json::Value::Null, "its layers are no metadata");
        // As results it is what the lines are.
        let shown =
            |command: &[&str]| demarche().args(command).assert().success().get_output().stdout.clone();
        for command in
            [&["stats", "--json"][..], &["events"], &["export", "--to", "html"], &["export", "--to", "jsonl"]]
        {
            let of = |results: &str| shown(&[command, &[results]].concat());
            assert_eq!(of(out), of(&results), "{command:?}");
        }
        // The names of the files apart, which are said.
        let scores = |path: &str| {
            let scores = shown(&["evaluate", path, path, "--json", "-"]);
            String::from_utf8(scores).unwrap().replace(path, "")
        };
        assert_eq!(scores(out), scores(&results));
        let parts = folder.path().join(format!("{name}-parts"));
        let parts = parts.to_str().unwrap();
        demarche()
            .args(["export", out, "-o", parts, "--part-size", "1", "--to", &name[4..]])
            .assert()
            .success();
        assert_eq!(fs::read_dir(parts).unwrap().count(), 2);
        assert_eq!(shown(&["stats", parts]), shown(&["stats", &results]));
    }
}
