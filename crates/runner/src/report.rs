use std::collections::BTreeMap;

use demarche_core::{Document, Layer};
use demarche_corpus::Place;
use serde::{Deserialize, Serialize};

/// The accounts of a run, at its end or so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Records that were read, good or not.
    #[serde(rename = "in")]
    pub n_in: u64,
    /// Documents in the output.
    #[serde(rename = "out")]
    pub n_out: u64,
    /// Records that failed.
    #[serde(rename = "failed")]
    pub n_failed: u64,
    /// The failures by their code, `n_failed` in all; those of files that cannot be read are under `io`.
    pub failures: BTreeMap<String, u64>,
    /// Tokens of the documents in the output.
    pub words: u64,
    /// Bytes of text of the documents in the output.
    pub bytes: u64,
    /// Items of each layer in the output, by the layer's name.
    pub layers: BTreeMap<String, u64>,
    /// Seconds of work, those before an interruption too.
    pub seconds: f64,
    /// Seconds in which records were read.
    pub reading: f64,
    /// Seconds in which results were rendered, over all threads, and written.
    pub writing: f64,
    /// Threads that worked.
    pub threads: usize,
    /// The stages, in order, and their part of the work.
    pub stages: Vec<StageTime>,
    /// The documents that took longest, the slowest first; those that failed too.
    pub slowest: Vec<SlowDocument>,
}

/// A document that took long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SlowDocument {
    /// Where it stands, as `file:record`.
    pub source: String,
    /// Its id, as far as it has one.
    pub id: String,
    /// Bytes of its record in the input.
    pub bytes: u64,
    /// Seconds in all stages.
    pub seconds: f64,
}

/// Documents that are named as the slowest.
const SLOWEST: usize = 5;

/// What a stage has cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StageTime {
    /// The stage.
    pub stage: String,
    /// Seconds in it, over all threads.
    pub seconds: f64,
    /// Its part of the time in all stages, from 0 to 1.
    pub share: f64,
}

impl Report {
    /// Files that could not be read, or not to their end; they count among the failures.
    pub fn unreadable_files(&self) -> u64 {
        self.failures.get("io").copied().unwrap_or(0)
    }

    /// Whether each record is in exactly one of two places: the output, or the failures.
    pub fn is_balanced(&self) -> bool {
        self.n_in == self.n_out + self.n_failed && self.n_failed == self.failures.values().sum::<u64>()
    }

    /// Counts a document in the output.
    pub(crate) fn count(&mut self, doc: &Document<'_>) {
        self.n_out += 1;
        self.words += doc.tokens().len() as u64;
        self.bytes += doc.text().len() as u64;
        let built_in = [
            (Layer::Sentences, doc.sentences().len()),
            (Layer::Entities, doc.entities().len()),
            (Layer::Chains, doc.chains().len()),
            (Layer::Quotes, doc.quotes().len()),
            (Layer::Sanctions, doc.sanctions().len()),
        ];
        for (layer, n_items) in built_in {
            if doc.has(&layer) {
                self.count_layer(layer.name(), n_items);
            }
        }
        for layer in doc.open_layers() {
            self.count_layer(layer, doc.open_layer(layer).count());
        }
    }

    fn count_layer(&mut self, name: &str, n_items: usize) {
        // A name is stored once a run, not once a document.
        match self.layers.get_mut(name) {
            Some(n) => *n += n_items as u64,
            None => drop(self.layers.insert(name.to_owned(), n_items as u64)),
        }
    }

    /// Keeps a document in mind if it is one of the slowest.
    pub(crate) fn time(&mut self, place: &Place, id: &str, seconds: f64) {
        if self.slowest.len() == SLOWEST && self.slowest.last().is_some_and(|last| seconds <= last.seconds) {
            return;
        }
        let at = self.slowest.partition_point(|slow| slow.seconds >= seconds);
        let (source, id) = (place.to_string(), id.to_owned());
        self.slowest.insert(at, SlowDocument { source, id, bytes: place.length, seconds });
        self.slowest.truncate(SLOWEST);
    }
}
