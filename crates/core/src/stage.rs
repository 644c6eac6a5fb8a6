use crate::Document;

/// A step of a pipeline: reads layers of a document and adds layers.
///
/// Built once, immutable, shared by every worker thread; memory that it needs while it works is its own
/// business. What it may depend on: the text, the layers it declares to read, its options. Nothing else.
pub trait Stage: Send + Sync {
    /// Adds this stage's layers to the document.
    ///
    /// Strange *text* is no error: a stage returns what it could find.
    ///
    /// # Errors
    /// What stops this stage from doing its work on this document; the run goes on with the next one.
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError>;
}

/// Why a stage could not process a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// The document's time was up.
    #[error("the time limit for one document is up")]
    Cancelled,
    /// This document could not be processed; others may.
    #[error("{message}")]
    Failed {
        /// What is wrong with it.
        message: String,
    },
    /// The stage cannot go on at all: the run ends.
    #[error("the stage cannot go on: {message}")]
    Fatal {
        /// Why.
        message: String,
    },
    /// The stage panicked, which is a bug of the stage.
    #[error("the stage panicked, which is a bug in it: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
}

impl StageError {
    /// A short name for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "time",
            Self::Failed { .. } => "failed",
            Self::Fatal { .. } => "fatal",
            Self::Panicked { .. } => "panic",
        }
    }
}
