//! The conformance kit: passes who does what they should, and names what others do wrong.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

#[path = "support/library.rs"]
mod library;

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use demarche_plugin::PluginSpec;
use demarche_plugin::kit::{self, Check, Outcome, Plan, Step};
use demarche_plugin::serde_json::{Value, json};

/// All the checks of one stage of a library.
fn checks(path: PathBuf, stage: &str, options: Option<Value>) -> Vec<Check> {
    // What a process holds can be watched by one at a time only.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let spec = PluginSpec { path, allow_writable: true, ..PluginSpec::default() };
    let mut checks = Vec::new();
    let plan = Plan { stage: Some(stage.to_owned()), options };
    kit::check(&spec, &plan, &mut |step| {
        if let Step::Ends(check) = step {
            checks.push(check);
        }
    });
    checks
}

fn misbehave() -> PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| library::example("demarche-plugin", "misbehave")).clone()
}

/// The first check that fails, with what is said about it.
#[track_caller]
fn check_fails(stage: &str, check: &str, detail: &str, advice: &str) {
    let checks = checks(misbehave(), stage, None);
    let failed = checks.iter().find(|check| check.outcome == Outcome::Failed).expect("a check fails");
    assert_eq!((failed.stage.as_deref(), failed.check.as_str()), (Some(stage), check), "{failed:?}");
    assert!(failed.detail.contains(detail), "{failed:?}");
    assert!(failed.advice.as_ref().unwrap().contains(advice), "{failed:?}");
}

#[test]
fn the_example_passes() {
    let checks = checks(library::package("headline"), "headline", Some(json!({"max_words": 5})));
    let failed: Vec<_> = checks.iter().filter(|check| check.outcome == Outcome::Failed).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let names: Vec<_> = checks.iter().map(|check| check.check.as_str()).collect();
    let expected = [
        "load",
        "load again",
        "manifest",
        "options",
        "strange texts",
        "long texts",
        "refusals",
        "same results",
        "threads",
        "time is up",
        "leaks",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_stage_that_adds_to_all_layers_passes() {
    let checks = checks(misbehave(), "double", None);
    let failed: Vec<_> = checks.iter().filter(|check| check.outcome == Outcome::Failed).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn a_panic_is_named() {
    check_fails(
        "panic",
        "strange texts",
        "an article, with no layers: the stage panicked",
        "no text may make it panic",
    );
}

#[test]
fn wrong_spans_are_named() {
    check_fails(
        "bad-span",
        "strange texts",
        "`annotate` was refused (SPAN)",
        "spans are bytes into the text",
    );
}

#[test]
fn a_refusal_that_is_passed_over_is_named() {
    check_fails(
        "careless",
        "refusals",
        "it passes over the refusal of its call 1, and says that all is well",
        "look at what `annotate`",
    );
}

#[test]
fn an_error_about_a_text_is_named() {
    check_fails("fail", "strange texts", "this text is not to my taste", "strange text is no error");
}

#[test]
fn memory_of_earlier_documents_is_named() {
    check_fails(
        "remember",
        "same results",
        "an article: another result when the documents come backwards",
        "not on what",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn lost_memory_is_named() {
    check_fails("hoard", "leaks", "KiB of memory behind, every time", "`destroy` ends and frees");
}

#[test]
fn a_stage_without_anything_to_write_is_named() {
    check_fails("fatal", "manifest", "it writes no layer", "`writes`");
}

#[test]
fn what_is_not_there_is_said() {
    let checks = checks(misbehave(), "nothing", None);
    assert!(
        checks
            .iter()
            .any(|check| check.detail.starts_with("there is no stage `nothing`; there are: panic, "))
    );
    let checks = self::checks("nowhere/libnothing.so".into(), "nothing", None);
    assert_eq!(checks.len(), 1);
    assert!(checks[0].detail.starts_with("cannot open the plugin"), "{checks:?}");
}
