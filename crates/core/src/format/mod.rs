//! The serialized document: one JSON object, as `docs/document-format.md` describes it.

mod read;
mod wire;
mod write;

pub use read::{FormatError, read};
pub use write::write;
