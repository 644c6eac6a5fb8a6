//! The host, as the author's library sees it.

use std::sync::OnceLock;

use demarche_core::{Cancel, Layer, Span, StageError};

use crate::abi::{self, Bytes, Call, Doc, Host, Item, Layers, View, status};
use crate::table;

/// What is known of the host since the first call.
struct Connection {
    host: Host,
    layers: Option<Layers>,
}

static CONNECTION: OnceLock<Connection> = OnceLock::new();

/// Keeps the host's table, as far as it reaches; `false` if it is none of this version.
///
/// # Safety
/// `host` is null or points to a host's table that lives as long as the process.
pub(super) unsafe fn connect(host: *const Host) -> bool {
    if host.is_null() {
        return false;
    }
    // SAFETY: size and version stand at the head of every version.
    let [size, major] = unsafe { host.cast::<[u32; 2]>().read() };
    if major != abi::MAJOR {
        return false;
    }
    // SAFETY: it says that it is as long as that.
    let Some(host) = (unsafe { table::read(host, size) }) else { return false };
    CONNECTION.get_or_init(|| Connection { host, layers: layers(&host) });
    true
}

/// The functions for open layers, if the host has them.
fn layers(host: &Host) -> Option<Layers> {
    // SAFETY: an extension is null or lives as long as the process, and is what its name says, in every host.
    let layers = unsafe { host.extension?(Bytes::of(abi::LAYERS)) }.cast::<Layers>();
    if layers.is_null() {
        return None;
    }
    // SAFETY: it starts with its size, and is as long as that.
    unsafe { table::read(layers, layers.cast::<u32>().read()) }
}

/// A document in the host's hands, for the time of one call.
#[derive(Clone, Copy)]
pub(super) struct Remote {
    connection: &'static Connection,
    doc: *mut Doc,
}

/// Why something did not reach the host.
pub(super) enum SendError {
    /// The host refused it, and knows why.
    Refused,
    /// The stage has done what a plugin cannot.
    Stage(StageError),
}

impl From<StageError> for SendError {
    fn from(error: StageError) -> Self {
        Self::Stage(error)
    }
}

pub(super) fn failed(message: impl Into<String>) -> StageError {
    StageError::Failed { message: message.into() }
}

impl Remote {
    /// The document of a call; `None` before any host has asked for the table.
    pub(super) fn new(doc: *mut Doc) -> Option<Self> {
        CONNECTION.get().map(|connection| Self { connection, doc })
    }

    /// A column that the host lends, until the call ends; `None` if its layer did not run.
    pub(super) fn view<'a, T: Item>(&self, column: u32) -> Result<Option<&'a [T]>, StageError> {
        let view = self.connection.host.view.ok_or_else(|| failed("the host lends nothing"))?;
        let mut lent = View::EMPTY;
        // SAFETY: the document is the one of this call; the place for the view is ours.
        match unsafe { view(self.doc, column, &raw mut lent) } {
            // SAFETY: the host lends it until the call ends, and `Document`s made of it are dropped before.
            status::OK => unsafe { lent.items() }
                .map(Some)
                .ok_or_else(|| failed(format!("the host lends column {column} with items of another size"))),
            status::ABSENT | status::UNKNOWN => Ok(None),
            answer => {
                Err(failed(format!("the host does not lend column {column}: {}", status::name(answer))))
            }
        }
    }

    /// Text that the host lends.
    pub(super) fn text<'a>(&self, column: u32) -> Result<&'a str, StageError> {
        let bytes = self.view::<u8>(column)?.unwrap_or_default();
        std::str::from_utf8(bytes)
            .map_err(|_| failed(format!("the host lends column {column}, which is not UTF-8")))
    }

    /// Names of the open layers, with their place in the document's order.
    pub(super) fn open_layers<'a>(&self) -> impl Iterator<Item = (u32, &'a str)> {
        let (name, doc) = (self.connection.layers.and_then(|layers| layers.name), self.doc);
        (0..).map_while(move |index| {
            let mut text = Bytes::of("");
            // SAFETY: the document is the one of this call; the place for the name is ours.
            let answer = unsafe { name?(doc, index, &raw mut text) };
            // SAFETY: the host lends it until the call ends.
            (answer == status::OK).then(|| unsafe { text.text() }).flatten().map(|name| (index, name))
        })
    }

    /// Asks the host whether the time is up, whenever the stage does.
    pub(super) fn cancel<'a>(&self) -> Cancel<'a> {
        struct Asked(*const Doc);
        // SAFETY: by the contract any thread may ask while the call goes on, and the `Cancel` ends with the call.
        unsafe impl Send for Asked {}
        // SAFETY: as above.
        unsafe impl Sync for Asked {}
        impl Asked {
            fn get(&self) -> *const Doc {
                self.0
            }
        }
        let (ask, doc) = (self.connection.host.cancelled, Asked(self.doc));
        // SAFETY: the document is the one of this call.
        Cancel::when(move || ask.is_some_and(|ask| unsafe { ask(doc.get()) } != 0))
    }

    pub(super) fn intern(&self, string: &str) -> Result<u32, SendError> {
        let mut id = demarche_core::NONE;
        let intern = self.connection.host.intern.ok_or(SendError::Refused)?;
        // SAFETY: the document is the one of this call; string and place for the id are ours.
        accepted(unsafe { intern(self.doc, Bytes::of(string), &raw mut id) })?;
        Ok(id)
    }

    pub(super) fn put<T>(&self, column: u32, items: &[T]) -> Result<(), SendError> {
        let put = self.connection.host.put.ok_or(SendError::Refused)?;
        let view = View::of(items);
        // SAFETY: the document is the one of this call; the host copies the items.
        accepted(unsafe { put(self.doc, column, &raw const view) })
    }

    pub(super) fn annotate(&self, layer: &str, span: Span, json: &str) -> Result<(), SendError> {
        let annotate = self.connection.host.annotate.ok_or(SendError::Refused)?;
        // SAFETY: the document is the one of this call; the host copies the value.
        accepted(unsafe { annotate(self.doc, Bytes::of(layer), span, Bytes::of(json)) })
    }

    pub(super) fn record(&self, layer: &Layer, json: &[u8]) -> Result<(), SendError> {
        let record = self.connection.host.record.ok_or(SendError::Refused)?;
        let json = Bytes { ptr: json.as_ptr(), len: json.len() };
        // SAFETY: the document is the one of this call; the host copies the record.
        accepted(unsafe { record(self.doc, Bytes::of(layer.name()), json) })
    }
}

fn accepted(answer: abi::Status) -> Result<(), SendError> {
    if answer < 0 { Err(SendError::Refused) } else { Ok(()) }
}

/// Tells the host why the call is going to fail.
pub(super) fn tell(call: *mut Call, message: &str) {
    if let Some(fail) = CONNECTION.get().and_then(|connection| connection.host.fail) {
        // SAFETY: the call is the one that goes on; the host copies the message.
        unsafe { fail(call, Bytes::of(message)) };
    }
}
