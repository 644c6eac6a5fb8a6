//! What the network sees of a word: hashes of its form, its ends, its shape and how it stands in the text.
//!
//! The trainer calls the same functions, so that training and use cannot differ.

use demarche_model::{Feature, feature_hash};

/// A word as it stands in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// Its letters as they are in the text.
    pub form: &'t str,
    /// Whether white space (or the sentence's start) stands before it.
    pub space_before: bool,
    /// Whether white space (or the sentence's end) stands after it.
    pub space_after: bool,
}

/// Number of kinds of features: form, first three and first five letters, last two, three and four, shape, spacing,
/// casing. The kind is part of the hash. A word has one feature of each.
pub const KINDS: usize = 9;

/// What is seen of a word, in two groups of features: those of its form, and those of how it stands in the sentence.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'t> {
    form: &'t str,
    /// Spacing, and whether it is the first or last word.
    place: u8,
    /// Of the sentence, and of the word.
    casing: [u8; 2],
}

/// Looks at a sentence's words.
pub fn look<'t>(
    words: impl ExactSizeIterator<Item = Word<'t>> + Clone,
) -> impl ExactSizeIterator<Item = Seen<'t>> {
    let sentence = sentence_casing(words.clone().map(|word| word.form));
    let last = words.len().wrapping_sub(1);
    words.enumerate().map(move |(i, word)| Seen {
        form: word.form,
        place: u8::from(word.space_before)
            | u8::from(word.space_after) << 1
            | u8::from(i == 0) << 2
            | u8::from(i == last) << 3,
        casing: [sentence as u8, Casing::of(word.form) as u8],
    })
}

impl Seen<'_> {
    /// Key of the features of the form.
    pub fn form_key(&self) -> u64 {
        feature_hash(KINDS as u64, self.form.as_bytes())
    }

    /// The features of the form.
    pub fn form_features(&self, features: &mut Vec<Feature>) {
        let mut folded = String::new();
        fold(self.form, &mut folded);
        let (shape, len) = shape(self.form);
        let parts = [
            folded.as_bytes(),
            first(&folded, 3).as_bytes(),
            first(&folded, 5).as_bytes(),
            last(&folded, 2).as_bytes(),
            last(&folded, 3).as_bytes(),
            last(&folded, 4).as_bytes(),
            &shape[..len],
        ];
        let kinds = parts.iter().enumerate();
        features.extend(kinds.map(|(kind, part)| Feature { kind, hash: feature_hash(kind as u64, part) }));
    }

    /// Key of the features of how it stands.
    pub fn stand_key(&self) -> u64 {
        let [sentence, own] = self.casing;
        feature_hash(KINDS as u64 + 1, &[self.place, sentence, own])
    }

    /// The features of how it stands.
    pub fn stand_features(&self, features: &mut Vec<Feature>) {
        features.push(Feature { kind: 7, hash: feature_hash(7, &[self.place]) });
        features.push(Feature { kind: 8, hash: feature_hash(8, &self.casing) });
    }
}

/// Adds the word in small letters, with digits as `0`, and quotation marks, apostrophes and dashes in their
/// typewriter form, for that is what most of the training text has.
pub fn fold(form: &str, out: &mut String) {
    for c in form.chars() {
        match c {
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '0'..='9' => out.push('0'),
            '\0'..='\x7f' => out.push(c),
            _ => match typewriter(c) {
                Some(plain) => out.push_str(plain),
                None => out.extend(c.to_lowercase()),
            },
        }
    }
}

/// The typewriter form of a quotation mark, apostrophe, dash or ellipsis.
pub fn typewriter(c: char) -> Option<&'static str> {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => Some("'"),
        '“' | '”' | '„' | '‟' | '«' | '»' => Some("\""),
        '‐' | '‑' | '‒' | '–' | '−' => Some("-"),
        '—' | '―' => Some("--"),
        '…' => Some("..."),
        _ => None,
    }
}

/// How a word is written.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Casing {
    /// No letter.
    None,
    /// Small letters.
    Lower,
    /// A capital, then small letters.
    Title,
    /// Capitals, at least two.
    Upper,
    /// One letter, a capital.
    Single,
    /// Anything else: `iPhone`, `McCain`.
    Mixed,
}

impl Casing {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::None, Self::Lower, Self::Title, Self::Upper, Self::Single, Self::Mixed];

    /// That of a word.
    pub fn of(form: &str) -> Self {
        // Most words of any text.
        if form.bytes().all(|byte| byte.is_ascii_lowercase()) && !form.is_empty() {
            return Self::Lower;
        }
        let (mut lower, mut upper, mut first_upper) = (0, 0, false);
        for c in form.chars().filter(|c| c.is_alphabetic()) {
            if c.is_uppercase() {
                first_upper |= lower + upper == 0;
                upper += 1;
            } else {
                lower += 1;
            }
        }
        match (lower, upper) {
            (0, 0) => Self::None,
            (_, 0) => Self::Lower,
            (0, 1) => Self::Single,
            (0, _) => Self::Upper,
            (_, 1) if first_upper => Self::Title,
            _ => Self::Mixed,
        }
    }
}

/// Whether the sentence's words are in capitals (`Upper`), begin with capitals as headlines do (`Title`), or
/// neither (`Lower`).
fn sentence_casing<'t>(forms: impl Iterator<Item = &'t str>) -> Casing {
    // Short words keep their small letters in headlines.
    const SHORT: usize = 4;
    let (mut capitals, mut titles, mut smalls) = (0, 0, 0);
    for form in forms {
        match Casing::of(form) {
            Casing::Upper => capitals += 1,
            Casing::Title | Casing::Mixed => titles += 1,
            Casing::Lower if form.len() > SHORT => smalls += 1,
            _ => {}
        }
    }
    match (capitals, titles, smalls) {
        (2.., 0, 0) => Casing::Upper,
        (_, 2.., 0) => Casing::Title,
        _ => Casing::Lower,
    }
}

const LONGEST_SHAPE: usize = 12;

/// Classes of the first characters, runs cut at two: `Xx-dd` for `Boeing-747`.
fn shape(form: &str) -> ([u8; LONGEST_SHAPE], usize) {
    // A token as long as a book is looked at no further than any other.
    const LONGEST: usize = 64;
    let (mut shape, mut len, mut run) = ([0; LONGEST_SHAPE], 0, 0);
    for c in form.chars().take(LONGEST) {
        let class = match c {
            'a'..='z' => b'x',
            'A'..='Z' => b'X',
            '0'..='9' => b'd',
            '\0'..='\x7f' => c as u8,
            _ if c.is_uppercase() => b'X',
            _ if c.is_alphabetic() => b'x',
            _ => typewriter(c).map_or(b'?', |plain| plain.as_bytes()[0]),
        };
        run = if len > 0 && shape[len - 1] == class { run + 1 } else { 1 };
        if run <= 2 {
            if len == LONGEST_SHAPE {
                break;
            }
            shape[len] = class;
            len += 1;
        }
    }
    (shape, len)
}

/// The first `n` characters, or all.
fn first(form: &str, n: usize) -> &str {
    form.char_indices().nth(n).map_or(form, |(end, _)| &form[..end])
}

/// The last `n` characters, or all.
pub(crate) fn last(form: &str, n: usize) -> &str {
    form.char_indices().rev().nth(n - 1).map_or(form, |(start, _)| &form[start..])
}
