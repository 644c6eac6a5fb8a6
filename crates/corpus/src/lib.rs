#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod encode;
mod encoding;
mod error;
mod failed;
mod json;
mod json_lines;
mod lines;
mod open;
mod output;
mod place;
mod read;
mod reader;
mod source;

pub use encode::hex;
pub use encoding::{EncodingName, UnknownEncoding};
pub use error::{Problem, RecordError};
pub use failed::{Failed, FailedDocuments, KEPT_BYTES};
pub use json_lines::JsonLines;
pub use output::{Output, OutputError, Target};
pub use place::Place;
pub use reader::{Fields, Layers, MAX_RECORD, Progress, ReadOptions, Reader, Record};
pub use source::{Compression, Corpus, CorpusError, Format, SourceFile};
