//! Promise 19: a file that is cut off, written over or taken away while it is read is an error with its place, and the next file is read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::{Duration, UNIX_EPOCH};

use common::archive::{gzip, tar, zip, zstd};
use demarche_corpus::{Corpus, ReadOptions};

/// Files over several buffers, none of which can be told to be cut off where it is cut: at the end of a record, of a member.
fn files() -> Vec<(&'static str, Vec<u8>, usize)> {
    let mut random = 1_u32;
    let mut word = || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!("{random:x}")
    };
    let text = (0..40_000).map(|_| word()).collect::<Vec<_>>().join(" ");
    let halves = text.split_at(text.len() / 2);
    let record = |text: &str| format!("{{\"text\": \"{text}\"}}\n");
    let parts: Vec<&str> =
        [halves.0, halves.1].iter().map(|half| half.split_at(50_000)).flat_map(|(a, b)| [a, b]).collect();
    let lines: Vec<_> = parts.iter().map(|part| record(part)).collect();
    let rows: Vec<_> = parts.iter().map(|part| format!("{part}\n")).collect();
    let crawl: Vec<_> = parts.iter().map(|part| format!("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{part}\r\n\r\n", part.len())).collect();
    let members: Vec<_> = lines.iter().map(|line| gzip(line.as_bytes())).collect();
    let frames: Vec<_> = lines.iter().map(|line| zstd(line.as_bytes())).collect();
    let archived: Vec<(&str, &[u8])> = parts
        .iter()
        .zip(["a.txt", "b.txt", "c.txt", "d.txt"])
        .map(|(part, name)| (name, part.as_bytes()))
        .collect();
    let first = |parts: &[Vec<u8>]| parts[..3].concat().len();
    let bytes = |parts: &[String]| parts.iter().map(|part| part.clone().into_bytes()).collect::<Vec<_>>();
    let table = |name: &str| [vec![format!("{name}\n")], rows.clone()].concat();
    let tarred = tar(&archived);
    vec![
        ("a.txt", text.clone().into_bytes(), text.len() / 2),
        ("a.jsonl", lines.concat().into_bytes(), first(&bytes(&lines))),
        ("a.json", lines.concat().into_bytes(), first(&bytes(&lines))),
        ("a.csv", table("text").concat().into_bytes(), first(&bytes(&table("text")))),
        ("a.html", format!("<p>{text}").into_bytes(), 100_000),
        (
            "a.xml",
            format!("<nitf><body><body.content>{text}</body.content></body></nitf>").into_bytes(),
            100_000,
        ),
        ("a.warc", crawl.concat().into_bytes(), first(&bytes(&crawl))),
        ("a.jsonl.gz", members.concat(), first(&members)),
        ("a.jsonl.zst", frames.concat(), first(&frames)),
        // After the second file of it.
        ("a.tar", tarred.clone(), 2 * (512 + 50_000_usize.next_multiple_of(512))),
        ("a.zip", zip(&archived), 100_000),
    ]
}

fn open(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Corpus) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    fs::write(folder.path().join("z.txt"), "the next file").unwrap();
    let corpus = Corpus::find([folder.path()], None).unwrap();
    (folder, corpus)
}

/// What is read when a file is changed after `n` of its records; the last one is the next file.
fn records(corpus: &Corpus, n: usize, change: impl FnOnce()) -> Vec<Result<String, String>> {
    let mut reader = corpus.read(ReadOptions::default());
    let mut records: Vec<_> = reader.by_ref().take(n).collect();
    change();
    records.extend(reader);
    let shown = records.into_iter().map(|record| match record {
        Ok(record) => Ok(record.document.text().to_owned()),
        Err(error) => {
            assert_eq!(error.problem.code(), "io", "{error}");
            Err(error.to_string())
        }
    });
    let mut shown: Vec<_> = shown.collect();
    assert_eq!(shown.pop(), Some(Ok("the next file".to_owned())));
    shown
}

#[test]
fn r_cut_off_while_it_is_read() {
    for (name, bytes, cut) in files() {
        assert!(bytes.len() > cut + 40_000, "{name}: more than a buffer is cut off");
        let (folder, corpus) = open(name, &bytes);
        let path = folder.path().join(name);
        let whole = records(&corpus, 0, || {});
        assert!(whole.iter().all(Result::is_ok), "{name}: {whole:.200?}");
        // One record is read if it is not the whole file.
        let n = usize::from(whole.len() > 1);
        let found = records(&corpus, n, || {
            OpenOptions::new().write(true).open(&path).unwrap().set_len(cut as u64).unwrap();
        });
        let (errors, good): (Vec<_>, Vec<_>) = found.iter().partition(|record| record.is_err());
        // Of an archive, that of the file in it and its own.
        let is_archive = matches!(name, "a.tar" | "a.zip");
        assert!(errors.len() == 1 || is_archive && errors.len() == 2, "{name}: {} errors", errors.len());
        assert!(
            good.iter().zip(&whole).all(|(found, whole)| *found == whole),
            "{name}: what is read is right"
        );
        let error = errors[0].clone().unwrap_err();
        assert!(error.starts_with(&format!("{}:", path.display())), "{error}");
        assert!(error.contains("cannot read the file: "), "{error}");
        if name != "a.zip" {
            let missing = bytes.len() - cut;
            assert!(
                error.ends_with(&format!("it was cut off while it was read: {missing} bytes are missing")),
                "{error}"
            );
        }
    }
}

