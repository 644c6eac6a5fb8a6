//! The boundary itself: the types of `include/demarche_plugin.h` in Rust, and what their numbers mean.
//!
//! Nothing here depends on how Rust lays things out: `repr(C)`, pointers with lengths, functions of the C calling
//! convention. The header is the normative text; a test compares it with this file, number by number.
#![allow(unsafe_code, reason = "views are made from pointers that the other side lends")]

use std::ffi::c_void;
use std::marker::{PhantomData, PhantomPinned};

use demarche_core::{Measures, Span, StringId};

/// First field of a [`Plugin`]: `DME1` in memory.
pub const MAGIC: u32 = 0x3145_4D44;
/// The version of the boundary: another one has another entry symbol.
pub const MAJOR: u32 = 1;
/// Grows with every function, column or manifest key that is added.
pub const MINOR: u32 = 0;
/// The one symbol that a plugin exports; its type is [`Entry`].
pub const ENTRY: &str = "demarche_plugin_v1";
/// [`Kind::flags`]: `process` is never called concurrently.
pub const SERIAL: u32 = 1;
/// Most kinds that a plugin can have.
pub const MAX_KINDS: usize = 256;
/// Identifies [`Layers`] to [`Host::extension`].
pub const LAYERS: &str = "demarche.layers/1";

/// What a function answers: 0 or one of [`status`].
pub type Status = i32;
/// The type of the entry symbol.
pub type Entry = unsafe extern "C" fn(*const Host) -> *const Plugin;

/// Answers of the host's functions, and results of a kind's.
pub mod status {
    use super::Status;

    /// Done.
    pub const OK: Status = 0;
    /// The layer did not run.
    pub const ABSENT: Status = -1;
    /// No such column, layer or index.
    pub const UNKNOWN: Status = -2;
    /// The span is not a stretch of the text on character boundaries.
    pub const SPAN: Status = -3;
    /// Not UTF-8.
    pub const UTF8: Status = -4;
    /// The items have another size, alignment or number than the column, or a value that it does not have.
    pub const TYPE: Status = -5;
    /// Not JSON, nested too deeply, or not an item of the layer.
    pub const JSON: Status = -6;
    /// More than one document may be given.
    pub const LIMIT: Status = -7;
    /// The layer does not stand in the manifest's `writes`.
    pub const UNDECLARED: Status = -8;
    /// Called at the wrong time: the layer is there already, or a call is still going on.
    pub const STATE: Status = -9;
    /// The host failed; it is not the plugin's fault.
    pub const HOST: Status = -10;

    /// This document failed.
    pub const FAILED: Status = 1;
    /// The stage cannot go on: end the run.
    pub const FATAL: Status = 2;
    /// The stage panicked.
    pub const PANICKED: Status = 3;

