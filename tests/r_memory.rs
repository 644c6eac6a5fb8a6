//! Promises 11 and 14: what is longer than a record may be is never held in memory, and what a compressed file swells to
//! costs time and no memory.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the long tests have figures to tell")]

use std::fs;
use std::io::Write;
use std::time::Instant;

use demarche_tests::archive::{bzip2, gzip, tar, xz, zip, zstd};
use demarche_tests::hostile_files::FILES;
use demarche_tests::watched::{Folder, Watched, feed};
use serde_json::Value;

/// Most memory of a run that reads words, whatever stands in its input.
const MOST: u64 = 128 << 20;
const MB: u64 = 1_000_000;

/// A record that is too long, in a file of which more is read where a record can be told from the next.
struct Long {
    format: &'static str,
    before: String,
    after: String,
    /// Whether there is a next record.
    has_next: bool,
}

/// The long record in each format that can come through a pipe.
fn long_records(length: u64) -> Vec<Long> {
    let long = |format, before: &str, after: &str| {
        let has_next = after.contains("next");
        Long { format, before: before.to_owned(), after: after.to_owned(), has_next }
    };
    let warc = |length: u64| {
        let kind = "WARC-Type: conversion\r\nContent-Type: text/plain";
        format!("WARC/1.0\r\n{kind}\r\nContent-Length: {length}\r\n\r\n")
    };
    let next = "{\"id\": \"next\", \"text\": \"Seoul\"}";
    vec![
        long("jsonl", "{\"id\": \"long\", \"text\": \"", &format!("\"}}\n{next}\n")),
        long("jsonl", "{\"id\": \"long\", \"text\": \"", ""),
        long("json", "[{\"id\": \"long\", \"text\": \"", &format!("\"}}, {next}]")),
        long("lines", "", "\nnext\n"),
        long("csv", "id,text\nlong,\"", "\"\nnext,Seoul\n"),
        long("csv", "id,text\nlong,\"", ""),
        long("text", "", ""),
        long("html", "<p>", ""),
        long("xml", "<nitf><body><body.content><p>", "</p></body.content></body></nitf>"),
        long("warc", &warc(length), &format!("\r\n\r\n{}next\r\n\r\n", warc(4))),
    ]
}

#[track_caller]
fn check(what: &str, run: &Watched, code: &str, has_next: bool, most: u64) {
    let codes: Vec<_> = run.failed.iter().map(|failed| failed["code"].as_str().unwrap()).collect();
    assert_eq!((run.code, codes), (1, vec![code]), "{what}: {run:?}");
    assert_eq!(run.documents.len(), usize::from(has_next), "{what}: {run:?}");
    assert!(run.peak < most, "{what}: {} MiB", run.peak >> 20);
}

fn read_long_records(length: u64) {
    let folder = Folder::new();
    for Long { format, before, after, has_next } in long_records(length) {
        let start = Instant::now();
        let setting = format!("format={format}");
        let run = folder.run(&["-", "--input", &setting], move |stdin| {
            feed(stdin, before.as_bytes(), length, after.as_bytes());
        });
        check(format, &run, "too_long", has_next, MOST);
        println!("{format}, {length} bytes: {} MiB, {:?}", run.peak >> 20, start.elapsed());
    }
}

#[test]
fn r_memory_of_a_long_record() {
    read_long_records(200 * MB);
}

#[test]
#[ignore = "minutes: 1 GB and 4 GiB in each format"]
fn r_memory_of_a_very_long_record() {
    read_long_records(1_000 * MB);
    read_long_records((4 << 30) + 1);
}

/// A file that swells to many times its size: a record without end in as many members, and the next one.
fn swelling(compress: fn(&[u8]) -> Vec<u8>, times: usize) -> Vec<u8> {
    around(compress, &compress(&vec![b'a'; MEMBER]).repeat(times))
}

/// The same as one frame of Zstandard, whose window is as large as may be.
fn swelling_window(times: usize) -> Vec<u8> {
    let mut encoder = ::zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    (0..times).for_each(|_| encoder.write_all(&vec![b'a'; MEMBER]).unwrap());
    around(zstd, &encoder.finish().unwrap())
}

