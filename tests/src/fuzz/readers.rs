//! Files of any bytes through the readers, each under a name of its format: what is no document is an error with a place, what
//! is one can be told, tried again and gone on after, and the file after it is read.

use demarche::Offsets;
use demarche::corpus::{
    Corpus, EncodingName, Failed, Format, KEPT_BYTES, Layers, Position, ReadOptions, Record, RecordError,
    place,
};

use super::{Folder, check_message};

/// Longest record: short, so that the limit is met.
const MAX_RECORD: u64 = 2048;
/// Most bytes that come out of a file.
const MAX_INPUT: u64 = 64 << 10;

/// An Arrow IPC file.
pub fn arrow(bytes: &[u8]) {
    table("a.arrow", bytes);
}

/// A table, with commas and with tabs.
pub fn csv(bytes: &[u8]) {
    check("a.csv", bytes, &options());
    check("a.tsv", bytes, &options());
}

/// Lines in gzip.
pub fn gzip(bytes: &[u8]) {
    check("a.jsonl.gz", bytes, &options());
}

/// A web page.
pub fn html(bytes: &[u8]) {
    check("a.html", bytes, &options());
}

/// JSON objects, one a line and over any number of lines.
pub fn jsonl(bytes: &[u8]) {
    check("a.jsonl", bytes, &options());
    check("a.json", bytes, &options());
}

/// A Parquet file.
pub fn parquet(bytes: &[u8]) {
    table("a.parquet", bytes);
}

/// A table stored by columns. Where it has documents with layers, they have the same texts with them as without.
fn table(name: &str, bytes: &[u8]) {
    let bare = check(name, bytes, &options());
    FOLDER.with(|folder| {
        let corpus = Corpus::find([folder.put(name, bytes)], None).expect("it is there");
        let options = ReadOptions { layers: Layers::Keep(Offsets::Char), ..options() };
        for (bare, whole) in bare.iter().zip(corpus.read(options)) {
            match (bare, whole) {
                (Ok(bare), Ok(whole)) => assert_eq!(bare.document.text(), whole.document.text()),
                (_, Err(error)) => check_message(&error.to_string()),
                (Err(error), Ok(_)) => panic!("it is read with its layers only: {error}"),
            }
        }
    });
}

/// A tar archive, as it is and with checksums that fit.
pub fn tar(bytes: &[u8]) {
    check("a.tar", bytes, &options());
    let mut archive = bytes.to_vec();
    for header in archive.chunks_exact_mut(512).filter(|block| &block[257..262] == b"ustar") {
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    }
    check("a.tar", &archive, &options());
}

/// Pages of a crawl.
pub fn warc(bytes: &[u8]) {
    check("a.warc", bytes, &options());
}

/// News in XML.
pub fn xml(bytes: &[u8]) {
    check("a.xml", bytes, &options());
}

/// A zip archive.
pub fn zip(bytes: &[u8]) {
    check("a.zip", bytes, &options());
}

/// Lines in Zstandard.
pub fn zstd(bytes: &[u8]) {
    check("a.jsonl.zst", bytes, &options());
}

/// Encodings that `encoding` names; the first byte of an input chooses.
const ENCODINGS: [Option<&str>; 12] = [
    None,
    Some("utf-8"),
    Some("utf-16le"),
    Some("utf-16be"),
    Some("windows-1252"),
    Some("iso-8859-2"),
    Some("shift_jis"),
    Some("euc-kr"),
    Some("big5"),
    Some("gb18030"),
    Some("iso-2022-jp"),
    Some("x-user-defined"),
];

/// In the encoding that the first byte chooses, as the formats whose encoding is told.
pub fn encoding(bytes: &[u8]) {
    let Some((&which, bytes)) = bytes.split_first() else { return };
    let named = ENCODINGS[usize::from(which) % ENCODINGS.len()];
    let encoding: Option<EncodingName> = named.map(|name| name.parse().expect("the web has this encoding"));
    let options = ReadOptions { encoding, ..options() };
    for name in ["a.jsonl", "a.csv", "a.html"] {
        check(name, bytes, &options);
    }
    let records = check("a.txt", bytes, &options);
    // What is UTF-8 stays as it is, to the byte.
    if let (None | Some("utf-8"), Ok(text)) = (named, std::str::from_utf8(bytes))
        && !is_marked(bytes)
        && bytes.len() as u64 <= MAX_RECORD
    {
        let read = records[0].as_ref().expect("UTF-8 is read");
        assert_eq!(read.document.text(), text);
        assert!(read.document.meta().is_empty(), "it was not converted");
    }
}

