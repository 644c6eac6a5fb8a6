//! Where sentences end: after a terminal mark and what closes after it, or where a line or paragraph ends.

use demarche_core::Span;

use crate::Newlines;
use crate::lexicon::Lexicon;
use crate::lines::Lines;
use crate::piece::{Gap, Kind, Piece};
use crate::word::is_currency;

/// Words after a quotation within which its verb of saying stands ("“Why?” Mr. Ode Ekpo asked").
const SPEECH_WINDOW: usize = 5;
/// Closing marks after a terminal; more are noise.
const MAX_CLOSING: usize = 4;
/// Marks in a row that draw a line.
const RULE: usize = 5;
/// Bytes of `...` and of `…`.
const PAUSE: usize = 3;
/// Tokens a sentence, as news has it: what the list of sentences is made for at first.
const TOKENS_PER_SENTENCE: usize = 16;

/// The sentences over the tokens.
pub(crate) fn sentences(text: &str, pieces: &[Piece], lexicon: &Lexicon, newlines: Newlines) -> Vec<Span> {
    let [first, .., last] = pieces else { return pieces.iter().map(|piece| piece.span).collect() };
    let lines = Lines::of(pieces, newlines);
    let splitter = Splitter { text, pieces, lexicon };
    let mut sentences = Vec::with_capacity(pieces.len() / TOKENS_PER_SENTENCE + 1);
    let mut start = first.span.start;
    let mut line = 0;
    for next in 1..pieces.len() {
        let ends = match pieces[next].gap {
            Gap::Blank => true,
            Gap::Newline if lines.end_before(line, next) => true,
            Gap::None | Gap::Space | Gap::Newline => splitter.ends_before(next),
        };
        if pieces[next].gap >= Gap::Newline {
            line = next;
        }
        if ends {
            sentences.push(Span::new(start, pieces[next - 1].span.end));
            start = pieces[next].span.start;
        }
    }
    sentences.push(Span::new(start, last.span.end));
    sentences
}

struct Splitter<'t> {
    text: &'t str,
    pieces: &'t [Piece],
    lexicon: &'t Lexicon,
}

impl Splitter<'_> {
    /// Whether the marks before token `next` end a sentence there.
    fn ends_before(&self, next: usize) -> bool {
        if self.closes(next) {
            return false;
        }
        let mut last = next - 1;
        while last > 0 && next - 1 - last < MAX_CLOSING && self.closes(last) {
            last -= 1;
        }
        let closed = last < next - 1;
        if !closed && (self.is_plain_start(last, next) || self.is_apart(last, next)) {
            return true;
        }
        match self.pieces[last].kind {
            Kind::Stop => self.may_start(next),
            Kind::Ask => self.may_start(next) && !(closed && self.is_reported(next)),
            Kind::Ellipsis => {
                self.may_start(next) && self.pieces[next].gap != Gap::None && !self.is_pause(last, next)
            }
            Kind::Abbreviation if closed => self.may_start(next),
            Kind::Abbreviation => self.is_starter(next),
            Kind::Initial => closed && self.is_starter(next),
            _ => false,
        }
    }

    /// `… we met. then he left`: in careless text a small letter starts a sentence, if what ends before it is an
    /// everyday word, which is no abbreviation.
    fn is_plain_start(&self, last: usize, next: usize) -> bool {
        let [before, mark] = [last.saturating_sub(1), last].map(|at| self.pieces[at]);
        let ends = mark.kind == Kind::Ask || (mark.kind == Kind::Stop && mark.gap == Gap::None);
        let starts = self.pieces[next].kind == Kind::Lower && self.pieces[next].gap == Gap::Space;
        ends && starts && (before.kind == Kind::Lower && before.span.len() > 2 || self.word(next) == "i")
    }

    /// "I … I know": a pause, not an end.
    fn is_pause(&self, dots: usize, next: usize) -> bool {
        self.word(dots).len() == PAUSE && self.word(next) == "I"
    }

    /// Lines drawn with a mark stand apart from text, links of a list from each other.
    fn is_apart(&self, last: usize, next: usize) -> bool {
        self.is_rule(last)
            || self.is_rule(next)
            || [last, next].iter().all(|&at| self.word(at).contains("://"))
    }

    fn is_rule(&self, at: usize) -> bool {
        let word = self.word(at);
        word.len() >= RULE
            && matches!(word.as_bytes()[0], b'_' | b'=' | b'*' | b'-' | b'~')
            && word.bytes().all(|byte| byte == word.as_bytes()[0])
    }

    /// A mark that closes what is before it.
    fn closes(&self, at: usize) -> bool {
        let piece = self.pieces[at];
        match piece.kind {
            Kind::Close => piece.gap <= Gap::Space,
            Kind::Straight => piece.gap == Gap::None,
            // A footnote's mark, `[12]`; its last bracket is a closing mark in any case.
            Kind::Open => self.is_footnote(at),
            Kind::Number | Kind::Lower => at > 0 && self.is_footnote(at - 1),
            _ => false,
        }
    }

    fn is_footnote(&self, at: usize) -> bool {
        self.word(at) == "["
            && self.pieces.get(at + 1).is_some_and(|piece| {
                matches!(piece.kind, Kind::Number | Kind::Lower) && piece.span.len() <= 3
            })
            && self.pieces.get(at + 2).is_some_and(|piece| piece.span.of(self.text) == "]")
    }

    /// Whether a sentence may start with this token, after a terminal mark.
    fn may_start(&self, at: usize) -> bool {
        let piece = self.pieces[at];
        match piece.kind {
            Kind::Upper | Kind::Initial | Kind::ListNumber | Kind::Bullet => true,
            Kind::Number | Kind::Open | Kind::Straight => piece.gap != Gap::None,
            Kind::Title | Kind::Abbreviation => self.word(at).starts_with(char::is_uppercase),
            Kind::Mark => {
                piece.gap != Gap::None
                    && self.word(at).starts_with(|c: char| is_currency(c) || c == '#' || c == '@')
            }
            Kind::Lower | Kind::Stop | Kind::Ask | Kind::Ellipsis | Kind::Close => false,
        }
    }

    /// Whether this is a word with a capital that names seldom start with.
    fn is_starter(&self, at: usize) -> bool {
        self.pieces[at].kind == Kind::Upper && self.lexicon.is_starter(self.word(at))
    }

    /// Whether a verb of saying follows at once, so that the sentence goes on after its quotation.
    fn is_reported(&self, at: usize) -> bool {
        let words = self.pieces[at..].iter().take(SPEECH_WINDOW).take_while(|piece| piece.kind.is_word());
        words.into_iter().any(|piece| self.lexicon.is_speech_verb(piece.span.of(self.text)))
    }

    fn word(&self, at: usize) -> &str {
        self.pieces[at].span.of(self.text)
    }
}
