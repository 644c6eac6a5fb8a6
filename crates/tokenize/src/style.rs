//! How a text and its paragraphs are written.

use crate::piece::{Gap, Kind, Piece};

/// Tokens of a paragraph that is more than a headline, a name or a date.
const FULL_PARAGRAPH: usize = 20;
/// Closing marks after a paragraph's last mark; more are noise.
const MAX_CLOSING: usize = 2;
/// Shares are told apart in so many steps.
const STEPS: usize = 4;

/// How a text is written.
pub(crate) struct Style {
    /// Share of full paragraphs that end without a terminal mark, 0 (none) to `STEPS` + 1.
    unended: u64,
    /// Share of full stops and question marks before a small letter.
    small: u64,
}

impl Style {
    pub(crate) fn of(pieces: &[Piece]) -> Self {
        let (mut full, mut unended, mut marks, mut small) = (0, 0, 0, 0);
        let mut paragraph = 0;
        for next in 1..=pieces.len() {
            if next == pieces.len() || pieces[next].gap == Gap::Blank {
                if next - paragraph >= FULL_PARAGRAPH {
                    full += 1;
                    unended += usize::from(!is_ended(&pieces[..next]));
                }
                paragraph = next;
            } else if matches!(pieces[next - 1].kind, Kind::Stop | Kind::Ask)
                && pieces[next].gap == Gap::Space
            {
                marks += 1;
                small += usize::from(pieces[next].kind == Kind::Lower);
            }
        }
        Self { unended: share(unended, full), small: share(small, marks) }
    }

    /// Whether all full paragraphs end with a terminal mark, as in all that an editor has seen.
    pub(crate) fn is_edited(&self) -> bool {
        self.unended == 0
    }

    /// The whole as one number.
    pub(crate) fn code(&self) -> u64 {
        self.unended * (STEPS as u64 + 2) + self.small
    }
}

/// Tokens between blank lines.
#[derive(Default)]
pub(crate) struct Paragraph {
    pub(crate) start: usize,
    /// The token after its last.
    pub(crate) end: usize,
    /// Whether it ends with a terminal mark.
    pub(crate) is_ended: bool,
}

impl Paragraph {
    /// The paragraph of token `within`, which lies behind this one.
    pub(crate) fn next(&self, pieces: &[Piece], within: usize) -> Self {
        let opens = |&at: &usize| pieces[at].gap == Gap::Blank;
        let start = (self.end..=within).rev().find(opens).unwrap_or(self.end);
        let end = (within + 1..pieces.len()).find(opens).unwrap_or(pieces.len());
        Self { start, end, is_ended: is_ended(&pieces[..end]) }
    }
}

fn is_ended(pieces: &[Piece]) -> bool {
    let mut last = pieces.iter().rev().take(MAX_CLOSING + 1);
    last.find(|piece| !matches!(piece.kind, Kind::Close | Kind::Straight)).is_some_and(|piece| {
        matches!(piece.kind, Kind::Stop | Kind::Ask | Kind::Ellipsis | Kind::Abbreviation)
    })
}

/// 0 for none, then 1 to `STEPS` + 1.
fn share(part: usize, whole: usize) -> u64 {
    if part == 0 { 0 } else { (1 + part * STEPS / whole) as u64 }
}