    /// Name of an answer of the host.
    pub const fn name(status: Status) -> &'static str {
        match status {
            OK => "OK",
            ABSENT => "ABSENT",
            UNKNOWN => "UNKNOWN",
            SPAN => "SPAN",
            UTF8 => "UTF8",
            TYPE => "TYPE",
            JSON => "JSON",
            LIMIT => "LIMIT",
            UNDECLARED => "UNDECLARED",
            STATE => "STATE",
            HOST => "HOST",
            _ => "an answer of a later version",
        }
    }
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $id:literal: $item:ty,)*) => {
        /// Ids of the columns that [`Host::view`] lends; none is ever used again for something else.
        pub mod column {
            #[allow(clippy::wildcard_imports, reason = "the types of the items")]
            use super::*;

            $($(#[$doc])* pub const $name: u32 = $id;)*

            /// Name, id and size of an item, of every column of a built-in layer.
            pub const ALL: &[(&str, u32, u32)] = &[$((stringify!($name), $id, size_of::<$item>() as u32),)*];

            /// Spans of the open layer at `index`, by the document's order.
            pub const fn layer_span(index: u32) -> u32 {
                4096 + 2 * index
            }

            /// Values of the open layer at `index`: compact JSON in the string table.
            pub const fn layer_value(index: u32) -> u32 {
                layer_span(index) + 1
            }
        }
    };
}

columns! {
    /// The text, UTF-8.
    TEXT = 1: u8,
    /// The document's name, UTF-8.
    ID = 2: u8,
    /// What else is known of the document: a JSON object.
    META = 3: u8,
    /// The string table: where each string starts in `STRING_BYTES`, and where the last one ends.
    STRING_OFFSETS = 4: u32,
    /// The strings of the table, one after the other, UTF-8.
    STRING_BYTES = 5: u8,
    /// Where the sentences stand.
    SENTENCE_SPAN = 16: Span,
    /// Where the tokens stand.
    TOKEN_SPAN = 17: Span,
    /// Universal part of speech: 0 none, 1 to 17 in alphabetical order.
    TOKEN_UPOS = 18: u8,
    /// Penn Treebank tag.
    TOKEN_XPOS = 19: StringId,
    /// Dictionary form.
    TOKEN_LEMMA = 20: StringId,
    /// Relation to the head.
    TOKEN_DEPREL = 21: StringId,
    /// Index of the head; `0xFFFFFFFF` for a root.
    TOKEN_HEAD = 22: u32,
    /// Where the entities stand.
    ENTITY_SPAN = 32: Span,
    /// `PERSON`, `GPE`, …
    ENTITY_LABEL = 33: StringId,
    /// The fullest name.
    ENTITY_NAME = 34: StringId,
    /// The code.
    ENTITY_NORM = 35: StringId,
    /// Index of the chain; `0xFFFFFFFF` for none.
    ENTITY_CHAIN = 36: u32,
    /// The fullest name.
    CHAIN_NAME = 48: StringId,
    /// Label of the named mentions.
    CHAIN_LABEL = 49: StringId,
    /// The code.
    CHAIN_NORM = 50: StringId,
    /// Where each chain's mentions start in `CHAIN_MENTION_SPAN`, and where the last one's end.
    CHAIN_MENTION_OFFSETS = 51: u32,
    /// Where the mentions stand.
    CHAIN_MENTION_SPAN = 52: Span,
    /// 0 direct, 1 indirect, 2 mixed.
    QUOTE_KIND = 64: u8,
    /// Where each quotation's content starts in `QUOTE_CONTENT_SPAN`, and where the last one's ends.
    QUOTE_CONTENT_OFFSETS = 65: u32,
    /// What is said.
    QUOTE_CONTENT_SPAN = 66: Span,
    /// As for the content.
    QUOTE_CUE_OFFSETS = 67: u32,
    /// The words that report it.
    QUOTE_CUE_SPAN = 68: Span,
    /// As for the content.
    QUOTE_SOURCE_OFFSETS = 69: u32,
    /// The phrase that names who says it.
    QUOTE_SOURCE_SPAN = 70: Span,
    /// Name of the person or body behind the source.
    QUOTE_SPEAKER_NAME = 71: StringId,
    /// The speaker's code.
    QUOTE_SPEAKER_NORM = 72: StringId,
    /// Index of the speaker's chain; `0xFFFFFFFF` for none.
    QUOTE_SPEAKER_CHAIN = 73: u32,
    /// 0 statement, 1 belief, 2 intention, 3 question, 4 order.
    QUOTE_TYPE = 74: u8,
    /// The word that carries the action.
    SANCTION_TRIGGER = 96: Span,
    /// What is done, by number.
    SANCTION_ACTION = 97: u8,
    /// By which measures: a set of bits.
    SANCTION_MEASURES = 98: Measures,
    /// 0 actual, 1 possible, 2 negated.
    SANCTION_FACTUALITY = 99: u8,
    /// Where each event's senders start in `SANCTION_SENDER_SPAN`, and where the last one's end.
    SANCTION_SENDER_OFFSETS = 100: u32,
    /// Who imposes.
    SANCTION_SENDER_SPAN = 101: Span,
    /// Codes, along the spans.
    SANCTION_SENDER_NORM = 102: StringId,
    /// As for the senders.
    SANCTION_TARGET_OFFSETS = 103: u32,
    /// Whom it hits.
    SANCTION_TARGET_SPAN = 104: Span,
    /// Codes, along the spans.
    SANCTION_TARGET_NORM = 105: StringId,
    /// As for the senders.
    SANCTION_ACTOR_OFFSETS = 106: u32,
    /// Who violates, opposes, proposes or asks for relief.
    SANCTION_ACTOR_SPAN = 107: Span,
    /// Codes, along the spans.
    SANCTION_ACTOR_NORM = 108: StringId,
    /// The legal act; both ends `0xFFFFFFFF` for none.
    SANCTION_INSTRUMENT = 109: Span,
    /// The stated ground; both ends `0xFFFFFFFF` for none.
    SANCTION_REASON = 110: Span,
    /// The date of the action; both ends `0xFFFFFFFF` for none.
    SANCTION_DATE = 111: Span,
    /// Index of the quotation that says it; `0xFFFFFFFF` for none.
    SANCTION_QUOTE = 112: u32,
    /// CAMEO code.
    SANCTION_CAMEO = 113: StringId,
    /// PLOVER event.
    SANCTION_PLOVER = 114: StringId,
}

/// Bytes that the other side lends: UTF-8 wherever text is meant, not ended by a NUL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// First byte; may be null where there is none.
    pub ptr: *const u8,
    /// How many there are.
    pub len: usize,
}

