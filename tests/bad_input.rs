//! Bad input: one clear message, what, where and what to do; and nothing else is lost.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use demarche_tests::{demarche, json_lines};

/// A folder with one pipeline file or input; messages name its files without the folder.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs a command in the folder; its exit code, its output and what it says on standard error.
    fn run(&self, arguments: &[&str]) -> (i32, Vec<u8>, String) {
        let mut command = demarche();
        let output = command.current_dir(self.folder.path()).args(arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), output.stdout, message)
    }
}

/// What `demarche check` says of a pipeline file, and that `run` says the same and reads nothing.
fn check(pipeline: &str) -> String {
    let case = Case::new();
    case.file("p.toml", pipeline);
    case.file("in.txt", "Seoul protested.");
    let (code, stdout, message) = case.run(&["check", "p.toml"]);
    assert_eq!((code, stdout.len()), (2, 0), "{message}");
    let (code, stdout, same) = case.run(&["run", "p.toml", "in.txt"]);
    assert_eq!((code, stdout.len()), (2, 0));
    assert_eq!(message, same);
    message
}

#[test]
fn an_unknown_option() {
    insta::assert_snapshot!(check(
        "[[stage]]\nuse = \"tokenize\"\n\n[[stage]]\nuse = \"entity\"\ngazeteers = []\n"
    ));
}

#[test]
fn a_misspelt_stage() {
    insta::assert_snapshot!(check("[[stage]]\nuse = \"tokenise\"\n"));
}

#[test]
fn stages_in_the_wrong_order() {
    insta::assert_snapshot!(check("[[stage]]\nuse = \"entity\"\n\n[[stage]]\nuse = \"tokenize\"\n"));
}

#[test]
fn an_option_of_the_wrong_type() {
    let stages = "[[stage]]\nuse = \"tokenize\"\n\n[[stage]]\nuse = \"entity\"\ngazetteers = 3\n";
    insta::assert_snapshot!(check(stages));
}

#[test]
fn not_toml() {
    insta::assert_snapshot!(check("[[stage]\nuse = \"tokenize\"\n"));
}

#[test]
fn all_errors_at_once() {
    let stages = "[pipelin]\nname = \"x\"\n\n[[stage]]\nuse = \"tokenizer\"\n\n[[stage]]\nuse = \"entity\"\nlabel = 1\n";
    insta::assert_snapshot!(check(stages));
}

