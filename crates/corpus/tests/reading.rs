//! Bytes in, records out: what each reader makes of good and bad input.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::fs;
use std::path::Path;

use common::archive::{bzip2, gzip, xz, zstd};
use demarche_core::{Layer, Offsets};
use demarche_corpus::{Corpus, Fields, Layers, ReadOptions, Record, RecordError};

/// Reads a file of these bytes under this name; a record as `id "text" meta @offset+length`, or what is wrong with it.
fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Corpus::find([&path], None).unwrap().read(options.clone()).map(|record| shown(&record, name)).collect()
}

fn shown(record: &Result<Record, RecordError>, name: &str) -> String {
    match record {
        Ok(record) => {
            let (doc, place) = (&record.document, &record.place);
            assert!(place.path.ends_with(name));
            let meta = serde_json::to_string(doc.meta()).unwrap();
            format!(
                "{} {:?} {meta} #{} @{}+{}",
                doc.id(),
                doc.text(),
                place.record,
                place.offset,
                place.length
            )
        }
        Err(error) => {
            let place = &error.place;
            let code = error.problem.code();
            format!("{code} #{} @{}+{}: {}", place.record, place.offset, place.length, error.problem)
        }
    }
}

#[track_caller]
fn check(name: &str, bytes: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(read(name, bytes.as_ref(), &ReadOptions::default()), expected);
}

