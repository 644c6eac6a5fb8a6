//! One document through all stages, with panics caught and kept quiet.

use std::time::{Duration, Instant};

use demarche_core::{Document, Pipeline, StageError, quietly};

/// Where a document is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// It comes to the stage at this place, from 0.
    Entered(usize),
    /// It has left that stage, well or not, after so long.
    Left(usize, Duration),
}

/// Why a document did not come through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// It failed; others may not.
    Failed {
        /// The stage.
        stage: String,
        /// What happened, for machines.
        code: String,
        /// What happened, for people.
        message: String,
    },
    /// A stage cannot go on with any document.
    Fatal {
        /// The stage.
        stage: String,
        /// Why.
        message: String,
    },
}

impl Stopped {
    /// Why, for machines.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Failed { code, .. } => code,
            Self::Fatal { .. } => "fatal",
        }
    }
}

/// Runs all stages over a document, until it says that its time is up.
pub(crate) fn process(
    pipeline: &Pipeline,
    doc: &mut Document<'_>,
    observe: &mut dyn FnMut(Event),
) -> Result<(), Stopped> {
    let mut start = Instant::now();
    for step in 0..pipeline.stages().len() {
        observe(Event::Entered(step));
        let (done, panicked_at) = quietly(|| pipeline.process_step(step, doc));
        let now = Instant::now();
        observe(Event::Left(step, now - start));
        start = now;
        let Err(error) = done else { continue };
        let stage = error.stage;
        return Err(match error.source {
            StageError::Fatal { message } => Stopped::Fatal { stage, message },
            source => {
                let mut message = source.to_string();
                if let (StageError::Panicked { .. }, Some(place)) = (&source, panicked_at) {
                    message = format!("{message} ({place})");
                }
                Stopped::Failed { stage, code: source.code().to_owned(), message }
            }
        });
    }
    Ok(())
}
