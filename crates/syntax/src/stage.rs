use std::cell::RefCell;
use std::ops::Range;

use demarche_core::{
    BuildError, Component, Dependencies, Document, Layer, Morphology, NONE, Registry, RegistryError, Stage,
    StageError, StageKind, StringId,
};

use crate::feature::{self, Word};
use crate::lemma::Tags;
use crate::memo::LemmaMemo;
use crate::network::{Analysis, Buffers};
use crate::{Model, SyntaxOptions};

/// Longer sentences are analyzed in pieces of this many tokens, each with a tree of its own.
pub const MAX_SENTENCE: usize = 2_000;

/// Adds parts of speech, lemmas and a dependency tree a sentence.
#[derive(Debug)]
pub struct Syntax {
    model: Model,
}

/// Adds parts of speech and lemmas, without trees: nearly as right and many times as fast.
#[derive(Debug)]
pub struct Tag {
    model: Model,
}

/// Adds this crate's stages.
///
/// # Errors
/// If a name is taken.
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    registry.add(StageKind::of::<Syntax>())?;
    registry.add(StageKind::of::<Tag>())
}

impl Component for Syntax {
    const NAME: &'static str = "syntax";
    const SUMMARY: &'static str = "parts of speech, lemmas and dependency trees (Universal Dependencies)";
    const READS: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    const WRITES: &'static [Layer] = &[Layer::Morphology, Layer::Dependencies];
    type Options = SyntaxOptions;

    fn build(options: SyntaxOptions) -> Result<Self, BuildError> {
        open(options).map(Self::new)
    }
}

impl Component for Tag {
    const NAME: &'static str = "tags";
    const SUMMARY: &'static str = "parts of speech and lemmas without trees, many times as fast as `syntax`";
    const READS: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    const WRITES: &'static [Layer] = &[Layer::Morphology];
    type Options = SyntaxOptions;

    fn build(options: SyntaxOptions) -> Result<Self, BuildError> {
        open(options).map(Self::new)
    }
}

fn open(options: SyntaxOptions) -> Result<Model, BuildError> {
    let Some(path) = options.model else {
        return Model::open(Model::ENGLISH)
            .map_err(|error| BuildError::Option { key: None, message: error.to_string() });
    };
    Model::from_file(path.read_bytes()?).map_err(|error| BuildError::Option {
        key: Some("model".to_owned()),
        message: format!("`{}`: {error}", path.as_path().display()),
    })
}

impl Syntax {
    /// The stage with a model of one's own.
    pub fn new(model: Model) -> Self {
        Self { model }
    }
}

impl Tag {
    /// The stage with a model of one's own.
    pub fn new(model: Model) -> Self {
        Self { model }
    }
}

const WHOLE: &str = "the crate's own model is whole, its tests see to it";

impl Default for Syntax {
    /// The stage with the model of this crate.
    fn default() -> Self {
        Self::new(Model::open(Model::ENGLISH).expect(WHOLE))
    }
}

impl Default for Tag {
    /// The stage with the model of this crate.
    fn default() -> Self {
        Self::new(Model::open(Model::ENGLISH).expect(WHOLE))
    }
}

impl Stage for Syntax {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let (morphology, dependencies) = work(doc, &self.model, Depth::Trees)?;
        doc.set_morphology(morphology);
        doc.set_dependencies(dependencies);
        Ok(())
    }
}

impl Stage for Tag {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let (morphology, _) = work(doc, &self.model, Depth::Tags)?;
        doc.set_morphology(morphology);
        Ok(())
    }
}

/// How far the analysis goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Tags,
    Trees,
}

fn work(
    doc: &mut Document<'_>,
    model: &Model,
    depth: Depth,
) -> Result<(Morphology<'static>, Dependencies<'static>), StageError> {
    WORK.with_borrow_mut(|work| {
        let result = work.analyze(doc, model, depth);
        work.shrink();
        result
    })
}

thread_local! {
    static WORK: RefCell<Work> = RefCell::default();
}

