//! Features of a word that may be a cue.

use demarche_core::Upos;

use super::rows::{Rows, both};
use super::sight::Sight;

/// Children and ancestors of a word that are looked at.
const MAX_CHILDREN: usize = 12;
const MAX_ANCESTORS: usize = 6;

/// Whether a word can be a cue at all.
pub(crate) fn is_candidate(sight: &Sight<'_, '_>, token: usize) -> bool {
    let reading = sight.reading;
    match reading.tree.upos(token) {
        Upos::Verb | Upos::Noun | Upos::Adj => true,
        Upos::Adp | Upos::Sconj | Upos::Adv | Upos::Aux | Upos::Propn => !reading.word(token).is_empty(),
        Upos::Punct | Upos::Sym => matches!(reading.word(token), ":" | "—" | "–" | "―" | "-" | "--"),
        _ => false,
    }
}

/// The features of a word as a cue. Each kind of feature has a number of its own.
pub(crate) fn features(sight: &Sight<'_, '_>, token: usize, rows: &mut Rows) {
    let (lemma, xpos, relation) = (sight.lemma(token), sight.xpos(token), sight.relation(token));
    let (word, class) = (sight.word(token), sight.class(token));
    rows.add(1, 0, 0);
    rows.add(2, lemma, 0);
    rows.add(3, lemma, relation);
    rows.add(4, lemma, xpos);
    rows.add(5, word, 0);
    rows.add(6, xpos, relation);
    rows.add(7, class, xpos);
    rows.add(8, class, relation);
    let sentence = sight.reading.sentence(token);
    let opens = u64::from(sentence.start == 0) + 2 * u64::from(!sight.reading.is_stop(sentence.end - 1));
    rows.add(14, opens, lemma);
    rows.add(15, opens, both(xpos, relation));
    rows.add(16, opens, class);
    for length in [3, 4] {
        rows.add(9, suffix(sight.reading.word(token), length), xpos);
    }
    around(sight, token, rows);
    above(sight, token, rows);
    below(sight, token, rows);
    marks(sight, token, rows);
    let rule = match sight.draft(token) {
        None => 0,
        Some(draft) if draft.anchor == token => 1 + u64::from(draft.source.is_some()),
        Some(_) => 3,
    };
    let said = u64::from(sight.is_said(token));
    rows.add(10, rule, said);
    rows.add(11, rule * 2 + said, lemma);
    rows.add(12, rule * 2 + said, xpos);
    rows.add(13, rule * 2 + said, class);
}

fn suffix(word: &str, length: usize) -> u64 {
    let from = word.char_indices().rev().nth(length - 1).map_or(0, |(at, _)| at);
    super::sight::small_hash(&word[from..])
}

/// The words beside it.
fn around(sight: &Sight<'_, '_>, token: usize, rows: &mut Rows) {
    let sentence = sight.reading.sentence(token);
    let lemma = sight.lemma(token);
    let at = |offset: isize| token.checked_add_signed(offset).filter(|place| sentence.contains(place));
    for (number, offset) in [-3, -2, -1, 1, 2, 3_isize].into_iter().enumerate() {
        let number = number as u64;
        let Some(place) = at(offset) else {
            rows.add(20, number, 0);
            continue;
        };
        rows.add(21, number, sight.word(place));
        rows.add(22, number, sight.xpos(place));
        rows.add(23, number, sight.kind(place));
        if offset.abs() == 1 {
            rows.add(24, both(number, sight.word(place)), lemma);
            rows.add(25, both(number, sight.kind(place)), lemma);
            rows.add(26, both(number, sight.xpos(place)), sight.xpos(token));
        }
        if offset.abs() == 2 {
            rows.add(27, both(number, sight.word(place)), lemma);
        }
    }
    for (kind, one, other) in [(28, -2, -1), (29, 1, 2), (30, -1, 1)] {
        let of = |offset| at(offset).map_or(0, |place| sight.xpos(place));
        rows.add(kind, both(of(one), of(other)), sight.xpos(token));
        rows.add(kind + 3, both(of(one), of(other)), lemma);
        let of = |offset| at(offset).map_or(0, |place| sight.word(place));
        rows.add(kind + 6, of(one), of(other));
    }
}

/// The words that govern it.
fn above(sight: &Sight<'_, '_>, token: usize, rows: &mut Rows) {
    let tree = &sight.reading.tree;
    let relation = sight.relation(token);
    let mut path = relation;
    let mut is_reported = 0;
    for (depth, head) in tree.ancestors(token).take(MAX_ANCESTORS).enumerate() {
        let depth_number = depth as u64;
        if depth < 2 {
            rows.add(40, both(depth_number, path), sight.lemma(head));
            rows.add(41, both(depth_number, path), sight.xpos(head));
            rows.add(42, both(depth_number, path), sight.class(head));
            rows.add(43, both(depth_number, sight.lemma(token)), sight.lemma(head));
        }
        if sight.class(head) != 0 && is_reported == 0 {
            is_reported = 1 + depth_number.min(3);
            rows.add(44, both(path, is_reported), sight.class(head));
        }
        if depth < 3 {
            path = both(path, sight.relation(head));
        }
    }
    rows.add(45, is_reported, sight.lemma(token));
    rows.add(46, is_reported, sight.xpos(token));
    rows.add(47, path, sight.xpos(token));
}

