//! Versions beside each other: tables of the next minor version, simulated by fields after the last one of today.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

#[path = "support/document.rs"]
mod document;
#[path = "misbehave/lib.rs"]
mod misbehave;

use std::ffi::c_void;
use std::ptr::null_mut;

use demarche_plugin::abi::{self, Bytes, Call, Doc, Host, Kind, Plugin, Status, status};
use demarche_plugin::serde_json::{self, json};
use demarche_plugin::{Component, Document, Stage, link};

/// A table of the next minor version: today's, and fields that today's code does not know.
#[repr(C)]
struct Next<T> {
    today: T,
    appended: [u64; 2],
}

/// Not zeros, so that code that reads too far does not pass by chance.
const APPENDED: [u64; 2] = [0xA5A5_A5A5_A5A5_A5A5; 2];

/// Shows a plugin the host of the next minor version, with today's functions in it.
unsafe extern "C" fn old_plugin_in_next_host(host: *const Host) -> *const Plugin {
    let mut today = unsafe { host.read() };
    today.struct_size = size_of::<Next<Host>>() as u32;
    today.abi_minor += 1;
    let next: &'static Next<Host> = Box::leak(Box::new(Next { today, appended: APPENDED }));
    unsafe { misbehave::demarche_plugin_v1(std::ptr::from_ref(next).cast()) }
}

#[test]
fn a_plugin_of_today_works_in_the_next_host() {
    let plugin = unsafe { link(old_plugin_in_next_host, 1) }.unwrap();
    let kind = plugin.kinds.iter().find(|kind| kind.name == misbehave::Doubles::NAME).unwrap();
    let mut doc = document::full();
    let mut native = doc.clone();
    kind.build(&json!({})).unwrap().process(&mut doc).unwrap();
    misbehave::Doubles::build(serde_json::from_str("{}").unwrap()).unwrap().process(&mut native).unwrap();
    assert_eq!(document::json(&doc), document::json(&native));
}

unsafe extern "C" fn create(_: *mut Call, _: Bytes, this: *mut *mut c_void) -> Status {
    unsafe { this.write(null_mut()) };
    status::OK
}

unsafe extern "C" fn destroy(_: *mut c_void) {}

unsafe extern "C" fn process(_: *mut c_void, _: *mut c_void, _: *mut Doc, _: *mut Call) -> Status {
    status::OK
}

/// A plugin whose header is newer than the host, and which needs nothing that is new.
unsafe extern "C" fn next_plugin(_: *const Host) -> *const Plugin {
    #[repr(transparent)]
    struct Pointers([*const Next<Kind>; 1]);
    // SAFETY: it points to a static.
    unsafe impl Sync for Pointers {}

    static KIND: Next<Kind> = Next {
        today: Kind {
            struct_size: size_of::<Next<Kind>>() as u32,
            flags: 0,
            manifest: Bytes::of(r#"{"name": "newer", "summary": "Is newer", "writes": []}"#),
            create: Some(create),
            destroy: Some(destroy),
            worker_new: None,
            worker_free: None,
            process: Some(process),
        },
        appended: APPENDED,
    };
    static KINDS: Pointers = Pointers([&raw const KIND]);
    static PLUGIN: Next<Plugin> = Next {
        today: Plugin {
            magic: abi::MAGIC,
            abi_major: abi::MAJOR,
            abi_minor: 0,
            struct_size: size_of::<Next<Plugin>>() as u32,
            kinds: (&raw const KINDS).cast(),
            kind_count: 1,
            info: Bytes::of(r#"{"name": "next", "version": "2.0.0"}"#),
        },
        appended: APPENDED,
    };
    (&raw const PLUGIN).cast()
}

#[test]
fn a_plugin_of_the_next_header_works_in_the_host_of_today() {
    let plugin = unsafe { link(next_plugin, 1) }.unwrap();
    assert_eq!((plugin.name.as_str(), plugin.kinds[0].name.as_str()), ("next", "newer"));
    let stage = plugin.kinds[0].build(&json!({})).unwrap();
    stage.process(&mut Document::new("", "text")).unwrap();
}
