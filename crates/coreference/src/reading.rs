//! A document as the sieves read it.

use demarche_core::{Document, Entity, NONE, Span, Tree, Upos};

use crate::quotation;

#[derive(Debug)]
pub(crate) struct Reading<'d> {
    pub(crate) doc: &'d Document<'d>,
    pub(crate) tree: Tree<'d>,
    pub(crate) entities: Vec<Entity<'d>>,
    /// Of each token: the entity it is in, or [`NONE`].
    entity: Vec<u32>,
    /// Of each token: its sentence.
    sentence: Vec<u32>,
    /// Of each token: the quotation it is in, from 1; 0 outside.
    quotation: Vec<u32>,
}

impl<'d> Reading<'d> {
    /// `None` where the document has no trees.
    pub(crate) fn of(doc: &'d Document<'_>) -> Option<Self> {
        let tree = Tree::of(doc)?;
        let entities: Vec<Entity<'d>> = doc.entities().collect();
        let n_tokens = doc.tokens().len();
        let mut entity = vec![NONE; n_tokens];
        for (id, row) in entities.iter().enumerate() {
            for token in doc.tokens_in(row.span) {
                entity[token] = id as u32;
            }
        }
        let mut sentence = vec![0; n_tokens];
        for (id, &span) in doc.sentences().iter().enumerate() {
            sentence[doc.tokens_in(span)].fill(id as u32);
        }
        Some(Self { doc, tree, entities, entity, sentence, quotation: quotation::of_tokens(doc) })
    }

    pub(crate) fn n_tokens(&self) -> usize {
        self.sentence.len()
    }

    pub(crate) fn word(&self, token: usize) -> &'d str {
        self.doc.token(token)
    }

    pub(crate) fn entity_at(&self, token: usize) -> Option<usize> {
        Some(self.entity[token]).filter(|&entity| entity != NONE).map(|entity| entity as usize)
    }

    /// Label of the entity the token is in; empty outside.
    pub(crate) fn label_at(&self, token: usize) -> &'d str {
        self.entity_at(token).map_or("", |entity| self.entities[entity].label)
    }

    pub(crate) fn sentence_of(&self, token: usize) -> u32 {
        self.sentence[token]
    }

    pub(crate) fn quotation_of(&self, token: usize) -> u32 {
        self.quotation[token]
    }

    pub(crate) fn upos(&self, token: usize) -> Upos {
        self.tree.upos(token)
    }

    /// The word class, of a name's words that of a name: taggers are unsure of acronyms ("the WHO").
    pub(crate) fn upos_in_phrase(&self, token: usize) -> Upos {
        match self.label_at(token) {
            "GPE" | "ORG" | "LOC" | "FAC" | "PERSON" => Upos::Propn,
            _ => self.upos(token),
        }
    }

    /// The token before, if it is of the same sentence; none before the end of the text.
    pub(crate) fn before(&self, token: usize) -> Option<usize> {
        let before = token.checked_sub(1)?;
        (self.sentence.get(token) == Some(&self.sentence[before])).then_some(before)
    }

    /// The token after, if it is of the same sentence.
    pub(crate) fn after(&self, token: usize) -> Option<usize> {
        let after = token + 1;
        (after < self.n_tokens() && self.sentence[after] == self.sentence[token]).then_some(after)
    }

    pub(crate) fn span(&self, first: usize, end: usize) -> Span {
        let tokens = self.doc.tokens();
        tokens[first].cover(tokens[end - 1])
    }
}
