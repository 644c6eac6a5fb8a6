//! The checks of one stage.

use std::time::{Duration, Instant};

use demarche_core::{Cancel, Document, Offsets, Stage, StageError, StageKind, format};
use serde_json::{Value, json};

use super::process::{Held, held};
use super::texts::{self, ARTICLE, Layers};
use super::{Fault, Found, Report, fault};
use crate::Traits;
use crate::host::{PANICKED, WENT_ON, faults};

/// Threads that call the plugin at once.
pub(super) const THREADS: u32 = 8;
/// Calls that are refused, one in each round.
const MOST_REFUSALS: usize = 200;
/// Time that a stage may go on after it could know that the time is up. Generous: a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(2);
/// Time for a mebibyte of text: a news article has a few thousand bytes.
const LONG_TIME: Duration = Duration::from_secs(20);
/// Instances that are made and ended while memory is watched, unless the time for it is up before.
const INSTANCES: usize = 10_000;
const INSTANCES_TIME: Duration = Duration::from_secs(1);
/// KiB that memory may grow by through no fault of the plugin, and bytes an instance that no allocator rounds away.
const GROWTH: usize = 256;
const LOST: usize = 24;
/// How often memory must grow before it is called lost.
const ROUNDS: usize = 6;

const SAME: &str = "results may depend on text, layers and options only: not on what was processed before, the order of a hash \
                    table, the time or chance (otherwise say `\"deterministic\": false`)";
const ANY_TEXT: &str = "strange text is no error: return what could be found, be it nothing";

/// A stage, and what it is built with.
pub(super) struct Subject<'s> {
    pub(super) kind: &'s StageKind,
    pub(super) traits: &'s Traits,
    /// The same stage of the library as it was loaded the second time.
    pub(super) again: Option<&'s StageKind>,
    pub(super) options: &'s Value,
}

/// Makes all checks; without an instance there is nothing more to see.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let name = Some(subject.kind.name.as_str());
    report.check(name, "manifest", || manifest(subject));
    let mut stage = None;
    let built = report.check(name, "options", || {
        stage = Some(subject.build()?);
        options(subject)
    });
    let Some(stage) = stage.filter(|_| built) else { return };
    let stage = stage.as_ref();
    report.check(name, "strange texts", || strange_texts(subject, stage));
    report.check(name, "long texts", || long_texts(subject, stage));
    report.check(name, "refusals", || refusals(subject, stage));
    report.check(name, "same results", || same_results(subject, stage));
    report.check(name, "threads", || threads(subject, stage));
    report.check(name, "time is up", || time_is_up(subject, stage));
    report.check(name, "leaks", || leaks(subject));
}

