//! Words that are used alike: clusters of word vectors (Turian, Ratinov & Bengio 2010), which tell a
//! model what a word that it has not learned may mean.

use crate::{OpenError, Table, Weights, Writer, feature_hash};

/// Which clusters a word is in, from coarse to fine.
pub type Ids = [u16; N_LEVELS];

/// Number of clusterings.
pub const N_LEVELS: usize = 4;

/// The clusters of words in small letters.
///
/// Sections of the model: `cluster.word` (low 32 bits of the hash of each word), `cluster.set` (of each word, two bytes),
/// `cluster.ids` ([`N_LEVELS`] numbers a set, two bytes each).
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    sets_by_word: Option<Table>,
    ids: Vec<Ids>,
}

impl Clusters {
    /// Reads the clusters of a model.
    ///
    /// # Errors
    /// If the sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        let words = weights.u32s("cluster.word")?;
        let (sets, ids) = (numbers(&weights.bytes("cluster.set")?), numbers(&weights.bytes("cluster.ids")?));
        let ids = ids.as_chunks::<N_LEVELS>().0.to_vec();
        if sets.len() != words.len() || sets.iter().any(|&set| usize::from(set) >= ids.len()) {
            let problem = "it does not give each word one of the sets".to_owned();
            return Err(OpenError::Section { section: "cluster.set", problem });
        }
        let keys: Vec<u64> = words.iter().map(|&word| key(word)).collect();
        Ok(Self { sets_by_word: Some(Table::new(&keys, |i| u32::from(sets[i]))), ids })
    }

    /// Adds the sections to a model.
    ///
    /// # Panics
    /// If the words have more than 65,536 different sets of clusters.
    pub fn write(writer: &mut Writer, words: &[(String, Ids)]) {
        let mut sets: Vec<Ids> = words.iter().map(|(_, ids)| *ids).collect();
        sets.sort_unstable();
        sets.dedup();
        assert!(sets.len() <= 1 << 16, "the number of a set has two bytes");
        let set = |ids: &Ids| sets.binary_search(ids).expect("each is among them") as u16;
        let mut rows: Vec<(u32, u16)> = words.iter().map(|(word, ids)| (hash(word), set(ids))).collect();
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        writer.u32s("cluster.word", &rows.iter().map(|row| row.0).collect::<Vec<_>>());
        writer.bytes("cluster.set", &bytes(rows.iter().map(|row| row.1)));
        writer.bytes("cluster.ids", &bytes(sets.into_iter().flatten()));
    }

    /// Those of a word in small letters.
    pub fn get(&self, word: &str) -> Option<Ids> {
        let set = self.sets_by_word.as_ref()?.get(key(hash(word)))?;
        Some(self.ids[set as usize])
    }
}

fn numbers(bytes: &[i8]) -> Vec<u16> {
    let number = |&bytes: &[i8; 2]| u16::from_le_bytes(bytes.map(i8::cast_unsigned));
    bytes.as_chunks().0.iter().map(number).collect()
}

fn bytes(numbers: impl Iterator<Item = u16>) -> Vec<i8> {
    numbers.flat_map(u16::to_le_bytes).map(u8::cast_signed).collect()
}

fn hash(word: &str) -> u32 {
    feature_hash(0, word.as_bytes()) as u32
}

/// Bits for both halves of a [`Table`]'s key.
const fn key(hash: u32) -> u64 {
    (hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
