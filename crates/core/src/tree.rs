use std::ops::Range;

use crate::{Document, Lists, NONE, Span, Upos};

/// A view of a document's dependency trees that one can walk down as well as up.
///
/// Made in linear time; tokens are named by their index in the document.
#[derive(Debug)]
pub struct Tree<'d> {
    doc: &'d Document<'d>,
    head: &'d [u32],
    children: Lists<'static, u32>,
    /// The tokens that each token's subtree reaches over: first, and one past the last.
    reach: Vec<(u32, u32)>,
}

impl<'d> Tree<'d> {
    /// The trees of the document; `None` where word classes or dependencies are absent.
    pub fn of(doc: &'d Document<'_>) -> Option<Self> {
        doc.morphology()?;
        let head: &[u32] = &doc.dependencies()?.head;
        let children = children(head);
        let mut reach: Vec<_> = (0..head.len() as u32).map(|token| (token, token + 1)).collect();
        for token in bottom_up(head, &children) {
            if let Some(&parent) = head.get(token as usize).filter(|&&parent| parent != NONE) {
                let (first, end) = reach[token as usize];
                let whole = &mut reach[parent as usize];
                *whole = (whole.0.min(first), whole.1.max(end));
            }
        }
        Some(Self { doc, head, children, reach })
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.head.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    /// The head of a token; `None` for a root.
    pub fn head(&self, token: usize) -> Option<usize> {
        Some(self.head[token]).filter(|&head| head != NONE).map(|head| head as usize)
    }

    /// The tokens whose head this one is, in text order.
    pub fn children(&self, token: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.children.get(token).iter().map(|&child| child as usize)
    }

    /// The children that stand in one of these relations, subtypes aside: `nsubj` finds `nsubj:pass` too.
    pub fn children_by<'s>(
        &'s self,
        token: usize,
        relations: &'s [&str],
    ) -> impl DoubleEndedIterator<Item = usize> + 's {
        self.children(token).filter(move |&child| relations.contains(&self.relation(child)))
    }

    /// The token's relation to its head, with its subtype: `nsubj:pass`.
    pub fn deprel(&self, token: usize) -> &str {
        let deprel = self.doc.dependencies().map(|layer| layer.deprel[token]);
        deprel.and_then(|id| self.doc.string(id)).unwrap_or("dep")
    }

    /// The token's relation to its head without its subtype: `nsubj`.
    pub fn relation(&self, token: usize) -> &str {
        let deprel = self.deprel(token);
        deprel.split_once(':').map_or(deprel, |(relation, _)| relation)
    }

    /// The token's universal part of speech.
    pub fn upos(&self, token: usize) -> Upos {
        self.doc.morphology().map_or(Upos::None, |layer| layer.upos[token])
    }

    /// The token's lemma, or the word itself where there is none.
    pub fn lemma(&self, token: usize) -> &str {
        let lemma = self.doc.morphology().map(|layer| layer.lemma[token]);
        lemma.and_then(|id| self.doc.string(id)).unwrap_or_else(|| self.doc.token(token))
    }

    /// The token's Penn Treebank tag, empty where there is none.
    pub fn xpos(&self, token: usize) -> &str {
        let xpos = self.doc.morphology().map(|layer| layer.xpos[token]);
        xpos.and_then(|id| self.doc.string(id)).unwrap_or_default()
    }

    /// The tokens from the first to the last one of the subtree (which, crossing arcs apart, is the subtree).
    pub fn reach(&self, token: usize) -> Range<usize> {
        let (first, end) = self.reach[token];
        first as usize..end as usize
    }

    /// The text from the first to the last token of the subtree.
    pub fn span(&self, token: usize) -> Span {
        let reach = self.reach(token);
        self.doc.tokens()[reach.start].cover(self.doc.tokens()[reach.end - 1])
    }

    /// The tokens above this one, the nearest first.
    pub fn ancestors(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.head(token), |&above| self.head(above))
    }

    /// Whether the token is `top` or below it.
    pub fn is_below(&self, token: usize, top: usize) -> bool {
        token == top || self.ancestors(token).any(|above| above == top)
    }
}

fn children(head: &[u32]) -> Lists<'static, u32> {
    let mut offsets = vec![0_u32; head.len() + 1];
    for &parent in head.iter().filter(|&&parent| parent != NONE) {
        offsets[parent as usize + 1] += 1;
    }
    for i in 1..offsets.len() {
        offsets[i] += offsets[i - 1];
    }
    let mut next = offsets.clone();
    let mut items = vec![0; offsets[head.len()] as usize];
    for (child, &parent) in head.iter().enumerate().filter(|(_, parent)| **parent != NONE) {
        items[next[parent as usize] as usize] = child as u32;
        next[parent as usize] += 1;
    }
    Lists { offsets: offsets.into(), items: items.into() }
}

/// All tokens, each after its children.
fn bottom_up(head: &[u32], children: &Lists<'_, u32>) -> Vec<u32> {
    let mut order: Vec<u32> = (0..head.len() as u32).filter(|&token| head[token as usize] == NONE).collect();
    let mut next = 0;
    while next < order.len() {
        order.extend_from_slice(children.get(order[next] as usize));
        next += 1;
    }
    order.reverse();
    order
}
