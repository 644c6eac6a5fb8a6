//! Versions beside each other: tables of the next minor version, simulated by fields after the last one of today, and a
//! plugin that was built against the header of 1.0.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

#[cfg(unix)]
#[path = "support/c.rs"]
mod c;
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

/// The host of the next minor version, with today's functions in it.
unsafe fn next_host(host: *const Host) -> *const Host {
    let mut today = unsafe { host.read() };
    today.struct_size = size_of::<Next<Host>>() as u32;
    today.abi_minor += 1;
    let next: &'static Next<Host> = Box::leak(Box::new(Next { today, appended: APPENDED }));
    std::ptr::from_ref(next).cast()
}

unsafe extern "C" fn old_plugin_in_next_host(host: *const Host) -> *const Plugin {
    unsafe { misbehave::demarche_plugin_v1(next_host(host)) }
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

/// The plugin of 1.0, compiled against the header of 1.0, in the host of today and in the next one.
#[cfg(unix)]
#[test]
#[cfg_attr(miri, ignore = "loads a library")]
fn a_build_of_1_0_works_in_every_later_host() {
    use std::sync::OnceLock;

    static ENTRY: OnceLock<abi::Entry> = OnceLock::new();
    unsafe extern "C" fn in_next_host(host: *const Host) -> *const Plugin {
        unsafe { (ENTRY.get().unwrap())(next_host(host)) }
    }

    let folder = tempfile::tempdir().unwrap();
    let source = "tests/release_1_0/old.c";
    let Some(path) = c::compiled(source, "tests/release_1_0", folder.path()) else { return };
    let library = unsafe { libloading::Library::new(&path) }.unwrap();
    ENTRY.set(*unsafe { library.get::<abi::Entry>(abi::ENTRY.as_bytes()) }.unwrap()).unwrap();
    std::mem::forget(library);
    let spec = demarche_plugin::PluginSpec { path, allow_writable: true, ..Default::default() };
    for plugin in [demarche_plugin::load(&spec, 1).unwrap(), unsafe { link(in_next_host, 1) }.unwrap()] {
        let kind = &plugin.kinds[0];
        let refused = kind.build(&json!({"refuse": true})).err().unwrap();
        assert_eq!(refused.to_string(), "it was told to refuse");
        let stage = kind.build(&json!({})).unwrap();
        let mut doc = document::bare();
        let error = stage.process(&mut doc).unwrap_err().to_string();
        assert_eq!(error, "the tokens are not there");
        let mut doc = Document::new("", "Truce holds");
        doc.annotate("b", demarche_plugin::Span::new(0, 1), &json!(1));
        doc.annotate("a", demarche_plugin::Span::new(0, 1), &json!(1));
        doc.set_tokens(vec![demarche_plugin::Span::new(0, 5), demarche_plugin::Span::new(6, 11)]);
        stage.process(&mut doc).unwrap();
        let read: serde_json::Value = serde_json::from_str(&document::json(&doc)).unwrap();
        assert_eq!(read["layers"]["old"], json!([{"span": [0, 5], "value": {"open": 2}}]));
        assert_eq!(read["entities"][0]["name"], "First");
        let tags = read["tokens"].as_array().unwrap().iter().map(|token| (&token["upos"], &token["lemma"]));
        assert_eq!(tags.collect::<Vec<_>>(), [(&json!("NOUN"), &json!("lemma")); 2]);
    }
}
