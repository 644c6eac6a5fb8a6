use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Document, Layer, Registry, Stage, StageError, StageKind, panic_message};

/// Stages in the order in which they run, checked to fit together.
#[derive(Default)]
pub struct Pipeline {
    steps: Vec<Step>,
}

struct Step {
    name: String,
    writes: Vec<Layer>,
    stage: Box<dyn Stage>,
}

/// A stage that does not fit where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// A layer that the stage reads is not there yet.
    #[error("stage `{stage}` reads the layer `{layer}`, which no stage before it writes")]
    Missing {
        /// Its place in the pipeline, from 0.
        step: usize,
        /// The stage.
        stage: String,
        /// The layer.
        layer: Layer,
        /// The stages that write it.
        providers: Vec<String>,
    },
    /// A layer that is written once is there already.
    #[error("stage `{stage}` writes the layer `{layer}`, which `{earlier}` has written already")]
    Twice {
        /// Its place in the pipeline, from 0.
        step: usize,
        /// The stage.
        stage: String,
        /// The layer.
        layer: Layer,
        /// The stage before it.
        earlier: String,
    },
}

impl OrderError {
    /// Place of the stage in the pipeline, from 0.
    pub const fn step(&self) -> usize {
        match self {
            Self::Missing { step, .. } | Self::Twice { step, .. } => *step,
        }
    }
}

/// Checks that each stage finds the layers it reads, and that no layer is written over.
///
/// `registry` knows which stages would provide a layer that is missing. All errors, in the order of the stages.
#[must_use]
pub fn check_order(kinds: &[&StageKind], registry: &Registry) -> Vec<OrderError> {
    let mut errors = Vec::new();
    for (step, kind) in kinds.iter().enumerate() {
        let writer = |layer: &Layer| kinds[..step].iter().find(|earlier| earlier.writes.contains(layer));
        for layer in kind.reads.iter().filter(|layer| writer(layer).is_none()) {
            errors.push(OrderError::Missing {
                step,
                stage: kind.name.clone(),
                layer: layer.clone(),
                providers: registry.providers(layer).map(|provider| provider.name.clone()).collect(),
            });
        }
        for layer in kind.writes.iter().filter(|layer| !layer.is_appendable()) {
            if let Some(earlier) = writer(layer) {
                errors.push(OrderError::Twice {
                    step,
                    stage: kind.name.clone(),
                    layer: layer.clone(),
                    earlier: earlier.name.clone(),
                });
            }
        }
    }
    errors
}

/// Why a document could not be processed.
#[derive(Debug, thiserror::Error)]
#[error("stage `{stage}`: {source}")]
pub struct PipelineError {
    /// The stage that failed.
    pub stage: String,
    /// What it said.
    pub source: StageError,
}

impl Pipeline {
    /// A pipeline without stages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a built stage of a kind at the end. [`check_order`] says beforehand whether it fits there.
    pub fn push(&mut self, kind: &StageKind, stage: Box<dyn Stage>) {
        self.steps.push(Step { name: kind.name.clone(), writes: kind.writes.clone(), stage });
    }

    /// Names of the stages, in order.
    pub fn stages(&self) -> impl ExactSizeIterator<Item = &str> {
        self.steps.iter().map(|step| step.name.as_str())
    }

    /// Runs every stage over the document.
    ///
    /// # Errors
    /// The stage that failed and why. A panic is caught and is that stage's error; the document, which may be
    /// half done, should then be thrown away.
    pub fn process(&self, doc: &mut Document<'_>) -> Result<(), PipelineError> {
        for step in &self.steps {
            step.run(doc).map_err(|source| PipelineError { stage: step.name.clone(), source })?;
        }
        Ok(())
    }

    /// Runs one stage, by its place from 0; what comes before it must have run.
    ///
    /// # Errors
    /// As [`process`](Self::process).
    ///
    /// # Panics
    /// If there is no such stage.
    pub fn process_step(&self, step: usize, doc: &mut Document<'_>) -> Result<(), PipelineError> {
        let step = &self.steps[step];
        step.run(doc).map_err(|source| PipelineError { stage: step.name.clone(), source })
    }
}

impl Step {
    fn run(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        if doc.cancelled() {
            return Err(StageError::Cancelled);
        }
        // The document is thrown away after a panic, so that nobody sees it half written.
        catch_unwind(AssertUnwindSafe(|| self.stage.process(doc))).unwrap_or_else(|panic| {
            let message = panic_message(panic.as_ref()).unwrap_or("no message").to_owned();
            Err(StageError::Panicked { message })
        })?;
        for layer in &self.writes {
            doc.ensure(layer);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.stages()).finish()
    }
}
