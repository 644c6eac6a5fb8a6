//! The boundary, linked statically: reads, writes, errors, panics, threads. Also run under Miri.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

#[path = "support/document.rs"]
mod document;
#[path = "misbehave/lib.rs"]
mod misbehave;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use demarche_core::{Cancel, Pipeline, StageKind};
use demarche_plugin::serde_json::{self, Value, json};
use demarche_plugin::{Component, Document, Layer, Plugin, Stage, StageError, link};
use document::{bare, full};

fn plugin() -> &'static Plugin {
    static PLUGIN: OnceLock<Plugin> = OnceLock::new();
    // SAFETY: it keeps the contract of the header; that is what is tested.
    PLUGIN.get_or_init(|| unsafe { link(misbehave::demarche_plugin_v1, 8) }.unwrap())
}

fn kind(name: &str) -> &'static StageKind {
    plugin().kinds.iter().find(|kind| kind.name == name).unwrap()
}

fn stage(name: &str) -> Box<dyn Stage> {
    kind(name).build(&json!({})).unwrap()
}

/// Runs a stage that fails, and says how; the document must be as it was.
fn failure(name: &str, mut doc: Document<'_>) -> StageError {
    let before = document::json(&doc);
    let error = stage(name).process(&mut doc).expect_err("the stage fails");
    assert_eq!(document::json(&doc), before, "nothing is left of a call that failed");
    error
}

#[track_caller]
fn check_failure(name: &str, doc: Document<'_>, code: &str, message: &str) {
    let error = failure(name, doc);
    assert_eq!((error.code(), error.to_string().as_str()), (code, message));
}

/// Behind the boundary a stage does what it does before it.
#[track_caller]
fn check_same<C: Component>(mut doc: Document<'_>) -> Value {
    let mut native = doc.clone();
    C::build(serde_json::from_str("{}").unwrap()).unwrap().process(&mut native).unwrap();
    stage(C::NAME).process(&mut doc).unwrap();
    assert_eq!(doc.validate(), Ok(()));
    assert_eq!(document::json(&doc), document::json(&native));
    serde_json::from_str(&document::json(&doc)).unwrap()
}

#[test]
fn what_a_plugin_says_of_itself() {
    let plugin = plugin();
    assert_eq!((plugin.name.as_str(), plugin.version.as_str()), ("misbehave", "9.8.7"));
    let kind = plugin.kinds.iter().find(|kind| kind.name == "relink").unwrap();
    assert_eq!(kind.summary, "Misbehaves");
    assert_eq!(kind.reads, [Layer::Entities, Layer::Chains]);
    assert_eq!(kind.writes, [Layer::Entities]);
    assert_eq!(kind.plugin.as_deref(), Some("misbehave 9.8.7"));
    assert_eq!(kind.options["properties"]["refuse"]["description"], "Whether the stage refuses to be built.");
}

#[test]
fn all_layers_are_read_where_they_lie() {
    let mut doc = full();
    let (json, addresses) = (document::json(&doc), misbehave::addresses(&doc));
    // The host reads what it has lent, so that a copy would have another address.
    let seen = check_same_content(&mut doc);
    assert_eq!(seen, serde_json::from_str::<Value>(&json).unwrap());
    let found: Vec<usize> = serde_json::from_str(doc.open_layer("addresses").next().unwrap().1).unwrap();
    assert_eq!(found, addresses);
}

fn check_same_content(doc: &mut Document<'_>) -> Value {
    stage("look").process(doc).unwrap();
    serde_json::from_str(doc.open_layer("seen").next().unwrap().1).unwrap()
}

#[test]
fn absent_layers_are_absent_and_empty_ones_empty() {
    let mut doc = bare();
    let seen = check_same_content(&mut doc);
    assert_eq!(seen, json!({"id": "d-2", "text": "Zoë Aster said “stop”."}));
    let mut doc = bare();
    for layer in [Layer::Tokens, Layer::Entities, Layer::Quotes, Layer::open("headline")] {
        doc.ensure(&layer);
    }
    let expected: Value = serde_json::from_str(&document::json(&doc)).unwrap();
    assert_eq!(check_same_content(&mut doc), expected);
}

#[test]
fn records_and_open_items_are_added() {
    let after = check_same::<misbehave::Doubles>(full());
    assert_eq!(after["entities"].as_array().unwrap().len(), 6);
    assert_eq!(after["entities"][3]["chain"], 2, "an index of a chain that the same call adds");
    assert_eq!(after["layers"]["é"][3]["value"], json!([1.5, "x"]));
    check_same::<misbehave::Doubles>(bare());
}

#[test]
fn whole_columns_are_added() {
    let after = check_same::<misbehave::Tokenizes>(bare());
    assert_eq!(after["tokens"][1]["lemma"], "ASTER");
    check_same::<misbehave::Tokenizes>(Document::new("empty", ""));
}