#[test]
fn a_broken_gazetteer() {
    let case = Case::new();
    case.file(
        "p.toml",
        "[[stage]]\nuse = \"tokenize\"\n[[stage]]\nuse = \"entity\"\ngazetteers = [\"names.tsv\"]\n",
    );
    case.file("names.tsv", "# own names\nAcme Works\tORG\nAcme\n");
    let (code, _, message) = case.run(&["check", "p.toml"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(message.replace(case.folder.path().to_str().unwrap(), "FOLDER"));
}

#[test]
fn a_missing_pipeline_file() {
    let (code, _, message) = Case::new().run(&["check", "nowhere.toml"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(message);
}

#[test]
fn a_missing_input() {
    let (code, stdout, message) = Case::new().run(&["run", "entities", "nowhere.txt"]);
    assert_eq!((code, stdout.len()), (2, 0));
    insta::assert_snapshot!(message);
}

/// Runs `entities` over one file; the failures as (code, message) and the results.
fn failures(name: &str, content: impl AsRef<[u8]>) -> (i32, Vec<serde_json::Value>, Vec<serde_json::Value>) {
    let case = Case::new();
    case.file(name, content);
    let arguments = ["run", "entities", name, "-o", "out.jsonl", "--failed", "failed.jsonl"];
    let (code, _, _) = case.run(&arguments);
    let failed = fs::read(case.folder.path().join("failed.jsonl")).unwrap_or_default();
    (code, json_lines(&fs::read(case.folder.path().join("out.jsonl")).unwrap()), json_lines(&failed))
}

fn messages(failed: &[serde_json::Value]) -> Vec<&str> {
    failed.iter().map(|line| line["message"].as_str().unwrap()).collect()
}

#[test]
fn a_broken_json_line_fails_and_the_others_go_on() {
    let lines = "{\"id\": \"1\", \"text\": \"Seoul\"}\n{\"id\": \"2\", \"text\": \"Seo\n{\"id\": \"3\", \"text\": \"Seoul\"}\n{\"id\": \"4\"}\n";
    let (code, results, failed) = failures("in.jsonl", lines);
    assert_eq!(code, 1);
    assert_eq!(results.iter().map(|doc| &doc["id"]).collect::<Vec<_>>(), ["1", "3"]);
    insta::assert_json_snapshot!(failed);
}

#[test]
fn an_empty_file_is_an_empty_document() {
    let (code, results, failed) = failures("in.txt", "");
    assert_eq!((code, results.len(), failed.len()), (0, 1, 0));
    assert_eq!(results[0]["tokens"], serde_json::json!([]));
}

#[test]
fn a_file_of_nuls_is_a_document() {
    let (code, results, failed) = failures("in.txt", vec![0; 100_000]);
    assert_eq!((code, results.len(), failed.len()), (0, 1, 0));
    assert_eq!(results[0]["entities"], serde_json::json!([]));
}

#[test]
fn a_single_line_of_50_mb_is_refused_and_the_next_is_read() {
    let mut lines =
        format!("{{\"id\": \"long\", \"text\": \"{}\"}}\n", "word ".repeat(10_000_000)).into_bytes();
    lines.extend_from_slice(b"{\"id\": \"next\", \"text\": \"Seoul\"}\n");
    let (code, results, failed) = failures("in.jsonl", lines);
    assert_eq!((code, results.len(), failed.len()), (1, 1, 1));
    assert_eq!(results[0]["id"], "next");
    insta::assert_json_snapshot!(failed);
}

#[test]
fn a_text_that_is_no_text_fails_with_the_place() {
    let (code, results, failed) = failures("in.txt", b"Seoul \xff\xfe\0protested.");
    assert_eq!((code, results.len()), (1, 0));
    insta::assert_json_snapshot!(failed);
}

#[test]
fn an_encoding_that_is_named_is_held_to() {
    let case = Case::new();
    case.file("in.txt", b"caf\xe9");
    let (code, results, _) = case.run(&["run", "words", "in.txt", "--quiet"]);
    assert_eq!((code, demarche_tests::json_lines(&results)[0]["text"].as_str()), (0, Some("caf\u{e9}")));
    let (code, results, _) = case.run(&["run", "words", "in.txt", "--quiet", "--input", "encoding=utf-8"]);
    assert_eq!((code, results.len()), (1, 0));
}

#[test]
fn a_setting_that_is_wrong_on_the_command_line() {
    let case = Case::new();
    case.file("in.txt", "Seoul");
    for (setting, error) in [
        ("encoding=klingon", "`encoding=klingon`: `klingon` is no encoding"),
        ("txt=body", "`txt=body`: unknown field `txt`"),
        ("delimiter=ab", "`delimiter=ab`: invalid value"),
        ("max_record=many", "`max_record=many`: invalid type"),
        ("text", "write KEY=VALUE"),
    ] {
        let (code, _, message) = case.run(&["run", "words", "in.txt", "--input", setting]);
        assert!(code == 2 && message.contains(error), "{setting}: {message}");
    }
}

#[test]
fn a_damaged_archive_is_an_error_of_its_file() {
    let (code, results, failed) = failures("in.jsonl.gz", b"\x1f\x8b\x08\x00not gzip");
    assert_eq!(results.len(), 0);
    assert!(code == 1 || code == 3, "{code}: {:?}", messages(&failed));
}

/// Each record of a folder of broken files is in exactly one of two places, and the good ones are in the output.
#[test]
fn r_accounts_over_a_folder_of_broken_files() {
    let case = Case::new();
    let files: [(&str, &[u8]); 9] = [
        ("in/a.json", b"[{\"text\": \"a1\"}, 5, {\"text\": \"a3\"}, {"),
        ("in/b.csv", b"text,n\nb1,1\nb2\nb3,3\n"),
        ("in/c.html", b"<p>c1 <<<<"),
        ("in/d.warc", b"WARC/1.0\r\nContent-Length: 10\r\n\r\nshort"),
        ("in/e.xml", b"<nitf><body><body.content>e1</body.content></body></nitf><x>"),
        ("in/f.zip", b"PK\x03\x04 and no more"),
        ("in/g.txt", b"g1\0\xff"),
        ("in/h.jsonl.gz", b"\x1f\x8b\x08\x00"),
        ("in/i.txt", b"i1"),
    ];
    fs::create_dir(case.folder.path().join("in")).unwrap();
    for (name, content) in files {
        case.file(name, content);
    }
    let (code, results, message) = case.run(&["run", "words", "in", "--failed", "failed.jsonl"]);
    assert_eq!(code, 3, "{message}");
    let failed = demarche_tests::json_lines(&fs::read(case.folder.path().join("failed.jsonl")).unwrap());
    let codes: Vec<_> = failed.iter().map(|failed| failed["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["json", "malformed", "columns", "malformed", "malformed", "io", "utf8", "io"]);
    let results = demarche_tests::json_lines(&results);
    let texts: Vec<_> = results.iter().map(|doc| doc["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["a1", "a3", "b1", "b3", "", "e1", "i1"]);
    assert!(message.contains("8 of 15 documents failed"), "{message}");
}

#[test]
fn an_output_that_cannot_be_written() {
    let case = Case::new();
    case.file("in.txt", "Seoul");
    let (code, _, message) = case.run(&["run", "entities", "in.txt", "-o", "no/such/folder/out.jsonl"]);
    assert_eq!(code, 3, "{message}");
    assert!(message.contains("no/such/folder/out.jsonl"), "{message}");
}

#[test]
fn wrong_usage() {
    let (code, _, message) = Case::new().run(&["run", "entities"]);
    assert_eq!(code, 2);
    assert!(message.contains("INPUT"), "{message}");
}
