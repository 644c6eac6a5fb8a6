//! The document as the steps see it: each token with its place in the tree and what the lexicon knows of it.

mod grammar;

pub(crate) use grammar::Link;

use demarche_core::{Document, Entity, NONE, Span, StringId, Tree, Upos};

use crate::lexicon::{Entry, Lexicon, Pos, Things};

/// A document, its trees, and along its tokens: lexicon entry, entity, chain.
pub(crate) struct View<'d> {
    pub(crate) doc: &'d Document<'d>,
    pub(crate) tree: Tree<'d>,
    entries: Vec<&'d Entry>,
    entities: Vec<u32>,
    chains: Vec<u32>,
    /// Codes along the entities.
    norms: Vec<Option<&'d str>>,
    /// Stretches of what is said, by where they start, each with its quotation.
    said: Vec<(Span, u32)>,
}

static UNKNOWN: Entry = Entry::UNKNOWN;

/// Heads of longer mentions are not looked for: nobody refers back to a paragraph.
const MAX_MENTION_TOKENS: usize = 60;

impl<'d> View<'d> {
    /// The view of a document; `None` where no event can start or layers are absent.
    pub(crate) fn of(doc: &'d Document<'_>, lexicon: &'d Lexicon) -> Option<Self> {
        let entries = entries(doc, lexicon)?;
        if !entries.iter().any(|entry| entry.is_seed()) {
            return None;
        }
        let tree = Tree::of(doc)?;
        let mut view = Self {
            doc,
            entries,
            entities: vec![NONE; tree.len()],
            chains: Vec::new(),
            norms: norms(doc, lexicon),
            said: said(doc),
            tree,
        };
        for (i, entity) in doc.entities().enumerate() {
            view.entities[doc.tokens_in(entity.span)].fill(i as u32);
        }
        view.chains = view.chain_heads();
        Some(view)
    }

    fn chain_heads(&self) -> Vec<u32> {
        let mut chains = vec![NONE; self.tree.len()];
        for (i, chain) in self.doc.chains().enumerate() {
            for &mention in chain.mentions {
                let tokens = self.doc.tokens_in(mention);
                if tokens.len() > MAX_MENTION_TOKENS {
                    continue;
                }
                let outside =
                    |&token: &usize| self.tree.head(token).is_none_or(|head| !tokens.contains(&head));
                if let Some(head) = tokens.clone().find(outside) {
                    chains[head] = i as u32;
                }
            }
        }
        chains
    }

