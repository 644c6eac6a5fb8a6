//! What each format is read as.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use common::archive::{gzip, tar, zip};
use common::{check, read};
use demarche_corpus::{Fields, ReadOptions};

fn fields(text: &str) -> ReadOptions {
    let fields = Fields { text: text.to_owned(), ..Fields::default() };
    ReadOptions { fields, ..ReadOptions::default() }
}

#[test]
fn json_lists_and_objects_over_many_lines() {
    check(
        "a.json",
        r#" [ {"text": "a"}, {"text": "b, ]"} ] "#,
        &[r#"a.json:1 "a" {}"#, r#"a.json:2 "b, ]" {}"#],
    );
    check(
        "a.json",
        "{\n \"text\": \"a\"\n}\n{\"text\": \"b\"}",
        &[r#"a.json:1 "a" {}"#, r#"a.json:2 "b" {}"#],
    );
    check("a.json", "[]", &[]);
    check("a.json", "", &[]);
    check(
        "a.json",
        "[{\"text\": \"a\"},\n 5, {\"text\": 1}, {\"text\": \"b\"}]",
        &[
            r#"a.json:1 "a" {}"#,
            "json at 17: not a JSON object: invalid type: integer `5`, expected an object at line 2, column 1",
            "type at 20: the field `text` is a number, where a string should stand",
            r#"a.json:4 "b" {}"#,
        ],
    );
    check(
        "a.json",
        r#"[{"text": "a"} {"text": "b"}]"#,
        &[
            r#"a.json:1 "a" {}"#,
            "malformed at 15: not well-formed JSON at byte 15 of the file: no comma between two items of a list",
        ],
    );
    check(
        "a.json",
        r#"[{"text": "a"}, {"text": "#,
        &[
            r#"a.json:1 "a" {}"#,
            "malformed at 16: not well-formed JSON at byte 16 of the file: it ends within a value",
        ],
    );
}

#[test]
fn a_list_within_a_json_file() {
    let options = ReadOptions { records: Some("response.docs".to_owned()), ..ReadOptions::default() };
    let file = br#"{"status": {"docs": [1]}, "response": {"n": 2, "docs": [{"text": "a"}, {"text": "b"}], "x": [{}]}}"#;
    assert_eq!(read("a.json", file, &options), [r#"a.json:1 "a" {}"#, r#"a.json:2 "b" {}"#]);
    assert_eq!(
        read("a.json", br#"{"response": {"docs": 1}}"#, &options),
        ["malformed at 22: not well-formed JSON at byte 22 of the file: the field `records` names holds no list"
            .replace("the field `records`", "the field that `records`")]
    );
}

#[test]
fn fields_at_any_depth() {
    let fields = Fields {
        id: "ids.0".to_owned(),
        text: "body.text".to_owned(),
        date: Some("body.published.at".to_owned()),
        ..Fields::default()
    };
    let options = ReadOptions { fields, ..ReadOptions::default() };
    let line = br#"{"ids": ["7"], "body": {"text": "a", "published": {"at": "2024-06-21"}, "by": "b"}}"#;
    assert_eq!(
        read("a.jsonl", line, &options),
        [r#"7 "a" {"date":"2024-06-21","ids":["7"],"body":{"published":{},"by":"b"}}"#]
    );
    let whole = br#"{"body.text": "a"}"#;
    assert_eq!(
        read("a.jsonl", whole, &options),
        [r#"a.jsonl:1 "a" {}"#],
        "a name with a dot is a name first"
    );
}

#[test]
fn tables() {
    check(
        "a.csv",
        "id,text,source\n7,\"one, \"\"two\"\"\nthree\",wire\n\n8,four,\n",
        &[r#"7 "one, \"two\"\nthree" {"source":"wire"}"#, r#"8 "four" {}"#],
    );
    check("a.csv", "text;n\na,b;1\n", &[r#"a.csv:1 "a,b" {"n":"1"}"#]);
    check("a.tsv", "text\tn\na,b\t1\r\nc\t2", &[r#"a.tsv:1 "a,b" {"n":"1"}"#, r#"a.tsv:2 "c" {"n":"2"}"#]);
    check("a.csv", "text,,text\na,b,c\n", &[r#"a.csv:1 "a" {"column_2":"b","text_2":"c"}"#]);
    check("a.csv", "text,n\n", &[]);
    check("a.csv", "", &[]);
    check(
        "a.csv",
        "text,n\na\nb,1\nc,1,2\n",
        &[
            "columns at 7: a row of 1 cells, where there are 2 columns",
            r#"a.csv:2 "b" {"n":"1"}"#,
            "columns at 13: a row of 3 cells, where there are 2 columns",
        ],
    );
    check(
        "a.csv",
        "body\na\n",
        &["missing at 5: no field `text`; the record has `body`: name the one that holds the text"],
    );
    let columns = ReadOptions { columns: vec!["text".to_owned(), "n".to_owned()], ..ReadOptions::default() };
    assert_eq!(read("a.csv", b"a,1\n", &columns), [r#"a.csv:1 "a" {"n":"1"}"#]);
    let bar = ReadOptions { delimiter: Some(b'|'), ..fields("x") };
    assert_eq!(read("a.csv", b"x|y\na,b|c\n", &bar), [r#"a.csv:1 "a,b" {"y":"c"}"#]);
}

#[test]
fn rows_over_the_limit_are_passed_over() {
    let options = ReadOptions { max_record: 16, ..ReadOptions::default() };
    let long = format!("text\n\"{}\"\nshort\n", "long ".repeat(10_000));
    assert_eq!(
        read("a.csv", long.as_bytes(), &options),
        [
            "too_long at 5: longer than the limit for one record, 16 bytes (`max_record`)",
            r#"a.csv:2 "short" {}"#
        ]
    );
}

#[test]
fn a_text_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "one\n\ntwo\r\ncaf\u{e9}").unwrap();
    let corpus = demarche_corpus::Corpus::find([path], Some(demarche_corpus::Format::Lines)).unwrap();
    let read: Vec<_> = corpus.read(ReadOptions::default()).map(|record| common::shown(&record)).collect();
    assert_eq!(read, [r#"a.txt:1 "one" {}"#, r#"a.txt:3 "two" {}"#, r#"a.txt:4 "café" {}"#]);
}

const ARTICLE: &str = "The council in Riga agreed on Monday to freeze the accounts of four shipping firms and of the men behind them.";
const SECOND: &str = "“We have waited long enough,” said Ilze Kalniņa, who speaks for the council, and added that others would follow before the month is out.";

fn page() -> String {
    format!(
        r#"<!DOCTYPE html><html lang="lv"><head><title>Riga freezes accounts | The Gazette</title>
<meta property="og:title" content="Riga freezes accounts &amp; more"><meta name="date" content="21.6.2024">
<link rel="canonical" href="https://example.org/riga">
<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "datePublished": "2024-06-21T08:00:00Z"}}]}}</script>
<style>p {{ color: red }}</style></head>
<body><nav><ul><li><a href="/">Home</a><li><a href="/news">News</a></ul></nav>
<div class="menu"><a href="/a">Weather</a> <a href="/b">Sport and much more of it</a></div>
<h1><a href='#top'>Riga freezes accounts</a></h1><p>{ARTICLE}</p><p>{second}<br></p><p>He said <b>n</b>o more.</p>
<script>var p = "<p>not text</p>";</script><p hidden>nor this</p>
<div><p>Read also: <a href="/c">Five other things that happened today in the city</a></p></div>
<footer><p>Copyright of the Gazette, its owners and all those who write for it every day of the year</p></footer></body></html>"#,
        second = SECOND.replace('ņ', "&#326;"),
    )
}

#[test]
fn pages() {
    let text = format!("Riga freezes accounts\n\n{ARTICLE}\n\n{SECOND}\n\nHe said no more.");
    let meta = r#"{"date":"2024-06-21T08:00:00Z","title":"Riga freezes accounts & more","language":"lv","url":"https://example.org/riga"}"#;
    check("a.html", page(), &[&format!("a.html {text:?} {meta}")]);
    check("a.html", "", &[r#"a.html "" {}"#]);
    check("a.html", "<p", &[r#"a.html "" {}"#]);
}

#[test]
fn where_a_page_marks_its_article_only_that_is_read() {
    let other = "Another story that somebody put beside this one, as long as it is and with no link in it at all, to be left out here.";
    let page =
        format!("<body><p>{other}</p><article><div><p>{ARTICLE}</p><p>{SECOND}</p></article><p>{other}</p>");
    check("a.html", page, &[&format!("a.html {:?} {{}}", format!("{ARTICLE}\n\n{SECOND}"))]);
}

fn answer(kind: &str, body: &[u8], head: &str) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{head}\r\n").into_bytes();
    answer.extend_from_slice(body);
    answer
}

fn warc(kind: &str, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/a\r\nWARC-Date: 2024-06-22T00:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

#[test]
fn crawls() {
    let http = "application/http; msgtype=response";
    let latin = format!("<p>{ARTICLE} caf\u{e9}</p>").chars().map(|c| c as u32 as u8).collect::<Vec<_>>();
    let chunked = [b"8;x=1\r\n<p>Seoul\r\n".as_slice(), b"a\r\n protested\r\n0\r\n\r\n"].concat();
    let file = [
        warc("warcinfo", "application/warc-fields", b"software: x"),
        warc("response", http, &answer("text/html; charset=ISO-8859-1", &latin, "")),
        warc("response", http, &answer("image/png", b"\x89PNG", "")),
        warc("response", http, b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\ngone"),
        warc("response", http, &answer("text/plain", &gzip(b"packed"), "Content-Encoding: gzip\r\n")),
        warc("response", http, &answer("text/plain", &chunked, "Transfer-Encoding: chunked\r\n")),
        warc("conversion", "text/plain", "a text".as_bytes()),
    ];
    let meta = r#"{"url":"https://example.org/a","crawled":"2024-06-22T00:00:00Z"#;
    let expected = [
        format!(
            r#"https://example.org/a {:?} {meta}","encoding":"windows-1252"}}"#,
            format!("{ARTICLE} café")
        ),
        format!(r#"https://example.org/a "packed" {meta}"}}"#),
        format!(r#"https://example.org/a "<p>Seoul protested" {meta}"}}"#),
        format!(r#"https://example.org/a "a text" {meta}"}}"#),
    ];
    let expected: Vec<_> = expected.iter().map(String::as_str).collect();
    check("a.warc", file.concat(), &expected);
    let members: Vec<u8> = file.iter().flat_map(|record| gzip(record)).collect();
    check("a.warc.gz", members, &expected);
    let broken = [file[6].clone(), b"<html>".to_vec()].concat();
    check(
        "a.warc",
        broken,
        &[
            expected[3],
            "malformed at 163: not well-formed WARC at byte 163 of the file: it ends within a header",
        ],
    );
}

#[test]
fn news_in_xml() {
    let nitf = r#"<?xml version="1.0"?><nitf><head><title>Slug</title><docdata><doc-id id-string="n1"/><date.issue norm="20240621T120000Z"/></docdata></head>
<body><body.head><hedline><hl1>Riga &amp; the firms</hl1></hedline><byline>By A</byline></body.head>
<body.content><p>One <em>and</em>
 two&#8217;s.</p><media><media-caption>A picture</media-caption></media><p>Three.</p></body.content></body></nitf>"#;
    let item = r#"n1 "One and two’s.\n\nThree." {"date":"2024-06-21","title":"Slug"}"#;
    check("a.xml", nitf, &[item]);
    let g2 = |id: &str, content: &str| {
        format!(
            r#"<newsItem guid="{id}" xml:lang="en"><itemMeta><versionCreated>2024-06-21T12:00:00Z</versionCreated></itemMeta><contentMeta><headline>Head</headline></contentMeta><contentSet>{content}</contentSet></newsItem>"#
        )
    };
    let message = format!(
        r#"<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{}{}{}</itemSet></newsMessage>"#,
        g2(
            "a",
            "<inlineXML><html><head><title>x</title></head><body><h1>H</h1><p>One.</p></body></html></inlineXML>"
        ),
        g2(
            "b",
            "<inlineXML><nitf><body><body.head><hedline><hl1>H</hl1></hedline></body.head><body.content><p>Two.</p></body.content></body></nitf></inlineXML>"
        ),
        g2("c", "<inlineData>Three.\n\nFour\nfive.</inlineData>"),
    );
    let meta = r#"{"date":"2024-06-21T12:00:00Z","title":"Head","language":"en"}"#;
    check(
        "a.xml",
        message,
        &[
            &format!(r#"a "H\n\nOne." {meta}"#),
            &format!(r#"b "Two." {meta}"#),
            &format!(r#"c "Three.\n\nFour five." {meta}"#),
        ],
    );
    check(
        "a.xml",
        "<rss/>",
        &[
            "malformed at 0: not well-formed XML at byte 0 of the file: neither NITF nor NewsML-G2: its first element is `rss`",
        ],
    );
    let deep = format!("<nitf>{}", "<a>".repeat(100_000));
    let last = read("a.xml", deep.as_bytes(), &ReadOptions::default());
    assert!(last[0].contains("elements within each other more than 512 deep"), "{last:?}");
}

#[test]
fn archives() {
    let files: &[(&str, &[u8])] = &[
        ("./a.txt", b"one"),
        ("b/c.jsonl", b"{\"text\": \"two\"}\n{\"text\": \"three\"}\n"),
        ("b/.hidden.txt", b"no"),
        ("notes.md", b"no"),
        ("d.txt.gz", &gzip(b"four")),
    ];
    let expected = |name: &str| {
        [
            format!(r#"{name}/a.txt "one" {{}}"#),
            format!(r#"{name}/b/c.jsonl:1 "two" {{}}"#),
            format!(r#"{name}/b/c.jsonl:2 "three" {{}}"#),
            format!(r#"{name}/d.txt.gz "four" {{}}"#),
        ]
    };
    for (name, bytes) in [("a.zip", zip(files)), ("a.tar", tar(files)), ("a.tgz", gzip(&tar(files)))] {
        let records = common::records(name, &bytes, &ReadOptions::default());
        let texts: Vec<_> = records.iter().map(common::shown).collect();
        assert_eq!(texts, expected(name));
        let numbers: Vec<_> = records.iter().map(|record| record.as_ref().unwrap().place.record).collect();
        assert_eq!(numbers, [1, 2, 3, 4], "{name}");
        assert_eq!(records[2].as_ref().unwrap().place.to_string().split('/').next_back(), Some("c.jsonl)"));
    }
}

/// Whatever a document was read from, an account of its failure is enough to read it again: with its id and what is known of it.
#[test]
fn what_failed_is_read_again_with_all_that_is_known_of_it() {
    let fields = Fields { text: "body".to_owned(), date: Some("on".to_owned()), ..Fields::default() };
    let options = ReadOptions { fields, ..ReadOptions::default() };
    let files: [(&str, Vec<u8>); 4] = [
        ("a.csv", b"id,body,on\n7,one,2024-06-21\n".to_vec()),
        ("a.html", page().into_bytes()),
        ("a.warc", warc("conversion", "text/plain", b"a text")),
        ("a.txt", b"caf\xe9".to_vec()),
    ];
    for (name, bytes) in files {
        let first = common::records(name, &bytes, &options).remove(0);
        let shown = common::shown(&first);
        let failed = first.unwrap().failed("quote", "time", "too slow".to_owned());
        let line = serde_json::to_string(&failed).unwrap();
        assert_eq!(read("failed.jsonl", line.as_bytes(), &options), [shown]);
    }
}