#[test]
fn r_taken_away_before_it_is_read() {
    for (name, bytes, _) in files() {
        let (folder, corpus) = open(name, &bytes);
        let path = folder.path().join(name);
        let found = records(&corpus, 0, || fs::remove_file(&path).unwrap());
        let error = found[0].clone().unwrap_err();
        assert!(error.starts_with(&format!("{}:0: cannot read the file: ", path.display())), "{error}");
        // A folder where the file was.
        fs::create_dir(&path).unwrap();
        let found = records(&corpus, 0, || {});
        assert!(found.len() == 1 && found[0].is_err(), "{name}: {found:?}");
    }
}

/// Told by the time of the last change, once a file is at its end. A file in zip has a checksum, and tar ends before its file does.
#[test]
fn r_written_over_while_it_is_read() {
    for (name, bytes, _) in files().into_iter().filter(|(name, ..)| !matches!(*name, "a.tar" | "a.zip")) {
        let (folder, corpus) = open(name, &bytes);
        let whole = records(&corpus, 0, || {});
        if whole.len() == 1 {
            continue;
        }
        let open = || OpenOptions::new().append(true).open(folder.path().join(name)).unwrap();
        let found = records(&corpus, 1, || open().set_modified(UNIX_EPOCH).unwrap());
        let (last, before) = found.split_last().unwrap();
        assert_eq!(before, whole, "{name}: what is read is kept");
        let error = last.clone().unwrap_err();
        assert!(
            error.ends_with(
                "it was written over while it was read: what was read of it may be of two versions"
            ),
            "{error}"
        );
        // What is added to while it is read is read to its end.
        let more = records(&corpus, 1, || {
            open().write_all(&bytes).unwrap();
            open().set_modified(UNIX_EPOCH + Duration::from_secs(1)).unwrap();
        });
        let errors: Vec<_> = more.iter().filter_map(|record| record.as_ref().err()).collect();
        assert!(more.len() > whole.len() && errors.is_empty(), "{name}: {errors:?}");
    }
}

/// Whoever has a file open keeps it, on systems where that is so.
#[test]
#[cfg(unix)]
fn r_taken_away_while_it_is_read() {
    for (name, bytes, _) in files() {
        let (folder, corpus) = open(name, &bytes);
        let whole = records(&corpus, 0, || {});
        let n = usize::from(whole.len() > 1);
        let path = folder.path().join(name);
        if n == 1 {
            assert_eq!(records(&corpus, n, || fs::remove_file(&path).unwrap()), whole, "{name}");
        }
    }
}

#[test]
#[cfg(feature = "parquet")]
fn r_cut_off_while_its_columns_are_read() {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;

    let texts: Vec<_> = (0..5_000).map(|i| format!("Text {i} {}", i * 7_919)).collect();
    let column: ArrayRef = Arc::new(StringArray::from(texts));
    let table = RecordBatch::try_from_iter([("text", column)]).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1_000)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties)).unwrap();
    writer.write(&table).unwrap();
    let parquet = writer.into_inner().unwrap();
    let mut arrow = Vec::new();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut arrow, &table.schema()).unwrap();
    for start in (0..5_000).step_by(1_000) {
        writer.write(&table.slice(start, 1_000)).unwrap();
    }
    writer.finish().unwrap();
    drop(writer);
    for (name, bytes) in [("a.parquet", parquet), ("a.arrow", arrow)] {
        let (folder, corpus) = open(name, &bytes);
        let path = folder.path().join(name);
        let mut reader = corpus.read(ReadOptions::default());
        let first = reader.next().unwrap().unwrap();
        assert!(first.document.text().starts_with("Text 0 "));
        OpenOptions::new().write(true).open(&path).unwrap().set_len(bytes.len() as u64 / 2).unwrap();
        let rest: Vec<_> = reader.collect();
        let errors: Vec<_> = rest.iter().filter_map(|record| record.as_ref().err()).collect();
        assert_eq!(errors.len(), 1, "{name}: {:?}", errors.first());
        assert!(errors[0].place.path.ends_with(name));
        assert_eq!(rest.last().unwrap().as_ref().unwrap().document.text(), "the next file");
    }
}
