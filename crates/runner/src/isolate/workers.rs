use std::sync::Mutex;
use std::time::Duration;

use demarche_core::Document;

use super::child::{Answer, At, Child, Dead};
use super::protocol::{self, Hello, PROTOCOL};
use super::{WorkerError, WorkerProgram};
use crate::steps::{Event, Stopped};
use crate::{LoadedPipeline, RunOptions};

/// The worker processes of a run.
#[derive(Debug)]
pub(crate) struct Workers<'p> {
    program: WorkerProgram,
    hello: Vec<u8>,
    stages: Vec<&'p str>,
    time: Duration,
    /// Those that wait for a document: all but as many as there are documents in hand.
    idle: Mutex<Vec<Child>>,
}

impl<'p> Workers<'p> {
    /// None is started before there is a document for it.
    pub(crate) fn new(loaded: &'p LoadedPipeline, options: &RunOptions) -> Result<Self, WorkerError> {
        let hello = Hello {
            protocol: PROTOCOL,
            fingerprint: loaded.fingerprint.clone(),
            pipeline: loaded.source.clone(),
            document_time: options.document_time,
            max_memory: options.max_memory,
        };
        Ok(Self {
            program: options.worker.clone().ok_or(WorkerError::NoProgram)?,
            hello: serde_json::to_vec(&hello).map_err(|source| WorkerError::Pipeline { source })?,
            stages: loaded.pipeline.stages().collect(),
            time: options.document_time,
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Has a document processed.
    pub(crate) fn process(
        &self,
        doc: &Document<'_>,
        observe: &mut dyn FnMut(Event),
    ) -> Result<Answer, WorkerError> {
        let request = protocol::document(doc);
        let mut is_second = false;
        loop {
            let mut child = match self.idle().pop() {
                Some(child) => child,
                None => Child::start(&self.program, &self.hello)?,
            };
            match child.process(doc, &request, self.time, self.stages.len(), observe) {
                Ok(answer) => {
                    self.idle().push(child);
                    return Ok(answer);
                }
                // It may have died of the document before, after that was done: this one is not to blame.
                Err(Dead { at: At::Start, .. }) if !is_second => is_second = true,
                Err(dead) => return Ok(Err(self.failure(dead))),
            }
        }
    }

    /// What is said of a document whose worker has died.
    fn failure(&self, Dead { at, code, message }: Dead) -> Stopped {
        let (stage, message) = match at {
            At::Stage(step) => (self.stages[step], message),
            At::Start => ("worker", format!("before the first stage: {message}")),
            At::End => ("worker", format!("after the last stage: {message}")),
        };
        Stopped::Failed { stage: stage.to_owned(), code: code.to_owned(), message }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Child>> {
        self.idle.lock().expect("nobody panics holding the lock")
    }
}
