//! Places where a sentence may end: those that rules settle, and those that are judged by what is around them.

use crate::feature::{self, FEATURES};
use crate::lexicon::Lexicon;
use crate::piece::{Gap, Kind, Piece};
use crate::rules::Rules;
use crate::style::{Paragraph, Style};
use crate::{Newlines, scan, sentence};

/// Tokens of a dateline before its dash.
const DATELINE: usize = 16;

/// A place between two tokens where a sentence may end and rules alone are not sure.
#[derive(Clone, Debug)]
pub struct Place {
    /// Byte where the token before it ends.
    pub end: u32,
    /// Whether the rules would end the sentence.
    pub by_rule: bool,
    /// What stands around it, each a row of the model's table.
    pub features: [u16; FEATURES],
}

/// Goes through the places of a text, for training. `ends` says of each whether a sentence ends there; the features
/// of later places see where the sentence that they are in starts.
pub fn each_place(text: &str, mut ends: impl FnMut(&Place) -> bool) {
    let lexicon = Lexicon::new(&[]);
    let pieces = scan::pieces(text, &lexicon);
    let mut places = Places::of(Rules { text, pieces: &pieces, lexicon: &lexicon });
    sentence::split(&pieces, Newlines::Auto, |start, next| places.ends_before(start, next, &mut ends));
}

/// The places of a text, from its start to its end.
pub(crate) struct Places<'t> {
    pub(crate) rules: Rules<'t>,
    pub(crate) style: Style,
    pub(crate) paragraph: Paragraph,
    /// The tokens of the paragraph whose marks are counted.
    counted: usize,
    /// Brackets that are open.
    pub(crate) brackets: u8,
    /// Whether a quotation is open.
    pub(crate) quoted: bool,
}

impl<'t> Places<'t> {
    pub(crate) fn of(rules: Rules<'t>) -> Self {
        let style = Style::of(rules.pieces);
        Self { rules, style, paragraph: Paragraph::default(), counted: 0, brackets: 0, quoted: false }
    }

    /// Whether the sentence that starts with token `start` ends before token `next`: by rule where that is sure,
    /// otherwise as `judge` says.
    pub(crate) fn ends_before(
        &mut self,
        start: usize,
        next: usize,
        judge: impl FnOnce(&Place) -> bool,
    ) -> bool {
        let pieces = self.rules.pieces;
        if self.rules.is_apart(next) {
            return true;
        }
        if !self.may_end(pieces[next - 1].kind, pieces[next]) || self.rules.closes(next) {
            return false;
        }
        let last = self.rules.mark_before(next);
        if last < start
            || !self.may_end(pieces[last].kind, pieces[next])
            || self.goes_on_after(start, last, next)
        {
            return false;
        }
        if self.rules.surely_ends_after(last, next) {
            return true;
        }
        let by_rule = self.rules.ends_after(last, next);
        let is_settled = match pieces[last].kind {
            Kind::Initial => true,
            // `to them… It went on`; `the term … Islamic`.
            Kind::Ellipsis => self.style.is_edited() && pieces[last].gap == Gap::None,
            _ => false,
        };
        if is_settled {
            return by_rule;
        }
        self.count_marks(next);
        let features = feature::features(self, start, last, next, by_rule);
        judge(&Place { end: pieces[next - 1].span.end, by_rule, features })
    }

    /// Whether a sentence may end between two tokens, by their kinds. In edited text none does without a mark.
    #[inline]
    fn may_end(&self, before: Kind, after: Piece) -> bool {
        match (before, after.kind) {
            (_, Kind::Stop | Kind::Ask | Kind::Close)
            | (Kind::Open | Kind::Bullet | Kind::ListNumber | Kind::Title, _)
            | (Kind::Lower | Kind::Upper | Kind::Number, Kind::Lower) => false,
            (Kind::Lower | Kind::Upper | Kind::Number, _) => {
                after.gap != Gap::None && !self.style.is_edited()
            }
            (Kind::Mark, _) => after.gap != Gap::None,
            _ => true,
        }
    }

    /// Whether a sentence surely goes on after `last` and what closes after it. In edited text, commas, colons and
    /// dashes join what stands around them, and an abbreviation ends a sentence by rule alone.
    fn goes_on_after(&self, start: usize, last: usize, next: usize) -> bool {
        let Rules { pieces, .. } = self.rules;
        let is_edited = self.style.is_edited();
        match pieces[last].kind {
            Kind::Mark if self.rules.is_dash(last) => is_edited || self.is_dateline(start, last),
            Kind::Mark => is_edited && self.rules.word(last).starts_with([',', ':', ';']),
            Kind::Abbreviation => is_edited && !self.rules.ends_after(last, next),
            Kind::Straight | Kind::Close => pieces[next].gap == Gap::None,
            // What is quoted is a name or a word.
            Kind::Lower | Kind::Upper | Kind::Number if last + 1 < next => {
                !self.rules.word(next - 1).starts_with([')', ']', '}'])
            }
            _ => false,
        }
    }

    /// `BRUSSELS, March 3 (Wire) —`
    fn is_dateline(&self, start: usize, dash: usize) -> bool {
        let town = self.rules.word(start);
        dash - start <= DATELINE
            && self.rules.pieces[start].gap >= Gap::Newline
            && town.len() > 1
            && town.bytes().all(|byte| !byte.is_ascii_lowercase())
    }

    /// Counts opened quotations and brackets of the paragraph up to token `next`.
    fn count_marks(&mut self, next: usize) {
        if next >= self.paragraph.end {
            self.paragraph = self.paragraph.next(self.rules.pieces, next);
            (self.counted, self.brackets, self.quoted) = (self.paragraph.start, 0, false);
        }
        for piece in &self.rules.pieces[self.counted..next] {
            if !matches!(piece.kind, Kind::Open | Kind::Close | Kind::Straight) {
                continue;
            }
            match (piece.kind, self.rules.text.as_bytes()[piece.span.start as usize]) {
                (Kind::Open, b'(' | b'[' | b'{') => self.brackets = self.brackets.saturating_add(1),
                (Kind::Close, b')' | b']' | b'}') => self.brackets = self.brackets.saturating_sub(1),
                (Kind::Straight, b'"') => self.quoted = !self.quoted,
                (Kind::Straight, _) => {}
                (kind, _) => self.quoted = kind == Kind::Open,
            }
        }
        self.counted = next;
    }
}
