//! Rules for where a sentence ends: after a terminal mark and what closes after it, if what follows may start one.

use crate::lexicon::Lexicon;
use crate::piece::{Gap, Kind, Piece};
use crate::word::is_currency;

/// Words after a quotation within which its verb of saying stands ("“Why?” Mr. Ode Ekpo asked").
const SPEECH_WINDOW: usize = 5;
/// Closing marks after a terminal; more are noise.
const MAX_CLOSING: usize = 4;
/// Marks in a row that draw a line.
const RULE: u32 = 5;
/// Bytes of a word that is no abbreviation, in small letters.
const EVERYDAY: u32 = 3;
/// Bytes of `...` and of `…`.
const PAUSE: usize = 3;

pub(crate) struct Rules<'t> {
    pub(crate) text: &'t str,
    pub(crate) pieces: &'t [Piece],
    pub(crate) lexicon: &'t Lexicon,
}

impl Rules<'_> {
    /// Whether the marks before token `next` end a sentence there.
    pub(crate) fn ends_before(&self, next: usize) -> bool {
        self.is_apart(next) || (!self.closes(next) && self.ends_after(self.mark_before(next), next))
    }

    /// The token before `next` and before the marks that close there.
    pub(crate) fn mark_before(&self, next: usize) -> usize {
        let mut last = next - 1;
        while last > 0 && next - 1 - last < MAX_CLOSING && self.closes(last) {
            last -= 1;
        }
        last
    }

    /// Whether this is the everyday end: a word in small letters, its mark, a space, a capital letter, perhaps after
    /// an opening quotation mark.
    pub(crate) fn surely_ends_after(&self, last: usize, next: usize) -> bool {
        let [mark, after] = [last, next].map(|at| self.pieces[at]);
        last + 1 == next
            && mark.gap == Gap::None
            && after.gap != Gap::None
            && self.pieces[last - 1].kind == Kind::Lower
            && match mark.kind {
                Kind::Stop => self.pieces[last - 1].span.len() > 1,
                kind => kind == Kind::Ask,
            }
            && match after.kind {
                Kind::Upper => true,
                Kind::Open | Kind::Straight => self.opens_with_capital(next),
                _ => false,
            }
    }

    /// Whether this is a quotation mark right before a capital letter.
    fn opens_with_capital(&self, at: usize) -> bool {
        !self.word(at).starts_with(['(', '[', '{'])
            && self.pieces.get(at + 1).is_some_and(|next| next.kind == Kind::Upper && next.gap == Gap::None)
    }

    /// Whether `last`, with nothing but closing marks between it and `next`, ends a sentence.
    pub(crate) fn ends_after(&self, last: usize, next: usize) -> bool {
        let closed = last < next - 1;
        if !closed && self.is_plain_start(last, next) {
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
        ends && starts
            && (before.kind == Kind::Lower && before.span.len() >= EVERYDAY || self.word(next) == "i")
    }

    /// "I … I know": a pause, not an end.
    fn is_pause(&self, dots: usize, next: usize) -> bool {
        self.word(dots).len() == PAUSE && self.word(next) == "I"
    }

    /// Whether a line drawn with a mark stands apart from text, or links of a list from each other.
    pub(crate) fn is_apart(&self, next: usize) -> bool {
        let is_link = |at: usize| self.pieces[at].kind == Kind::Lower && self.word(at).contains("://");
        self.pieces[next].gap != Gap::None
            && (self.is_rule(next - 1) || self.is_rule(next) || (is_link(next) && is_link(next - 1)))
    }

    fn is_rule(&self, at: usize) -> bool {
        let span = self.pieces[at].span;
        let bytes = self.text.as_bytes();
        let mark = bytes[span.start as usize];
        span.len() >= RULE
            && matches!(mark, b'_' | b'=' | b'*' | b'-' | b'~')
            && bytes[span.start as usize..span.end as usize].iter().all(|&byte| byte == mark)
    }

    /// A mark that closes what is before it.
    pub(crate) fn closes(&self, at: usize) -> bool {
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

    /// `-`, `—`, `--`.
    pub(crate) fn is_dash(&self, at: usize) -> bool {
        self.word(at).starts_with(['-', '–', '—', '―'])
    }

    pub(crate) fn word(&self, at: usize) -> &str {
        self.pieces[at].span.of(self.text)
    }
}
