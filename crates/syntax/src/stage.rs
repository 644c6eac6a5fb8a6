use std::cell::RefCell;
use std::ops::Range;

use demarche_core::{
    BuildError, Component, Dependencies, Document, Layer, Morphology, NONE, Registry, RegistryError, Stage,
    StageError, StageKind, StringId,
};

use crate::feature::{self, Features, Word};
use crate::lemma::Tags;
use crate::network::{Analysis, Buffers};
use crate::{Model, SyntaxOptions};

/// Longer sentences are analyzed in pieces of this many tokens, each with a tree of its own.
pub const MAX_SENTENCE: usize = 2_000;

/// Adds parts of speech, lemmas and a dependency tree a sentence.
#[derive(Debug)]
pub struct Syntax {
    model: Model,
}

/// Adds this crate's stage.
///
/// # Errors
/// If its name is taken.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Syntax>())
}

impl Component for Syntax {
    const NAME: &'static str = "syntax";
    const SUMMARY: &'static str = "parts of speech, lemmas and dependency trees (Universal Dependencies)";
    const READS: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    const WRITES: &'static [Layer] = &[Layer::Morphology, Layer::Dependencies];
    type Options = SyntaxOptions;

    fn build(_: SyntaxOptions) -> Result<Self, BuildError> {
        let model = Model::open(Model::ENGLISH)
            .map_err(|error| BuildError::Option { key: None, message: error.to_string() })?;
        Ok(Self::new(model))
    }
}

impl Syntax {
    /// The stage with a model of one's own.
    pub fn new(model: Model) -> Self {
        Self { model }
    }
}

impl Default for Syntax {
    /// The stage with the model of this crate.
    fn default() -> Self {
        Self::new(Model::open(Model::ENGLISH).expect("the crate's own model is whole, its tests see to it"))
    }
}

impl Stage for Syntax {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        WORK.with_borrow_mut(|work| {
            let result = work.analyze(doc, &self.model);
            work.shrink();
            result
        })
    }
}

thread_local! {
    static WORK: RefCell<Work> = RefCell::default();
}

/// Memory of a thread, used again for every sentence.
#[derive(Default)]
struct Work {
    features: Vec<Features>,
    folded: String,
    ends: Vec<u32>,
    buffers: Buffers,
    analysis: Analysis,
    lemma: String,
    xpos_ids: Vec<StringId>,
    deprel_ids: Vec<StringId>,
}

impl Work {
    fn analyze(&mut self, doc: &mut Document<'_>, model: &Model) -> Result<(), StageError> {
        let n_tokens = doc.tokens().len();
        let mut morphology = Morphology::default();
        let mut dependencies = Dependencies::default();
        let (upos, xpos, lemma) =
            (morphology.upos.to_mut(), morphology.xpos.to_mut(), morphology.lemma.to_mut());
        let (heads, deprels) = (dependencies.head.to_mut(), dependencies.deprel.to_mut());
        for column in [&mut *xpos, &mut *lemma, &mut *deprels] {
            column.reserve_exact(n_tokens);
        }
        upos.reserve_exact(n_tokens);
        heads.reserve_exact(n_tokens);
        for (ids, names) in
            [(&mut self.xpos_ids, model.network.xpos()), (&mut self.deprel_ids, model.network.deprel())]
        {
            ids.clear();
            ids.resize(names.len(), StringId::NONE);
        }
        let mut next_sentence = 0;
        while upos.len() < n_tokens {
            if doc.cancelled() {
                return Err(StageError::Cancelled);
            }
            let piece = next_piece(doc, upos.len(), &mut next_sentence);
            self.look(doc, piece.clone());
            model.network.analyze(&self.features, &mut self.buffers, &mut self.analysis);
            upos.extend_from_slice(&self.analysis.upos);
            heads.extend(
                self.analysis.heads.iter().map(|head| head.map_or(NONE, |head| piece.start as u32 + head)),
            );
            let mut start = 0;
            for (i, token) in piece.enumerate() {
                let end = self.ends[i] as usize;
                let (xpos_index, deprel_index) = (self.analysis.xpos[i], self.analysis.deprels[i]);
                let tags = Tags { upos: self.analysis.upos[i], xpos: xpos_index };
                self.lemma.clear();
                let folded = &self.folded[start..end];
                model.lemmatizer.lemmatize(doc.token(token), folded, tags, &mut self.lemma);
                start = end;
                lemma.push(doc.intern(&self.lemma));
                xpos.push(named(doc, &mut self.xpos_ids, model.network.xpos(), xpos_index));
                deprels.push(named(doc, &mut self.deprel_ids, model.network.deprel(), deprel_index));
            }
        }
        doc.set_morphology(morphology);
        doc.set_dependencies(dependencies);
        Ok(())
    }

    /// Fills in the features of a piece's words.
    fn look(&mut self, doc: &Document<'_>, piece: Range<usize>) {
        let tokens = &doc.tokens()[piece];
        let words = tokens.iter().enumerate().map(|(i, &token)| Word {
            form: doc.slice(token),
            space_before: i == 0 || tokens[i - 1].end < token.start,
            space_after: tokens.get(i + 1).is_none_or(|next| token.end < next.start),
        });
        feature::extract(words, &mut self.features, &mut self.folded, &mut self.ends);
    }

    /// Gives back what only an unusually long sentence or word needed; ordinary ones stay far below.
    fn shrink(&mut self) {
        const KEPT_BYTES: usize = 1 << 20;
        if self.folded.capacity() > KEPT_BYTES || self.lemma.capacity() > KEPT_BYTES {
            self.folded = String::new();
            self.lemma = String::new();
        }
    }
}

/// The tokens from `start` to the end of their sentence, at most [`MAX_SENTENCE`]. Tokens that lie in no sentence are
/// taken together up to the next one.
fn next_piece(doc: &Document<'_>, start: usize, next_sentence: &mut usize) -> Range<usize> {
    let tokens = doc.tokens();
    let sentences = doc.sentences();
    while sentences.get(*next_sentence).is_some_and(|sentence| sentence.end <= tokens[start].start) {
        *next_sentence += 1;
    }
    let border = match sentences.get(*next_sentence) {
        Some(sentence) if sentence.start <= tokens[start].start => sentence.end,
        Some(sentence) => sentence.start,
        None => u32::MAX,
    };
    let longest = &tokens[start..tokens.len().min(start + MAX_SENTENCE)];
    start..start + longest.partition_point(|token| token.start < border).max(1)
}

/// The document's id of a label, which is interned at its first use.
fn named(doc: &mut Document<'_>, ids: &mut [StringId], names: &[&str], index: u16) -> StringId {
    let id = &mut ids[index as usize];
    if *id == StringId::NONE {
        *id = doc.intern(names[index as usize]);
    }
    *id
}