#[test]
fn an_option_that_is_refused_is_named() {
    let error = kind("double").build(&json!({"refuse": true})).err().unwrap();
    assert_eq!(format!("{error:?}"), r#"Option { key: Some("refuse"), message: "it was told to refuse" }"#);
    let error = kind("double").build(&json!({"refuze": true})).err().unwrap();
    assert_eq!(error.to_string(), "unknown field `refuze`, expected `refuse`");
}

#[test]
fn errors_fail_the_document() {
    check_failure("fail", full(), "failed", "this text is not to my taste");
    check_failure("fatal", full(), "fatal", "the stage cannot go on: the disk is full");
    check_failure("nonsense", full(), "failed", "the plugin does not say why");
    check_failure("half", full(), "failed", "the plugin does not say why");
}

#[test]
fn a_panic_fails_the_document_and_says_where() {
    let error = failure("panic", full());
    assert_eq!(error.code(), "panic");
    let message = error.to_string();
    let expected = "the stage panicked, which is a bug in it: no word of 66 bytes, at ";
    assert!(message.starts_with(expected) && message.contains("lib.rs:"), "{message}");
}

#[test]
fn refusals_fail_the_document() {
    check_failure(
        "undeclared",
        full(),
        "failed",
        "`annotate` was refused (UNDECLARED): the layer `secret` does not stand in the manifest's `writes`",
    );
    check_failure(
        "bad-span",
        bare(),
        "failed",
        "`annotate` was refused (SPAN): layer `misbehave`: 0..28 is not a stretch of the text on character boundaries",
    );
    check_failure(
        "ignore",
        bare(),
        "failed",
        "the plugin went on although `annotate` was refused (SPAN): layer `misbehave`: 1..0 is not a stretch of the text on character boundaries",
    );
    check_failure("deep", bare(), "failed", "`annotate` was refused (JSON): nested deeper than 64");
    check_failure(
        "not-utf8",
        bare(),
        "failed",
        "\"\u{FFFD}\" (`annotate` was refused (UTF8): the value is not UTF-8)",
    );
    check_failure(
        "retokenize",
        full(),
        "failed",
        "`put` was refused (STATE): the layer `tokens` is there already, and is written only once",
    );
}

#[test]
fn what_others_have_added_cannot_be_changed() {
    check_failure(
        "relink",
        full(),
        "failed",
        "a plugin cannot change or remove what other stages have added",
    );
}

#[test]
fn what_is_not_sound_as_a_whole_fails_the_document() {
    check_failure(
        "dangling",
        bare(),
        "failed",
        "layer `entities`: the index 4000 of the layer `chains` points at nothing",
    );
    check_failure(
        "circle",
        bare(),
        "failed",
        "layer `dependencies`, item 0: following the heads from this token never ends at a root",
    );
}

#[test]
#[cfg_attr(miri, ignore = "16 MiB of JSON take Miri minutes")]
fn a_flood_is_stopped() {
    check_failure(
        "flood",
        bare(),
        "failed",
        "`annotate` was refused (LIMIT): more than 16777216 bytes of JSON for one document",
    );
}

#[test]
#[cfg_attr(miri, ignore = "needs a clock")]
fn a_slow_stage_is_told_to_stop() {
    let mut doc = bare();
    doc.set_cancel(Cancel::at(Instant::now() + Duration::from_millis(20)));
    let error = stage("slow").process(&mut doc).unwrap_err();
    assert!(matches!(error, StageError::Cancelled), "{error:?}");
}

#[test]
fn workers_may_be_left_out() {
    stage("no-worker").process(&mut bare()).unwrap();
}

#[test]
fn many_threads_share_an_instance() {
    let (threads, documents) = if cfg!(miri) { (2, 2) } else { (8, 200) };
    let stage = stage("double");
    let mut expected = full();
    stage.process(&mut expected).unwrap();
    let expected = document::json(&expected);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..documents {
                    let mut doc = full();
                    stage.process(&mut doc).unwrap();
                    assert_eq!(document::json(&doc), expected);
                }
            });
        }
    });
}

#[test]
fn a_serial_kind_runs_on_one_thread_at_a_time() {
    let kind = kind("serial");
    let threads = if cfg!(miri) { 2 } else { 8 };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let stage = kind.build(&json!({})).unwrap();
                (0..5).for_each(|_| stage.process(&mut bare()).unwrap());
            });
        }
    });
}

#[test]
fn a_pipeline_goes_on_after_a_panic() {
    let (panics, doubles) = (kind("panic"), kind("double"));
    let mut pipeline = Pipeline::new();
    pipeline.push(panics, panics.build(&json!({})).unwrap());
    let error = pipeline.process(&mut full()).unwrap_err();
    assert_eq!(error.stage, "panic");
    let mut pipeline = Pipeline::new();
    pipeline.push(doubles, doubles.build(&json!({})).unwrap());
    pipeline.process(&mut full()).unwrap();
}
