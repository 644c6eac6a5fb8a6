//! `demarche run --trace`: what each thread did when, as a viewer reads it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use demarche_tests::job::records;
use demarche_tests::runs::Runs;
use serde_json::Value;

/// A pipeline of two stages.
const PIPELINE: &str = "[[stage]]\nuse = \"tokenize\"\n\n[[stage]]\nuse = \"tags\"\n";

/// Runs with a trace; its events.
fn trace(runs: &Runs, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["--trace", "trace.json"], arguments].concat();
    let done = runs.run("out.jsonl", &arguments);
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    let events: Value = serde_json::from_slice(&runs.bytes("trace.json")).unwrap();
    events.as_array().unwrap().clone()
}

/// Begin and end, in microseconds.
fn time(event: &Value) -> (f64, f64) {
    let [begun, took] = ["ts", "dur"].map(|key| event[key].as_f64().unwrap());
    assert!(begun >= 0.0 && took >= 0.0);
    (begun, begun + took)
}

/// Events of a name, each by the place of its document.
fn named<'e>(events: &'e [Value], name: &str) -> BTreeMap<&'e str, &'e Value> {
    let events: Vec<_> = events.iter().filter(|event| event["name"] == name).collect();
    let by_source: BTreeMap<_, _> =
        events.iter().map(|&event| (event["args"]["source"].as_str().unwrap(), event)).collect();
    assert_eq!(by_source.len(), events.len(), "one `{name}` a document");
    by_source
}

#[test]
fn each_stage_of_each_document_is_an_event_within_its_document() {
    let runs = Runs::over(&records(60));
    fs::write(runs.path("p.toml"), PIPELINE).unwrap();
    let events = trace(&runs, &["--threads", "3"]);
    // Of 60 records, those with the remainder 19 of 23 are no documents; nothing fails but them.
    let n_broken = (0..60).filter(|i| i % 23 == 19).count();
    let documents = named(&events, "document");
    assert_eq!(documents.len(), 60 - n_broken);
    for stage in ["tokenize", "tags"] {
        let stages = named(&events, stage);
        assert!(stages.keys().eq(documents.keys()), "{stage}");
        for (source, event) in stages {
            let document = documents[source];
            let ((begun, ended), (first, last)) = (time(event), time(document));
            assert!(first <= begun && ended <= last + 0.001, "{stage} of {source}: {event} in {document}");
            assert_eq!((&event["args"], &event["tid"]), (&document["args"], &document["tid"]));
        }
    }
    let (tokenize, tags) = (named(&events, "tokenize"), named(&events, "tags"));
    assert!(tokenize.iter().all(|(source, event)| time(event).1 <= time(tags[source]).0 + 0.001));
    let first = &documents["in.jsonl:1"]["args"];
    let (text, words) = (first["bytes"].as_u64().unwrap(), first["words"].as_u64().unwrap());
    assert!(first["id"] == "0" && text > 40 && words > 8 && first.get("failed").is_none(), "{first}");

    // Reading has all records, writing what came of it.
    let read = named(&events, "read");
    assert_eq!(read.len(), 60);
    assert_eq!(read["in.jsonl:20"]["args"]["failed"], "json");
    assert!(named(&events, "write").keys().eq(documents.keys()));
    assert!(named(&events, "render").keys().eq(documents.keys()));

    // What is on one row does not overlap, but for what is within something else.
    let mut rows: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for event in events
        .iter()
        .filter(|event| event["ph"] == "X" && event["name"] != "tokenize" && event["name"] != "tags")
    {
        rows.entry(event["tid"].as_u64().unwrap()).or_default().push(time(event));
    }
    for (row, times) in &mut rows {
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(times.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 0.001), "row {row}");
    }
    let names: BTreeMap<_, _> = events
        .iter()
        .filter(|event| event["name"] == "thread_name")
        .map(|event| (event["tid"].as_u64().unwrap(), event["args"]["name"].as_str().unwrap()))
        .collect();
    assert!(names.keys().eq(rows.keys()), "each row has a name");
    assert_eq!((names[&1], names[&2]), ("reading", "writing"));
    assert!(names.values().any(|name| name.starts_with("worker ")));
}

/// What fails in a stage, in a child process too, is seen as far as it came.
#[test]
fn a_document_that_fails_says_so() {
    let text = "Nobody spoke. ".repeat(200_000);
    let runs = Runs::over(&format!(
        "{{\"id\": \"long\", \"text\": \"{text}\"}}\n{{\"id\": \"next\", \"text\": \"Nobody spoke.\"}}\n"
    ));
    fs::write(runs.path("p.toml"), format!("[run]\ndocument_seconds = 0.01\n\n{PIPELINE}")).unwrap();
    for isolate in ["none", "process"] {
        let events = trace(&runs, &["--isolate", isolate]);
        let documents = named(&events, "document");
        assert_eq!(documents["in.jsonl:1"]["args"]["failed"], "time", "{isolate}");
        fs::remove_file(runs.path("out.jsonl.failed.jsonl")).unwrap();
    }
}

#[test]
fn a_trace_that_cannot_be_written_is_told_of() {
    let runs = Runs::over(&records(3));
    let done = runs.run("out.jsonl", &["--trace", "nowhere/trace.json"]);
    let message = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        done.status.code() == Some(3) && message.contains("cannot write `nowhere/trace.json.part`"),
        "{message}"
    );
}
