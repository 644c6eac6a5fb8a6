//! The serialized document: one JSON object, as `docs/document-format.md` describes it.

mod read;
mod wire;
mod write;

pub use read::{FormatError, read, read_item};
pub use write::{to_vec, write, write_item};
