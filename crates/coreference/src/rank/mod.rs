//! The learned resolver: a ranker of antecedents over all noun phrases and pronouns.
//!
//! Public for the trainer, which calls the same functions.

mod attribute;
mod candidate;
mod extent;
mod feature;
mod network;
mod resolve;
mod scene;
mod state;

pub use candidate::{Candidate, Kind};
pub use feature::Role;
pub use network::{KIND, Network};
pub use resolve::{Link, Resolution};
pub use scene::{Antecedent, Scene};
pub use state::State;
