//! The learned judge of sentence ends: a sum of small weights, one a feature of the place.

use demarche_model::{Kind, OpenError, Weights};

use crate::place::Place;

/// What a model of sentence ends is called, and the version of its features.
pub const KIND: Kind = Kind { name: "sentence", version: 1 };

/// Weights that the features share; their hashes choose. A power of two.
pub const TABLE: usize = 1 << 16;

/// Weights of the features of places where a sentence may end.
#[derive(Clone, Debug)]
pub struct Model {
    weights: Box<[i8; TABLE]>,
}

impl Model {
    /// The model that is part of this crate; `models/sentences.md` is its card.
    pub const ENGLISH: &'static [u8] = include_bytes!("../models/sentences.model");

    pub(crate) fn english() -> Self {
        Self::open(Self::ENGLISH).expect("the crate's own model is whole, its tests see to it")
    }

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
        let weights = weights.bytes("weights")?;
        let table: Box<[i8]> = (*weights).into();
        let weights = table.try_into().map_err(|table: Box<[i8]>| OpenError::Section {
            section: "weights",
            problem: format!("it holds {} numbers where {TABLE} are wanted", table.len()),
        })?;
        Ok(Self { weights })
    }

    /// Whether a sentence ends there: whether the weights' sum is above zero.
    pub fn ends(&self, place: &Place) -> bool {
        let weight = |&feature: &u16| i32::from(self.weights[usize::from(feature)]);
        place.features.iter().map(weight).sum::<i32>() > 0
    }
}
