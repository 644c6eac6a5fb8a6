//! Features of an item, hashed to rows of a table of weights (the "hashing trick": Weinberger et al. 2009).

/// Features as rows of a table with a power of two of them. A feature is a kind with up to two values.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    rows: Vec<u32>,
    shift: u32,
}

impl Rows {
    /// For a table of `1 << bits` rows.
    pub(crate) const fn new(bits: u32) -> Self {
        Self { rows: Vec::new(), shift: u64::BITS - bits }
    }

    /// Adds a feature.
    pub(crate) fn add(&mut self, kind: u64, one: u64, other: u64) {
        // Each factor is odd and without pattern; the product's low bits know little of the values' high ones.
        let hash = (one ^ kind.wrapping_mul(KIND)).wrapping_mul(ONE);
        let hash = (hash ^ (hash >> 32) ^ other.rotate_left(21)).wrapping_mul(OTHER);
        let hash = (hash ^ (hash >> 32)).wrapping_mul(ONE);
        self.rows.push((hash >> self.shift) as u32);
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(crate) fn as_slice(&self) -> &[u32] {
        &self.rows
    }
}

/// The fraction of the golden ratio, as in Fibonacci hashing, and two constants of `SplitMix64`.
const KIND: u64 = 0x9e37_79b9_7f4a_7c15;
const ONE: u64 = 0xbf58_476d_1ce4_e5b9;
const OTHER: u64 = 0x94d0_49bb_1331_11eb;

/// Two values as one.
pub(crate) const fn both(one: u64, other: u64) -> u64 {
    (one.rotate_left(25) ^ other).wrapping_mul(KIND)
}
