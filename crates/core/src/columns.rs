//! The layers as columns: a struct of vectors each, plain `repr(C)` data, owned or borrowed.

use std::borrow::Cow;

use crate::{Action, Factuality, Measures, QuoteKind, QuoteType, Span, StringId, Upos};

/// A column of a layer: owned where a stage made it, borrowed where the plugin boundary lends it.
pub type Column<'a, T> = Cow<'a, [T]>;

/// Lists of `T`, one an item: list `i` is `items[offsets[i]..offsets[i + 1]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists<'a, T: Clone> {
    /// One more than there are lists; starts with 0.
    pub offsets: Column<'a, u32>,
    /// The items of all lists, one list after the other.
    pub items: Column<'a, T>,
}

impl<T: Clone> Default for Lists<'_, T> {
    fn default() -> Self {
        Self { offsets: Cow::Owned(vec![0]), items: Cow::Owned(Vec::new()) }
    }
}

impl<T: Clone> Lists<'_, T> {
    /// Number of lists.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// List `i`.
    ///
    /// # Panics
    /// If there is no such list.
    pub fn get(&self, i: usize) -> &[T] {
        &self.items[self.offsets[i] as usize..self.offsets[i + 1] as usize]
    }

    /// Adds a list at the end.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        let items = self.items.to_mut();
        items.extend(list);
        self.offsets.to_mut().push(items.len() as u32);
    }
}

/// Words and marks, in text order, apart from each other, none empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens<'a> {
    /// Where each stands.
    pub span: Column<'a, Span>,
}

/// Sentences, in text order, apart from each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentences<'a> {
    /// Where each stands.
    pub span: Column<'a, Span>,
}

/// Word classes and lemmas, one row a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Morphology<'a> {
    /// Universal part of speech.
    pub upos: Column<'a, Upos>,
    /// Penn Treebank tag.
    pub xpos: Column<'a, StringId>,
    /// Dictionary form.
    pub lemma: Column<'a, StringId>,
}

/// A dependency tree a sentence in Universal Dependencies, one row a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies<'a> {
    /// Index of the head token; [`NONE`](crate::NONE) for a root.
    pub head: Column<'a, u32>,
    /// Relation to the head, with its subtype.
    pub deprel: Column<'a, StringId>,
}

/// Who and what is named, one row a mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entities<'a> {
    /// Where the name stands.
    pub span: Column<'a, Span>,
    /// `PERSON`, `GPE`, …, or a label of a user's own.
    pub label: Column<'a, StringId>,
    /// The fullest name the document gives the same thing.
    pub name: Column<'a, StringId>,
    /// Its code, as the document format says.
    pub norm: Column<'a, StringId>,
    /// Index into the chains.
    pub chain: Column<'a, u32>,
}

/// Mentions of the same thing, one row a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chains<'a> {
    /// Its fullest name.
    pub name: Column<'a, StringId>,
    /// Label of the named mentions.
    pub label: Column<'a, StringId>,
    /// Its code.
    pub norm: Column<'a, StringId>,
    /// Its mentions, in text order: whole noun phrases.
    pub mentions: Lists<'a, Span>,
}

/// Who said what, one row a quotation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotes<'a> {
    /// Inside quotation marks, outside, or both.
    pub kind: Column<'a, QuoteKind>,
    /// What somebody does by it.
    pub quote_type: Column<'a, QuoteType>,
    /// What is said; several spans where it is interrupted.
    pub content: Lists<'a, Span>,
    /// The words that report it.
    pub cue: Lists<'a, Span>,
    /// The phrase that names who says it.
    pub source: Lists<'a, Span>,
    /// Name of the person or body behind the source.
    pub speaker_name: Column<'a, StringId>,
    /// The speaker's code.
    pub speaker_norm: Column<'a, StringId>,
    /// Index into the chains.
    pub speaker_chain: Column<'a, u32>,
}

/// Who sanctions whom, one row an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sanctions<'a> {
    /// The word that carries the action.
    pub trigger: Column<'a, Span>,
    /// What is done.
    pub action: Column<'a, Action>,
    /// By which measures.
    pub measures: Column<'a, Measures>,
    /// Whether it happened.
    pub factuality: Column<'a, Factuality>,
    /// Who imposes.
    pub sender: Lists<'a, Span>,
    /// Codes along the items of `sender`.
    pub sender_norm: Column<'a, StringId>,
    /// Whom it hits.
    pub target: Lists<'a, Span>,
    /// Codes along the items of `target`.
    pub target_norm: Column<'a, StringId>,
    /// Who violates, opposes, proposes or asks for relief.
    pub actor: Lists<'a, Span>,
    /// Codes along the items of `actor`.
    pub actor_norm: Column<'a, StringId>,
    /// The legal act, or [`Span::NONE`].
    pub instrument: Column<'a, Span>,
    /// The stated ground, or [`Span::NONE`].
    pub reason: Column<'a, Span>,
    /// The date of the action, or [`Span::NONE`].
    pub date: Column<'a, Span>,
    /// Index into the quotes: the event is what somebody says.
    pub quote: Column<'a, u32>,
    /// CAMEO code, by the profile the stage names.
    pub cameo: Column<'a, StringId>,
    /// PLOVER event, by the profile the stage names.
    pub plover: Column<'a, StringId>,
}

/// A layer of named JSON values on spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenLayer<'a> {
    /// Where each item stands.
    pub span: Column<'a, Span>,
    /// Its value: compact JSON in the document's string table.
    pub value: Column<'a, StringId>,
}