impl Bytes {
    /// Lends a string.
    pub const fn of(text: &str) -> Self {
        Self { ptr: text.as_ptr(), len: text.len() }
    }

    /// The bytes.
    ///
    /// # Safety
    /// They must be readable and unchanged for as long as `'a`, unless `len` is 0.
    pub const unsafe fn get<'a>(self) -> &'a [u8] {
        if self.len == 0 || self.ptr.is_null() {
            return &[];
        }
        // SAFETY: not null, and the caller answers for the rest.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }

    /// The text; `None` if it is not UTF-8.
    ///
    /// # Safety
    /// As for [`get`](Self::get).
    pub unsafe fn text<'a>(self) -> Option<&'a str> {
        // SAFETY: the caller answers for it.
        std::str::from_utf8(unsafe { self.get() }).ok()
    }
}

/// A column that the other side lends.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// First item; may be null where there is none.
    pub data: *const c_void,
    /// How many there are.
    pub count: usize,
    /// Bytes of an item.
    pub item_size: u32,
    /// 0.
    pub reserved: u32,
}

impl View {
    /// A view of nothing, to be filled.
    pub const EMPTY: Self = Self { data: std::ptr::null(), count: 0, item_size: 0, reserved: 0 };

    /// Lends a column.
    pub const fn of<T>(items: &[T]) -> Self {
        Self {
            data: items.as_ptr().cast(),
            count: items.len(),
            item_size: size_of::<T>() as u32,
            reserved: 0,
        }
    }

    /// The items; `None` if they have another size, or are not aligned.
    ///
    /// # Safety
    /// `count` items of `item_size` bytes must be readable and unchanged for as long as `'a`.
    pub unsafe fn items<'a, T: Item>(self) -> Option<&'a [T]> {
        let data = self.data.cast::<T>();
        if self.count == 0 {
            return (self.item_size as usize == size_of::<T>()).then_some(&[]);
        }
        if self.item_size as usize != size_of::<T>() || data.is_null() || !data.is_aligned() {
            return None;
        }
        // SAFETY: size, alignment and null are checked, any bytes are a value, and the caller answers for the rest.
        Some(unsafe { std::slice::from_raw_parts(data, self.count) })
    }
}

/// Plain data that may be an item of a column.
///
/// # Safety
/// Any bytes of its size are a value of it, and it has no padding.
pub unsafe trait Item: Copy + 'static {}

// SAFETY: integers, and structs of integers without padding.
unsafe impl Item for u8 {}
// SAFETY: as above.
unsafe impl Item for u32 {}
// SAFETY: `repr(C)`, two `u32`.
unsafe impl Item for Span {}
// SAFETY: `repr(transparent)` over `u32`.
unsafe impl Item for StringId {}
// SAFETY: `repr(transparent)` over `u16`.
unsafe impl Item for Measures {}

/// A document in the host's hands, for the time of one call of [`Kind::process`].
#[repr(C)]
pub struct Doc {
    opaque: [u8; 0],
    foreign: PhantomData<(*mut u8, PhantomPinned)>,
}

/// A call of [`Kind::create`] or [`Kind::process`] that goes on.
#[repr(C)]
pub struct Call {
    opaque: [u8; 0],
    foreign: PhantomData<(*mut u8, PhantomPinned)>,
}

