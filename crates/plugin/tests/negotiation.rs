//! Tables that a host must not believe, linked statically: each with the words of its error.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use demarche_plugin::abi::{self, Bytes, Call, Doc, Host, Kind, Plugin, Status};
use demarche_plugin::link;
use demarche_plugin::serde_json::json;

const MANIFEST: &str = r#"{"name": "good", "summary": "Is good", "writes": [], "later": "passed over"}"#;

unsafe extern "C" fn create(_: *mut Call, _: Bytes, this: *mut *mut c_void) -> Status {
    unsafe { this.write(null_mut()) };
    0
}

unsafe extern "C" fn destroy(_: *mut c_void) {}

unsafe extern "C" fn process(_: *mut c_void, _: *mut c_void, _: *mut Doc, _: *mut Call) -> Status {
    0
}

const KIND: Kind = Kind {
    struct_size: size_of::<Kind>() as u32,
    flags: 0,
    manifest: Bytes::of(MANIFEST),
    create: Some(create),
    destroy: Some(destroy),
    worker_new: None,
    worker_free: None,
    process: Some(process),
};

#[repr(transparent)]
struct Pointers([*const Kind; 2]);
// SAFETY: they point to statics.
unsafe impl Sync for Pointers {}

static GOOD: Kind = KIND;
static KINDS: Pointers = Pointers([&raw const GOOD, null()]);

const PLUGIN: Plugin = Plugin {
    magic: abi::MAGIC,
    abi_major: 1,
    abi_minor: 0,
    struct_size: size_of::<Plugin>() as u32,
    kinds: (&raw const KINDS).cast(),
    kind_count: 1,
    info: Bytes::of(r#"{"name": "tables", "version": "1.2.3"}"#),
};

/// An entry that returns this table.
macro_rules! entry {
    ($table:expr) => {{
        unsafe extern "C" fn entry(_: *const Host) -> *const Plugin {
            static TABLE: Plugin = $table;
            &raw const TABLE
        }
        entry
    }};
}

/// A table with this kind.
macro_rules! one_kind {
    ($kind:expr) => {{
        static KIND_HERE: Kind = $kind;
        static KINDS_HERE: Pointers = Pointers([&raw const KIND_HERE, &raw const KIND_HERE]);
        Plugin { kinds: (&raw const KINDS_HERE).cast(), ..PLUGIN }
    }};
}

#[track_caller]
fn check(entry: abi::Entry, message: &str) {
    // SAFETY: what these tables get wrong is what the host checks.
    let error = unsafe { link(entry, 1) }.expect_err("the table is wrong");
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_good_table() {
    let plugin = unsafe { link(entry!(PLUGIN), 1) }.unwrap();
    assert_eq!((plugin.name.as_str(), plugin.version.as_str()), ("tables", "1.2.3"));
    let stage = plugin.kinds[0].build(&json!({})).unwrap();
    stage.process(&mut demarche_plugin::Document::new("", "text")).unwrap();
}

#[test]
fn another_version() {
    check(
        entry!(Plugin { abi_major: 2, ..PLUGIN }),
        "the plugin `` needs version 2.0 of the plugin boundary, this host has 1.0: build the plugin for this version",
    );
    check(
        entry!(Plugin { abi_minor: 7, ..PLUGIN }),
        "the plugin `` needs version 1.7 of the plugin boundary, this host has 1.0: update demarche",
    );
}

#[test]
fn another_header() {
    check(
        entry!(Plugin { magic: 0, ..PLUGIN }),
        "the plugin `` does not start with the magic number: it is built against another header",
    );
    check(
        entry!(Plugin { struct_size: 40, ..PLUGIN }),
        "the plugin `` has a `demarche_plugin` of 40 bytes, it needs 48: it is built against another header",
    );
    check(
        entry!(one_kind!(Kind { struct_size: 8, ..KIND })),
        "the plugin `` has a `demarche_kind` of 8 bytes, it needs 64: it is built against another header",
    );
}

#[test]
fn kinds_that_are_not_there() {
    check(
        entry!(Plugin { kind_count: 0, ..PLUGIN }),
        "the plugin `` has 0 kinds of stages, it can have 1 to 256",
    );
    check(
        entry!(Plugin { kind_count: 257, ..PLUGIN }),
        "the plugin `` has 257 kinds of stages, it can have 1 to 256",
    );
    check(entry!(Plugin { kind_count: 2, ..PLUGIN }), "the plugin `` leaves out `demarche_kind` of kind 1");
    check(entry!(one_kind!(Kind { process: None, ..KIND })), "the plugin `` leaves out `process` of kind 0");
    check(entry!(Plugin { kind_count: 2, ..one_kind!(KIND) }), "the plugin `` has two stages named `good`");
}

#[test]
fn manifests() {
    check(
        entry!(Plugin { info: Bytes::of("{}"), ..PLUGIN }),
        "the plugin `` describes itself badly: missing field `name` at line 1 column 2",
    );
    check(
        entry!(one_kind!(Kind { manifest: Bytes::of("name = 1"), ..KIND })),
        "the plugin `` describes kind 0 badly: expected ident at line 1 column 2",
    );
    check(
        entry!(one_kind!(Kind {
            manifest: Bytes::of(r#"{"name": "Bad Name", "summary": "", "writes": []}"#),
            ..KIND
        })),
        "the plugin `` has a stage `Bad Name`: write small letters, digits, `_` and `-`",
    );
}

#[test]
fn a_plugin_that_declines() {
    unsafe extern "C" fn declines(host: *const Host) -> *const Plugin {
        let log = unsafe { (*host).log }.unwrap();
        unsafe { log(1, Bytes::of("I need a license file")) };
        null()
    }
    unsafe extern "C" fn is_silent(_: *const Host) -> *const Plugin {
        null()
    }
    check(declines, "the plugin `` declines to be loaded: I need a license file");
    check(is_silent, "the plugin `` declines to be loaded: it does not say why");
}