impl Subject<'_> {
    fn build(&self) -> Result<Box<dyn Stage>, Fault> {
        self.kind.build(self.options).or_else(|error| {
            fault(
                format!("it cannot be built with the options {}: {error}", self.options),
                "give options that it can be built with: `--options 'KEY = VALUE'`",
            )
        })
    }

    fn document<'a>(&self, text: &'a str, layers: Layers) -> Document<'a> {
        texts::document(text, layers, &self.kind.reads, &self.kind.writes)
    }

    /// The result for a text as JSON, or the error, which must be the same every time too.
    fn result(&self, stage: &dyn Stage, text: &str, layers: Layers) -> String {
        let mut doc = self.document(text, layers);
        match stage.process(&mut doc) {
            Ok(()) => String::from_utf8_lossy(&format::to_vec(&doc, Offsets::Byte)).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// The results for all short texts, in their order or backwards.
    fn results(&self, stage: &dyn Stage, texts: &[texts::Named], backwards: bool) -> Vec<String> {
        let result = |(_, text): &texts::Named| self.result(stage, text, Layers::All);
        if backwards {
            let mut results: Vec<String> = texts.iter().rev().map(result).collect();
            results.reverse();
            return results;
        }
        texts.iter().map(result).collect()
    }
}

fn manifest(subject: &Subject<'_>) -> Found {
    let StageKind { summary, reads, writes, options, .. } = subject.kind;
    if summary.trim().is_empty() {
        return fault("it has no summary", "say in one line what the stage adds: `demarche stages` shows it");
    }
    if writes.is_empty() {
        return fault("it writes no layer", "name what it adds in `writes`: the host refuses all else");
    }
    let required = |key: &str| {
        options["required"].as_array().is_some_and(|required| required.iter().any(|name| name == key))
    };
    let properties = options["properties"].as_object();
    for (key, option) in properties.into_iter().flatten() {
        if option["description"].as_str().is_none_or(str::is_empty) {
            return fault(
                format!("the option `{key}` is not described"),
                "give it a `description` (in Rust, a doc comment): users see nothing else of it",
            );
        }
        if option.get("default").is_none() && !required(key) {
            return fault(
                format!("the option `{key}` has no default and is not required"),
                "state its `default` in the schema (in Rust, `#[serde(default)]`)",
            );
        }
    }
    if !subject.traits.frees_workers {
        return fault("it has `worker_new` without `worker_free`", "free what is made for each thread");
    }
    let layers = |layers: &[demarche_core::Layer]| {
        let names: Vec<_> = layers.iter().map(demarche_core::Layer::name).collect();
        if names.is_empty() { "the text".to_owned() } else { names.join(", ") }
    };
    let n = properties.map_or(0, serde_json::Map::len);
    Ok(Some(format!("reads {}; writes {}; options: {n}", layers(reads), layers(writes))))
}

/// Values of each type for each option: refused or not, but answered.
fn options(subject: &Subject<'_>) -> Found {
    let wrong =
        [json!(null), json!(true), json!(-1), json!(1e300), json!("\u{0}"), json!([[]]), json!({"a": 1})];
    let keys = subject.kind.options["properties"].as_object().into_iter().flat_map(|options| options.keys());
    let mut tried = 0;
    for key in keys.map(String::as_str).chain(["no_such_option"]) {
        for value in &wrong {
            tried += 1;
            let mut options = subject.options.clone();
            options[key] = value.clone();
            let error = subject.kind.build(&options).err().map(|error| error.to_string());
            if let Some(error) = error.filter(|error| error.starts_with(PANICKED)) {
                return fault(
                    format!("with the options {options}, {error}"),
                    "answer a value that cannot be with an error that says what to write",
                );
            }
        }
    }
    Ok(Some(format!("built with {}; {tried} wrong ones answered", subject.options)))
}

/// What is wrong with how a stage ended, if something is.
fn wrong(
    ended: Result<(), StageError>,
    doc: &Document<'_>,
    layers: Layers,
) -> Option<(String, &'static str)> {
    match ended {
        Ok(()) => doc.validate().err().map(|error| (error.to_string(), "write layers that are sound")),
        Err(error @ StageError::Panicked { .. }) => Some((error.to_string(), "no text may make it panic")),
        // Without what it says it reads, it may decline.
        Err(StageError::Failed { message }) if layers == Layers::None && !message.contains("refused") => None,
        Err(StageError::Failed { message }) => {
            let advice = advice(&message);
            Some((message, advice))
        }
        Err(error) => Some((error.to_string(), ANY_TEXT)),
    }
}

/// What to do about a failure, by the host's answer that is named in it.
fn advice(message: &str) -> &'static str {
    let advices = [
        ("(SPAN)", "spans are bytes into the text, end exclusive, both on the boundary of a character"),
        ("(UTF8)", "all text that crosses the boundary is UTF-8"),
        ("(JSON)", "values are JSON: escape quotation marks and control characters in strings"),
        ("(UNDECLARED)", "name the layer in the manifest's `writes`"),
        ("(STATE)", "tokens, sentences and what runs along them are written once"),
        ("(LIMIT)", "write less for one document: the limits stand in `demarche_plugin.h`"),
        ("(TYPE)", "a column has items of its own size, and one for each token"),
    ];
    advices.into_iter().find(|(answer, _)| message.contains(answer)).map_or(ANY_TEXT, |(_, advice)| advice)
}

