//! Workers: used again for document after document, thrown away after a panic, freed with the instance.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering};

use demarche_plugin::abi::{self, Bytes, Call, Doc, Host, Kind, Plugin, Status, column, status};
use demarche_plugin::serde_json::json;
use demarche_plugin::{Document, link};

static MADE: AtomicUsize = AtomicUsize::new(0);
static FREED: AtomicUsize = AtomicUsize::new(0);
static DESTROYED: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" fn create(_: *mut Call, _: Bytes, this: *mut *mut c_void) -> Status {
    unsafe { this.write(null_mut()) };
    status::OK
}

unsafe extern "C" fn destroy(_: *mut c_void) {
    DESTROYED.fetch_add(1, Ordering::SeqCst);
}

/// A worker is its number, from 1.
unsafe extern "C" fn worker_new(_: *mut c_void, worker: *mut *mut c_void) -> Status {
    let number = MADE.fetch_add(1, Ordering::SeqCst) + 1;
    unsafe { worker.write(std::ptr::without_provenance_mut(number)) };
    status::OK
}

unsafe extern "C" fn worker_free(_: *mut c_void, worker: *mut c_void) {
    assert!(worker.addr() <= MADE.load(Ordering::SeqCst));
    FREED.fetch_add(1, Ordering::SeqCst);
}

/// Has the same worker again and again, and panics at a document of two letters.
unsafe extern "C" fn process(_: *mut c_void, worker: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    let host: *const Host = std::ptr::with_exposed_provenance(HOST.load(Ordering::SeqCst));
    let mut text = abi::View::EMPTY;
    assert_eq!(unsafe { (*host).view.unwrap()(doc, column::TEXT, &raw mut text) }, status::OK);
    assert_eq!(worker.addr(), MADE.load(Ordering::SeqCst), "the last one made is the one in use");
    if text.count == 2 { status::PANICKED } else { status::OK }
}

static HOST: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" fn entry(host: *const Host) -> *const Plugin {
    static KIND: Kind = Kind {
        struct_size: size_of::<Kind>() as u32,
        flags: 0,
        manifest: Bytes::of(r#"{"name": "workers", "summary": "Counts its workers", "writes": []}"#),
        create: Some(create),
        destroy: Some(destroy),
        worker_new: Some(worker_new),
        worker_free: Some(worker_free),
        process: Some(process),
    };
    #[repr(transparent)]
    struct Kinds([*const Kind; 2]);
    // SAFETY: they point to statics.
    unsafe impl Sync for Kinds {}
    static KINDS: Kinds = Kinds([&raw const KIND, null()]);
    static PLUGIN: Plugin = Plugin {
        magic: abi::MAGIC,
        abi_major: abi::MAJOR,
        abi_minor: abi::MINOR,
        struct_size: size_of::<Plugin>() as u32,
        kinds: (&raw const KINDS).cast(),
        kind_count: 1,
        info: Bytes::of(r#"{"name": "workers", "version": "1.0.0"}"#),
    };
    HOST.store(host.expose_provenance(), Ordering::SeqCst);
    &raw const PLUGIN
}

#[test]
fn a_worker_is_kept_until_it_panics() {
    let counts = || [&MADE, &FREED, &DESTROYED].map(|count| count.load(Ordering::SeqCst));
    let plugin = unsafe { link(entry, 1) }.unwrap();
    let stage = plugin.kinds[0].build(&json!({})).unwrap();
    let run = |text: &'static str| stage.process(&mut Document::new("", text));
    run("a").unwrap();
    run("a").unwrap();
    assert_eq!(counts(), [1, 0, 0]);
    assert_eq!(run("ab").unwrap_err().code(), "panic");
    assert_eq!(counts(), [1, 1, 0], "the worker of a panic is not used again");
    run("a").unwrap();
    assert_eq!(counts(), [2, 1, 0]);
    drop(stage);
    assert_eq!(counts(), [2, 2, 1]);
}
