//! Files are there under their name once they are complete, and hold what was written.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demarche_core::{Document, Offsets, Span, format};
use demarche_corpus::{
    Corpus, Failed, FailedDocuments, KEPT_BYTES, Layers, Output, Place, ReadOptions, Target,
};

fn target(folder: &tempfile::TempDir, name: &str) -> (PathBuf, Target) {
    let path = folder.path().join(name);
    (path.clone(), Target::named(&path))
}

fn document() -> Document<'static> {
    let mut doc = Document::new("1", "é a");
    doc.set_tokens(vec![Span::new(0, 2), Span::new(3, 4)]);
    doc
}

fn line(offsets: Offsets) -> Vec<u8> {
    let mut line = format::to_vec(&document(), offsets);
    line.push(b'\n');
    line
}

#[test]
fn what_is_written_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.jsonl.xz", "a.jsonl.bz2"] {
        for offsets in [Offsets::Char, Offsets::Byte, Offsets::Utf16] {
            let (path, target) = target(&folder, name);
            let mut out = Output::create(&target).unwrap();
            out.write(&line(offsets)).unwrap();
            out.write(&line(offsets)).unwrap();
            out.flush().unwrap();
            out.finish().unwrap();
            let options = ReadOptions { layers: Layers::Keep(offsets), ..ReadOptions::default() };
            let read: Vec<_> =
                Corpus::find([&path], None).unwrap().read(options).map(Result::unwrap).collect();
            assert_eq!(read.len(), 2);
            assert_eq!(read[1].document.tokens(), document().tokens(), "{name} {offsets:?}");
        }
    }
}

#[test]
fn a_file_has_its_name_only_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = target(&folder, "a.jsonl");
    let part = folder.path().join("a.jsonl.part");
    let mut out = Output::create(&target).unwrap();
    out.write(&line(Offsets::Char)).unwrap();
    assert!(part.exists() && !path.exists());
    drop(out);
    assert!(part.exists() && !path.exists());
    Output::create(&target).unwrap().finish().unwrap();
    assert!(!part.exists() && path.exists());
}

#[test]
fn an_output_that_cannot_be_made_is_named() {
    let target = Target::named(Path::new("/no/such/folder/a.jsonl"));
    let error = Output::create(&target).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write `/no/such/folder/a.jsonl.part`: No such file or directory (os error 2)"
    );
}

#[test]
fn failures_keep_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = target(&folder, "failed.jsonl");
    let place =
        Place { path: Arc::from(Path::new("a.jsonl")), member: None, record: 3, offset: 40, length: 5 };
    let long = vec![b'a'; KEPT_BYTES + 1];
    let mut file = FailedDocuments::new(target);
    for record in [Some(b"a \"b\"".as_slice()), Some(b"\xff\0"), Some(&long), None] {
        let failed = Failed::new(place.clone(), "7", "quote", "time", "too slow".to_owned(), record);
        file.write(&failed).unwrap();
    }
    file.finish().unwrap();
    let common = r#"{"source":{"path":"a.jsonl","record":3,"offset":40,"length":5},"id":"7","stage":"quote","code":"time","message":"too slow","#;
    let kept = [
        r#""record":"a \"b\""}"#,
        r#""record_base64":"/wA="}"#,
        r#""record_sha256":"008ffc88d3c96a9f307524eb361e47c5222a887fc45fa0c1fb8d429c5c23b430"}"#,
        r#""record":null}"#,
    ];
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().map(|line| line.strip_prefix(common).unwrap()).collect();
    assert_eq!(lines, kept);
}

#[test]
fn there_is_no_file_without_failures() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = target(&folder, "failed.jsonl");
    FailedDocuments::new(target).finish().unwrap();
    assert!(!path.exists());
}