/// What stands before and after the letters of a record that is too long, and the next record.
fn around(compress: fn(&[u8]) -> Vec<u8>, letters: &[u8]) -> Vec<u8> {
    let before = compress(b"{\"id\": \"long\", \"text\": \"");
    let after = compress(b"\"}\n{\"id\": \"next\", \"text\": \"Seoul\"}\n");
    [&before, letters, &after].concat()
}

/// Bytes of a member of such a file, decompressed.
const MEMBER: usize = 16 << 20;

/// An answer of a server whose content swells, and another one.
fn swelling_answer(times: usize) -> Vec<u8> {
    let record = |id: &str, coding: &str, content: Vec<u8>| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{coding}\r\n");
        let answer = [head.into_bytes(), content].concat();
        let kind = format!("WARC-Type: response\r\nContent-Type: application/http\r\nWARC-Target-URI: {id}");
        let head = format!("WARC/1.0\r\n{kind}\r\nContent-Length: {}\r\n\r\n", answer.len());
        [head.into_bytes(), answer, b"\r\n\r\n".to_vec()].concat()
    };
    let letters = gzip(&vec![b'a'; MEMBER]).repeat(times);
    [record("long", "Content-Encoding: gzip\r\n", letters), record("next", "", b"Seoul".to_vec())].concat()
}

fn read_swelling_files(times: usize) {
    let folder = Folder::new();
    let json = swelling(gzip, times);
    let member = [("a.jsonl.gz".to_owned(), json.clone())];
    let files: [(&str, Vec<u8>, u64); 10] = [
        ("a.jsonl.gz", json, MOST),
        ("a.jsonl.zst", swelling(zstd, times), MOST),
        ("window.jsonl.zst", swelling_window(times), 2 * MOST),
        ("a.jsonl.xz", swelling(xz, times), MOST),
        ("a.jsonl.bz2", swelling(bzip2, times), MOST),
        ("a.zip", zip(&member), MOST),
        ("a.tar", tar(&member), MOST),
        ("a.tgz", gzip(&tar(&member)), MOST),
        ("a.warc", swelling_answer(times), MOST),
        ("a.warc.gz", gzip(&swelling_answer(times)), MOST),
    ];
    for (name, content, most) in files {
        fs::write(folder.path(name), &content).unwrap();
        let start = Instant::now();
        let run = folder.run_over(name, &[]);
        check(name, &run, "too_long", true, most);
        let swollen = (times * MEMBER) >> 20;
        let (kib, mib) = (content.len() >> 10, run.peak >> 20);
        println!("{name}, {kib} KiB to {swollen} MiB: {mib} MiB, {:?}", start.elapsed());
        let run = folder.run_over(name, &["--input", "max_input=10000000"]);
        assert_eq!((run.code, run.documents.len()), (3, 0), "{name}: {run:?}");
        let is_limit =
            |failed: &Value| failed["message"].as_str().unwrap().ends_with("10000000 bytes (`max_input`)");
        assert!(run.failed.iter().all(is_limit), "{name}: {run:?}");
        assert!(run.peak < most, "{name}: {} MiB", run.peak >> 20);
    }
}

#[test]
fn r_memory_of_files_that_swell() {
    read_swelling_files(16);
}

#[test]
#[ignore = "minutes: 10 GiB in each compression"]
fn r_memory_of_files_that_swell_to_10_gib() {
    read_swelling_files(640);
}

/// Most memory for a record as long as may be, in bytes: it stands for many small things.
const MOST_OF_ONE: u64 = 1 << 30;

#[test]
#[ignore = "minutes: 15 MiB of each family"]
fn r_memory_of_hostile_files() {
    let folder = Folder::new();
    for family in FILES {
        fs::write(folder.path(family.file), family.content(15 << 20)).unwrap();
        let start = Instant::now();
        let run = folder.run_over(family.file, &[]);
        println!("{}: {} MiB, {:?}", family.name, run.peak >> 20, start.elapsed());
        assert!(run.peak < MOST_OF_ONE, "{}: {} MiB", family.name, run.peak >> 20);
    }
}
