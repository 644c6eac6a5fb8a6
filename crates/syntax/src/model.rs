use demarche_model::{OpenError, Weights};

use crate::lemma::Lemmatizer;
use crate::network::{KIND, Network};

/// All that is learned: the network and the lemma rules.
#[derive(Debug)]
pub struct Model {
    /// Tags, heads and relations.
    pub network: Network,
    /// Lemmas.
    pub lemmatizer: Lemmatizer,
}

impl Model {
    /// The model that is part of this crate; `models/README.md` is its card.
    pub const ENGLISH: &'static [u8] = include_bytes!("../models/english.model");

    /// Makes a model of its bytes.
    ///
    /// # Errors
    /// If they are not a whole, undamaged model of this kind and version.
    pub fn open(bytes: &'static [u8]) -> Result<Self, OpenError> {
        Self::of(&Weights::open(bytes, KIND)?)
    }

    /// Makes a model of the bytes of a file.
    ///
    /// # Errors
    /// If they are not a whole, undamaged model of this kind and version.
    pub fn from_file(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Self::of(&Weights::from_file(bytes, KIND)?)
    }

    fn of(weights: &Weights) -> Result<Self, OpenError> {
        Ok(Self { network: Network::open(weights)?, lemmatizer: Lemmatizer::open(weights)? })
    }
}
