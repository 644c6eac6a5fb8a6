//! The functions that a plugin calls. None lets a panic of the host through.

use std::cell::RefCell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use demarche_core::Span;

use super::lent::Lent;
use super::log;
use super::written::{Refusal, refuse};
use crate::abi::{self, Bytes, Call, Doc, Host, Layers, Status, View, status};

/// Bytes of a message that are kept.
const MAX_MESSAGE: usize = 4096;

/// The host's table, for a plugin that `threads` threads will call; it lives as long as the process.
pub(super) fn host(threads: u32) -> &'static Host {
    static TABLES: Mutex<Vec<&'static Host>> = Mutex::new(Vec::new());
    let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = tables.iter().find(|table| table.threads == threads) {
        return known;
    }
    let table: &'static Host = Box::leak(Box::new(new_host(threads)));
    tables.push(table);
    table
}

fn new_host(threads: u32) -> Host {
    Host {
        struct_size: size_of::<Host>() as u32,
        abi_major: abi::MAJOR,
        abi_minor: abi::MINOR,
        threads,
        version: Bytes::of(env!("CARGO_PKG_VERSION")),
        view: Some(view),
        intern: Some(intern),
        put: Some(put),
        annotate: Some(annotate),
        record: Some(record),
        cancelled: Some(cancelled),
        fail: Some(fail),
        log: Some(log),
        extension: Some(extension),
    }
}

/// What a plugin's `demarche_call *` points to.
#[derive(Default)]
pub(super) struct Ongoing {
    message: RefCell<Option<String>>,
}

impl Ongoing {
    pub(super) fn as_ptr(&self) -> *mut Call {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// Why the call failed, as the plugin says.
    pub(super) fn message(&self) -> Option<String> {
        self.message.take()
    }
}

/// Runs a function of the host; a panic, which is a bug of the host, is an answer as any other.
fn contained<T>(or: T, act: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or(or)
}

/// Runs a writing function, so that its refusal or panic fails the document.
fn write(doc: *mut Doc, function: &'static str, act: impl FnOnce(&Lent<'_>) -> Status) -> Status {
    if doc.is_null() {
        return status::UNKNOWN;
    }
    // SAFETY: the plugin hands back the pointer that it got, while its call goes on.
    let lent = unsafe { Lent::from_ptr(doc) };
    catch_unwind(AssertUnwindSafe(|| act(lent))).unwrap_or_else(|_| {
        lent.write(function, |_| refuse(status::HOST, "the host panicked, which is a bug in it"))
    })
}

/// The text that a plugin passes.
///
/// # Safety
/// The bytes must stay as they are for as long as `'a`.
unsafe fn text<'a>(bytes: Bytes, what: &str) -> Result<&'a str, Refusal> {
    // SAFETY: the caller answers for it.
    unsafe { bytes.text() }.map_or_else(|| refuse(status::UTF8, format!("the {what} is not UTF-8")), Ok)
}

unsafe extern "C" fn view(doc: *const Doc, column: u32, out: *mut View) -> Status {
    if doc.is_null() || out.is_null() {
        return status::UNKNOWN;
    }
    contained(status::HOST, || {
        // SAFETY: the plugin hands back the pointer that it got, while its call goes on.
        let (answer, view) = match unsafe { Lent::from_ptr(doc) }.view(column) {
            Ok(view) => (status::OK, view),
            Err(answer) => (answer, View::EMPTY),
        };
        // SAFETY: the plugin lends the place for it.
        unsafe { out.write(view) };
        answer
    })
}

unsafe extern "C" fn intern(doc: *mut Doc, string: Bytes, id: *mut u32) -> Status {
    write(doc, "intern", |lent| {
        lent.write("intern", |writing| {
            // SAFETY: the plugin lends the string for the time of this call.
            let string = unsafe { text(string, "string") }?;
            let interned = writing.intern(string)?;
            if !id.is_null() {
                // SAFETY: the plugin lends the place for it.
                unsafe { id.write(interned.0) };
            }
            Ok(())
        })
    })
}

unsafe extern "C" fn put(doc: *mut Doc, column: u32, values: *const View) -> Status {
    write(doc, "put", |lent| {
        lent.write("put", |writing| {
            if values.is_null() {
                return refuse(status::TYPE, "the view is null");
            }
            // SAFETY: the plugin lends the view and what it views for the time of this call.
            unsafe { writing.put(column, values.read()) }
        })
    })
}

unsafe extern "C" fn annotate(doc: *mut Doc, layer: Bytes, span: Span, value: Bytes) -> Status {
    write(doc, "annotate", |lent| {
        lent.write("annotate", |writing| {
            // SAFETY: the plugin lends both for the time of this call.
            let (layer, value) = unsafe { (text(layer, "layer's name")?, text(value, "value")?) };
            writing.annotate(layer, span, value)
        })
    })
}

unsafe extern "C" fn record(doc: *mut Doc, layer: Bytes, json: Bytes) -> Status {
    write(doc, "record", |lent| {
        lent.write("record", |writing| {
            // SAFETY: the plugin lends both for the time of this call.
            let (layer, json) = unsafe { (text(layer, "layer's name")?, text(json, "record")?) };
            writing.record(layer, json)
        })
    })
}

unsafe extern "C" fn cancelled(doc: *const Doc) -> i32 {
    if doc.is_null() {
        return 0;
    }
    // SAFETY: the plugin hands back the pointer that it got, while its call goes on.
    contained(1, || i32::from(unsafe { Lent::from_ptr(doc) }.cancelled()))
}

unsafe extern "C" fn fail(call: *mut Call, message: Bytes) {
    if call.is_null() {
        return;
    }
    contained((), || {
        // SAFETY: the plugin lends the message for the time of this call.
        let message = shortened(unsafe { message.get() });
        // SAFETY: the plugin hands back the pointer that it got, while its call goes on.
        let call = unsafe { &*call.cast::<Ongoing>() };
        call.message.replace(Some(message));
    });
}

unsafe extern "C" fn log(level: i32, message: Bytes) {
    // SAFETY: the plugin lends the message for the time of this call.
    contained((), || log::emit(log::Level::of(level), &shortened(unsafe { message.get() })));
}

fn shortened(message: &[u8]) -> String {
    String::from_utf8_lossy(&message[..message.len().min(MAX_MESSAGE)]).into_owned()
}

unsafe extern "C" fn extension(id: Bytes) -> *const c_void {
    static LAYERS: Layers =
        Layers { struct_size: size_of::<Layers>() as u32, reserved: 0, name: Some(layer_name) };
    // SAFETY: the plugin lends the name for the time of this call.
    match unsafe { id.text() } {
        Some(abi::LAYERS) => (&raw const LAYERS).cast(),
        _ => std::ptr::null(),
    }
}

unsafe extern "C" fn layer_name(doc: *const Doc, index: u32, out: *mut Bytes) -> Status {
    if doc.is_null() || out.is_null() {
        return status::UNKNOWN;
    }
    contained(status::HOST, || {
        // SAFETY: the plugin hands back the pointer that it got, while its call goes on.
        let Some(name) = unsafe { Lent::from_ptr(doc) }.layer_name(index) else { return status::ABSENT };
        // SAFETY: the plugin lends the place for it.
        unsafe { out.write(Bytes::of(name)) };
        status::OK
    })
}
