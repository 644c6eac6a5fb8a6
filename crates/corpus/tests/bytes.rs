//! Promise 10: bytes of every kind in a file of every kind are decoded by a stated rule or fail, and places are right. What is read is stated in
//! `bytes.txt`; where it stands is looked up here by other means than the readers'.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::fmt::Write as _;
use std::path::Path;

use common::archive::{gzip, tar, zip};
use demarche_corpus::{Corpus, Format, Problem, ReadOptions, Record, RecordError};

/// A reader, a file for it, and what stands before and after the input.
struct Reader {
    name: &'static str,
    file: &'static str,
    before: &'static str,
    after: &'static str,
}

macro_rules! words {
    () => {
        "The council in Riga agreed on Monday to freeze the accounts of four shipping firms and of the men behind them: "
    };
}

const READERS: [Reader; 9] = [
    Reader { name: "text", file: "a.txt", before: "", after: "" },
    Reader { name: "lines", file: "lines.txt", before: "first\n", after: "\nlast\n" },
    Reader {
        name: "jsonl",
        file: "a.jsonl",
        before: "{\"text\": \"first\"}\n{\"text\": \"",
        after: "\"}\n{\"text\": \"last\"}\n",
    },
    Reader {
        name: "json",
        file: "a.json",
        before: "[{\"text\": \"first\"}, {\"text\": \"",
        after: "\"}, {\"text\": \"last\"}]",
    },
    Reader { name: "csv", file: "a.csv", before: "n,text\n1,first\n2,", after: "\n3,last\n" },
    Reader { name: "tsv", file: "a.tsv", before: "n\ttext\n1\tfirst\n2\t", after: "\n3\tlast\n" },
    // As many words as make a paragraph of an article.
    Reader { name: "html", file: "a.html", before: concat!("<p>", words!()), after: "</p>" },
    Reader {
        name: "xml",
        file: "a.xml",
        before: "<nitf><body><body.content><p>",
        after: "</p></body.content></body></nitf>",
    },
    Reader { name: "warc", file: "a.warc", before: "", after: "" },
];

/// A record of a crawl.
fn warc(text: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
        text.len()
    );
    [head.as_bytes(), text, b"\r\n\r\n"].concat()
}

/// An input of the table.
struct Input {
    encoding: String,
    /// Pieces of text, to be encoded, and bytes.
    pieces: Vec<Result<String, u8>>,
}

impl Input {
    /// Reads `utf-8 "caf\xe9"`.
    fn parse(line: &str) -> Self {
        let (encoding, text) = line.split_once(' ').unwrap();
        let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap();
        let mut pieces: Vec<Result<String, u8>> = vec![Ok(String::new())];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let c = match (c, if c == '\\' { chars.next() } else { None }) {
                (c, None) => c,
                (_, Some('n')) => '\n',
                (_, Some('r')) => '\r',
                (_, Some('t')) => '\t',
                (_, Some('x')) => {
                    let digits: String = chars.by_ref().take(2).collect();
                    pieces.extend([Err(u8::from_str_radix(&digits, 16).unwrap()), Ok(String::new())]);
                    continue;
                }
                (_, Some('u')) => {
                    let digits: String = chars.by_ref().skip(1).take_while(|&c| c != '}').collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
                }
                (_, Some(escaped @ ('\\' | '"'))) => escaped,
                (_, Some(other)) => panic!("no escape: \\{other}"),
            };
            pieces.last_mut().unwrap().as_mut().unwrap().push(c);
        }
        Self { encoding: encoding.to_owned(), pieces }
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        match self.encoding.trim_end_matches("-bom") {
            "utf-8" => text.into(),
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            "utf-32le" => text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(),
            "utf-32be" => text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect(),
            other => panic!("no encoding: {other}"),
        }
    }

    /// The bytes of a file that holds it, and where it starts in them.
    fn file(&self, reader: &Reader) -> (Vec<u8>, usize) {
        let piece = |piece: &Result<String, u8>| match piece {
            Ok(text) => self.encode(text),
            Err(byte) => vec![*byte],
        };
        let mut own: Vec<u8> = self.pieces.iter().flat_map(piece).collect();
        let mark = if self.encoding.ends_with("-bom") { self.encode("\u{feff}") } else { Vec::new() };
        if reader.name == "warc" {
            let first = warc(b"first");
            own.splice(0..0, mark);
            let start = first.len() + warc(&own).len() - own.len() - 4;
            return ([first, warc(&own), warc(b"last")].concat(), start);
        }
        let before = [mark, self.encode(reader.before)].concat();
        let start = before.len();
        ([before, own, self.encode(reader.after)].concat(), start)
    }
}

type Records = Vec<Result<Record, RecordError>>;

