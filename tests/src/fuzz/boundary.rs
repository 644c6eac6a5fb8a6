//! A plugin that calls the host as an input says: a call is refused or its document sound, and of a document that fails nothing
//! is changed.
#![allow(unsafe_code, reason = "a plugin calls the host through pointers")]

use std::cell::RefCell;
use std::ffi::c_void;
use std::sync::OnceLock;

use demarche::plugin::abi::{self, Bytes, Call, Doc, Host, Kind, Plugin, Status, View};
use demarche::plugin::link;
use demarche::{Document, Offsets, Span, Stage, format};
use serde_json::json;

use super::documents::{is_written_as_it_is_read, written};

/// Calls, one a line, on a document with all layers and on one with none:
///
/// - `LAYER {…}` is `record`,
/// - `@LAYER START END VALUE` is `annotate`,
/// - `=COLUMN SIZE NUMBER …` is `put`, with items of `SIZE` bytes: numbers of 8 bits where that is 1, of 32 otherwise,
/// - `+STRING` is `intern`,
/// - `?COLUMN` is `view`, the items of which are read.
pub fn plugin_record(bytes: &[u8]) {
    CALLS.with_borrow_mut(|calls| {
        calls.clear();
        calls.extend_from_slice(bytes);
    });
    for mut doc in [full(), Document::new("d-2", full().text().to_owned())] {
        let before = written(&doc, Offsets::Byte);
        match stage().process(&mut doc) {
            Ok(()) => {
                doc.validate().unwrap_or_else(|error| panic!("{error}"));
                is_written_as_it_is_read(&doc);
            }
            Err(_) => {
                assert_eq!(written(&doc, Offsets::Byte), before, "nothing is left of a call that failed");
            }
        }
    }
}

thread_local! {
    static CALLS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A document with all layers.
pub(super) fn full() -> Document<'static> {
    let json = include_str!("../../regressions/document/full.json");
    format::read(json, Offsets::Char).expect("the document is sound")
}

fn stage() -> &'static dyn Stage {
    static STAGE: OnceLock<Box<dyn Stage>> = OnceLock::new();
    &**STAGE.get_or_init(|| {
        // SAFETY: it keeps the contract of the header; what it gets wrong is what the host checks.
        let plugin = unsafe { link(entry, 1) }.expect("the table is good");
        plugin.kinds[0].build(&json!({})).expect("it takes no options")
    })
}

const MANIFEST: &str = r#"{"name": "calls", "summary": "Calls as it is told", "writes":
    ["sentences", "tokens", "morphology", "dependencies", "entities", "chains", "quotes", "sanctions", "open", "é"]}"#;

static HOST: OnceLock<&'static Host> = OnceLock::new();

unsafe extern "C" fn entry(host: *const Host) -> *const Plugin {
    struct Pointer(*const Kind);
    // SAFETY: it points to a static.
    unsafe impl Sync for Pointer {}
    static KIND: Kind = Kind {
        struct_size: size_of::<Kind>() as u32,
        flags: 0,
        manifest: Bytes::of(MANIFEST),
        create: Some(create),
        destroy: Some(destroy),
        worker_new: None,
        worker_free: None,
        process: Some(process),
    };
    static KINDS: Pointer = Pointer(&raw const KIND);
    static TABLE: Plugin = Plugin {
        magic: abi::MAGIC,
        abi_major: abi::MAJOR,
        abi_minor: abi::MINOR,
        struct_size: size_of::<Plugin>() as u32,
        kinds: &raw const KINDS.0,
        kind_count: 1,
        info: Bytes::of(r#"{"name": "calls", "version": "1.0.0"}"#),
    };
    // SAFETY: the host's table lives as long as the process.
    HOST.get_or_init(|| unsafe { &*host });
    &raw const TABLE
}

pub(super) unsafe extern "C" fn create(_: *mut Call, _: Bytes, this: *mut *mut c_void) -> Status {
    // SAFETY: the host lends the place for it.
    unsafe { this.write(std::ptr::null_mut()) };
    0
}

pub(super) unsafe extern "C" fn destroy(_: *mut c_void) {}

unsafe extern "C" fn process(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    let host = HOST.get().expect("it was opened");
    let calls = CALLS.with_borrow(Clone::clone);
    for line in calls.split(|&byte| byte == b'\n') {
        // SAFETY: the document is the one of this call.
        unsafe { call(host, doc, line) };
    }
    0
}

fn lent(bytes: &[u8]) -> Bytes {
    Bytes { ptr: bytes.as_ptr(), len: bytes.len() }
}

/// A number; what is none is 0.
fn number(digits: &[u8]) -> u32 {
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// # Safety
/// The document is the one of the call that goes on.
unsafe fn call(host: &Host, doc: *mut Doc, line: &[u8]) {
    let mut words = line.splitn(4, |&byte| byte == b' ');
    let mut next = || words.next().unwrap_or_default();
    // SAFETY: what is lent outlives the calls, and the items of a view are as many as it says.
    unsafe {
        match line.first() {
            Some(b'@') => {
                let (layer, start, end, value) = (&next()[1..], number(next()), number(next()), next());
                host.annotate.expect("it has it")(doc, lent(layer), Span { start, end }, lent(value));
            }
            Some(b'=') => {
                let (column, item_size, numbers) = (number(&next()[1..]), number(next()), line);
                let numbers = numbers.split(|&byte| byte == b' ').skip(2).map(number);
                let items: Vec<u32> = match item_size {
                    1 => numbers.map(|number| u32::from_le_bytes([number as u8; 4])).collect(),
                    _ => numbers.collect(),
                };
                let count = size_of_val(&*items) / item_size.max(1) as usize;
                let view = View { data: items.as_ptr().cast(), count, item_size, reserved: 0 };
                host.put.expect("it has it")(doc, column, &raw const view);
            }
            Some(b'+') => {
                let mut id = 0;
                host.intern.expect("it has it")(doc, lent(&line[1..]), &raw mut id);
            }
            Some(b'?') => {
                let mut view = View::EMPTY;
                let answer = host.view.expect("it has it")(doc, number(&line[1..]), &raw mut view);
                let length = view.count * view.item_size as usize;
                let bytes = lent(std::slice::from_raw_parts(
                    if length == 0 { [].as_ptr() } else { view.data.cast() },
                    length,
                ));
                // Each of its bytes can be read.
                assert!(
                    answer <= 0 && bytes.get().iter().map(|&byte| u64::from(byte)).sum::<u64>() < u64::MAX
                );
            }
            _ => {
                let (layer, json) = line.split_at(line.iter().position(|&byte| byte == b' ').unwrap_or(0));
                host.record.expect("it has it")(doc, lent(layer), lent(json));
            }
        }
    }
}
