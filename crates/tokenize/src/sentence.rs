//! Where sentences end. A blank line ends one, a single line break as the lines tell; within a line, marks and
//! words around a place decide, by rule or as learned.

use demarche_core::Span;

use crate::Newlines;
use crate::learned::Model;
use crate::lexicon::Lexicon;
use crate::lines::Lines;
use crate::piece::{Gap, Piece};
use crate::place::Places;
use crate::rules::Rules;

/// Tokens a sentence, as news has it: what the list of sentences is made for at first.
const TOKENS_PER_SENTENCE: usize = 16;

/// The sentences over the tokens, by rule where there is no model.
pub(crate) fn sentences(
    text: &str,
    pieces: &[Piece],
    lexicon: &Lexicon,
    newlines: Newlines,
    model: Option<&Model>,
) -> Vec<Span> {
    let rules = Rules { text, pieces, lexicon };
    match model {
        None => split(pieces, newlines, |_, next| rules.ends_before(next)),
        Some(model) => {
            let mut places = Places::of(rules);
            split(pieces, newlines, |start, next| places.ends_before(start, next, |place| model.ends(place)))
        }
    }
}

/// The sentences, where `ends(start, next)` says for each place within a line, or between lines that go on, whether
/// the sentence that starts with token `start` ends before token `next`.
pub(crate) fn split(
    pieces: &[Piece],
    newlines: Newlines,
    mut ends: impl FnMut(usize, usize) -> bool,
) -> Vec<Span> {
    let [_, .., last] = pieces else { return pieces.iter().map(|piece| piece.span).collect() };
    let lines = Lines::of(pieces, newlines);
    let mut sentences = Vec::with_capacity(pieces.len() / TOKENS_PER_SENTENCE + 1);
    let (mut start, mut line) = (0, 0);
    for next in 1..pieces.len() {
        let is_end = match pieces[next].gap {
            Gap::Blank => true,
            Gap::Newline if lines.end_before(line, next) => true,
            Gap::None | Gap::Space | Gap::Newline => ends(start, next),
        };
        if pieces[next].gap >= Gap::Newline {
            line = next;
        }
        if is_end {
            sentences.push(Span::new(pieces[start].span.start, pieces[next - 1].span.end));
            start = next;
        }
    }
    sentences.push(Span::new(pieces[start].span.start, last.span.end));
    sentences
}