fn read(name: &str, bytes: &[u8]) -> Records {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let format = name.starts_with("lines").then_some(Format::Lines);
    Corpus::find([&path], format).unwrap().read(ReadOptions::default()).collect()
}

/// A record as the table has it.
fn shown(record: &Result<Record, RecordError>, start: usize) -> String {
    match record {
        Ok(record) => {
            let from = record.document.meta().get("encoding").and_then(|from| from.as_str());
            let text = record.document.text();
            let text =
                text.strip_prefix(words!().trim_end()).map_or(text, |text| text.trim_start_matches(' '));
            format!("{text:?} {}", from.unwrap_or_default()).trim_end().to_owned()
        }
        Err(error) => {
            let message = error.problem.to_string();
            let of_file =
                message.split_once(" of the file").and_then(|(message, _)| message.rsplit(' ').next());
            let at = of_file
                .and_then(|at| at.parse::<i64>().ok())
                .map(|at| format!(" {:+}", at - i64::try_from(start).unwrap()));
            format!("{}{}", error.problem.code(), at.unwrap_or_default())
        }
    }
}

/// What is read of the input.
fn outcome(reader: &Reader, records: &Records, start: usize) -> String {
    let mut shown: Vec<_> = records.iter().map(|record| shown(record, start)).collect();
    let has_others = !reader.before.is_empty() && !reader.before.starts_with('<') || reader.name == "warc";
    let mut more = "";
    if has_others {
        if shown.first().is_some_and(|first| first.starts_with("\"first\"")) {
            shown.remove(0);
        } else {
            more = " and nothing before";
        }
        if shown.last().is_some_and(|last| last.starts_with("\"last\"")) {
            shown.pop();
        } else {
            more = " and no more";
        }
    }
    if shown.is_empty() {
        shown.push("nothing".to_owned());
    }
    shown.join(", ") + more
}

/// The bytes in which places are counted: those of the file, or the UTF-8 that UTF-16 with a mark becomes.
fn counted(bytes: &[u8]) -> Vec<u8> {
    let order = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return bytes.to_vec(),
    };
    let units = bytes[2..].as_chunks().0.iter().map(|&unit| order(unit));
    let text: String = char::decode_utf16(units).map_while(Result::ok).collect();
    text.into_bytes()
}

/// The first byte that is not UTF-8, by table 3-7 of the Unicode standard.
fn not_utf8(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < bytes.len() {
        let (length, second) = match bytes[at] {
            0x00..=0x7f => (1, 0..=0),
            0xc2..=0xdf => (2, 0x80..=0xbf),
            0xe0 => (3, 0xa0..=0xbf),
            0xed => (3, 0x80..=0x9f),
            0xe1..=0xef => (3, 0x80..=0xbf),
            0xf0 => (4, 0x90..=0xbf),
            0xf1..=0xf3 => (4, 0x80..=0xbf),
            0xf4 => (4, 0x80..=0x8f),
            _ => return Some(at),
        };
        let rest = bytes.get(at + 1..at + length);
        let is_good = rest.is_some_and(|rest| {
            rest.first().is_none_or(|byte| second.contains(byte))
                && rest.iter().skip(1).all(|byte| (0x80..=0xbf).contains(byte))
        });
        if !is_good {
            return Some(at);
        }
        at += length;
    }
    None
}

