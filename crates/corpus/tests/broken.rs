//! Damaged and hostile files: an error with its place, and the other files go on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::fs;
use std::path::Path;

use common::archive::{gzip, tar, zip, zstd};
use common::read;
use demarche_corpus::{Corpus, ReadOptions};

const LINES: &str =
    "{\"id\": 1, \"text\": \"Seoul protested.\"}\n{\"text\": \"caf\u{e9}\", \"date\": \"2024-06-21\"}\n";
const PAGE: &str = "<html lang=en><title>T &amp; x</title><script>a<b</script><body><p>Seoul <b>protested</b> to Moscow.</p><!-- c --></body></html>";
const CRAWL: &str = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/\r\nContent-Type: application/http\r\nContent-Length: 81\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n\r\n\r\n";
const NEWS: &str = "<?xml version=\"1.0\"?><nitf><head><docdata><doc-id id-string=\"n\"/></docdata></head><body><body.content><p>One &amp; <![CDATA[two]]>&#8217;s.</p></body.content></body></nitf>";
const ITEMS: &str = "<newsMessage><itemSet><newsItem guid=\"a\" xml:lang='en'><contentMeta><headline>H</headline></contentMeta><contentSet><inlineXML><html><body><p>One.</p></body></html></inlineXML></contentSet></newsItem><newsItem guid=\"b\"><contentSet><inlineData>Two.\n\nThree.</inlineData></contentSet></newsItem></itemSet></newsMessage>";

/// A small file of each kind; Parquet and Arrow IPC have a test of their own.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let members: &[(&str, &[u8])] = &[("a.txt", b"one"), ("b.jsonl", LINES.as_bytes())];
    let utf16 =
        |order: fn(u16) -> [u8; 2]| format!("\u{feff}{LINES}").encode_utf16().flat_map(order).collect();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    std::io::Write::write_all(&mut bzip2, LINES.as_bytes()).unwrap();
    vec![
        ("a.txt", "Seoul protested. caf\u{e9}".into()),
        ("a.jsonl", LINES.into()),
        ("b.jsonl", utf16(u16::to_le_bytes)),
        ("b.csv", utf16(u16::to_be_bytes)),
        ("a.json", format!("[{}]", LINES.trim().replace('\n', ",")).into()),
        ("a.csv", "id,text,by\n7,\"one, \"\"two\"\"\nthree\",x\n8,caf\u{e9},y\n".into()),
        ("a.tsv", "id\ttext\n7\tone\n".into()),
        ("a.html", PAGE.into()),
        ("a.xml", NEWS.into()),
        ("b.xml", ITEMS.into()),
        ("a.warc", CRAWL.into()),
        ("a.warc.gz", gzip(CRAWL.as_bytes())),
        ("a.zip", zip(members)),
        ("a.tar", tar(members)),
        ("a.tgz", gzip(&tar(members))),
        ("a.jsonl.gz", gzip(LINES.as_bytes())),
        ("a.jsonl.zst", zstd(LINES.as_bytes())),
        ("a.jsonl.xz", liblzma::encode_all(LINES.as_bytes(), 0).unwrap()),
        ("a.jsonl.bz2", bzip2.finish().unwrap()),
    ]
}

/// Each byte of a file; of an archive, which is mostly padding, each eighth.
fn places(bytes: &[u8]) -> impl Iterator<Item = usize> {
    (0..bytes.len()).step_by(if bytes.len() < 1024 { 1 } else { 8 })
}

