//! Reported speech without quotation marks, or with some of it in them: from the cues' complements.

use demarche_core::Span;

use crate::clause;
use crate::content;
use crate::cue::Cue;
use crate::direct::Direct;
use crate::draft::{self, Draft, Origin};
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::source::Source;

/// Adds what the cues report that is not direct speech found before.
pub(crate) fn attribute(reading: &Reading<'_>, lexicon: &Lexicon, cues: &[Cue<'_>], direct: &mut Direct) {
    for cue in cues {
        if direct.used.binary_search(&cue.verb).is_ok() {
            add_rest(reading, cue, direct);
            continue;
        }
        let level = reading.level(cue.verb);
        if let Ok(open) = direct.open.binary_search_by_key(&cue.verb, |(verb, _)| *verb) {
            let (_, draft) = direct.open[open];
            add_before(reading, lexicon, cues, cue, &mut direct.drafts[draft]);
            continue;
        }
        if !can_report(reading, cue) {
            continue;
        }
        for said in content::of(reading, lexicon, cues, cue) {
            // Another verb of the same subject does not belong to it: "called it a lie and said …".
            let clip = |tokens: std::ops::Range<usize>| {
                let end = if tokens.start >= cue.words.end {
                    clause::end(reading, lexicon, cues, cue, tokens.start, &tokens)
                } else {
                    tokens.end
                };
                tokens.start..end
            };
            let pieces =
                said.pieces.into_iter().map(clip).filter_map(|tokens| draft::piece(reading, tokens, level));
            let mut content: Vec<Span> = pieces.collect();
            let words =
                said.preposition.map_or(cue.words.clone(), |preposition| cue.words.start..preposition + 1);
            let words = reading.span(words);
            content.retain(|piece| !piece.overlaps(words) && !is_taken(reading, direct, *piece));
            if content.is_empty() {
                continue;
            }
            for piece in &content {
                take(reading, direct, *piece);
            }
            direct.drafts.push(Draft {
                content,
                cue: vec![words],
                source: cue.source.clone(),
                anchor: cue.verb,
                level,
                origin: Origin::RULES,
            });
        }
        add_rest(reading, cue, direct);
    }
}

/// Whether somebody else's speech is reported: what the writer says ("I tell you") is not, nor, within a quotation,
/// what people say in general.
fn can_report(reading: &Reading<'_>, cue: &Cue<'_>) -> bool {
    let Some(source) = &cue.source else { return cue.is_passive && !is_impersonal(reading, cue) };
    if reading.level(source.head) != reading.level(cue.verb) {
        return false;
    }
    let is_one_of = |words: &[&str]| words.iter().any(|word| reading.is_word(source.head, word));
    !is_one_of(&["i", "we", "you"])
        && (reading.level(cue.verb).is_none()
            || is_one_of(&["he", "she", "who"])
            || is_person(reading, source))
}

/// "It is said that": nobody in particular says it.
fn is_impersonal(reading: &Reading<'_>, cue: &Cue<'_>) -> bool {
    let subjects = ["nsubj", "expl"];
    let mut subjects = reading.tree.children_by(cue.verb, &subjects);
    subjects.any(|subject| reading.is_word(subject, "it"))
}

fn is_person(reading: &Reading<'_>, source: &Source) -> bool {
    let entities = source.tokens.clone().filter_map(|token| reading.entity_of(token));
    entities.into_iter().any(|entity| reading.doc.entity(entity).label == "PERSON")
}

/// Pyongyang should come back, she added, “without conditions”: what stands before the cue.
fn add_before(reading: &Reading<'_>, lexicon: &Lexicon, cues: &[Cue<'_>], cue: &Cue<'_>, draft: &mut Draft) {
    let Some(first) = draft.content.first().copied() else { return };
    let before = |said: content::Said| {
        said.pieces
            .into_iter()
            .find(|piece| piece.end <= cue.words.start)
            .filter(|_| said.preposition.is_none())
    };
    let piece = content::of(reading, lexicon, cues, cue).into_iter().find_map(before);
    let piece = piece.and_then(|tokens| draft::piece(reading, tokens, reading.level(cue.verb)));
    if let Some(piece) = piece.filter(|piece| piece.end <= first.start) {
        draft.content.insert(0, piece);
    }
}

/// It would work, she said; nobody had tried: what follows after a semicolon is said too, without a cue.
fn add_rest(reading: &Reading<'_>, cue: &Cue<'_>, direct: &mut Direct) {
    let Some(rest) = cue.aside.as_ref().and_then(|aside| aside.rest.clone()) else { return };
    let level = reading.level(cue.verb);
    let anchor = rest.start;
    let Some(piece) = draft::piece(reading, rest, level) else { return };
    direct.drafts.push(Draft {
        content: vec![piece],
        cue: Vec::new(),
        source: cue.source.clone(),
        anchor,
        level,
        origin: Origin::RULES,
    });
}

/// Whether the piece is nothing but quoted words that another cue has.
pub(crate) fn is_taken(reading: &Reading<'_>, direct: &Direct, piece: Span) -> bool {
    let at = reading.quoted.partition_point(|quoted| quoted.span.start < piece.start);
    let mut within =
        reading.quoted.iter().enumerate().skip(at).take_while(|(_, quoted)| quoted.span.start < piece.end);
    within.any(|(at, quoted)| direct.taken[at] && quoted.span.len() * 2 > piece.len())
}

pub(crate) fn take(reading: &Reading<'_>, direct: &mut Direct, piece: Span) {
    let at = reading.quoted.partition_point(|quoted| quoted.span.start < piece.start);
    for (at, quoted) in reading.quoted.iter().enumerate().skip(at) {
        if quoted.span.start >= piece.end {
            break;
        }
        // Quoted words within quoted words stay free: they may be somebody else's.
        direct.taken[at] |= quoted.parent.is_none_or(|parent| !piece.contains(reading.quoted[parent].span));
    }
}
