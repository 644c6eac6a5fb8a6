#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod address;
mod class;
mod lexicon;
mod lines;
mod options;
mod piece;
mod scan;
mod sentence;
mod stage;
mod stop;
mod symbol;
mod word;

pub use options::{Newlines, TokenizeOptions};
pub use stage::Tokenize;

use demarche_core::{Registry, RegistryError, StageKind};

/// Adds the stage `tokenize`.
///
/// # Errors
/// If its name is taken.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Tokenize>())
}