    /// What the lexicon knows of a token's lemma.
    pub(crate) fn entry(&self, token: usize) -> &'d Entry {
        self.entries[token]
    }

    /// Whether the lexicon counts the token among these kinds of things.
    pub(crate) fn is(&self, token: usize, things: Things) -> bool {
        self.entries[token].is(things)
    }

    /// Index of the entity that the token belongs to.
    pub(crate) fn entity(&self, token: usize) -> Option<usize> {
        Some(self.entities[token]).filter(|&entity| entity != NONE).map(|entity| entity as usize)
    }

    /// The code of an entity.
    pub(crate) fn norm(&self, entity: usize) -> Option<&'d str> {
        self.norms[entity]
    }

    /// Index of the chain of which the token heads a mention.
    pub(crate) fn chain(&self, token: usize) -> Option<usize> {
        Some(self.chains[token]).filter(|&chain| chain != NONE).map(|chain| chain as usize)
    }

    /// The innermost quotation that says this.
    pub(crate) fn quote(&self, span: Span) -> Option<usize> {
        let after = self.said.partition_point(|(said, _)| said.start <= span.start);
        let before = self.said[..after].iter().rev().take(MAX_NESTED);
        before.clone().find(|(said, _)| said.contains(span)).map(|&(_, quote)| quote as usize)
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The token's word class as far as the lexicon tells them apart.
    pub(crate) fn pos(&self, token: usize) -> Option<Pos> {
        match self.tree.upos(token) {
            Upos::Noun | Upos::Propn | Upos::Adj if self.acts(token) => Some(Pos::Verb),
            Upos::Noun | Upos::Propn | Upos::Pron => Some(Pos::Noun),
            Upos::Verb | Upos::Aux => Some(Pos::Verb),
            Upos::Adj => Some(Pos::Adj),
            _ => None,
        }
    }

    /// Whether a word that is tagged as a noun stands in the tree as a verb does: "Paris *threatens* to bar", in a headline.
    fn acts(&self, token: usize) -> bool {
        self.entries[token].senses.iter().any(|sense| sense.pos == Pos::Verb)
            && self.tree.children_by(token, &["obj", "xcomp", "aux"]).next().is_some()
            && self.tree.children_by(token, &["cop"]).next().is_none()
    }

    /// Index of the sentence that holds the token.
    fn sentence(&self, token: usize) -> usize {
        let start = self.doc.tokens()[token].start;
        self.doc.sentences().partition_point(|sentence| sentence.end <= start)
    }

    /// The tokens of the token's sentence, as far as they are near: a sentence without end is not read as one.
    pub(crate) fn vicinity(&self, token: usize) -> std::ops::Range<usize> {
        let span = self.doc.sentences().get(self.sentence(token));
        let sentence = span.map_or(token..token + 1, |&span| self.doc.tokens_in(span));
        sentence.start.max(token.saturating_sub(MAX_NEAR))..sentence.end.min(token + MAX_NEAR).max(token)
    }

    /// The text of tokens.
    pub(crate) fn span(&self, tokens: std::ops::Range<usize>) -> Span {
        let spans = self.doc.tokens();
        spans[tokens.start].cover(spans[tokens.end - 1])
    }

    /// Whether the entity is one that can act: a person, a body, a state, its people.
    pub(crate) fn is_actor(label: &str) -> bool {
        matches!(label, "PERSON" | "ORG" | "GPE" | "NORP" | "LOC")
    }

    /// Whether the token belongs to the name of a state or body with a code.
    pub(crate) fn is_power(&self, token: usize) -> bool {
        self.entity(token).is_some_and(|entity| {
            self.norms[entity].is_some() && Self::is_actor(self.doc.entity(entity).label)
        })
    }
}

/// So far from an event its sentence is looked through, in tokens.
const MAX_NEAR: usize = 120;

/// So many stretches that start before a word are looked at for one that holds it.
const MAX_NESTED: usize = 16;

/// The codes of the entities as senders of sanctions: "Brussels" is the Union, unless the text names its country.
fn norms<'d>(doc: &'d Document<'_>, lexicon: &'d Lexicon) -> Vec<Option<&'d str>> {
    let reading = |entity: Entity<'d>| {
        let named = lexicon.reading(doc.slice(entity.span), entity.norm)?;
        let other =
            |other: Entity<'d>| other.norm == entity.norm && doc.slice(other.span) != doc.slice(entity.span);
        // Few texts name many such cities, and few entities come before the first other one.
        let taken = entity.norm.is_some() && doc.entities().take(MAX_ENTITIES).any(other);
        (!taken).then_some(named)
    };
    doc.entities().map(|entity| reading(entity).or(entity.norm)).collect()
}

/// So many entities are looked through for another name of the same state.
const MAX_ENTITIES: usize = 64;

fn said(doc: &Document<'_>) -> Vec<(Span, u32)> {
    let mut said: Vec<_> = doc
        .quotes()
        .enumerate()
        .flat_map(|(i, quote)| quote.content.iter().map(move |&span| (span, i as u32)))
        .collect();
    said.sort_unstable_by_key(|&(span, quote)| (span.start, std::cmp::Reverse(span.end), quote));
    said
}

/// The lexicon entry of each token, by its lemma or else by its form; each different lemma is looked up once.
fn entries<'d>(doc: &'d Document<'_>, lexicon: &'d Lexicon) -> Option<Vec<&'d Entry>> {
    let lemmas = &doc.morphology()?.lemma;
    let mut known: Vec<Option<Option<&'d Entry>>> = vec![None; doc.strings().len()];
    let look_up = |lemma: &StringId| lexicon.get(doc.string(*lemma)?);
    let entry = |(token, lemma): (usize, &StringId)| {
        let by_lemma = match known.get_mut(lemma.0 as usize) {
            Some(slot) => *slot.get_or_insert_with(|| look_up(lemma)),
            None => None,
        };
        let by_form = || lexicon.get_form(doc.token(token));
        by_lemma.or_else(by_form).unwrap_or(&UNKNOWN)
    };
    Some(lemmas.iter().enumerate().map(entry).collect())
}
