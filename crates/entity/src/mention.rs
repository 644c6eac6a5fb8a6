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
    /// Where the code is from.
    pub(crate) reason: Option<Reason>,
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

/// Where a code is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A list has it.
    List,
    /// A list has the person in that office at the document's date.
    Office,
    /// The seat of a government acts.
    Seat,
    /// An organ of the state that is in its name, beside it, or in whose affairs the text stands.
    Organ,
    /// A title, an apposition or the next sentence says for whom the person speaks.
    Description,
    /// A fuller name elsewhere in the document has it.
    FullName,
    /// What the document is about: "the North", "the Commission".
    Topic,
    /// The words of a date, counted from the document's.
    Calendar,
}

impl Reason {
    /// As the layer that explains has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Office => "office",
            Self::Seat => "seat",
            Self::Organ => "organ",
            Self::Description => "description",
            Self::FullName => "full-name",
            Self::Topic => "topic",
            Self::Calendar => "calendar",
        }
    }
}

impl<'l> Mention<'l> {
    pub(crate) const fn new(first: usize, end: usize, label: Label) -> Self {
        Self {
            first,
            end,
            label,
            thing: NONE,
            norm: None,
            reason: None,
            fullest: None,
            evidence: Evidence::Strong,
            confidence: None,
            learned: false,
        }
    }

    pub(crate) fn with_norm(mut self, norm: impl Into<Code<'l>>, reason: Reason) -> Self {
        self.set_norm(norm, reason);
        self
    }

    /// The value of a date, if the calendar has it: an ISO 8601 year has four digits, and the first is 0001.
    pub(crate) fn with_date(self, value: Option<String>) -> Self {
        let has_year = |part: &str| {
            let year = part.split('-').next().unwrap_or_default();
            year.len() == 4 && year != "0000"
        };
        match value.filter(|value| value.split('/').all(has_year)) {
            Some(value) => self.with_norm(value, Reason::Calendar),
            None => self,
        }
    }

    pub(crate) fn set_norm(&mut self, norm: impl Into<Code<'l>>, reason: Reason) {
        self.norm = Some(norm.into());
        self.reason = Some(reason);
    }

    pub(crate) fn drop_norm(&mut self) {
        self.norm = None;
        self.reason = None;
    }

    pub(crate) const fn weak(mut self) -> Self {
        self.evidence = Evidence::Weak;
        self
    }

    pub(crate) const fn n_words(&self) -> usize {
        self.end - self.first
    }
}