/// A record stands where its place says.
fn check_place(reader: &Reader, bytes: &[u8], record: &Result<Record, RecordError>) {
    let place = record.as_ref().map_or_else(|error| &error.place, |record| &record.place);
    let what = format!("{} {bytes:?}: {place:?} {record:?}", reader.name);
    let (start, end) = (place.offset as usize, (place.offset + place.length) as usize);
    if let Err(error) = record
        && let Problem::Utf8 { offset } = *error.problem
    {
        // Of a crawl or a table a record before it may be in another encoding.
        let within = not_utf8(&bytes[start..]).unwrap();
        assert_eq!(offset as usize, start + within, "{what}");
    }
    if record
        .as_ref()
        .is_err_and(|error| matches!(*error.problem, Problem::Read { .. } | Problem::Malformed { .. }))
    {
        return;
    }
    let from = record.as_ref().ok().and_then(|record| record.document.meta().get("encoding")?.as_str());
    let counted = match from {
        // News in XML is read as a whole, and its items are found in what it becomes.
        Some(from) if reader.name == "xml" && !from.starts_with("UTF-16") => {
            let encoding = encoding_rs::Encoding::for_label(from.as_bytes()).unwrap();
            encoding.decode_without_bom_handling(bytes).0.into_owned().into_bytes()
        }
        _ => counted(bytes),
    };
    let own = counted.get(start..end).unwrap_or_else(|| panic!("{what}"));
    let text = record.as_ref().ok().map(|record| record.document.text());
    let is_utf8 = from.is_none_or(|from| from.starts_with("UTF-16"));
    let starts_line =
        start == 0 || counted[..start].ends_with(b"\n") || counted[..start] == *"\u{feff}".as_bytes();
    let ends_line =
        end == counted.len() || [&b"\n"[..], b"\r\n"].iter().any(|end_of| counted[end..].starts_with(end_of));
    let value =
        || serde_json::from_slice::<serde_json::Value>(own).unwrap_or_else(|error| panic!("{what}: {error}"));
    match reader.name {
        "text" => {
            let mark = if counted.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
            assert_eq!((start, end), (mark, counted.len()), "{what}");
            assert!(!is_utf8 || text.is_none_or(|text| text.as_bytes() == own), "{what}");
        }
        "lines" | "jsonl" => {
            assert!(starts_line && ends_line && !own.contains(&b'\n'), "{what}");
            let n_before = counted[..start].split(|&byte| byte == b'\n').count() - 1;
            assert_eq!(place.record as usize, n_before + 1, "{what}");
            match (reader.name, text) {
                ("lines", Some(text)) => assert!(!is_utf8 || text.as_bytes() == own, "{what}"),
                (_, Some(text)) => assert_eq!(value()["text"], text, "{what}"),
                _ => {}
            }
        }
        "json" => {
            assert!(text.is_none_or(|text| own.starts_with(b"{") && value()["text"] == text), "{what}");
        }
        "csv" | "tsv" => {
            // A carriage return alone ends a row too.
            let ends = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
            assert!(ends(start.checked_sub(1).map(|at| &counted[at])) && ends(counted.get(end)), "{what}");
            if let (Some(text), true) = (text, is_utf8) {
                let row = std::str::from_utf8(own).unwrap();
                let cell = row.split_once(if reader.name == "csv" { ',' } else { '\t' }).unwrap().1;
                assert!(cell == text || cell.contains('"'), "{what}");
            }
        }
        "warc" => {
            assert!(
                counted[..start].ends_with(b"\r\n\r\n") && counted[end..].starts_with(b"\r\n\r\n"),
                "{what}"
            );
            assert!(!is_utf8 || text.is_none_or(|text| text.as_bytes() == own || !own.is_ascii()), "{what}");
        }
        "html" => assert!(end == counted.len() && matches!(start, 0 | 3), "{what}"),
        "xml" => assert!(own.starts_with(b"<nitf>") && own.ends_with(b"</nitf>") || text.is_none(), "{what}"),
        other => panic!("{other}"),
    }
}

/// What is read of an input by each reader, those that read the same in one line.
fn outcomes(input: &Input) -> String {
    let mut outcomes: Vec<(Vec<&str>, String)> = Vec::new();
    for reader in &READERS {
        let (bytes, start) = input.file(reader);
        let records = read(reader.file, &bytes);
        let mut last = None;
        for record in &records {
            check_place(reader, &bytes, record);
            let number =
                record.as_ref().map_or_else(|error| error.place.record, |record| record.place.record);
            assert!(last.replace(number).is_none_or(|last| last < number), "{} {bytes:?}", reader.name);
        }
        let outcome = outcome(reader, &records, start);
        match outcomes.iter_mut().find(|(_, known)| *known == outcome) {
            Some((names, _)) => names.push(reader.name),
            None => outcomes.push((vec![reader.name], outcome)),
        }
    }
    // In an archive, and compressed, a text is what it is by itself.
    let (bytes, start) = input.file(&READERS[0]);
    let alone = outcome(&READERS[0], &read("a.txt", &bytes), start);
    for (name, packed) in [
        ("a.tar", tar(&[("a.txt", &bytes)])),
        ("a.zip", zip(&[("a.txt", &bytes)])),
        ("a.txt.gz", gzip(&bytes)),
    ] {
        assert_eq!(outcome(&READERS[0], &read(name, &packed), start), alone, "{name} {bytes:?}");
    }
    let mut shown = String::new();
    for (names, outcome) in outcomes {
        writeln!(shown, "    {}: {outcome}", names.join(" ")).unwrap();
    }
    shown
}

#[test]
fn r_bytes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bytes.txt");
    let stated = std::fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    let mut n_inputs = 0;
    for line in stated.lines().filter(|line| !line.starts_with("    ")) {
        found.push_str(line);
        found.push('\n');
        if !line.is_empty() && !line.starts_with('#') {
            found.push_str(&outcomes(&Input::parse(line)));
            n_inputs += 1;
        }
    }
    assert!(n_inputs >= 60, "{n_inputs}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    for ((number, stated), found) in (1..).zip(stated.lines()).zip(found.lines()) {
        assert_eq!(found, stated, "line {number} of `tests/bytes.txt`; UPDATE_EXPECT=1 rewrites it");
    }
    assert_eq!(found, stated);
}