#[test]
fn texts() {
    check("a.txt", "Seoul protested.\n", &[r#"a.txt "Seoul protested.\n" {} #1 @0+17"#]);
    check("line-breaks-are-kept.txt", "a\r\nb", &[r#"line-breaks-are-kept.txt "a\r\nb" {} #1 @0+4"#]);
    check("empty.txt", "", &[r#"empty.txt "" {} #1 @0+0"#]);
    check("byte-order-mark.txt", "\u{feff}a", &[r#"byte-order-mark.txt "a" {} #1 @3+1"#]);
    check("nul.txt", "\0\0", &[r#"nul.txt "\0\0" {} #1 @0+2"#]);
}

#[test]
fn json_lines() {
    check("a.jsonl", "", &[]);
    check("a.jsonl", "\n \n\r\n", &[]);
    check("a.ndjson", r#"{"id": "1", "text": "a"}"#, &[r#"1 "a" {} #1 @0+24"#]);
    check("a.jsonl", "\u{feff}{\"text\": \"a\"}\r\n", &[r#"a.jsonl:1 "a" {} #1 @3+13"#]);
    let two = "{\"id\": 7, \"text\": \"a\"}\n\n{\"id\": null, \"text\": \"b\"}";
    check("a.jsonl", two, &[r#"7 "a" {} #1 @0+22"#, r#"a.jsonl:3 "b" {} #3 @24+25"#]);
    let surrogates = r#"{"text": "\ud83d\ude00"}"#;
    check("a.jsonl", surrogates, &[r#"a.jsonl:1 "😀" {} #1 @0+24"#]);
}

#[test]
fn nothing_of_a_record_is_lost() {
    let line = r#"{"text": "a", "url": "u", "meta": {"lang": "en"}, "tags": ["x", 1.50]}"#;
    check("a.jsonl", line, &[r#"a.jsonl:1 "a" {"lang":"en","url":"u","tags":["x",1.5]} #1 @0+70"#]);
    let clash = r#"{"text": "a", "date": "d", "meta": {"date": "e"}}"#;
    check("a.jsonl", clash, &[r#"a.jsonl:1 "a" {"date":"e","date_2":"d"} #1 @0+49"#]);
    let plain_meta = r#"{"text": "a", "meta": "m"}"#;
    check("a.jsonl", plain_meta, &[r#"a.jsonl:1 "a" {"meta":"m"} #1 @0+26"#]);
    let not_ours = r#"{"text": "a", "tokens": 12, "entities": ["US"]}"#;
    check("a.jsonl", not_ours, &[r#"a.jsonl:1 "a" {"tokens":12,"entities":["US"]} #1 @0+47"#]);
}

#[test]
fn an_error_is_a_value_and_the_next_record_follows() {
    let good = r#"{"text": "good"}"#;
    let follows = |bad: &[u8], error: &str| {
        let bytes = [bad, b"\n", good.as_bytes(), b"\n"].concat();
        let offset = bad.len() + 1;
        check("a.jsonl", bytes, &[error, &format!(r#"a.jsonl:2 "good" {{}} #2 @{offset}+16"#)]);
    };
    follows(br#"{"text": }"#, "json #1 @0+10: not a JSON object: expected value at line 1, column 10");
    follows(
        br#"{"text": "a"} x"#,
        "json #1 @0+15: not a JSON object: trailing characters at line 1, column 15",
    );
    follows(
        b"[1]",
        "json #1 @0+3: not a JSON object: invalid type: sequence, expected an object at line 1, column 0",
    );
    follows(
        br#"{"body": "a", "id": 1}"#,
        "missing #1 @0+22: no field `text`; the record has `body`, `id`: name the one that holds the text",
    );
    follows(b"{}", "missing #1 @0+2: no field `text`; the record has no fields");
    follows(br#"{"text": 5}"#, "type #1 @0+11: the field `text` is a number, where a string should stand");
    follows(
        br#"{"text": "a", "id": [1]}"#,
        "type #1 @0+24: the field `id` is a list, where a string or a number should stand",
    );
    follows(
        br#"{"text": "\ud800"}"#,
        "type #1 @0+18: the field `text` is a string with a lone surrogate, where a string should stand",
    );
    follows(b"{\"text\": \"\xff\"}", "utf8 #1 @0+13: not UTF-8 at byte 10 of the file");
    follows(
        br#"{"text": "a", "x": ["\ud800"]}"#,
        "type #1 @0+30: the field `x` is a string with a lone surrogate, where Unicode should stand",
    );
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    follows(
        format!(r#"{{"text": "a", "x": {open}"#).as_bytes(),
        "json #1 @0+100019: not a JSON object: EOF while parsing a list at line 1, column 100019",
    );
    follows(
        format!(r#"{{"text": "a", "x": {open}{close}}}"#).as_bytes(),
        "too_deep #1 @0+200020: the field `x` is nested more than 127 levels deep",
    );
}

#[test]
fn fields_can_have_other_names() {
    let options = ReadOptions {
        fields: Fields {
            id: "uri".into(),
            text: "body".into(),
            date: Some("published".into()),
            title: Some("headline".into()),
            ..Fields::default()
        },
        ..ReadOptions::default()
    };
    let line = r#"{"uri": "u", "headline": "h", "body": "b", "published": "2024-06-21", "id": 1}"#;
    let expected = r#"u "b" {"title":"h","date":"2024-06-21","id":1} #1 @0+78"#;
    assert_eq!(read("a.jsonl", line.as_bytes(), &options), [expected]);
}

#[test]
fn a_result_is_read_as_its_text_or_with_its_layers() {
    let line = r#"{"id": "1", "meta": {"date": "d"}, "text": "é a", "sentences": [[0, 3]], "tokens": [{"span": [0, 1]}, {"span": [2, 3]}], "quotes": []}"#;
    check("a.jsonl", line, &[r#"1 "é a" {"date":"d"} #1 @0+135"#]);
    let options = ReadOptions { layers: Layers::Keep(Offsets::Char), ..ReadOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let wrong = line.replace("[2, 3]", "[2, 9]");
    fs::write(&path, format!("{line}\n{wrong}\n")).unwrap();
    let records: Vec<_> = Corpus::find([&path], None).unwrap().read(options).collect();
    let doc = &records[0].as_ref().unwrap().document;
    assert_eq!((doc.token(0), doc.token(1)), ("é", "a"));
    assert!(doc.has(&Layer::Quotes) && !doc.has(&Layer::Entities));
    let error = records[1].as_ref().unwrap_err().problem.to_string();
    assert_eq!(error, "not a document: layer `tokens`, item 1: [2, 9] is not a stretch of the text");
}

#[test]
fn what_failed_can_be_tried_again() {
    let account = |id: &str, record: &str| {
        let common = r#""source":{"path":"a.jsonl","record":3,"offset":0,"length":9},"stage":"quote","code":"time","message":"m""#;
        format!(r#"{{{common}{id},"record":{record}}}"#)
    };
    let line = account(r#","id":"7""#, r#""{\"text\": \"a\", \"date\": \"d\"}""#);
    check("failed.jsonl", &line, &[&format!(r#"7 "a" {{"date":"d"}} #1 @0+{}"#, line.len())]);
    let line = account("", r#""a text""#);
    check("failed.jsonl", &line, &[&format!(r#"failed.jsonl:1 "a text" {{}} #1 @0+{}"#, line.len())]);
    let error =
        "the failed record is not kept here as text: it is record 3 of `a.jsonl`, to be processed from there";
    for kept in ["null", "null,\"record_sha256\":\"00\"", "null,\"record_base64\":\"/w==\""] {
        let line = account("", kept);
        check("failed.jsonl", &line, &[&format!("not_kept #1 @0+{}: {error}", line.len())]);
    }
}

#[test]
fn no_terminal_codes_of_a_record_are_in_a_message() {
    check(
        "a.jsonl",
        r#"{"\u001b[31m": 1}"#,
        &[
            r"missing #1 @0+17: no field `text`; the record has `\u{1b}[31m`: name the one that holds the text",
        ],
    );
    let deep = format!(r#"{{"text": "", "\u001b": {}{}}}"#, "[".repeat(200), "]".repeat(200));
    check("a.jsonl", deep, &[r"too_deep #1 @0+424: the field `\u{1b}` is nested more than 127 levels deep"]);
}

#[test]
fn a_record_over_the_limit_is_passed_over() {
    let options = ReadOptions { max_record: 16, ..ReadOptions::default() };
    let fits = r#"{"text": "fits"}"#;
    let lines = format!("{fits}\r\n{}\n{fits}\n", r#"{"text": "fits?"}"#);
    let error = "too_long #2 @18+17: longer than the limit for one record, 16 bytes (`max_record`)";
    let fits = |line: u64, at: u64| format!(r#"a.jsonl:{line} "fits" {{}} #{line} @{at}+16"#);
    assert_eq!(read("a.jsonl", lines.as_bytes(), &options), [&fits(1, 0), error, &fits(3, 36)]);
    let error = "too_long #1 @0+17: longer than the limit for one record, 16 bytes (`max_record`)";
    assert_eq!(read("a.txt", &[b'a'; 17], &options), [error]);
    assert_eq!(read("a.txt", &[b'a'; 16], &options), [r#"a.txt "aaaaaaaaaaaaaaaa" {} #1 @0+16"#]);
}

#[test]
fn a_line_of_50_megabytes_is_passed_over() {
    let mut bytes = vec![b'x'; 50_000_000];
    bytes.extend_from_slice(b"\n{\"text\": \"next\"}");
    let error =
        "too_long #1 @0+50000000: longer than the limit for one record, 16777216 bytes (`max_record`)";
    check("a.jsonl", bytes, &[error, r#"a.jsonl:2 "next" {} #2 @50000001+16"#]);
}

#[test]
fn compressed_files() {
    let line = "{\"text\": \"a\"}\n";
    let whole = [r#"c.jsonl.gz:1 "a" {} #1 @0+13"#, r#"c.jsonl.gz:2 "a" {} #2 @14+13"#];
    let member = gzip(line.as_bytes());
    check("c.jsonl.gz", [member.clone(), member.clone()].concat(), &whole);
    let frame = zstd(line.as_bytes());
    let whole = whole.map(|record| record.replace(".gz", ".zst"));
    check("c.jsonl.zst", [frame.clone(), frame].concat(), &whole.each_ref().map(String::as_str));
    let stream = xz(line.as_bytes());
    let whole = whole.map(|record| record.replace(".zst", ".xz"));
    check("c.jsonl.xz", [stream.clone(), stream].concat(), &whole.each_ref().map(String::as_str));
    let stream = bzip2(line.as_bytes());
    let whole = whole.map(|record| record.replace(".xz", ".bz2"));
    check("c.jsonl.bz2", [stream.clone(), stream].concat(), &whole.each_ref().map(String::as_str));
    check("c.txt.gz", gzip("\u{feff}a".as_bytes()), &[r#"c.txt.gz "a" {} #1 @3+1"#]);
}

#[test]
fn a_broken_file_is_an_error_after_what_could_be_read() {
    let lines = "{\"text\": \"a\"}\n".repeat(5_000);
    let whole = gzip(lines.as_bytes());
    let records = read("c.jsonl.gz", &whole[..whole.len() / 2], &ReadOptions::default());
    let (last, before) = records.split_last().unwrap();
    assert!(before.iter().all(|record| record.contains(r#""a" {} "#)), "{before:?}");
    assert!(last.starts_with("io #") && last.contains("cannot read the file: "), "{last}");
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error_and_the_next_file_follows() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.txt", "b.txt"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let corpus = Corpus::find([folder.path()], None).unwrap();
    fs::remove_file(folder.path().join("a.txt")).unwrap();
    let records: Vec<_> = corpus.read(ReadOptions::default()).collect();
    assert_eq!(records[0].as_ref().unwrap_err().problem.code(), "io");
    assert_eq!(records[1].as_ref().unwrap().document.text(), "b.txt");
}

#[test]
fn progress_counts_bytes_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    fs::write(&path, gzip("{\"text\": \"a\"}\n".repeat(100).as_bytes())).unwrap();
    let corpus = Corpus::find([&path], None).unwrap();
    let mut reader = corpus.read(ReadOptions::default());
    let progress = reader.progress();
    assert_eq!(progress.bytes(), 0);
    assert_eq!(reader.by_ref().count(), 100);
    assert_eq!(Some(progress.bytes()), corpus.size());
}

/// A block header of a dozen bytes can ask for gigabytes.
#[test]
fn an_xz_file_that_asks_for_too_much_memory_is_an_error() {
    let mut file = xz(b"a");
    // After the stream's header of 12 bytes: size, flags, filter, size of its properties, the dictionary, padding, CRC.
    assert_eq!(file[12..16], [2, 0, 0x21, 1]);
    file[16] = 40;
    let crc = crc32(&file[12..20]);
    file[20..24].copy_from_slice(&crc.to_le_bytes());
    let records = read("c.txt.xz", &file, &ReadOptions::default());
    assert!(records.len() == 1 && records[0].contains("memory"), "{records:?}");
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    /// Any bytes: each line that is not blank is one record, and its place is where it stands.
    #[test]
    fn each_line_is_one_record(lines in proptest::collection::vec(proptest::collection::vec(0_u8.., 0..40), 0..20)) {
        let lines: Vec<Vec<u8>> =
            lines.into_iter().map(|line| line.into_iter().filter(|&byte| byte != b'\n').collect()).collect();
        let bytes = lines.join(&b'\n');
        if bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"\x28\xb5\x2f\xfd") || bytes.starts_with(b"\xef\xbb\xbf") || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Ok(());
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, &bytes).unwrap();
        let records = Corpus::find([Path::new(&path)], None).unwrap().read(ReadOptions::default());
        let places: Vec<_> = records.map(|record| record.map_or_else(|error| error.place, |record| record.place)).collect();
        let full: Vec<_> = lines.iter().enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()).collect();
        assert_eq!(places.len(), full.len());
        for (place, (number, line)) in places.iter().zip(full) {
            assert_eq!(place.record, number as u64 + 1);
            let at = place.offset as usize..(place.offset + place.length) as usize;
            let without_return = line.strip_suffix(b"\r").unwrap_or(line);
            let is_last = number + 1 == lines.len();
            assert_eq!(&bytes[at], if is_last { line.as_slice() } else { without_return });
        }
    }
}