/// Reads a folder with this file and a good one after it: nothing panics, each record has a place of its own in the order
/// of the file, each error says it, and the file after it is read. Gives the number of errors.
#[track_caller]
fn reads(folder: &Path, name: &str, bytes: &[u8]) -> usize {
    fs::write(folder.join(name), bytes).unwrap();
    let options = ReadOptions { max_input: 1 << 24, ..ReadOptions::default() };
    let corpus = Corpus::find([folder], None).unwrap();
    let mut last = None;
    let (mut n_records, mut n_errors) = (0, 0);
    for record in corpus.read(options) {
        n_records += 1;
        assert!(n_records < 1000, "{name}: records without end");
        if let Err(error) = &record {
            n_errors += 1;
            let place = format!("{}:{}", folder.join(name).display(), error.place.record);
            assert!(error.to_string().starts_with(&place), "{error}");
        }
        let place = record.as_ref().map_or_else(|error| &error.place, |record| &record.place);
        if let Some((_, number)) = last.take_if(|(path, _)| *path == place.path) {
            assert!(place.record > number, "{name}: {number} before {}", place.record);
        }
        last = Some((place.path.clone(), place.record));
        let is_good = record.is_ok_and(|record| record.document.text() == "the next file");
        if last.as_ref().is_some_and(|(path, _)| path.ends_with("z.txt")) {
            assert!(is_good);
            return n_errors;
        }
    }
    panic!("{name}: the file after it was not read");
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("z.txt"), "the next file").unwrap();
    folder
}