fn strange_texts(subject: &Subject<'_>, stage: &dyn Stage) -> Found {
    let texts = texts::short();
    let mut faults = Vec::new();
    for (name, text) in &texts {
        for layers in Layers::EVERY {
            let mut doc = subject.document(text, layers);
            let ended = stage.process(&mut doc);
            if let Some((why, advice)) = wrong(ended, &doc, layers) {
                faults.push(Fault { why: format!("{name}, with {}: {why}", layers.name()), advice });
            }
        }
    }
    first(&faults, texts.len() * Layers::EVERY.len())
}

/// The faults as one; more than the first say little that is new.
fn first(faults: &[Fault], tried: usize) -> Found {
    let n = faults.len();
    let Some(advice) = faults.first().map(|fault| fault.advice) else {
        return Ok(Some(format!("{tried} documents")));
    };
    fault(format!("{n} of {tried} documents; the first is {}", faults[0].why), advice)
}

fn long_texts(subject: &Subject<'_>, stage: &dyn Stage) -> Found {
    let mut slowest = Duration::ZERO;
    let texts = texts::long();
    for (name, text) in &texts {
        let mut doc = subject.document(text, Layers::All);
        let start = Instant::now();
        let ended = stage.process(&mut doc);
        let time = start.elapsed();
        if let Some((why, advice)) = wrong(ended, &doc, Layers::All) {
            return fault(format!("{name}: {why}"), advice);
        }
        if time > LONG_TIME {
            return fault(
                format!("{name} took {:.1} s", time.as_secs_f64()),
                "let the work grow with the length of the text, not with its square; ask `cancelled` now and then",
            );
        }
        slowest = slowest.max(time);
    }
    Ok(Some(format!("{} texts of a mebibyte, the slowest in {:.2} s", texts.len(), slowest.as_secs_f64())))
}

/// Has each writing call refused, one in each round.
fn refusals(subject: &Subject<'_>, stage: &dyn Stage) -> Found {
    for nth in 0..MOST_REFUSALS {
        let mut doc = subject.document(ARTICLE, Layers::All);
        let (ended, was_refused) = faults::refusing(nth, || stage.process(&mut doc));
        if !was_refused {
            return Ok(Some(match nth {
                0 => "it writes nothing about an article, so that nothing can be refused".to_owned(),
                _ => format!("{nth} calls refused, each was passed on"),
            }));
        }
        match ended {
            Err(StageError::Panicked { message }) => {
                return fault(
                    format!("it panics when its call {} is refused: {message}", nth + 1),
                    "return a number that is not 0 when the host refuses something",
                );
            }
            Err(StageError::Failed { message }) if message.starts_with(WENT_ON) => {
                return fault(
                    format!("it passes over the refusal of its call {}, and says that all is well", nth + 1),
                    "look at what `annotate`, `record`, `put` and `intern` answer, and return a number that is not 0",
                );
            }
            _ => {}
        }
    }
    Ok(Some(format!("{MOST_REFUSALS} calls refused, each was passed on")))
}

fn same_results(subject: &Subject<'_>, stage: &dyn Stage) -> Found {
    if !subject.traits.deterministic {
        return Ok(Some("not compared: its manifest says `\"deterministic\": false`".to_owned()));
    }
    let texts = texts::short();
    let expected = subject.results(stage, &texts, false);
    let differs = |results: &[String]| -> Option<&'static str> {
        let at = results.iter().zip(&expected).position(|(result, expected)| result != expected)?;
        Some(texts[at].0)
    };
    if let Some(name) = differs(&subject.results(stage, &texts, true)) {
        return fault(format!("{name}: another result when the documents come backwards"), SAME);
    }
    let fresh = subject.build()?;
    if let Some(name) = differs(&subject.results(fresh.as_ref(), &texts, false)) {
        return fault(format!("{name}: another result from a new instance"), SAME);
    }
    let again = subject.again.and_then(|kind| kind.build(subject.options).ok());
    if let Some(again) = &again
        && let Some(name) = differs(&subject.results(again.as_ref(), &texts, false))
    {
        return fault(format!("{name}: another result from the library as it was loaded again"), SAME);
    }
    Ok(Some(format!("{} texts, forwards, backwards, in a new instance, loaded again", texts.len())))
}

