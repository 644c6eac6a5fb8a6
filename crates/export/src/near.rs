//! Texts that say nearly the same.

use std::collections::BTreeMap;

use demarche_model::feature_hash;

/// Words of a run.
const RUN: usize = 5;
/// Hashes of a text.
const HASHES: usize = 64;
/// Hashes of a band: two texts are compared if they agree in all of one.
const BAND: usize = 4;
/// So many of the hashes agree where four fifths of the runs are the same.
const ALIKE: usize = HASHES * 4 / 5;

/// The texts seen so far.
#[derive(Clone, Debug, Default)]
pub struct Near {
    texts: Vec<[u64; HASHES]>,
    /// Texts by band and its hash.
    bands: BTreeMap<(usize, u64), Vec<u32>>,
}

impl Near {
    /// Whether no text seen before says nearly the same; this one is seen from now on.
    ///
    /// # Panics
    /// Never: fewer than 2^32 texts fit in memory.
    pub fn is_new(&mut self, text: &str) -> bool {
        self.first_like(text).is_none()
    }

    /// The number, from 0, of the first text before that says nearly the same; copies are not numbered. A text that has
    /// none is seen from now on.
    ///
    /// # Panics
    /// Never: fewer than 2^32 texts fit in memory.
    pub fn first_like(&mut self, text: &str) -> Option<usize> {
        let hashes = hashes(text);
        let bands: Vec<(usize, u64)> = hashes.chunks(BAND).map(hash_of_band).enumerate().collect();
        let alike = |&&other: &&u32| {
            let other = &self.texts[other as usize];
            hashes.iter().zip(other).filter(|(one, other)| one == other).count() >= ALIKE
        };
        let seen = |band| self.bands.get(band).and_then(|texts| texts.iter().find(alike));
        if let Some(&first) = bands.iter().filter_map(seen).min() {
            return Some(first as usize);
        }
        let number = u32::try_from(self.texts.len()).expect("fewer than 2^32 texts fit in memory");
        self.texts.push(hashes);
        for band in bands {
            self.bands.entry(band).or_default().push(number);
        }
        None
    }
}

/// For each of as many orders of all runs, the least run of the text.
fn hashes(text: &str) -> [u64; HASHES] {
    let words: Vec<u64> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| feature_hash(0, word.to_lowercase().as_bytes()))
        .collect();
    let mut least = [u64::MAX; HASHES];
    // A text shorter than a run is a run.
    for run in words.windows(RUN.min(words.len()).max(1)) {
        let run: Vec<u8> = run.iter().flat_map(|word| word.to_le_bytes()).collect();
        for (order, least) in least.iter_mut().enumerate() {
            *least = (*least).min(feature_hash(1 + order as u64, &run));
        }
    }
    least
}

fn hash_of_band(hashes: &[u64]) -> u64 {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    feature_hash(0, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "The council in Riga agreed on Monday to freeze the accounts of four shipping firms and of the men behind \
        them, and asked its neighbors to do the same before the month is out, a spokeswoman told reporters.";

    #[test]
    fn wire_copy_is_known_again() {
        let mut near = Near::default();
        assert!(near.is_new(WIRE));
        assert!(!near.is_new(WIRE));
        assert!(!near.is_new(&WIRE.replace("told reporters", "said").to_uppercase()));
        assert!(near.is_new("The council in Riga agreed on Monday to open two bridges."));
    }

    #[test]
    fn a_copy_names_the_first_of_its_kind() {
        let mut near = Near::default();
        let texts = ["The council in Riga agreed on Monday to open two bridges.", WIRE, WIRE, WIRE];
        assert_eq!(texts.map(|text| near.first_like(text)), [None, None, Some(1), Some(1)]);
    }

    #[test]
    fn empty_texts_are_alike() {
        let mut near = Near::default();
        assert!(near.is_new(""));
        assert!(!near.is_new(" … "));
    }
}
