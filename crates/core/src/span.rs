use std::ops::Range;

/// A stretch of a document's text in **bytes**, end exclusive, always on character boundaries.
///
/// `repr(C)`, as the plugin boundary lends columns of it.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// What stands in a column for "no span".
    pub const NONE: Self = Self { start: u32::MAX, end: u32::MAX };

    /// The span from `start` to `end` (bytes, end exclusive).
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// `None` for [`Span::NONE`], otherwise the span.
    pub fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }

    /// Whether `other` lies within it (an equal span does).
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text it marks.
    ///
    /// # Panics
    /// If it is out of the text or not on character boundaries, which a document's own spans never are.
    pub fn of(self, text: &str) -> &str {
        &text[Range::from(self)]
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start as usize..span.end as usize
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::NONE { f.write_str("none") } else { write!(f, "{}..{}", self.start, self.end) }
    }
}
