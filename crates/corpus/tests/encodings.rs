//! Which bytes are read as which text, and which fail.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use common::{check, read, shown};
use demarche_corpus::{EncodingName, ReadOptions};

/// Bytes of a text file, and what it is read as: the text with the encoding that it was converted from, or the error.
#[track_caller]
fn text(bytes: &[u8], expected: &str) {
    let found = common::records("a.txt", bytes, &ReadOptions::default());
    assert_eq!(found.len(), 1);
    let found = found.first().unwrap();
    let found = match found {
        Ok(record) => {
            let from = record.document.meta().get("encoding").and_then(|from| from.as_str());
            format!("{}|{}", record.document.text(), from.unwrap_or("utf-8"))
        }
        Err(_) => shown(found),
    };
    assert_eq!(found, expected, "{bytes:?}");
}

fn named(name: &str) -> ReadOptions {
    ReadOptions { encoding: Some(name.parse::<EncodingName>().unwrap()), ..ReadOptions::default() }
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn texts() {
    text(b"", "|utf-8");
    text(b"a", "a|utf-8");
    text("café €".as_bytes(), "café €|utf-8");
    text("\u{feff}café".as_bytes(), "café|utf-8");
    text("a\u{feff}b".as_bytes(), "a\u{feff}b|utf-8");
    text(b"a\0b", "a\0b|utf-8");
    text(b"a\r\nb\rc", "a\r\nb\rc|utf-8");
    text("e\u{301} \u{202e} \u{1f600}".as_bytes(), "e\u{301} \u{202e} \u{1f600}|utf-8");
    text(b"caf\xe9 \x93no\x94 \x80 5", "café “no” € 5|windows-1252");
    text(b"\x8a\xcc\xf9 na\x9ae\xf8\xedkal p\xf8ed \x9edy", "ŠĚů našeříkal před ždy|windows-1250");
    text(&utf16("\u{feff}café 😀", u16::to_le_bytes), "café 😀|UTF-16LE");
    text(&utf16("\u{feff}café 😀", u16::to_be_bytes), "café 😀|UTF-16BE");
    text(b"\xff\xfe", "|UTF-16LE");
    text(b"\xff\xfea", "io at 0: cannot read the file: not UTF-16LE before byte 3 of the file");
    text(b"\xff\xfe\0\xd8a\0", "io at 0: cannot read the file: not UTF-16LE before byte 4 of the file");
    text(b"\xef\xbb\xbfa\xe9", "utf8 at 3: not UTF-8 at byte 4 of the file");
    text(b"a\0\xff", "utf8 at 0: not UTF-8 at byte 2 of the file");
    text("\u{feff}a\0".as_bytes(), "a\0|utf-8");
}

#[test]
fn an_encoding_that_is_named_goes_before_what_the_bytes_say() {
    let read = |bytes: &[u8], name| read("a.txt", bytes, &named(name));
    assert_eq!(read(b"caf\xe9", "utf-8"), ["utf8 at 0: not UTF-8 at byte 3 of the file"]);
    assert_eq!(read("é".as_bytes(), "latin1"), [r#"a.txt "Ã©" {"encoding":"windows-1252"}"#]);
    assert_eq!(read(b"\xd0\xee", "windows-1251"), [r#"a.txt "Ро" {"encoding":"windows-1251"}"#]);
    assert_eq!(read(b"a\0b\0", "utf-16le"), [r#"a.txt "ab" {"encoding":"UTF-16LE"}"#]);
    assert_eq!(read(b"\x80", "shift_jis"), [r#"a.txt "\u{80}" {"encoding":"Shift_JIS"}"#]);
    assert_eq!(
        read(b"a\x85", "shift_jis"),
        ["encoding at 0: not Shift_JIS: some of its bytes stand for no character"]
    );
    // But not before a byte order mark.
    assert_eq!(read("\u{feff}é".as_bytes(), "latin1"), [r#"a.txt "é" {}"#]);
    assert_eq!(read(b"\xff\xfe\xe9\0", "latin1"), [r#"a.txt "é" {"encoding":"UTF-16LE"}"#]);
    assert!(
        "klingon".parse::<EncodingName>().unwrap_err().to_string().starts_with("`klingon` is no encoding")
    );
}

#[test]
fn json_is_utf_8_or_utf_16_with_a_mark() {
    let line = "{\"text\": \"é\"}\n";
    let expected = [r#"a.jsonl:1 "é" {}"#];
    check("a.jsonl", line, &expected);
    check("a.jsonl", utf16(&format!("\u{feff}{line}"), u16::to_le_bytes), &expected);
    check("a.jsonl", b"{\"text\": \"\xe9\"}", &["utf8 at 0: not UTF-8 at byte 10 of the file"]);
}

#[test]
fn tables_are_decoded_cell_by_cell() {
    check(
        "a.csv",
        b"text,by\ncaf\xe9,\x93x\x94\nplain,y\n",
        &[r#"a.csv:1 "café" {"by":"“x”","encoding":"windows-1252"}"#, r#"a.csv:2 "plain" {"by":"y"}"#],
    );
    let table = utf16("\u{feff}text,by\né,x\n", u16::to_be_bytes);
    check("a.csv", table, &[r#"a.csv:1 "é" {"by":"x","encoding":"UTF-16BE"}"#]);
}

#[test]
fn a_page_says_its_encoding() {
    let words = "word ".repeat(20);
    let page = [b"<meta charset='iso-8859-2'><p>".as_slice(), words.as_bytes(), b"\xb9\xea</p>"].concat();
    check("a.html", page, &[&format!(r#"a.html "{words}šę" {{"encoding":"ISO-8859-2"}}"#)]);
    let xml = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><nitf><body><body.content>caf\xe9</body.content></body></nitf>";
    check("a.xml", xml, &[r#"a.xml "café" {"encoding":"windows-1252"}"#]);
}
