//! What is seen of a place where a sentence may end. The order of the features, their hashes and [`class`] are part of
//! the model's meaning: a change calls for a new version of its kind.

use demarche_model::feature_hash;

use crate::lexicon::Abbreviation;
use crate::piece::Kind;
use crate::place::Places;

/// Features of a place.
pub const FEATURES: usize = 32;

/// Bytes of a word that are looked at.
const WORD: usize = 16;
/// Stand for a token before the sentence's first and after the paragraph's last.
const BEFORE: u64 = 1;
const BEYOND: u64 = 2;
/// Stands for a word in the place of a mark.
const UNMARKED: u64 = 3;

/// The features of the place before token `next`: `last` is the token before it and before what closes there, `start`
/// the sentence's first.
pub(crate) fn features(
    places: &Places<'_>,
    start: usize,
    last: usize,
    next: usize,
    by_rule: bool,
) -> [u16; FEATURES] {
    let Places { rules, style, paragraph, .. } = places;
    let pieces = rules.pieces;
    let word_of = |at: usize| word_hash(rules.word(at));
    let class_of = |at: usize| class(pieces[at].kind, rules.word(at));
    let at_most = |at: usize, of: &dyn Fn(usize) -> u64| if at < paragraph.end { of(at) } else { BEYOND };

    // The word before the mark; an abbreviation is both.
    let at = if pieces[last].kind.is_word() { last } else { last.max(start + 1) - 1 };
    let closed = last + 1 < next;
    let mark = if at == last && !closed { 0 } else { mark_hash(pieces[last].kind, rules.word(last)) };
    let close = if closed { 1 + mark_hash(pieces[next - 1].kind, rules.word(next - 1)) } else { 0 };
    let (word, word_class) = (word_of(at), class_of(at));
    let (before, before_class) =
        if at > start { (word_of(at - 1), class_of(at - 1)) } else { (BEFORE, BEFORE) };
    let (after, after_class) = (word_of(next), class_of(next));
    let (second, second_class) = (at_most(next + 1, &word_of), at_most(next + 1, &class_of));
    let third_class = at_most(next + 2, &class_of);

    let (mark_gap, gap) = (pieces[last].gap as u64, pieces[next].gap as u64);
    let (length, rest) = (bucket(next - start), bucket(paragraph.end - next));
    let position = bucket(start - paragraph.start);
    let word_length = bucket(pieces[at].span.len() as usize);
    let open = u64::from(places.quoted) | u64::from(places.brackets.min(2)) << 1;
    let known = match rules.lexicon.abbreviation(rules.word(at).trim_end_matches('.')) {
        None => 0,
        Some(Abbreviation::Title) => 1,
        Some(Abbreviation::General) => 2,
        Some(Abbreviation::Number) => 3,
    };
    let starter = u64::from(rules.lexicon.is_starter(rules.word(next)));
    let (rule, ended, style) = (u64::from(by_rule), u64::from(paragraph.is_ended), style.code());
    let first = word_of(start);

    [
        row(0, &[rule]),
        row(1, &[rule, mark, gap]),
        row(2, &[rule, mark, style, ended]),
        // The mark and what stands at its sides.
        row(3, &[mark, close, after_class, gap]),
        row(4, &[mark, close, after, gap]),
        row(5, &[mark, close, word]),
        row(6, &[mark, mark_gap, gap, after_class]),
        row(7, &[mark, word_class, word_length, after_class]),
        row(8, &[mark, word, after_class]),
        row(9, &[mark, word_class, after]),
        row(10, &[mark, known, starter, after_class]),
        // Words.
        row(11, &[word, after]),
        row(12, &[word, word_class]),
        row(13, &[after, after_class]),
        row(14, &[mark, before, word]),
        row(15, &[after, second]),
        row(16, &[mark, after, second_class]),
        row(17, &[mark, word_class, second]),
        // Shapes.
        row(18, &[mark, after_class, second_class, third_class]),
        row(19, &[mark, before_class, word_class, after_class, second_class]),
        row(20, &[mark, close, before_class, word_class]),
        row(21, &[before_class, word_class, after_class, second_class, length.min(3)]),
        // The place in the sentence and the paragraph.
        row(22, &[mark, after_class, length]),
        row(23, &[mark, after_class, rest]),
        row(24, &[mark, position, length]),
        row(25, &[mark, first, length.min(4)]),
        row(26, &[mark, first, after_class]),
        row(27, &[mark, close, open, after_class]),
        row(28, &[mark, open, starter, length]),
        // How the text is written.
        row(29, &[mark, style, after_class]),
        row(30, &[mark, ended, after_class]),
        row(31, &[word_class, style, ended, after_class]),
    ]
}

/// The row of a feature: a hash of its number and its parts.
#[inline]
fn row(feature: u64, parts: &[u64]) -> u16 {
    let mix = |hash: u64, part: &u64| (hash.rotate_left(25) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (parts.iter().fold(feature + 1, mix) >> 48) as u16
}

/// Hash of a word's first bytes, in small letters.
fn word_hash(word: &str) -> u64 {
    let mut key = [0; WORD];
    for (byte, &of_word) in key.iter_mut().zip(word.as_bytes()) {
        *byte = of_word.to_ascii_lowercase();
    }
    feature_hash(0, &key)
}

/// A mark by its letters, a run of one mark by its first three; any word is the same.
fn mark_hash(kind: Kind, text: &str) -> u64 {
    if matches!(kind, Kind::Lower | Kind::Upper | Kind::Number) {
        return UNMARKED;
    }
    let bytes = text.as_bytes();
    let is_run = bytes.len() > 3 && bytes[..4].iter().all(|&byte| byte == bytes[0]);
    (kind as u64) << 32 ^ word_hash(if is_run { &text[..3] } else { text }) >> 32
}

/// A token's kind and its shape: capitals, digits, addresses.
fn class(kind: Kind, text: &str) -> u64 {
    let bytes = text.as_bytes();
    let any = |of: fn(&u8) -> bool| bytes[1..].iter().take(WORD).any(of);
    let shape = match kind {
        Kind::Upper if bytes.len() == 1 => 1,
        Kind::Upper if !any(|byte| !byte.is_ascii_uppercase()) => 2,
        Kind::Upper if any(u8::is_ascii_uppercase) => 3,
        Kind::Lower if bytes.len() > 5 && any(|byte| matches!(byte, b'@' | b'/')) => 4,
        Kind::Number => {
            let [is_time, is_date] = [any(|&byte| byte == b':'), any(|&byte| byte == b'/')].map(u64::from);
            5 + is_time + 2 * is_date + 4 * bucket(bytes.len()).min(3)
        }
        Kind::Mark | Kind::Open => u64::from(bytes[0]),
        Kind::Abbreviation | Kind::Title => u64::from(bytes[0].is_ascii_uppercase()),
        _ => 0,
    };
    (kind as u64) << 32 | shape
}

/// 0, 1, 2, 3, 4, 5–8, 9–16…
fn bucket(n: usize) -> u64 {
    if n <= 4 { n as u64 } else { u64::from((n - 1).ilog2()) + 3 }
}
