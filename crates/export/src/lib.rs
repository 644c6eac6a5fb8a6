#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod event;
mod plover;

mod count;
mod table;

mod near;

pub use count::{By, UnknownKey};
pub use event::EventRow;
pub use near::Near;
pub use table::{ExportError, Form, Shape, Table};
