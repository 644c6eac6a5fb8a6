#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod feature;
pub mod lemma;
mod memo;
mod model;
pub mod network;
mod options;
mod stage;
mod tree;

pub use model::Model;
pub use options::SyntaxOptions;
pub use stage::{MAX_SENTENCE, Syntax, Tag, register};
