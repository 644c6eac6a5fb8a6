#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod lexicon;
mod options;
mod stage;
mod view;

mod trigger;

mod action;
mod governor;

mod factuality;
mod measure;

mod argument;
mod memory;
mod party;

mod reason;

mod rules;
mod told;

mod learned;

mod codes;

pub use learned::{Example, KIND, Model, ROWS, Task};
pub use options::SanctionOptions;
pub use stage::Sanctions;

use demarche_core::{Registry, RegistryError, StageKind};

/// Adds the stage `sanction` to a registry.
///
/// # Errors
/// If there is a stage of this name already.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Sanctions>())
}