#[test]
fn r_every_prefix_of_a_file_of_each_kind() {
    for (name, bytes) in files() {
        let folder = folder();
        for end in places(&bytes) {
            let n_errors = reads(folder.path(), name, &bytes[..end]);
            // What ends by itself may be whole: text, a table, a line; a tar archive, which has two empty blocks at its end, with one.
            let may_be_whole = match name.rsplit('.').next().unwrap() {
                "txt" | "html" | "csv" | "tsv" => true,
                "jsonl" => bytes[..end].ends_with(b"}") || bytes[..end].ends_with(b"\n") || name == "b.jsonl",
                "warc" => bytes.len() - end <= "\r\n\r\n".len(),
                "tar" => end > 512 && bytes[end - 512..end].iter().all(|&byte| byte == 0),
                _ => false,
            };
            assert!(n_errors > 0 || may_be_whole || end == 0, "{name}, {end} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn r_every_byte_changed_of_a_file_of_each_kind() {
    for (name, bytes) in files() {
        let folder = folder();
        for at in places(&bytes) {
            for change in [0x01, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                reads(folder.path(), name, &changed);
            }
        }
    }
}

#[test]
fn r_a_cut_off_compressed_file_or_archive_is_an_error() {
    for (name, bytes) in files().into_iter().filter(|(name, _)| {
        [".gz", ".zst", ".xz", ".bz2", ".tgz", ".zip"].iter().any(|end| name.ends_with(end))
    }) {
        let records = common::records(name, &bytes[..bytes.len() - 5], &ReadOptions::default());
        assert!(records.iter().any(Result::is_err), "{name}");
    }
}

/// Names in an archive are names of documents: what they say of folders is not looked at, and nothing is written.
#[test]
fn r_names_in_archives_are_never_paths() {
    let members: &[(&str, &[u8])] = &[
        ("../../up.txt", b"up"),
        ("/etc/passwd.txt", b"root"),
        ("a\x1b[31m.txt", b"red"),
        ("C:\\x.txt", b"c"),
    ];
    for (name, bytes) in [("a.zip", zip(members)), ("a.tar", tar(members))] {
        let found = read(name, &bytes, &ReadOptions::default());
        let expected = [
            format!(r#"{name}/../../up.txt "up" {{}}"#),
            format!(r#"{name}//etc/passwd.txt "root" {{}}"#),
            format!("{name}/a\u{1b}[31m.txt \"red\" {{}}"),
            format!(r#"{name}/C:\x.txt "c" {{}}"#),
        ];
        assert_eq!(found, expected);
        let records = common::records(name, &bytes, &ReadOptions::default());
        let place = records[2].as_ref().unwrap().place.to_string();
        assert!(
            place.ends_with(r"a.zip:3 (a\u{1b}[31m.txt)") || place.ends_with(r"a.tar:3 (a\u{1b}[31m.txt)")
        );
    }
}

#[test]
fn r_archives_within_archives_are_refused() {
    let inner = zip(&[("a.txt", b"a")]);
    for member in ["inner.zip", "inner.txt", "inner.tar"] {
        let outer = tar(&[(member, inner.as_slice()), ("b.txt", b"b")]);
        let found = read("a.tar", &outer, &ReadOptions::default());
        assert_eq!(
            found,
            [
                "nested at 0: an archive within an archive is not read: unpack the outer one first",
                r#"a.tar/b.txt "b" {}"#
            ]
        );
    }
}

#[test]
fn what_is_named_an_archive_and_is_none() {
    let none = "malformed at 0: not well-formed archive at byte 0 of the file: neither zip nor tar";
    for (name, bytes) in
        [("a.zip", &b"text"[..]), ("a.tar", b"text"), ("a.tgz", &gzip(b"text")), ("b.zip", b"")]
    {
        assert_eq!(read(name, bytes, &ReadOptions::default()), [none], "{name}");
    }
    assert!(read("a.tar", &[0; 10_240], &ReadOptions::default()).is_empty());
    let mut old = tar(&[("a.txt", b"one")]);
    old[257..265].fill(0);
    old[148..156].fill(b' ');
    let sum: u32 = old[..512].iter().map(|&byte| u32::from(byte)).sum();
    old[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(read("a.tar", &old, &ReadOptions::default()), [r#"a.tar/a.txt "one" {}"#]);
}

/// A million levels deep, read on a stack of 256 KiB: nothing goes into itself.
#[test]
fn r_depth_costs_no_stack() {
    const DEPTH: usize = 1_000_000;
    let files = [
        ("a.html", format!("{}<p>text", "<div>".repeat(DEPTH)), r#"a.html "" {}"#),
        ("a.xml", format!("<nitf>{}", "<a>".repeat(DEPTH)), "elements within each other more than 512 deep"),
        ("a.json", "[".repeat(DEPTH), "it ends within a value"),
        (
            "a.jsonl",
            format!(r#"{{"text": "", "x": {}{}}}"#, "[".repeat(DEPTH), "]".repeat(DEPTH)),
            "the field `x` is nested more than 127 levels deep",
        ),
        ("a.csv", format!("text\n{}\n", "\"\"".repeat(DEPTH)), "a.csv:1"),
    ];
    let read_all = move || {
        for (name, text, expected) in files {
            let found = read(name, text.as_bytes(), &ReadOptions::default());
            assert!(found.len() == 1 && found[0].contains(expected), "{name}: {found:.200?}");
        }
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(read_all).unwrap().join().unwrap();
}

/// It is a quarter of a gigabyte when it is decompressed; it is never in memory, and `max_input` ends it sooner.
#[test]
fn r_bombs_cost_no_memory() {
    let zeros = vec![b'0'; 1 << 20];
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..256 {
        std::io::Write::write_all(&mut encoder, &zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let too_long = "too_long at 0: longer than the limit for one record, 16777216 bytes (`max_record`)";
    assert_eq!(read("a.txt", &bomb, &ReadOptions::default()), [too_long]);
    let options = ReadOptions { max_input: 1 << 20, ..ReadOptions::default() };
    let limited =
        "io at 0: cannot read the file: more than the limit for one file, 1048576 bytes (`max_input`)";
    assert_eq!(read("a.txt", &bomb, &options), [limited]);
    let archive = tar(&[("a.txt.gz", &bomb)]);
    assert_eq!(read("a.tar", &archive, &options), [limited]);
    let archive = zip(&[("a.txt", &zeros), ("b.txt", &zeros)]);
    let found = read("a.zip", &archive, &options);
    assert!(found[0].starts_with("a.zip/a.txt ") && found[1] == limited, "{found:.200?}");
}
