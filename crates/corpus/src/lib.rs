#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod compress;
mod encode;
mod encoding;
mod error;
mod failed;
mod json;
mod lines;
mod lock;
mod open;
mod output;
mod parts;
mod place;
mod read;
mod reader;
mod results;
mod resume;
mod select;
mod source;
mod storage;

pub use encode::hex;
pub use encoding::{EncodingName, UnknownEncoding};
pub use error::{Problem, RecordError};
pub use failed::{Failed, FailedDocuments, KEPT_BYTES};
pub use lock::Lock;
pub use output::{Opening, Output, OutputError, Target, give_name, lock_for, part, wants_free};
pub use parts::{Mark, Parting};
pub use place::Place;
pub use reader::{Fields, Layers, MAX_RECORD, Progress, ReadOptions, Reader, Record, place};
pub use results::{Results, Rows};
pub use resume::{Position, ResumeError};
pub use select::{Comparison, ComparisonError, Sample};
pub use source::{Compression, Corpus, CorpusError, Format, SourceFile};
pub use storage::{FileSystem, Open, Storage, StoredFile, beside};
