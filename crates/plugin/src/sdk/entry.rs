//! The functions of a kind, for any component.

use std::ffi::c_void;

use demarche_core::{BuildError, Component, StageError};
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::borrowed;
use super::panics::caught;
use super::remote::{Remote, SendError, failed, tell};
use super::sent::Before;
use crate::abi::{Bytes, Call, Doc, Kind, Status, status};

/// Memory that a thread uses again for document after document.
#[derive(Default)]
struct Worker {
    json: Vec<u8>,
}

/// Bytes that a worker keeps between documents; one strange document does not fill the memory for good.
const KEPT: usize = 1 << 20;

/// The kind of a component.
pub fn kind<C: Component>(version: &str) -> Kind {
    let names = |layers: &[demarche_core::Layer]| -> Vec<String> {
        layers.iter().map(|layer| layer.name().to_owned()).collect()
    };
    let manifest = json!({
        "name": C::NAME,
        "summary": C::SUMMARY,
        "version": version,
        "reads": names(C::READS),
        "writes": names(C::WRITES),
        "options": schemars::schema_for!(C::Options).to_value(),
        "deterministic": true,
    });
    Kind {
        struct_size: size_of::<Kind>() as u32,
        flags: 0,
        manifest: Bytes::of(manifest.to_string().leak()),
        create: Some(create::<C>),
        destroy: Some(destroy::<C>),
        worker_new: Some(worker_new),
        worker_free: Some(worker_free),
        process: Some(process::<C>),
    }
}

/// Runs a call's body, and tells the host what came of it.
fn answer(call: *mut Call, act: impl FnOnce() -> Result<(), SendError>) -> Status {
    let (answer, message) = match caught(act) {
        Ok(Ok(())) => return status::OK,
        // The host knows best what it refused.
        Ok(Err(SendError::Refused)) => return status::FAILED,
        Err(message) | Ok(Err(SendError::Stage(StageError::Panicked { message }))) => {
            (status::PANICKED, message)
        }
        Ok(Err(SendError::Stage(StageError::Fatal { message }))) => (status::FATAL, message),
        Ok(Err(SendError::Stage(error))) => (status::FAILED, error.to_string()),
    };
    tell(call, &message);
    answer
}

unsafe extern "C" fn create<C: Component>(call: *mut Call, options: Bytes, this: *mut *mut c_void) -> Status {
    answer(call, || {
        // SAFETY: the host lends the options for the time of this call.
        let options: Value = serde_json::from_slice(unsafe { options.get() })
            .map_err(|error| failed(format!("the host passes bad options: {error}")))?;
        let options = C::Options::deserialize(options).map_err(|error| failed(error.to_string()))?;
        let stage = C::build(options).map_err(|error| match error {
            BuildError::Option { key: Some(key), message } => failed(format!("`{key}`: {message}")),
            error => failed(error.to_string()),
        })?;
        // SAFETY: the host lends the place for it.
        unsafe { this.write(Box::into_raw(Box::new(stage)).cast()) };
        Ok(())
    })
}

unsafe extern "C" fn destroy<C: Component>(this: *mut c_void) {
    // SAFETY: it was made by `create` of the same component, and is not used again.
    let stage = unsafe { Box::from_raw(this.cast::<C>()) };
    // A destructor that panics has nobody to tell.
    let _ = caught(|| drop(stage));
}

unsafe extern "C" fn worker_new(_: *mut c_void, worker: *mut *mut c_void) -> Status {
    // SAFETY: the host lends the place for it.
    unsafe { worker.write(Box::into_raw(Box::new(Worker::default())).cast()) };
    status::OK
}

unsafe extern "C" fn worker_free(_: *mut c_void, worker: *mut c_void) {
    // SAFETY: it was made by `worker_new`, and is not used again.
    drop(unsafe { Box::from_raw(worker.cast::<Worker>()) });
}

unsafe extern "C" fn process<C: Component>(
    this: *mut c_void,
    worker: *mut c_void,
    doc: *mut Doc,
    call: *mut Call,
) -> Status {
    answer(call, || {
        // SAFETY: made by `create` of the same component, and shared by the threads that process.
        let stage = unsafe { &*this.cast::<C>() };
        // SAFETY: made by `worker_new`, and this call's alone.
        let worker = unsafe { &mut *worker.cast::<Worker>() };
        let remote = Remote::new(doc).ok_or_else(|| failed("the plugin was called before it was opened"))?;
        let mut document = borrowed::document(&remote)?;
        let before = Before::of(&document);
        stage.process(&mut document)?;
        let sent = before.send(&document, &remote, &mut worker.json);
        worker.json.shrink_to(KEPT);
        sent
    })
}
