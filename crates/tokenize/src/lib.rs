#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod address;
mod class;
mod feature;
mod learned;
mod lexicon;
mod lines;
mod options;
mod piece;
mod place;
mod rules;
mod scan;
mod sentence;
mod stage;
mod stop;
mod style;
mod symbol;
mod word;

pub use feature::FEATURES;
pub use learned::{KIND, Model, TABLE};
pub use options::{Newlines, Sentences, TokenizeOptions};
pub use place::{Place, each_place};
pub use stage::Tokenize;

use demarche_core::{Registry, RegistryError, StageKind};

/// Adds the stage `tokenize`.
///
/// # Errors
/// If its name is taken.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Tokenize>())
}
