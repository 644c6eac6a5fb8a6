//! What a single line break means.

use crate::Newlines;
use crate::piece::{Gap, Kind, Piece};

/// Text is taken as broken at a fixed width if at least one line break in so many is within a sentence…
const WRAPPED_SHARE: usize = 4;
/// …and its lines are no longer than so many bytes.
const WIDEST: u32 = 140;
/// Bytes that a full line may lack, besides the word that did not fit.
const RAGGED: u32 = 8;

/// The line breaks of a text.
pub(crate) struct Lines<'p> {
    pieces: &'p [Piece],
    newlines: Newlines,
    /// Bytes of the longest line of a text that is broken at a fixed width; 0 for other texts.
    width: u32,
}

impl<'p> Lines<'p> {
    pub(crate) fn of(pieces: &'p [Piece], newlines: Newlines) -> Self {
        let width = if newlines == Newlines::Auto { wrap_width(pieces) } else { 0 };
        Self { pieces, newlines, width }
    }

    /// Whether the single line break before token `next` ends a sentence whatever the marks say.
    /// `line` is the token that its line starts with.
    pub(crate) fn end_before(&self, line: usize, next: usize) -> bool {
        match self.newlines {
            Newlines::End => true,
            Newlines::Space => false,
            Newlines::Auto => !goes_on(self.pieces[next].kind) && !self.is_full(line, next),
        }
    }

    /// Whether the line had no room for the next one's first word.
    fn is_full(&self, line: usize, next: usize) -> bool {
        let first = self.pieces[next];
        let length = self.pieces[next - 1].span.end - self.pieces[line].span.start;
        self.width > 0
            && !matches!(first.kind, Kind::Bullet | Kind::ListNumber)
            && length + first.span.len() + RAGGED > self.width
    }
}

/// What starts a line within a sentence.
fn goes_on(kind: Kind) -> bool {
    matches!(kind, Kind::Lower | Kind::Stop | Kind::Ask | Kind::Close)
}

fn wrap_width(pieces: &[Piece]) -> u32 {
    let (mut breaks, mut within, mut width) = (0, 0, 0);
    let mut line = 0;
    for next in 1..pieces.len() {
        if pieces[next].gap < Gap::Newline {
            continue;
        }
        if pieces[next].gap == Gap::Newline {
            breaks += 1;
            within += usize::from(goes_on(pieces[next].kind));
            width = width.max(pieces[next - 1].span.end - pieces[line].span.start);
        }
        line = next;
    }
    if within * WRAPPED_SHARE >= breaks && width <= WIDEST { width } else { 0 }
}
