//! A stage that lives in a library.

use std::ffi::c_void;
use std::sync::{Arc, Mutex, PoisonError};

use demarche_core::{BuildError, Document, Layer, Stage, StageError};
use serde_json::Value;

use super::callbacks::Ongoing;
use super::lent::Lent;
use crate::abi::{Bytes, Call, Doc, Status, status};

/// How the error of a stage begins that panicked when it was to be built.
pub(crate) const PANICKED: &str = "it panicked, which is a bug in it: ";

/// The functions of a kind, all that must be there being there.
pub(super) struct Functions {
    pub(super) create: unsafe extern "C" fn(*mut Call, Bytes, *mut *mut c_void) -> Status,
    pub(super) destroy: unsafe extern "C" fn(*mut c_void),
    pub(super) process: unsafe extern "C" fn(*mut c_void, *mut c_void, *mut Doc, *mut Call) -> Status,
    pub(super) worker_new: Option<unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status>,
    pub(super) worker_free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
    /// Held while `process` runs, for a kind that cannot do it on two threads at once, be it with two instances.
    pub(super) serial: Option<Mutex<()>>,
    pub(super) writes: Vec<Layer>,
    /// Names of the options, to tell which one a message is about.
    pub(super) options: Vec<String>,
}

/// An instance of a kind.
pub(super) struct Foreign {
    functions: Arc<Functions>,
    this: *mut c_void,
    /// Workers that no thread uses now: at most as many as threads ever ran at once.
    idle: Mutex<Vec<Worker>>,
}

struct Worker(*mut c_void);

// SAFETY: by the contract of the header a worker belongs to one thread at a time and may move between threads.
unsafe impl Send for Worker {}
// SAFETY: by the contract of the header `this` is used by many threads at once, and created and destroyed by any.
unsafe impl Send for Foreign {}
// SAFETY: as above.
unsafe impl Sync for Foreign {}

impl Foreign {
    /// Builds a stage.
    pub(super) fn create(functions: &Arc<Functions>, options: &Value) -> Result<Box<dyn Stage>, BuildError> {
        let options = options.to_string();
        let call = Ongoing::default();
        let mut this = std::ptr::null_mut();
        // SAFETY: what is lent outlives the call.
        let answer = unsafe { (functions.create)(call.as_ptr(), Bytes::of(&options), &raw mut this) };
        if answer == status::OK {
            let idle = Mutex::default();
            return Ok(Box::new(Self { functions: Arc::clone(functions), this, idle }));
        }
        let message = call.message().unwrap_or_else(|| default_message(answer).to_owned());
        if answer == status::PANICKED {
            return Err(BuildError::Option { key: None, message: format!("{PANICKED}{message}") });
        }
        let (key, message) = split_option(&message, &functions.options);
        Err(BuildError::Option { key, message })
    }

    fn worker(&self) -> Result<Worker, StageError> {
        if let Some(worker) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(worker);
        }
        let mut worker = std::ptr::null_mut();
        if let Some(worker_new) = self.functions.worker_new {
            // SAFETY: `this` is alive; the pointer is written to before the call returns.
            let answer = unsafe { worker_new(self.this, &raw mut worker) };
            if answer != status::OK {
                return Err(StageError::Failed { message: "it could not make a worker".to_owned() });
            }
        }
        Ok(Worker(worker))
    }

    fn free(&self, worker: &Worker) {
        if let (Some(_), Some(worker_free)) = (self.functions.worker_new, self.functions.worker_free) {
            // SAFETY: it was made by this instance's `worker_new`, and no thread uses it any more.
            unsafe { worker_free(self.this, worker.0) };
        }
    }
}

impl Stage for Foreign {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let _one_at_a_time = self
            .functions
            .serial
            .as_ref()
            .map(|serial| serial.lock().unwrap_or_else(PoisonError::into_inner));
        let worker = self.worker()?;
        let lent = Lent::new(doc, &self.functions.writes);
        let call = Ongoing::default();
        // SAFETY: `this` is alive, the worker is this call's alone, the document and the call outlive it.
        let answer = unsafe { (self.functions.process)(self.this, worker.0, lent.as_ptr(), call.as_ptr()) };
        if answer == status::PANICKED {
            // It may be in any state; it is not used again.
            self.free(&worker);
        } else {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
        if answer == status::OK {
            let written = lent.finish()?;
            written.add_to(doc);
            return Ok(());
        }
        Err(failure(answer, call.message(), &lent))
    }
}

fn failure(answer: Status, message: Option<String>, lent: &Lent<'_>) -> StageError {
    let message = match (message, lent.refusal()) {
        (Some(message), None) => message,
        (Some(message), Some(refusal)) => format!("{message} ({refusal})"),
        (None, Some(refusal)) => refusal,
        (None, None) => default_message(answer).to_owned(),
    };
    match answer {
        status::FATAL => StageError::Fatal { message },
        status::PANICKED => StageError::Panicked { message },
        _ if lent.was_told_to_stop() => StageError::Cancelled,
        _ => StageError::Failed { message },
    }
}

fn default_message(answer: Status) -> &'static str {
    if answer == status::PANICKED { "the plugin panicked" } else { "the plugin does not say why" }
}

/// Takes "`option`: message" apart, for an option that there is.
fn split_option(message: &str, options: &[String]) -> (Option<String>, String) {
    let option = message.strip_prefix('`').and_then(|rest| rest.split_once("`: "));
    match option {
        Some((key, rest)) if options.iter().any(|option| option == key) => {
            (Some(key.to_owned()), rest.to_owned())
        }
        _ => (None, message.to_owned()),
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for worker in &idle {
            self.free(worker);
        }
        // SAFETY: nobody else has the instance, and it is not used again.
        unsafe { (self.functions.destroy)(self.this) };
    }
}
