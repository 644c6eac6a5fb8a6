//! Features of an item, hashed to rows of a table of weights.

use demarche_model::feature_hash;

/// Rows of the tables: a power of two, so that a hash's top bits are a row.
pub const ROWS: usize = 1 << ROW_BITS;
const ROW_BITS: u32 = 15;

/// The hash of a word, for [`Rows::add`].
pub(crate) fn word_hash(word: &str) -> u64 {
    feature_hash(0, word.as_bytes())
}

/// The features of one item, as rows. A feature is a kind with the values that make it up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<u32>,
    salt: u64,
}

impl Rows {
    /// Adds a feature: its kind, and hashes of its values.
    pub(crate) fn add(&mut self, kind: &str, values: &[u64]) {
        let mut hash = feature_hash(1 + self.salt, kind.as_bytes());
        for value in values {
            hash = (hash.rotate_left(29) ^ value).wrapping_mul(MIX);
        }
        // The product's low bits know little of the value's high ones.
        hash = (hash ^ (hash >> 32)).wrapping_mul(MIX);
        self.rows.push((hash >> (u64::BITS - ROW_BITS)) as u32);
    }

    /// What the features that follow are of, where the same ones of another thing have weights of their own.
    pub(crate) fn of(&mut self, salt: u64) {
        self.salt = salt;
    }

    pub(crate) fn clear(&mut self) {
        self.salt = 0;
        self.rows.clear();
    }

    pub(crate) fn as_slice(&self) -> &[u32] {
        &self.rows
    }
}

/// An odd number without pattern (the golden ratio's fraction, as in Fibonacci hashing).
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
