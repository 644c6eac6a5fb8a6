use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks a run to end early, from another thread: the documents in hand are finished and written, no others are begun.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_asked: AtomicBool,
    is_settled: AtomicBool,
}

impl Stop {
    /// Asks the run to end.
    pub fn ask(&self) {
        self.0.is_asked.store(true, Ordering::SeqCst);
    }

    /// Whether it was asked to.
    pub fn is_asked(&self) -> bool {
        self.0.is_asked.load(Ordering::SeqCst)
    }

    /// Whether all that is to be written is written, so that the process may end although threads still work or wait for input.
    pub fn is_settled(&self) -> bool {
        self.0.is_settled.load(Ordering::SeqCst)
    }

    /// Nothing more is written.
    pub(crate) fn settle(&self) {
        self.0.is_settled.store(true, Ordering::SeqCst);
    }
}
