#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod options;
mod stage;

mod class;
mod gazetteer;
mod label;
mod lists;
mod vocabulary;
mod word;

mod ago;
mod calendar;
mod clock;
mod date;
mod mention;
mod month;
mod number;
mod officials;
mod organization;
mod period;
mod person;
mod place;
mod product;
mod scan;
mod year_part;

pub mod feature;
mod reading;
pub mod recognizer;
pub mod tag;
pub mod template;

mod affair;
mod affiliation;
mod combine;
mod consensus;
mod description;
mod naming;
mod recall;
mod run;
mod storm;

pub use combine::Trust;
pub use options::{EntityOptions, Recognition};
pub use reading::Reading;
pub use stage::Entities;

use demarche_core::{Registry, RegistryError, StageKind};

/// Registers the stage `entity`.
///
/// # Errors
/// If there is a stage of that name already.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Entities>())
}