/// Whether its bytes say that it is something else than a text.
fn is_marked(bytes: &[u8]) -> bool {
    [&b"\xef\xbb\xbf"[..], b"PK", b"BZh"].iter().any(|mark| bytes.starts_with(mark))
        || bytes.windows(5).any(|part| part == b"ustar")
}

fn options() -> ReadOptions {
    ReadOptions { max_record: MAX_RECORD, max_input: MAX_INPUT, ..ReadOptions::default() }
}

type Read = Result<Record, RecordError>;

/// What the file after it holds.
const NEXT: &str = "the next file";

thread_local! {
    static FOLDER: Folder = {
        let folder = Folder::new();
        folder.put("z.txt", NEXT.as_bytes());
        folder
    };
}

/// Reads a file of these bytes and the good one after it, and gives the records of the first.
fn check(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<Read> {
    FOLDER.with(|folder| {
        let files = [folder.put(name, bytes), folder.path().join("z.txt")];
        let corpus = Corpus::find(&files, None).expect("both are there");
        let mut records: Vec<_> = corpus.read(options.clone()).collect();
        let next = records.pop().expect("the next file is read");
        assert!(*place(&next).path == *files[1], "the next file is read");
        // An encoding that was named is not that of the other file.
        assert!(options.encoding.is_some() || next.is_ok_and(|next| next.document.text() == NEXT));
        for (record, later) in records.iter().zip(records.iter().skip(1)) {
            assert!(place(record).record < place(later).record, "records have numbers that grow");
        }
        for record in &records {
            assert!(*place(record).path == *files[0], "a record says which file it is from");
            if let Err(error) = record {
                check_message(&error.to_string());
            }
        }
        if corpus.files()[0].format == Some(Format::JsonLines) && bytes.starts_with(b"{") {
            lines_stand_at_their_places(&records, bytes);
        }
        is_gone_on_with(&corpus, &records, options);
        can_be_tried_again(folder, &records);
        records
    })
}

/// The line of a record is what stands at its place, but for the record that an account of a failure keeps.
fn lines_stand_at_their_places(records: &[Read], bytes: &[u8]) {
    for record in records.iter().filter_map(|record| record.as_ref().ok()) {
        let (start, length) = (record.place.offset as usize, record.place.length as usize);
        let stands = std::str::from_utf8(&bytes[start..start + length]).expect("it was read as UTF-8");
        if let Some(line) = record.line() {
            assert!(line == stands || stands.contains("record"), "{line} is not {stands}");
        }
    }
}

/// After a record in the middle the others follow as they did.
fn is_gone_on_with(corpus: &Corpus, records: &[Read], options: &ReadOptions) {
    let Some(middle) = records.get(records.len() / 2) else { return };
    let position = Position::of(place(middle), corpus, 0);
    let after = corpus.read_after(options.clone(), &position).expect("the corpus is what it was");
    let after: Vec<_> = after.map(|record| shown(&record)).collect();
    let expected = records.iter().skip(records.len() / 2 + 1).map(shown);
    assert!(expected.eq(after.iter().take(after.len() - 1).cloned()), "gone on with: {after:?}");
}

/// All of a record.
fn shown(record: &Read) -> String {
    match record {
        Ok(Record { place, document, .. }) => {
            format!("{place:?} {} {} {:?}", document.id(), document.text(), document.meta())
        }
        Err(error) => format!("{:?} {error}", error.place),
    }
}

/// The account of a failure gives the same document when it is read.
fn can_be_tried_again(folder: &Folder, records: &[Read]) {
    let account = |record: &Read| match record {
        Ok(record) => record.clone().failed("stage", "code", "message".to_owned()),
        Err(RecordError { place, problem, record }) => {
            Failed::new(place.clone(), "", "read", problem.code(), problem.to_string(), record.as_deref())
        }
    };
    let lines: String = records
        .iter()
        .map(|record| serde_json::to_string(&account(record)).expect("an account is JSON") + "\n")
        .collect();
    let path = folder.put("failed.jsonl", lines.as_bytes());
    let corpus = Corpus::find([path], None).expect("it is there");
    let again: Vec<_> = corpus.read(ReadOptions::default()).collect();
    assert_eq!(again.len(), records.len(), "each account is a record");
    for (record, again) in records.iter().zip(&again) {
        let Ok(record) = record else { continue };
        if record.line().map_or(record.document.text().len(), str::len) > KEPT_BYTES / 2 {
            continue;
        }
        let again = again.as_ref().unwrap_or_else(|error| panic!("{error}: {:?}", record.document));
        let (record, again) = (&record.document, &again.document);
        assert_eq!((record.text(), record.meta()), (again.text(), again.meta()));
        assert!(record.id() == again.id() || record.id().is_empty(), "{} {}", record.id(), again.id());
    }
}
