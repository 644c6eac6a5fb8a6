#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod document;
mod error;
mod figures;
mod score;
mod table;

mod chains;
mod entities;
mod labels;
mod quotes;
mod sanctions;
mod syntax;
mod words;

mod assignment;
mod code;
mod text;

pub use document::{Document, Documents};
pub use error::{At, Error};
pub use figures::{Counts, Prf, Score, Scores, Share};
pub use labels::LabelGroups;
pub use score::{Accounts, Evaluation, Options, ScoredLayer, score};

pub(crate) use score::Key;
