//! The layers of one document, seen together: tokens with their tree, sentence, paragraph and quotation marks.

use std::ops::Range;

use demarche_core::{Document, NONE, Span, Tree, Upos};

use crate::marks::{self, Quoted};

/// Tokens of a sentence to look at around a word: longer ones are lists and broken texts, and must not cost more than
/// their length.
const REACH: usize = 400;

/// A document with its trees and quoted stretches.
pub(crate) struct Reading<'d> {
    pub(crate) doc: &'d Document<'d>,
    pub(crate) tree: Tree<'d>,
    /// Stretches in quotation marks, by where they start.
    pub(crate) quoted: Vec<Quoted>,
    /// Tokens of each quoted stretch, its marks among them.
    quoted_tokens: Vec<Range<usize>>,
    sentences: Vec<Range<usize>>,
    sentence_of: Vec<u32>,
    paragraph_of: Vec<u32>,
    /// Innermost quoted stretch of each token.
    level: Vec<u32>,
    /// The entity that each token is part of.
    entity_of: Vec<u32>,
}

impl<'d> Reading<'d> {
    /// `None` where a layer is missing.
    pub(crate) fn of(doc: &'d Document<'d>) -> Option<Self> {
        let tree = Tree::of(doc)?;
        let n_tokens = doc.tokens().len();
        let quoted = marks::pair(doc.text());
        let quoted_tokens: Vec<_> = quoted.iter().map(|quoted| doc.tokens_in(quoted.span)).collect();
        let sentences: Vec<_> = doc.sentences().iter().map(|&sentence| doc.tokens_in(sentence)).collect();
        let entities: Vec<_> = doc.entities().map(|entity| doc.tokens_in(entity.span)).collect();
        Some(Self {
            sentence_of: owners(n_tokens, &sentences),
            paragraph_of: paragraphs(doc),
            level: owners(n_tokens, &quoted_tokens),
            entity_of: owners(n_tokens, &entities),
            doc,
            tree,
            quoted,
            quoted_tokens,
            sentences,
        })
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> usize {
        self.level.len()
    }

    pub(crate) fn word(&self, token: usize) -> &'d str {
        self.doc.slice(self.doc.tokens()[token])
    }

    /// Whether the token is this word, in small letters or capitals.
    pub(crate) fn is_word(&self, token: usize, word: &str) -> bool {
        self.word(token).eq_ignore_ascii_case(word)
    }

    pub(crate) fn token(&self, token: usize) -> Span {
        self.doc.tokens()[token]
    }

    /// The text that a range of tokens, which must not be empty, covers.
    pub(crate) fn span(&self, tokens: Range<usize>) -> Span {
        self.token(tokens.start).cover(self.token(tokens.end - 1))
    }

    /// The tokens of the sentence that the token is in; the token alone if it is in none.
    pub(crate) fn sentence(&self, token: usize) -> Range<usize> {
        match self.sentence_of[token] {
            NONE => token..token + 1,
            sentence => self.sentences[sentence as usize].clone(),
        }
    }

    /// Number of the sentence that the token is in, 0 if it is in none.
    pub(crate) fn sentence_number(&self, token: usize) -> usize {
        index(self.sentence_of[token]).unwrap_or(0)
    }

    /// The same, cut to the quoted stretch that the token is in, and to [`REACH`] tokens on each side.
    pub(crate) fn level_sentence(&self, token: usize) -> Range<usize> {
        let sentence = self.sentence(token);
        let sentence =
            sentence.start.max(token.saturating_sub(REACH))..sentence.end.min(token.saturating_add(REACH));
        match self.level(token) {
            Some(quoted) => {
                let quoted = self.quoted_tokens(quoted);
                sentence.start.max(quoted.start)..sentence.end.min(quoted.end)
            }
            None => sentence,
        }
    }

    /// Number of the paragraph that the token is in.
    pub(crate) fn paragraph(&self, token: usize) -> u32 {
        self.paragraph_of[token]
    }

