use std::collections::BTreeMap;

use serde::Serialize;

/// The accounts of a run, at its end or so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
    /// Seconds since the start.
    pub seconds: f64,
    /// Threads that worked.
    pub threads: usize,
    /// The stages, in order, and their part of the work.
    pub stages: Vec<StageTime>,
}

/// What a stage has cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
}
