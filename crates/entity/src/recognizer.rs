//! The learned recognizer: from what is seen of the words to a score for each tag, by softmax regression (maximum entropy;
//! Ratnaparkhi 1996), whose scores are logarithms of chances but for a constant.

use demarche_model::cluster::{Clusters, Ids};
use demarche_model::{Kind, OpenError, Section, Table, Weights, Writer, add_row, quantize_row};

use crate::feature::Features;
use crate::tag::{N_TAGS, OUTSIDE};
use crate::template;

/// What the model files of this crate are.
pub const KIND: Kind = Kind { name: "entity", version: 1 };

/// Weights of features, ready for use.
///
/// Sections of the model, beside those of the [`Clusters`]: `feature.hash`, `feature.row` ([`N_TAGS`] bytes a feature) and
/// `feature.scale` (what a row's bytes are multiplied by).
#[derive(Debug)]
pub struct Recognizer {
    clusters: Clusters,
    rows_by_hash: Table,
    rows: Section,
    scales: Vec<f32>,
}

/// The score of no name at a word that is not looked at.
const SURE: f32 = 12.0;

impl Recognizer {
    /// The model that is part of this crate; `models/README.md` is its card.
    pub const ENGLISH: &'static [u8] = include_bytes!("../models/english.model");

    /// The recognizer with the model of this crate.
    ///
    /// # Panics
    /// Never: the tests see to it that the model is whole.
    pub fn english() -> Self {
        let weights = Weights::open(Self::ENGLISH, KIND).expect("the crate's own model is whole");
        Self::open(&weights).expect("the crate's own model is whole")
    }

    /// Makes the recognizer of a model.
    ///
    /// # Errors
    /// If the model's sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        let hashes = weights.u64s("feature.hash")?;
        let rows = weights.bytes("feature.row")?;
        if rows.len() != hashes.len() * N_TAGS {
            let problem = format!("it has {} bytes where {} are wanted", rows.len(), hashes.len() * N_TAGS);
            return Err(OpenError::Section { section: "feature.row", problem });
        }
        Ok(Self {
            clusters: Clusters::open(weights)?,
            rows_by_hash: Table::new(&hashes, |i| i as u32),
            rows,
            scales: weights.floats("feature.scale", hashes.len())?,
        })
    }

    /// Writes a model: the features' hashes, their rows of [`N_TAGS`] weights, the clusters of words.
    pub fn write(hashes: &[u64], rows: &[f32], words: &[(String, Ids)]) -> Vec<u8> {
        let mut writer = Writer::new(KIND);
        writer.u64s("feature.hash", hashes);
        let mut bytes = Vec::with_capacity(rows.len());
        let scales: Vec<f32> = rows.chunks_exact(N_TAGS).map(|row| quantize_row(row, &mut bytes)).collect();
        writer.bytes("feature.row", &bytes);
        writer.floats("feature.scale", &scales);
        Clusters::write(&mut writer, words);
        writer.finish()
    }

    /// The clusters that its features are made with.
    pub const fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    /// Scores of the tags of a sentence's words, in rows of [`N_TAGS`], added to `scores`.
    pub fn score(&self, sentence: &[Features], scores: &mut Vec<f32>) {
        let start = scores.len();
        scores.resize(start + sentence.len() * N_TAGS, 0.0);
        for (i, sums) in scores[start..].chunks_exact_mut(N_TAGS).enumerate() {
            if template::worth_a_look(sentence, i) {
                template::each(sentence, i, |hash| {
                    if let Some(row) = self.rows_by_hash.get(hash) {
                        let row = row as usize;
                        add_row(sums, &self.rows[row * N_TAGS..][..N_TAGS], self.scales[row]);
                    }
                });
            } else {
                sums[OUTSIDE] = SURE;
            }
        }
    }
}