fn threads(subject: &Subject<'_>, stage: &dyn Stage) -> Found {
    let texts = texts::short();
    let expected = subject.results(stage, &texts, false);
    let differs = |turn: usize| {
        let results = subject.results(stage, &texts, turn % 2 == 1);
        results.iter().zip(&expected).position(|(a, b)| a != b)
    };
    let found = std::thread::scope(|scope| {
        let differs = &differs;
        let threads: Vec<_> = (0..THREADS as usize)
            .map(|thread| scope.spawn(move || (0..3).find_map(|round| differs(thread + round))))
            .collect();
        threads.into_iter().find_map(|thread| thread.join().ok().flatten())
    });
    match found.filter(|_| subject.traits.deterministic) {
        None => Ok(Some(format!("{THREADS} at once, with one instance"))),
        Some(at) => fault(
            format!("{}: another result when {THREADS} threads work at once", texts[at].0),
            "keep what changes in the worker, or set the flag `DEMARCHE_SERIAL`",
        ),
    }
}

/// Asks for a stop before the stage begins.
fn time_is_up(subject: &Subject<'_>, stage: &dyn Stage) -> Found {
    let text = ARTICLE.repeat((1 << 20) / ARTICLE.len());
    let mut doc = subject.document(&text, Layers::All);
    doc.set_cancel(Cancel::when(|| true));
    let start = Instant::now();
    let ended = stage.process(&mut doc);
    let time = start.elapsed();
    if let Err(error @ StageError::Panicked { .. }) = ended {
        return fault(error.to_string(), "stop with an error, or with what there is");
    }
    if time > PATIENCE {
        return fault(
            format!("it went on for {:.1} s with a mebibyte of text", time.as_secs_f64()),
            "ask `cancelled` every thousand tokens or so, and return when it says so",
        );
    }
    Ok(Some(format!("returned after {} ms", time.as_millis())))
}

/// Makes and ends instances, each with a document, and watches what the process holds.
fn leaks(subject: &Subject<'_>) -> Found {
    let original = subject.document(ARTICLE, Layers::All);
    let round = |most: usize| -> Result<usize, Fault> {
        let start = Instant::now();
        let mut made = 0;
        while made < most && start.elapsed() < INSTANCES_TIME {
            let stage = subject.build()?;
            // How it ends was seen before.
            let _ = stage.process(&mut original.clone());
            made += 1;
        }
        Ok(made)
    };
    // What is made once is no leak.
    round(INSTANCES / 10)?;
    let mut made = 0;
    let mut lost = None;
    // A leak goes on; memory that a collector or an allocator keeps for later does not.
    for _ in 0..ROUNDS {
        let Some(before) = held() else { return Ok(None) };
        made = round(INSTANCES)?;
        let Some(after) = held() else { return Ok(None) };
        lost = leaked(before, after, made);
        if lost.is_none() {
            break;
        }
    }
    if let Some(lost) = lost {
        return fault(
            format!("{made} instances leave {lost} behind, every time"),
            "`destroy` ends and frees what `create` began, `worker_free` what `worker_new` made",
        );
    }
    Ok(Some(format!("{made} instances made and ended; no file, thread or memory is left of them")))
}

/// What so many instances have left behind, if it is more than a runtime may take for itself.
fn leaked(before: Held, after: Held, made: usize) -> Option<String> {
    let many = made / 10;
    let files = after.files.saturating_sub(before.files);
    let threads = after.threads.saturating_sub(before.threads);
    let memory = after.memory.saturating_sub(before.memory);
    if files > many {
        Some(format!("{files} open files"))
    } else if threads > many {
        Some(format!("{threads} threads"))
    } else if memory > GROWTH && memory * 1024 / made.max(1) > LOST {
        Some(format!("{memory} KiB of memory"))
    } else {
        None
    }
}
