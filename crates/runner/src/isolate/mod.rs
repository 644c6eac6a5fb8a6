//! Documents in child processes, so that a stage that crashes, hangs or takes all memory costs its document alone.
//!
//! A run with [`Isolation::Process`] starts one worker process for each thread, hands it a document, and waits for
//! it no longer than a document may take. A worker that dies is replaced; what it had in hand has failed. The
//! program that is started calls [`serve`], with the same stages as the run has: see [`WorkerProgram`].

#[cfg(unix)]
mod child;
mod in_hand;
#[cfg(unix)]
mod pipe;
#[cfg(unix)]
mod protocol;
#[cfg(unix)]
mod worker;
#[cfg_attr(not(unix), path = "elsewhere.rs")]
mod workers;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use demarche_core::Registry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use in_hand::InHand;
pub(crate) use workers::Workers;

/// Where documents are processed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// In the process of the run. A plugin that crashes ends the run.
    #[default]
    None,
    /// In child processes, one for each thread. A plugin that crashes or hangs costs its document.
    Process,
    /// In the process of the run, but for documents that were in hand when a run before was cut off, perhaps by one of
    /// them: those in child processes.
    Suspects,
}

/// How a worker process is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The program.
    pub program: PathBuf,
    /// Its arguments; with them it calls [`serve`] and nothing else.
    pub arguments: Vec<OsString>,
}

impl WorkerProgram {
    /// This program itself, started once more with other arguments. Its `main` must answer them by calling [`serve`].
    ///
    /// # Errors
    /// If this program's own file cannot be found.
    pub fn this_one(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> io::Result<Self> {
        // On Linux it is started even where the file has been replaced by a newer one meanwhile.
        let own = PathBuf::from("/proc/self/exe");
        let program = if cfg!(target_os = "linux") && own.exists() { own } else { std::env::current_exe()? };
        Ok(Self { program, arguments: arguments.into_iter().map(Into::into).collect() })
    }
}

/// Works for the run that has started this process, until that has no more documents.
///
/// To be called first thing in `main`: the standard input and output are the pipes to the run, and are taken from
/// whatever else would use them. `registry` must have the stages that the run's own has.
///
/// # Errors
/// If this process was started by no run, or the run has gone.
pub fn serve(registry: Registry) -> io::Result<()> {
    #[cfg(unix)]
    return worker::serve(registry);
    #[cfg(not(unix))]
    {
        let _ = registry;
        Err(io::Error::new(io::ErrorKind::Unsupported, WorkerError::Unsupported))
    }
}

/// Why no document can be processed in a worker process.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// The run does not know what program to start.
    #[error("`isolate = \"process\"` needs a program for the worker processes: set `RunOptions::worker`")]
    NoProgram,
    /// The system has no such processes.
    #[error("`isolate = \"process\"` works on Unix systems only: set `isolate = \"none\"`")]
    Unsupported,
    /// The pipeline cannot be sent.
    #[error("the pipeline cannot be sent to worker processes: {source}")]
    Pipeline {
        /// Why.
        source: serde_json::Error,
    },
    /// The program cannot be started.
    #[error("cannot start the worker process `{}`: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The worker process ended while it built the pipeline.
    #[error("no worker process can build the pipeline (`max_memory` may be too small): {message}")]
    Loading {
        /// What is known of its end.
        message: String,
    },
    /// The worker process has not the pipeline of the run.
    #[error("a worker process cannot load what the run has (`max_memory` may be too small): {message}")]
    Refused {
        /// Why.
        message: String,
    },
}
