//! Which files a corpus is made of.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::fs;
use std::path::Path;

use demarche_corpus::{Corpus, Format};

/// A folder with empty files of these names.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    folder
}

fn names(corpus: &Corpus) -> Vec<&str> {
    corpus.files().iter().map(|file| file.name.as_str()).collect()
}

#[track_caller]
fn error(input: &Path) -> String {
    Corpus::find([input], None).unwrap_err().to_string()
}

#[test]
fn a_folder_is_read_to_its_depths_in_order_without_hidden_files() {
    let folder =
        folder(&["b/z.txt", "b/a.jsonl.gz", "a.TXT", "c.ndjson.zst", ".git/x.txt", "b/.y.txt", "b/notes.md"]);
    let corpus = Corpus::find([folder.path()], None).unwrap();
    assert_eq!(names(&corpus), ["a.TXT", "b/a.jsonl.gz", "b/z.txt", "c.ndjson.zst"]);
    assert_eq!(corpus.skipped(), [folder.path().join("b/notes.md")]);
}

#[test]
fn inputs_keep_their_order_and_patterns_are_sorted() {
    let folder = folder(&["b.txt", "a.txt", "c.jsonl"]);
    let inputs = [folder.path().join("c.jsonl"), folder.path().join("*.txt")];
    let corpus = Corpus::find(inputs, None).unwrap();
    assert_eq!(names(&corpus), ["c.jsonl", "a.txt", "b.txt"]);
}

#[test]
fn the_standard_input_has_no_known_size() {
    let corpus = Corpus::find(["-"], None).unwrap();
    assert_eq!((names(&corpus), corpus.size()), (vec!["stdin"], None));
}

#[test]
fn a_format_can_be_named() {
    let folder = folder(&["a.text"]);
    let path = folder.path().join("a.text");
    let corpus = Corpus::find([path], Some(Format::Text)).unwrap();
    assert_eq!(corpus.files()[0].format, Some(Format::Text));
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = folder(&["a.pdf", "sub/b.md"]);
    let at = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(
        error(&folder.path().join("no.txt")),
        format!("cannot read `{}`: No such file or directory (os error 2)", at("no.txt"))
    );
    assert_eq!(
        error(&folder.path().join("a.pdf")),
        format!(
            "cannot tell the format of `{}`: its name should end in .txt, .jsonl, .json, .csv, .tsv, .html, .xml, .warc, .parquet, .arrow, .zip or .tar, with or without .gz, .zst, .xz or .bz2, or the format be named",
            at("a.pdf")
        )
    );
    assert_eq!(
        error(&folder.path().join("sub")),
        format!(
            "no file that can be read (.txt, .jsonl, .json, .csv, .tsv, .html, .xml, .warc, .parquet, .arrow, .zip or .tar, with or without .gz, .zst, .xz or .bz2) is in `{}`",
            at("sub")
        )
    );
    assert_eq!(error(&folder.path().join("*.txt")), format!("no file fits `{}`", at("*.txt")));
    assert!(error(Path::new("a[")).starts_with("`a[` is not a pattern of file names: "));
}
