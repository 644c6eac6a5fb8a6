//! What a run does when: events for a viewer such as `chrome://tracing` or Perfetto, in Chrome's Trace Event Format.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};
use std::time::Instant;

use demarche_core::Document;
use demarche_corpus::{Output, OutputError, Place, Target};
use serde::Serialize;
use serde_json::json;

use crate::steps::Event;

/// A file of what each thread of a run does: an event for each stage of each document, and for reading and writing it. The
/// events go to the file as they come.
#[derive(Debug)]
pub struct Trace {
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` once it is finished.
    output: Option<Output>,
    /// Tracks that have a name.
    named: BTreeSet<usize>,
    /// Why it could not be written to; nothing was since.
    error: Option<OutputError>,
}

/// A row of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Track {
    Reader,
    Writer,
    /// The thread that processes documents that this is said on.
    Worker,
}

/// What is told of a document.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct About<'a> {
    /// Where its record stands, as `file:record`.
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Its tokens, as soon as it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<usize>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    /// Why it failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<&'a str>,
}

/// When a document was in which stage.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// The stage that it has not left.
    open: Option<(usize, Instant)>,
    left: Vec<(usize, Instant, Instant)>,
}

impl Trace {
    /// Begins a file. It has its name when it is [finished](Self::finish); what there is of it before can be viewed too.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn create(target: &Target) -> Result<Self, OutputError> {
        let mut output = Output::create(target)?;
        // Each event after it begins with a comma.
        let process = json!({"name": "process_name", "ph": "M", "pid": 1, "args": {"name": "demarche run"}});
        output.write(format!("[\n{process}").as_bytes())?;
        let state = State { output: Some(output), named: BTreeSet::new(), error: None };
        Ok(Self { begun: Instant::now(), state: Mutex::new(state) })
    }

    /// Completes the file. What a thread does afterwards is not in it.
    ///
    /// # Errors
    /// If it could not be written to, or cannot be completed.
    pub fn finish(&self) -> Result<(), OutputError> {
        let mut state = self.state();
        let output = state.output.take();
        match (state.error.take(), output) {
            (Some(error), _) => Err(error),
            (None, Some(mut output)) => {
                output.write(b"\n]\n")?;
                output.finish()
            }
            (None, None) => Ok(()),
        }
    }

    /// Adds that something was done for a document until now.
    pub(crate) fn add(&self, track: Track, name: &str, begun: Instant, about: &About<'_>) {
        self.write(track, &self.event(track, name, (begun, Instant::now()), about));
    }

    /// Adds that a document went through the stages of these names until now, and when through which.
    pub(crate) fn add_stages<'s>(
        &self,
        stages: impl Iterator<Item = &'s str>,
        begun: Instant,
        steps: &Steps,
        about: &About<'_>,
    ) {
        let ended = Instant::now();
        let open = steps.open.map(|(step, entered)| (step, entered, ended));
        let names: Vec<_> = stages.collect();
        let mut events = self.event(Track::Worker, "document", (begun, ended), about);
        for &(step, entered, left) in steps.left.iter().chain(&open) {
            events += &self.event(Track::Worker, names[step], (entered, left), about);
        }
        self.write(Track::Worker, &events);
    }

    fn event(
        &self,
        track: Track,
        name: &str,
        (begun, ended): (Instant, Instant),
        about: &About<'_>,
    ) -> String {
        // With three digits after the point.
        let microseconds =
            |since: Instant, until: Instant| ((until - since).as_secs_f64() * 1e9).round() / 1e3;
        let event = json!({
            "name": name,
            "ph": "X",
            "ts": microseconds(self.begun, begun),
            "dur": microseconds(begun, ended),
            "pid": 1,
            "tid": track.number(),
            "args": about,
        });
        format!(",\n{event}")
    }

    fn write(&self, track: Track, events: &str) {
        let mut state = self.state();
        let State { output: Some(output), named, error: None } = &mut *state else { return };
        let number = track.number();
        let mut name = String::new();
        if named.insert(number) {
            let args = json!({"name": track.name()});
            let event = json!({"name": "thread_name", "ph": "M", "pid": 1, "tid": number, "args": args});
            name = format!(",\n{event}");
        }
        // A whole event at a time, so that a compressed file can be read as far as it is.
        state.error = output.write((name + events).as_bytes()).err();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics holding the lock")
    }
}

impl Track {
    fn number(self) -> usize {
        match self {
            Self::Reader => 1,
            Self::Writer => 2,
            Self::Worker => 3 + rayon::current_thread_index().unwrap_or(0),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Reader => "reading".to_owned(),
            Self::Writer => "writing".to_owned(),
            Self::Worker => format!("worker {}", self.number() - 2),
        }
    }
}

impl<'a> About<'a> {
    /// A record; `failed` is why it failed, if it did.
    pub(crate) fn record(place: &Place, failed: Option<&'a str>) -> Self {
        Self { source: place.to_string(), failed, ..Self::default() }
    }

    /// A document; `failed` is why it failed, if it did.
    pub(crate) fn document(place: &Place, doc: &'a Document<'_>, failed: Option<&'a str>) -> Self {
        let words = Some(doc.tokens().len()).filter(|&words| words > 0);
        Self { id: Some(doc.id()), words, bytes: Some(doc.text().len()), ..Self::record(place, failed) }
    }
}

impl Steps {
    /// Takes down what happens now.
    pub(crate) fn observe(&mut self, event: Event) {
        match event {
            Event::Entered(step) => self.open = Some((step, Instant::now())),
            Event::Left(..) => {
                self.left.extend(self.open.take().map(|(step, entered)| (step, entered, Instant::now())));
            }
        }
    }
}
