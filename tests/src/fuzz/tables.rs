//! Tables of a plugin as an input says: refused with a reason, or stages that can be built and used.
#![allow(unsafe_code, reason = "a plugin hands out tables by pointers")]

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::null;

use demarche::Document;
use demarche::plugin::abi::{self, Bytes, Call, Doc, Host, Kind, Plugin, Status};
use demarche::plugin::link;
use serde_json::json;

use super::boundary::{create, destroy};

/// Kinds of a table, at most.
const KINDS: usize = 3;

/// Ten bytes are what the tables say of themselves, see `Said`; then, parted by line breaks, what the plugin says of itself and
/// the manifest of each kind.
pub fn plugin_tables(bytes: &[u8]) {
    let Some((said, texts)) = bytes.split_first_chunk() else { return };
    let said = Said::of(*said);
    let mut texts = texts.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>().into_iter();
    let info = texts.next().unwrap_or_default();
    let manifests: Vec<_> = texts.chain(std::iter::repeat(Vec::new())).take(KINDS).collect();
    let kinds: Vec<_> = manifests.iter().map(|manifest| said.kind(manifest)).collect();
    let mut pointers: Vec<_> = kinds.iter().map(|kind| kind.0.as_ptr().cast::<Kind>()).collect();
    // As many as it says: more than are looked at are not there.
    pointers.resize(said.kind_count.min(abi::MAX_KINDS), null());
    let table = said.plugin(&info, &pointers);
    TABLE.set(if said.is_null { null() } else { table.0.as_ptr().cast() });
    // SAFETY: what these tables get wrong is what the host checks; they outlive what is made of them.
    match unsafe { link(entry, 1) } {
        Ok(plugin) => {
            assert_eq!((plugin.kinds.len(), plugin.traits.len()), (said.kind_count, said.kind_count));
            for kind in &plugin.kinds {
                assert!(!kind.name.is_empty());
                let stage = kind.build(&json!({})).expect("it takes all options");
                stage.process(&mut Document::new("", "text")).expect("it does nothing");
            }
        }
        Err(error) => assert!(!error.to_string().is_empty(), "an error says what is wrong"),
    }
}

thread_local! {
    static TABLE: Cell<*const Plugin> = const { Cell::new(null()) };
}

unsafe extern "C" fn entry(_: *const Host) -> *const Plugin {
    TABLE.get()
}

unsafe extern "C" fn process(_: *mut c_void, _: *mut c_void, _: *mut Doc, _: *mut Call) -> Status {
    0
}

unsafe extern "C" fn worker_new(_: *mut c_void, worker: *mut *mut c_void) -> Status {
    // SAFETY: the host lends the place for it.
    unsafe { worker.write(std::ptr::null_mut()) };
    0
}

unsafe extern "C" fn worker_free(_: *mut c_void, _: *mut c_void) {}

/// What the tables say of themselves.
struct Said {
    is_null: bool,
    magic: u32,
    abi_major: u32,
    abi_minor: u32,
    plugin_size: u32,
    kind_size: u32,
    kind_count: usize,
    flags: u32,
    /// Bit `i`: function `i` of a kind is there.
    functions: u8,
}

impl Said {
    /// Of zeros everything is right.
    fn of(
        [null, magic, major, minor, plugin_size, kind_size, count_high, count, flags, functions]: [u8; 10],
    ) -> Self {
        Self {
            is_null: null != 0,
            magic: abi::MAGIC ^ u32::from(magic),
            abi_major: abi::MAJOR ^ u32::from(major),
            abi_minor: u32::from(minor),
            plugin_size: size_of::<Plugin>() as u32 ^ u32::from(plugin_size),
            kind_size: size_of::<Kind>() as u32 ^ u32::from(kind_size),
            kind_count: 1 ^ usize::from(u16::from_be_bytes([count_high, count])),
            flags: u32::from(flags),
            functions: !functions,
        }
    }

    fn kind(&self, manifest: &[u8]) -> Memory {
        let has = |i: u8| self.functions & 1 << i != 0;
        let kind = Kind {
            struct_size: self.kind_size,
            flags: self.flags,
            manifest: Bytes { ptr: manifest.as_ptr(), len: manifest.len() },
            create: has(0).then_some(create),
            destroy: has(1).then_some(destroy),
            worker_new: has(2).then_some(worker_new),
            worker_free: has(3).then_some(worker_free),
            process: has(4).then_some(process),
        };
        Memory::of(&kind, self.kind_size)
    }

    fn plugin(&self, info: &[u8], kinds: &[*const Kind]) -> Memory {
        let plugin = Plugin {
            magic: self.magic,
            abi_major: self.abi_major,
            abi_minor: self.abi_minor,
            struct_size: self.plugin_size,
            kinds: if kinds.is_empty() { null() } else { kinds.as_ptr() },
            kind_count: self.kind_count,
            info: Bytes { ptr: info.as_ptr(), len: info.len() },
        };
        Memory::of(&plugin, self.plugin_size)
    }
}

/// A table of as many bytes as it says, and not one more, so that reading past its end is noticed; zeros where it says that it
/// is longer than we know.
struct Memory(Box<[u64]>);

/// Bytes that every version of a table has, whatever it says.
const HEAD: usize = 16;

impl Memory {
    fn of<T>(table: &T, size: u32) -> Self {
        let words = (size as usize).max(HEAD).div_ceil(8);
        let mut memory = vec![0_u64; words].into_boxed_slice();
        let known = size_of::<T>().min(words * 8);
        // SAFETY: both are as long as that, and apart.
        unsafe {
            std::ptr::copy_nonoverlapping(
                std::ptr::from_ref(table).cast::<u8>(),
                memory.as_mut_ptr().cast::<u8>(),
                known,
            );
        }
        Self(memory)
    }
}
