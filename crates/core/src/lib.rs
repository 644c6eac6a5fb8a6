#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod columns;
mod document;
pub mod format;
mod label;
mod layer;
mod offsets;
mod pipeline;
mod printable;
mod quiet;
mod registry;
mod row;
mod span;
mod stage;
mod strings;
mod tree;
mod validate;

pub use columns::{
    Chains, Column, Dependencies, Entities, Lists, Morphology, OpenLayer, Quotes, Sanctions, Sentences,
    Tokens,
};
pub use document::{Cancel, Document};
pub use label::{Action, Factuality, Measure, Measures, QuoteKind, QuoteType, Upos};
pub use layer::Layer;
pub use offsets::{OffsetMap, Offsets};
pub use pipeline::{OrderError, Pipeline, PipelineError, check_order};
pub use printable::printable;
pub use quiet::{panic_message, quietly};
pub use registry::{BuildError, Component, FilePath, Registry, RegistryError, StageKind};
pub use row::{Argument, Chain, Entity, Quote, Sanction, Speaker};
pub use span::Span;
pub use stage::{Stage, StageError};
pub use strings::{StringId, Strings};
pub use tree::Tree;
pub use validate::LayerError;

/// What stands in an index column where there is nothing: no chain, no quote, no head (a root).
pub const NONE: u32 = u32::MAX;
