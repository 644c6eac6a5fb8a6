use demarche_core::Span;

/// A token with what the search for sentences needs to know of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    /// What stands between it and the token before.
    pub(crate) gap: Gap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word that starts with a small letter, or with one of a script that has no capitals.
    Lower,
    /// A word that starts with a capital letter.
    Upper,
    /// A word that starts with a digit.
    Number,
    /// An abbreviation with its stop that stands before a name and ends no sentence.
    Title,
    /// An abbreviation with its stop that may end a sentence.
    Abbreviation,
    /// A capital letter with its stop.
    Initial,
    /// The number of a list item with its stop.
    ListNumber,
    /// A full stop.
    Stop,
    /// Question and exclamation marks.
    Ask,
    /// Two stops or more, or `…`.
    Ellipsis,
    /// An opening quotation mark or bracket.
    Open,
    /// A closing quotation mark or bracket.
    Close,
    /// A quotation mark that looks the same on both sides.
    Straight,
    /// A bullet that starts a list item.
    Bullet,
    /// Any other mark.
    Mark,
}

impl Kind {
    pub(crate) fn is_word(self) -> bool {
        matches!(
            self,
            Self::Lower | Self::Upper | Self::Number | Self::Title | Self::Abbreviation | Self::Initial
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing.
    None,
    /// Spaces within a line.
    Space,
    /// One line break.
    Newline,
    /// A blank line, or the start of the text.
    Blank,
}
