#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod event;
mod plover;

mod count;
mod table;

#[cfg(feature = "parquet")]
mod columnar;

mod near;
mod stats;

mod brat;
mod conllu;
mod page;
mod text;

pub use brat::{Brat, file_name};
#[cfg(feature = "parquet")]
pub use columnar::{ColumnarError, ColumnarForm, DocumentTable};
pub use conllu::conllu;
pub use count::{By, UnknownKey};
pub use event::EventRow;
pub use near::Near;
pub use page::Page;
pub use stats::Stats;
pub use table::{ExportError, Form, Shape, Table};
pub use text::visible;
