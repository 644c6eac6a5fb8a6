//! A document with every layer.

use demarche_plugin::{Document, Offsets, format};

const JSON: &str = include_str!("../../../../tests/regressions/document/full.json");

/// The document.
pub(crate) fn full() -> Document<'static> {
    format::read(JSON, Offsets::Char).expect("the document is sound")
}

/// A document without layers.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn bare() -> Document<'static> {
    Document::new("d-2", "Zoë Aster said “stop”.")
}

/// All of a document as JSON text.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn json(doc: &Document<'_>) -> String {
    String::from_utf8(format::to_vec(doc, Offsets::Byte)).expect("JSON is UTF-8")
}
