//! What the recognizer looks at together: features of a word, of its neighbors, and pairs of them.

use crate::feature::{Features, N_FEATURES};

/// Kinds of features of the word `offset` away, each a feature of the word itself.
const SINGLES: [(isize, &[usize]); 5] = [
    (0, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]),
    (-1, &[0, 2, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 16]),
    (1, &[0, 2, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 16]),
    (-2, &[0, 5, 7, 10]),
    (2, &[0, 5, 7, 10]),
];

/// Two features, as offset and kind, that make one.
const PAIRS: [[(isize, usize); 2]; 27] = [
    [(0, 0), (0, 4)],
    [(-1, 0), (0, 0)],
    [(0, 0), (1, 0)],
    [(-1, 5), (0, 5)],
    [(0, 5), (1, 5)],
    [(0, 10), (0, 12)],
    [(0, 10), (0, 9)],
    [(0, 10), (0, 5)],
    [(0, 10), (0, 0)],
    [(0, 10), (-1, 0)],
    [(0, 10), (1, 0)],
    [(0, 10), (0, 7)],
    [(0, 10), (0, 11)],
    [(0, 10), (1, 10)],
    [(-1, 10), (0, 10)],
    [(0, 7), (1, 7)],
    [(-1, 7), (0, 7)],
    [(0, 4), (1, 4)],
    [(-1, 4), (0, 4)],
    [(0, 7), (-1, 0)],
    [(0, 7), (1, 0)],
    [(0, 11), (0, 5)],
    [(0, 6), (0, 7)],
    [(0, 5), (0, 14)],
    [(0, 10), (0, 15)],
    [(0, 15), (1, 15)],
    [(-1, 15), (0, 15)],
];

/// The feature of a neighbor that is beyond the sentence.
const BEYOND: u64 = 77;

/// All that is seen at word `i` of a sentence, as hashes. What is absent (a zero) says nothing.
pub fn each(sentence: &[Features], i: usize, mut each: impl FnMut(u64)) {
    let at = |offset: isize, kind: usize| {
        let word = i.checked_add_signed(offset).and_then(|i| sentence.get(i));
        word.map_or(BEYOND, |features| features[kind])
    };
    let mut seed = 0_u64;
    for (offset, kinds) in SINGLES {
        for &kind in kinds {
            seed = seed.wrapping_add(STEP);
            match at(offset, kind) {
                0 => {}
                feature => each(mix(feature ^ seed)),
            }
        }
    }
    for [(offset, kind), (other_offset, other_kind)] in PAIRS {
        seed = seed.wrapping_add(STEP);
        match (at(offset, kind), at(other_offset, other_kind)) {
            (0, _) | (_, 0) => {}
            (one, other) => each(mix(mix(one ^ seed).rotate_left(23) ^ other)),
        }
    }
}

/// Whether anything can be named at the words: capitals, mentions, names in small letters, words that are not common ones, and
/// their neighbors. The others, which are most, are outside of names.
pub fn worth_a_look(sentence: &[Features], i: usize) -> bool {
    let open = |i: usize| sentence.get(i).is_some_and(|features| features[N_FEATURES - 1] != 0);
    open(i) || open(i + 1) || i > 0 && open(i - 1)
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads the bits (Stafford's variant of the finalizer of `SplitMix64`, one round of it).
const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^ (x >> 29)
}