    /// First token of the paragraph that the token is in; in logarithmic time.
    pub(crate) fn paragraph_start(&self, token: usize) -> usize {
        self.paragraph_of.partition_point(|&paragraph| paragraph < self.paragraph_of[token])
    }

    /// One past the last token of the paragraph; in logarithmic time.
    pub(crate) fn paragraph_end(&self, token: usize) -> usize {
        self.paragraph_of.partition_point(|&paragraph| paragraph <= self.paragraph_of[token])
    }

    /// Innermost quoted stretch that the token is in.
    pub(crate) fn level(&self, token: usize) -> Option<usize> {
        index(self.level[token])
    }

    /// Tokens of a quoted stretch with its marks.
    pub(crate) fn quoted_tokens(&self, quoted: usize) -> Range<usize> {
        self.quoted_tokens[quoted].clone()
    }

    /// Index of the entity that the token is part of.
    pub(crate) fn entity_of(&self, token: usize) -> Option<usize> {
        index(self.entity_of[token])
    }

    /// The quoted stretch directly within `level` that the token is in, be it deeper.
    pub(crate) fn quoted_below(&self, token: usize, level: Option<usize>) -> Option<usize> {
        let mut at = self.level(token);
        while let Some(quoted) = at.filter(|_| at != level) {
            if self.quoted[quoted].parent == level {
                return Some(quoted);
            }
            at = self.quoted[quoted].parent;
        }
        None
    }

    /// Whether the token ends a sentence by its looks.
    pub(crate) fn is_stop(&self, token: usize) -> bool {
        matches!(self.word(token), "." | "?" | "!" | "…" | "..." | "?!" | "!!" | "....")
    }

    pub(crate) fn is_punctuation(&self, token: usize) -> bool {
        self.tree.upos(token) == Upos::Punct || !self.word(token).contains(char::is_alphanumeric)
    }

    /// A verb in a finite form, or an auxiliary.
    pub(crate) fn is_finite(&self, token: usize) -> bool {
        matches!(self.tree.xpos(token), "VBD" | "VBZ" | "VBP" | "MD")
            && !matches!(self.tree.upos(token), Upos::Adj | Upos::Propn)
            && self.entity_of(token).is_none()
    }

    /// The first word of the range that does not hang on another token of it.
    pub(crate) fn head_of(&self, tokens: &Range<usize>) -> Option<usize> {
        let is_outer = |token: usize| self.tree.head(token).is_none_or(|head| !tokens.contains(&head));
        tokens.clone().find(|&token| !self.is_punctuation(token) && is_outer(token))
    }

    /// The range without punctuation and marks at its ends.
    pub(crate) fn trim(&self, tokens: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = tokens;
        while start < end && self.is_punctuation(start) {
            start += 1;
        }
        while start < end && self.is_punctuation(end - 1) {
            end -= 1;
        }
        start..end
    }
}

fn index(value: u32) -> Option<usize> {
    (value != NONE).then_some(value as usize)
}

/// Which range each token is in; of nested ranges, which come after what is around them, the innermost.
fn owners(n_tokens: usize, ranges: &[Range<usize>]) -> Vec<u32> {
    let mut owner = vec![NONE; n_tokens];
    for (at, range) in ranges.iter().enumerate() {
        owner[range.clone()].fill(at as u32);
    }
    owner
}

/// The number of each token's paragraph: an empty line is between two of them, or a line end that also ends a sentence.
fn paragraphs(doc: &Document<'_>) -> Vec<u32> {
    let mut starts = doc.sentences().iter().map(|sentence| sentence.start).peekable();
    let mut number = 0;
    let mut before = 0;
    let number_of = |token: &Span| {
        while starts.next_if(|&start| start < token.start).is_some() {}
        let breaks =
            doc.text()[before as usize..token.start as usize].bytes().filter(|&b| b == b'\n').count();
        number += u32::from(breaks > 1 || (breaks == 1 && starts.peek() == Some(&token.start)));
        before = token.end;
        number
    };
    doc.tokens().iter().map(number_of).collect()
}