/// The words that it governs.
fn below(sight: &Sight<'_, '_>, token: usize, rows: &mut Rows) {
    let tree = &sight.reading.tree;
    let (lemma, xpos) = (sight.lemma(token), sight.xpos(token));
    let mut frame = 0_u64;
    let (mut subject, mut object) = (0, 0);
    for child in tree.children(token).take(MAX_CHILDREN) {
        let relation = sight.relation(child);
        let side = u64::from(child > token);
        let name = tree.relation(child);
        let bit = match name {
            "nsubj" => 1,
            "ccomp" => 2,
            "xcomp" => 4,
            "obj" => 8,
            "obl" => 16,
            "advcl" => 32,
            "acl" => 64,
            "parataxis" => 128,
            "aux" => 256,
            "mark" => 512,
            "cop" => 1024,
            "iobj" => 2048,
            "nmod" => 4096,
            _ => 0,
        };
        frame |= bit;
        rows.add(50, both(relation, side), lemma);
        rows.add(51, both(relation, side), xpos);
        rows.add(52, both(relation, sight.kind(child)), lemma);
        rows.add(53, both(relation, sight.kind(child)), xpos);
        match name {
            "nsubj" => subject = 1 + sight.kind(child),
            "obj" => object = 1 + sight.kind(child),
            "ccomp" | "xcomp" | "obl" | "nmod" | "advcl" | "acl" => {
                let first = tree.children_by(child, &["mark", "case"]).next();
                let first = first.map_or(0, |first| sight.lemma(first));
                rows.add(54, both(relation, first), lemma);
                rows.add(55, both(relation, first), xpos);
            }
            "punct" | "det" | "conj" | "cc" | "parataxis" => {}
            _ => {
                rows.add(56, both(relation, sight.lemma(child)), xpos);
                rows.add(57, both(relation, sight.lemma(child)), lemma);
            }
        }
        if name == "nsubj" || name == "obj" {
            rows.add(58, both(relation, sight.lemma(child)), lemma);
            rows.add(59, both(relation, sight.lemma(child)), 0);
        }
    }
    if subject == 0 {
        // Shared with the verb that it is coordinated with, or whose participle or infinitive it is.
        let shared = tree.head(token).filter(|_| matches!(tree.relation(token), "conj" | "xcomp" | "advcl"));
        let shared = shared.and_then(|above| tree.children_by(above, &["nsubj"]).next());
        subject = shared.map_or(0, |shared| 20 + sight.kind(shared));
    }
    rows.add(67, both(subject, object), xpos);
    rows.add(68, both(subject, object), sight.class(token));
    rows.add(69, object, lemma);
    rows.add(60, frame, lemma);
    rows.add(61, frame, xpos);
    rows.add(62, frame, sight.class(token));
    rows.add(63, both(frame, subject), xpos);
    rows.add(64, subject, lemma);
    rows.add(65, subject, sight.class(token));
    rows.add(66, both(subject, xpos), sight.relation(token));
}

/// Quotation marks and cues near it.
fn marks(sight: &Sight<'_, '_>, token: usize, rows: &mut Rows) {
    let reading = sight.reading;
    let (lemma, xpos) = (sight.lemma(token), sight.xpos(token));
    let level = reading.level(token);
    let sentence = reading.sentence(token);
    let is_quoted = |place: usize| reading.quoted_below(place, level).is_some();
    let before = (sentence.start..token).rev().take(WINDOW).position(is_quoted);
    let before = before.map_or(0, |distance| 1 + bucket(distance));
    let after = (token + 1..sentence.end).take(WINDOW).position(is_quoted);
    let after = after.map_or(0, |distance| 1 + bucket(distance));
    let outside = (
        u64::from(sentence.start > 0 && is_quoted(sentence.start - 1)),
        u64::from(sentence.end < reading.len() && is_quoted(sentence.end)),
    );
    let quotes = both(both(before, after), both(outside.0, outside.1));
    let inside = u64::from(level.is_some());
    rows.add(70, before, lemma);
    rows.add(71, after, lemma);
    rows.add(72, both(before, after), xpos);
    rows.add(73, quotes, sight.class(token));
    rows.add(74, inside, lemma);
    rows.add(75, inside, xpos);
    rows.add(76, inside, sight.class(token));
    // What else reports in the sentence.
    let others = |range: std::ops::Range<usize>| {
        range.filter(|&place| sight.class(place) != 0).map(|place| sight.class(place)).take(2).sum::<u64>()
    };
    let from = sentence.start.max(token.saturating_sub(WINDOW));
    let earlier = others(from..token);
    let later = others(token + 1..sentence.end.min(token + WINDOW));
    rows.add(77, earlier, xpos);
    rows.add(78, later, xpos);
    rows.add(79, both(earlier, later), sight.class(token));
    let place = token - sentence.start;
    rows.add(80, bucket(place), xpos);
    rows.add(81, bucket(sentence.end - token), xpos);
}

/// Words of a sentence to look through for quotation marks and cues on each side.
const WINDOW: usize = 30;

/// A distance, the coarser the longer.
pub(crate) const fn bucket(distance: usize) -> u64 {
    match distance {
        0..=4 => distance as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        _ => 9,
    }
}
