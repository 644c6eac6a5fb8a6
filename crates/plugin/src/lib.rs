#![doc = include_str!("../README.md")]
#![deny(unsafe_op_in_unsafe_fn)]

pub mod abi;
#[cfg(feature = "host")]
mod host;
#[cfg(feature = "host")]
pub mod kit;
#[doc(hidden)]
pub mod sdk;
mod table;

/// `demarche_plugin.h`: the boundary for authors in C and in whatever reads C.
pub const HEADER: &str = include_str!("../include/demarche_plugin.h");

pub use demarche_core::{
    Action, Argument, BuildError, Chain, Component, Dependencies, Document, Entity, Factuality, FilePath,
    Layer, Measure, Measures, Morphology, NONE, Offsets, Quote, QuoteKind, QuoteType, Sanction, Span,
    Speaker, Stage, StageError, StringId, Tree, Upos, format,
};
pub use {schemars, serde, serde_json};

#[cfg(feature = "host")]
pub use host::{Level, LoadError, Plugin, PluginSpec, Traits, hash, link, load, on_log};