/// What the host offers; lives as long as the process.
///
/// Functions are added at the end only: one that lies past `struct_size` is absent.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// Bytes of this struct in the host's version of it.
    pub struct_size: u32,
    /// [`MAJOR`].
    pub abi_major: u32,
    /// [`MINOR`].
    pub abi_minor: u32,
    /// Threads that will call the plugin.
    pub threads: u32,
    /// The host's version, for messages, never for decisions.
    pub version: Bytes,
    /// Lends a column of the document; valid until the call ends.
    pub view: Option<unsafe extern "C" fn(*const Doc, u32, *mut View) -> Status>,
    /// The id of a string, for columns that are [`put`](Self::put).
    pub intern: Option<unsafe extern "C" fn(*mut Doc, Bytes, *mut u32) -> Status>,
    /// Writes a whole column: tokens, sentences and what runs along the tokens.
    pub put: Option<unsafe extern "C" fn(*mut Doc, u32, *const View) -> Status>,
    /// Adds an item to an open layer.
    pub annotate: Option<unsafe extern "C" fn(*mut Doc, Bytes, Span, Bytes) -> Status>,
    /// Adds an item to entities, chains, quotes or sanctions, as JSON of the document format with byte offsets.
    pub record: Option<unsafe extern "C" fn(*mut Doc, Bytes, Bytes) -> Status>,
    /// Whether the document's time is up. Any thread may ask while the call goes on.
    pub cancelled: Option<unsafe extern "C" fn(*const Doc) -> i32>,
    /// Says why the call is going to return another number than 0.
    pub fail: Option<unsafe extern "C" fn(*mut Call, Bytes)>,
    /// Logs a line: 1 error, 2 warning, 3 information, 4 debug, 5 trace. Any thread.
    pub log: Option<unsafe extern "C" fn(i32, Bytes)>,
    /// What a later version or another host adds, by `NAME/REVISION`; null if unknown.
    pub extension: Option<unsafe extern "C" fn(Bytes) -> *const c_void>,
}

/// A kind of stage; lives as long as the process.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Bytes of this struct in the plugin's version of it.
    pub struct_size: u32,
    /// [`SERIAL`] or 0.
    pub flags: u32,
    /// JSON: name, summary, version, reads, writes, options.
    pub manifest: Bytes,
    /// Builds a stage from its options, a JSON object.
    pub create: Option<unsafe extern "C" fn(*mut Call, Bytes, *mut *mut c_void) -> Status>,
    /// Ends a stage.
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    /// Makes the memory that one thread works with; may be absent.
    pub worker_new: Option<unsafe extern "C" fn(*mut c_void, *mut *mut c_void) -> Status>,
    /// Ends that memory; may be absent.
    pub worker_free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
    /// Runs the stage over a document.
    pub process: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, *mut Doc, *mut Call) -> Status>,
}

/// What a plugin is made of; lives as long as the process.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Plugin {
    /// [`MAGIC`].
    pub magic: u32,
    /// [`MAJOR`].
    pub abi_major: u32,
    /// The least minor version of a host that it needs.
    pub abi_minor: u32,
    /// Bytes of this struct in the plugin's version of it.
    pub struct_size: u32,
    /// Its kinds.
    pub kinds: *const *const Kind,
    /// How many there are: 1 to [`MAX_KINDS`].
    pub kind_count: usize,
    /// JSON: name, version, license, homepage.
    pub info: Bytes,
}

/// The extension [`LAYERS`]: the open layers that a document has.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Layers {
    /// Bytes of this struct in the host's version of it.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Name of the open layer at an index, in alphabetical order; `ABSENT` past the last. Its columns are
    /// [`column::layer_span`] and [`column::layer_value`].
    pub name: Option<unsafe extern "C" fn(*const Doc, u32, *mut Bytes) -> Status>,
}

// SAFETY: the tables and the text in them live as long as the process and never change; the contract says so.
unsafe impl Send for Host {}
// SAFETY: as above.
unsafe impl Sync for Host {}
// SAFETY: as above.
unsafe impl Send for Kind {}
// SAFETY: as above.
unsafe impl Sync for Kind {}
// SAFETY: as above.
unsafe impl Send for Plugin {}
// SAFETY: as above.
unsafe impl Sync for Plugin {}

const _: () = {
    assert!(cfg!(all(target_pointer_width = "64", target_endian = "little")), "64-bit little-endian only");
    assert!(size_of::<Bytes>() == 16 && size_of::<View>() == 24 && size_of::<Span>() == 8);
    // As of this minor version; what they had in 1.0 is `Table::FIRST`.
    assert!(size_of::<Host>() == 104 && size_of::<Kind>() == 64 && size_of::<Plugin>() == 48);
    assert!(size_of::<Layers>() == 16);
};
