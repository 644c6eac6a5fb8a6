#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod options;
mod stage;

mod combine;
mod learned;
mod rules;

mod according;
mod aside;
mod clause;
mod content;
mod continuation;
mod cue;
mod direct;
mod draft;
mod headline;
mod indirect;
mod lexicon;
mod marks;
mod phrase;
mod quote_type;
mod reading;
mod siblings;
mod source;
mod speaker;

pub use learned::{Examples, KIND, Likely, Model, N_PARTS, Part, PartsExample, Scores, Task, YesNoExample};
pub use options::{Kind, Method, QuoteOptions, Type};
pub use stage::Quotes;

use demarche_core::{Registry, RegistryError, StageKind};

/// Adds the stage `quote` to a registry.
///
/// # Errors
/// If there is a stage of this name already.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Quotes>())
}
