//! Files made to hurt: records without end, records without number, nesting, and marks that open and never close.

use crate::archive::{bzip2, gzip, tar, xz, zip, zstd};
use crate::hostile::repeated;

/// A file of any length.
#[derive(Clone, Copy, Debug)]
pub struct FileFamily {
    /// What it is called.
    pub name: &'static str,
    /// Name of the file, which says what it is.
    pub file: &'static str,
    content: Content,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    /// What stands before, what is repeated, and what stands after.
    Repeated(&'static str, &'static str, &'static str),
    /// What stands before, what is repeated, what stands between, what is repeated as often, and what stands after.
    Nested(&'static str, &'static str, &'static str, &'static str, &'static str),
    /// One of these for each of its bytes.
    Bytes(&'static [u8], &'static [u8]),
    /// Something small in as many pieces.
    Made(fn(usize) -> Vec<u8>),
}

use Content::{Bytes, Made, Nested, Repeated};

const fn file(name: &'static str, file: &'static str, content: Content) -> FileFamily {
    FileFamily { name, file, content }
}

const fn html(name: &'static str, unit: &'static str) -> FileFamily {
    file(name, "a.html", Repeated("", unit, ""))
}

const fn xml(name: &'static str, unit: &'static str) -> FileFamily {
    file(name, "a.xml", Repeated("<nitf><body><body.content>", unit, "</body.content></body></nitf>"))
}

/// A page of a crawl, as short as there are.
const PAGE: &str =
    "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na\r\n\r\n";
/// Another record of one.
const REQUEST: &str = "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 1\r\n\r\na\r\n\r\n";

/// All of them.
pub const FILES: &[FileFamily] = &[
    file("jsonl-long", "a.jsonl", Repeated("{\"text\": \"", "word ", "\"}")),
    file("jsonl-short", "a.jsonl", Repeated("", "{\"text\": \"a\"}\n", "")),
    file("jsonl-blank", "a.jsonl", Repeated("", "\n", "")),
    file("jsonl-escapes", "a.jsonl", Repeated("{\"text\": \"", "\\u0041", "\"}")),
    file("jsonl-fields", "a.jsonl", Repeated("{\"text\": \"a\"", ", \"k#\": 0", "}")),
    file("jsonl-one-field", "a.jsonl", Repeated("{\"text\": \"a\"", ", \"k\": \"#\"", "}")),
    file("jsonl-values", "a.jsonl", Repeated("{\"text\": \"a\", \"k\": [0", ",0", "]}")),
    file(
        "jsonl-tokens",
        "a.jsonl",
        Repeated("{\"text\": \"a\", \"tokens\": [0", ", {\"span\": [0, 1]}", "]}"),
    ),
    file("jsonl-deep", "a.jsonl", Nested("{\"text\": \"a\", \"k\": ", "[", "", "]", "}")),
    file("jsonl-deep-objects", "a.jsonl", Nested("{\"text\": \"a\", \"k\": ", "{\"a\":", "0", "}", "}")),
    file("jsonl-open", "a.jsonl", Repeated("", "[", "")),
    file("jsonl-quotes", "a.jsonl", Repeated("", "\"", "")),
    file("json-items", "a.json", Repeated("[{}", ",{\"text\":\"a\"}", "]")),
    file("json-long", "a.json", Repeated("[{\"text\": \"", "word ", "\"}]")),
    file("json-deep", "a.json", Nested("[", "[", "", "]", "]")),
    file("json-open", "a.json", Repeated("", "{\"a\":", "")),
    file("csv-rows", "a.csv", Repeated("text\n", "a\n", "")),
    file("csv-long", "a.csv", Repeated("text\n\"", "word, ", "\"\n")),
    file("csv-quotes", "a.csv", Repeated("text\n", "\"", "")),
    file("csv-pairs", "a.csv", Repeated("text\n\"", "\"\"", "\"\n")),
    file("csv-wide", "a.csv", Repeated("text\n", "a,", "")),
    file("csv-one-name", "a.csv", Made(one_name)),
    file("csv-newlines", "a.csv", Repeated("text\n", "\n", "")),
    file("text-long", "a.txt", Repeated("", "word ", "")),
    file("text-latin", "a.txt", Bytes(b"", b"caf\xe9 ")),
    file("text-utf16", "a.txt", Bytes(b"\xff\xfe", b"a\0")),
    file("text-zero", "a.txt", Bytes(b"\xff", b"\0")),
    file("text-continuation", "a.txt", Bytes(b"", b"\x80")),
    file("html-long", "a.html", Repeated("<p>", "word ", "")),
    html("html-deep", "<div>"),
    html("html-deep-inline", "<b>"),
    html("html-deep-table", "<table><tr><td>"),
    html("html-deep-hidden", "<nav>"),
    html("html-ends", "</div>"),
    html("html-ends-inline", "</b>"),
    file("html-ends-of-another", "a.html", Nested("<nav>", "<div>", "", "</p>", "</nav>")),
    html("html-paragraphs", "<p>a"),
    html("html-breaks", "a<br><br>"),
    html("html-headings", "<h1>a"),
    html("html-links", "<a href=x>a"),
    html("html-articles", "<article>a"),
    html("html-titles", "<title>a"),
    html("html-less-than", "<"),
    html("html-tags-open", "<a "),
    html("html-ends-open", "</"),
    html("html-comments-open", "<!--"),
    html("html-comments", "<!-- a -->"),
    html("html-declarations", "<!"),
    html("html-instructions", "<?"),
    file("html-attributes", "a.html", Repeated("<div ", "b#=1 ", ">")),
    file("html-one-attribute", "a.html", Repeated("<div ", "a=1 ", ">")),
    file("html-long-attribute", "a.html", Repeated("<div a=\"", "b ", "\">")),
    file("html-open-attribute", "a.html", Repeated("", "<div a=\"", "")),
    html("html-ampersands", "&"),
    html("html-entities", "&amp;"),
    html("html-entities-open", "&notit"),
    html("html-numbers", "&#x41;"),
    html("html-long-number", "&#1"),
    html("html-scripts", "<script>a</script>"),
    html("html-scripts-open", "<script>"),
    html("html-scripts-in-comments", "<script><!--<script>"),
    html("html-data", "<script type=\"application/ld+json\">{}</script>"),
    file("html-data-deep", "a.html", Repeated("<script type=\"application/ld+json\">", "[", "</script>")),
    html("html-dates", "<meta name=date content=x>"),
    html("html-spaces", " "),
    html("html-zero", "\0"),
    html("html-soft-hyphens", "\u{ad}"),
    xml("xml-paragraphs", "<p>a</p>"),
    file("xml-deep", "a.xml", Repeated("<nitf>", "<p>", "")),
    file("xml-attributes", "a.xml", Repeated("<nitf ", "b#=\"1\" ", "/>")),
    file("xml-long-attribute", "a.xml", Repeated("<nitf a=\"", "b ", "\"/>")),
    file("xml-tags-open", "a.xml", Repeated("<nitf>", "<", "")),
    xml("xml-entities", "&amp;"),
    xml("xml-unknown-entities", "&b;"),
    xml("xml-ampersands", "&"),
    xml("xml-data", "<![CDATA[a]]>"),
    xml("xml-comments", "<!-- -->"),
    xml("xml-lines", "a\n\n"),
    xml("xml-media", "<media/>"),
    xml("xml-dates", "<date.issue norm=\"20240621\"/>"),
    file("xml-items", "a.xml", Repeated("<newsMessage>", "<newsItem guid=\"#\"/>", "</newsMessage>")),
    file("xml-declared-entities", "a.xml", Repeated("<!DOCTYPE nitf [", "<!ENTITY b# \"&b;\">", "]><nitf/>")),
    file("warc-texts", "a.warc", Repeated("", PAGE, "")),
    file("warc-requests", "a.warc", Repeated("", REQUEST, "")),
    file("warc-newlines", "a.warc", Repeated("", "\r\n", "")),
    file("warc-fields", "a.warc", Repeated("WARC/1.0\r\n", "b#: 1\r\n", "\r\n")),
    file("warc-chunks", "a.warc", Made(chunks)),
    file("tar-files", "a.tar", Made(|bytes| tar(&letters(bytes / 1024)))),
    file("zip-files", "a.zip", Made(|bytes| zip(&letters(bytes / 100)))),
    file("gzip-members", "a.txt.gz", Made(|bytes| compressed(gzip, b"a ", bytes))),
    file("gzip-empty-members", "a.txt.gz", Made(|bytes| compressed(gzip, b"", bytes))),
    file("zstd-frames", "a.txt.zst", Made(|bytes| compressed(zstd, b"a ", bytes))),
    file("xz-streams", "a.txt.xz", Made(|bytes| compressed(xz, b"a ", bytes))),
    file("bzip2-streams", "a.txt.bz2", Made(|bytes| compressed(bzip2, b"a ", bytes))),
];

impl FileFamily {
    /// Its content, of about so many bytes.
    pub fn content(&self, bytes: usize) -> Vec<u8> {
        match self.content {
            Repeated(before, unit, after) => [before, &repeated(unit, bytes), after].concat().into_bytes(),
            Nested(before, open, between, close, after) => {
                let n = bytes / (open.len() + close.len());
                [before, &open.repeat(n), between, &close.repeat(n), after].concat().into_bytes()
            }
            Bytes(before, unit) => [before, &unit.repeat(bytes / unit.len())].concat(),
            Made(make) => make(bytes),
        }
    }
}

/// A table whose columns have all the same name.
fn one_name(bytes: usize) -> Vec<u8> {
    let n_columns = (bytes / 4).min(4096);
    let row = |cell: &str| format!("{}\n", vec![cell; n_columns].join(","));
    let n_rows = bytes / (2 * n_columns);
    [row("text"), row("a").repeat(n_rows)].concat().into_bytes()
}

/// An answer of a server in chunks of one byte.
fn chunks(bytes: usize) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = format!("{head}{}0\r\n\r\n", "1\r\na\r\n".repeat(bytes / 6));
    let kind = "WARC-Type: response\r\nContent-Type: application/http";
    format!("WARC/1.0\r\n{kind}\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n", answer.len()).into_bytes()
}

/// So many files of one letter.
fn letters(n: usize) -> Vec<(String, Vec<u8>)> {
    (0..n).map(|number| (format!("{number}.txt"), b"a".to_vec())).collect()
}

/// As many members of this content as make so many bytes.
fn compressed(compress: fn(&[u8]) -> Vec<u8>, content: &[u8], bytes: usize) -> Vec<u8> {
    let member = compress(content);
    member.repeat(bytes / member.len())
}
