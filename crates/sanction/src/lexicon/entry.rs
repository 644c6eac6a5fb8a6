//! What is known of a word.

use demarche_core::Measures;

use super::{Class, Pos, Things};

/// One use of a word.
#[derive(Clone, Debug)]
pub(crate) struct Sense {
    pub(crate) pos: Pos,
    pub(crate) class: Class,
    /// The particle that must follow a verb: `cut off`.
    pub(crate) particle: Option<Box<str>>,
    /// A governor's prepositions; empty where any link will do.
    pub(crate) prepositions: Vec<Box<str>>,
    /// What a penalty must hit.
    pub(crate) hits: Things,
    /// What it says of the measures.
    pub(crate) measures: Measures,
}

/// All that is known of a word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) senses: Vec<Sense>,
    /// The kinds of things it names.
    pub(crate) things: Things,
    /// The measures it says as a modifier or as what is hit.
    pub(crate) measures: Measures,
    /// The families of words near in meaning, by their place in the table.
    pub(crate) families: u64,
    /// A user has said what the word is.
    pub(crate) own: bool,
}

impl Entry {
    /// The entry of a word of which nothing is known.
    pub(crate) const UNKNOWN: Self =
        Self { senses: Vec::new(), things: Things(0), measures: Measures(0), families: 0, own: false };

    /// Whether an event may start from the word.
    pub(crate) fn is_seed(&self) -> bool {
        self.senses.iter().any(|sense| sense.class.is_seed())
    }

    /// Whether the word is of one of these kinds.
    pub(crate) const fn is(&self, things: Things) -> bool {
        self.things.meets(things)
    }
}
