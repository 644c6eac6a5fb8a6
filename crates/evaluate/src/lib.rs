#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![expect(clippy::cast_precision_loss, reason = "items are counted, and no document has 2^53 of them")]

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
mod units;

pub use document::{Document, Documents};
pub use error::{At, Error};
pub use figures::{Counts, Prf, Score, Scores, Share};
pub use labels::LabelGroups;
pub use score::{Accounts, Evaluation, Options, ScoredLayer, score};
pub use units::Doubt;

pub(crate) use score::Key;