/// Memory of a thread, used again for every sentence.
#[derive(Default)]
struct Work {
    buffers: Buffers,
    analysis: Analysis,
    folded: String,
    lemma: String,
    lemmas: LemmaMemo,
    xpos_ids: Vec<StringId>,
    deprel_ids: Vec<StringId>,
}

impl Work {
    fn analyze(
        &mut self,
        doc: &mut Document<'_>,
        model: &Model,
        depth: Depth,
    ) -> Result<(Morphology<'static>, Dependencies<'static>), StageError> {
        let n_tokens = doc.tokens().len();
        let mut morphology = Morphology::default();
        let mut dependencies = Dependencies::default();
        let (upos, xpos, lemma) =
            (morphology.upos.to_mut(), morphology.xpos.to_mut(), morphology.lemma.to_mut());
        let (heads, deprels) = (dependencies.head.to_mut(), dependencies.deprel.to_mut());
        upos.reserve_exact(n_tokens);
        xpos.reserve_exact(n_tokens);
        lemma.reserve_exact(n_tokens);
        if depth == Depth::Trees {
            heads.reserve_exact(n_tokens);
            deprels.reserve_exact(n_tokens);
        }
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
            let words = feature::look(words(doc, piece.clone()));
            match depth {
                Depth::Tags => model.network.tag(words, &mut self.buffers, &mut self.analysis),
                Depth::Trees => model.network.parse(words, &mut self.buffers, &mut self.analysis),
            }
            upos.extend_from_slice(&self.analysis.upos);
            for (i, token) in piece.clone().enumerate() {
                let tags = Tags { upos: self.analysis.upos[i], xpos: self.analysis.xpos[i] };
                lemma.push(self.lemma(doc, model, token, tags));
                xpos.push(named(doc, &mut self.xpos_ids, model.network.xpos(), tags.xpos));
            }
            heads.extend(
                self.analysis.heads.iter().map(|head| head.map_or(NONE, |head| piece.start as u32 + head)),
            );
            for &deprel in &self.analysis.deprels {
                deprels.push(named(doc, &mut self.deprel_ids, model.network.deprel(), deprel));
            }
        }
        Ok((morphology, dependencies))
    }

    fn lemma(&mut self, doc: &mut Document<'_>, model: &Model, token: usize, tags: Tags) -> StringId {
        let form = doc.token(token);
        let key = LemmaMemo::key(model.network.id(), form);
        if let Some(lemma) = self.lemmas.get(key, tags) {
            return doc.intern(lemma);
        }
        self.folded.clear();
        self.lemma.clear();
        feature::fold(form, &mut self.folded);
        model.lemmatizer.lemmatize(form, &self.folded, tags, &mut self.lemma);
        self.lemmas.put(key, tags, &self.lemma);
        doc.intern(&self.lemma)
    }

    /// Gives back what only an unusually long sentence or word needed; ordinary ones stay far below.
    fn shrink(&mut self) {
        const KEPT_BYTES: usize = 1 << 20;
        if self.folded.capacity() > KEPT_BYTES || self.lemma.capacity() > KEPT_BYTES {
            self.folded = String::new();
            self.lemma = String::new();
        }
        self.buffers.shrink();
    }
}

/// A piece's words.
fn words<'d>(doc: &'d Document<'_>, piece: Range<usize>) -> impl ExactSizeIterator<Item = Word<'d>> + Clone {
    let tokens = &doc.tokens()[piece];
    tokens.iter().enumerate().map(|(i, &token)| Word {
        form: doc.slice(token),
        space_before: i == 0 || tokens[i - 1].end < token.start,
        space_after: tokens.get(i + 1).is_none_or(|next| token.end < next.start),
    })
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
fn named(doc: &mut Document<'_>, ids: &mut [StringId], names: &[String], index: u16) -> StringId {
    let id = &mut ids[index as usize];
    if *id == StringId::NONE {
        *id = doc.intern(&names[index as usize]);
    }
    *id
}
