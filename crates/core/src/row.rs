//! Rows of the layers: what a reader gets, and what a stage hands over to be added.

use crate::{Action, Factuality, Measures, QuoteKind, QuoteType, Span};

/// A named entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entity<'s> {
    /// Where the name stands.
    pub span: Span,
    /// `PERSON`, `GPE`, …, or a label of a user's own.
    pub label: &'s str,
    /// The fullest name the document gives the same thing.
    pub name: Option<&'s str>,
    /// Its code, as the document format says.
    pub norm: Option<&'s str>,
    /// Index into the chains.
    pub chain: Option<usize>,
}

/// Mentions of the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain<'s> {
    /// Its fullest name.
    pub name: Option<&'s str>,
    /// Label of the named mentions.
    pub label: Option<&'s str>,
    /// Its code.
    pub norm: Option<&'s str>,
    /// Its mentions, in text order: whole noun phrases.
    pub mentions: &'s [Span],
}

/// The person or body behind a quotation's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker<'s> {
    /// The fullest name.
    pub name: &'s str,
    /// Index into the chains.
    pub chain: Option<usize>,
    /// Its code.
    pub norm: Option<&'s str>,
}

/// A quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote<'s> {
    /// Inside quotation marks, outside, or both.
    pub kind: QuoteKind,
    /// What somebody does by it.
    pub quote_type: QuoteType,
    /// What is said; several spans where it is interrupted.
    pub content: &'s [Span],
    /// The words that report it.
    pub cue: &'s [Span],
    /// The phrase that names who says it.
    pub source: &'s [Span],
    /// Who that is.
    pub speaker: Option<Speaker<'s>>,
}

/// A party to a sanction event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'s> {
    /// The phrase that names it.
    pub span: Span,
    /// Its code or full name, as `sanction-events.md` says; `None` where the text does not identify it.
    pub norm: Option<&'s str>,
}

/// A sanction event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sanction<'s> {
    /// The word that carries the action.
    pub trigger: Span,
    /// What is done.
    pub action: Action,
    /// By which measures.
    pub measures: Measures,
    /// Whether it happened.
    pub factuality: Factuality,
    /// Who imposes.
    pub sender: Vec<Argument<'s>>,
    /// Whom it hits.
    pub target: Vec<Argument<'s>>,
    /// Who violates, opposes, proposes or asks for relief.
    pub actor: Vec<Argument<'s>>,
    /// The legal act.
    pub instrument: Option<Span>,
    /// The stated ground.
    pub reason: Option<Span>,
    /// The date of the action.
    pub date: Option<Span>,
    /// Index into the quotes: the event is what somebody says.
    pub quote: Option<usize>,
    /// CAMEO code.
    pub cameo: Option<&'s str>,
    /// PLOVER event.
    pub plover: Option<&'s str>,
}
