use std::sync::Arc;
use std::time::Duration;

use crate::isolate::WorkerProgram;
use crate::{InHand, Isolation, Report, RunSettings, Stop, Trace};

/// How a run is done. Nothing of it changes a result, a time limit that is met apart.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Number of threads; 0 for as many as there are cores.
    pub threads: usize,
    /// Time for one document; it fails when that is up.
    pub document_time: Duration,
    /// Documents in memory at once, for each thread.
    pub documents_per_thread: usize,
    /// Where documents are processed.
    pub isolate: Isolation,
    /// Memory of a worker process, in bytes, where documents are processed in such.
    pub max_memory: u64,
    /// How a worker process is started, where documents are processed in such.
    pub worker: Option<WorkerProgram>,
    /// Where it is kept which records are in hand, and those that were in a run before.
    pub in_hand: Option<Arc<InHand>>,
    /// Where it is written down what is done when; nowhere, and at no cost, unless it is set.
    pub trace: Option<Arc<Trace>>,
    /// Ends the run early when it is asked to.
    pub stop: Stop,
    /// The accounts of what was done before, in a run that goes on after an interruption.
    pub before: Report,
}

impl From<&RunSettings> for RunOptions {
    fn from(settings: &RunSettings) -> Self {
        Self {
            threads: settings.threads.unwrap_or(0),
            document_time: Duration::from_secs_f64(settings.document_seconds),
            documents_per_thread: settings.documents_per_thread,
            isolate: settings.isolate,
            max_memory: settings.max_memory,
            worker: None,
            in_hand: None,
            trace: None,
            stop: Stop::default(),
            before: Report::default(),
        }
    }
}

impl Default for RunOptions {
    fn default() -> Self {
        Self::from(&RunSettings::default())
    }
}
