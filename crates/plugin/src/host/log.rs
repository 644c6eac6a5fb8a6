//! What plugins log: to whom the program has said, and into the error where a plugin declines to be loaded.

use std::cell::RefCell;
use std::sync::OnceLock;

/// How much a line of a log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something may be wrong.
    Warning,
    /// Something that a user may want to know.
    Info,
    /// Something that the plugin's author may want to know.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    /// The level of a number of the boundary; what is out of range is taken as the nearest.
    pub(super) const fn of(number: i32) -> Self {
        match number {
            ..=1 => Self::Error,
            2 => Self::Warning,
            3 => Self::Info,
            4 => Self::Debug,
            5.. => Self::Trace,
        }
    }
}

static SINK: OnceLock<fn(Level, &str)> = OnceLock::new();

thread_local! {
    /// Lines of the plugin that this thread is loading.
    static LOADING: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Says who gets what plugins log, from any thread; without it their lines are dropped. Only the first call counts.
pub fn on_log(sink: fn(Level, &str)) {
    let _ = SINK.set(sink);
}

pub(super) fn emit(level: Level, message: &str) {
    LOADING.with_borrow_mut(|lines| {
        if let Some(lines) = lines {
            lines.push(message.to_owned());
        }
    });
    if let Some(sink) = SINK.get() {
        sink(level, message);
    }
}

/// Does something and returns with it the lines that were logged meanwhile on this thread.
pub(super) fn listen<T>(act: impl FnOnce() -> T) -> (T, Vec<String>) {
    LOADING.set(Some(Vec::new()));
    let done = act();
    (done, LOADING.take().unwrap_or_default())
}
