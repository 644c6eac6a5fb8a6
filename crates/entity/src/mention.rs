//! What the steps find and hand on.

use std::borrow::Cow;

use demarche_core::NONE;

use crate::label::Label;

/// A code: `RUS`, `UNSC`, `2024-06-21`.
pub(crate) type Code<'a> = Cow<'a, str>;

/// A name, date or number in the text.
#[derive(Clone, Debug)]
pub(crate) struct Mention<'l> {
    /// First word.
    pub(crate) first: usize,
    /// One past the last word.
    pub(crate) end: usize,
    pub(crate) label: Label,
    /// Its number in the gazetteer, [`NONE`] if it is not from there.
    pub(crate) thing: u32,
    pub(crate) norm: Option<Code<'l>>,
    /// Where the document gives its fullest name: index of that mention.
    pub(crate) fullest: Option<usize>,
    /// How sure the label is.
    pub(crate) evidence: Evidence,
    /// What the recognizer gives the name, a chance from 0 to 1; none if it was not asked.
    pub(crate) confidence: Option<f32>,
    /// Only the recognizer has it.
    pub(crate) learned: bool,
}

/// How sure a label is; a weak one gives way to what the rest of the document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Evidence {
    /// By default, or by a name that may be something else.
    Weak,
    /// By its words or its neighbors.
    Strong,
    /// By a list.
    Listed,
}

impl<'l> Mention<'l> {
    pub(crate) const fn new(first: usize, end: usize, label: Label) -> Self {
        Self {
            first,
            end,
            label,
            thing: NONE,
            norm: None,
            fullest: None,
            evidence: Evidence::Strong,
            confidence: None,
            learned: false,
        }
    }

    pub(crate) fn with_norm(mut self, norm: impl Into<Code<'l>>) -> Self {
        self.norm = Some(norm.into());
        self
    }

    pub(crate) const fn weak(mut self) -> Self {
        self.evidence = Evidence::Weak;
        self
    }

    pub(crate) const fn n_words(&self) -> usize {
        self.end - self.first
    }
}
