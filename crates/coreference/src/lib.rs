#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chain;
mod combine;
mod lexicon;
mod mention;
mod name;
mod nominal;
mod options;
mod phrase;
mod pronoun;
mod quotation;
pub mod rank;
mod reading;
mod stage;

pub use lexicon::Lexicon;
pub use options::{CoreferenceOptions, Resolver};
pub use stage::Coreference;

use demarche_core::{Registry, RegistryError, StageKind};

/// Adds the stage `coreference`.
///
/// # Errors
/// If its name is taken.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Coreference>())
}
