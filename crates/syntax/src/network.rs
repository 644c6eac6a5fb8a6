//! The network: from features to tags, heads and relations.
//!
//! An [`Encoder`] reads the sentence both ways. After its first layer there are UPOS and XPOS scores already, for those
//! who want no trees. From the last layer one product gives better ones, and the parts that arcs and relations are
//! scored with: a word `d` and its head `h` score `q(d) · U k(h) + distance`, as in Dozat & Manning 2017 with one matrix;
//! the relation is chosen by a hidden layer over the sum of both words' parts. That lower layers learn the simpler
//! task beside the rest is due to Søgaard & Goldberg 2016.

use demarche_core::Upos;
use demarche_model::{
    DEEPEST, Encoder, EncoderBuffers, IntPanels, IntRows, Kind, OpenError, Weights, dot, sized,
};

use crate::feature::{KINDS, Seen};
use crate::tree::Arcs;

/// What the model files of this crate are.
pub const KIND: Kind = Kind { name: "syntax", version: 2 };

/// Heads further away than this are not considered, which keeps the work linear.
pub const HEAD_WINDOW: usize = 128;

/// Number of classes of [`distance`].
pub const N_DISTANCES: usize = 24;

/// The relation of a root.
pub const ROOT: &str = "root";

/// Class of the distance from a word to its head: direction, then 1 to 8, to 12, to 20, to 40, above.
pub fn distance(word: usize, head: usize) -> usize {
    let class = match word.abs_diff(head) {
        near @ 0..=8 => near.saturating_sub(1),
        9..=12 => 8,
        13..=20 => 9,
        21..=40 => 10,
        _ => 11,
    };
    if head < word { class } else { class + N_DISTANCES / 2 }
}

/// How large the parts of a network are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Numbers of the parts that arcs are scored with.
    pub arc: usize,
    /// Numbers of the hidden layer that chooses relations.
    pub rel: usize,
    /// Number of UPOS tags.
    pub upos: usize,
    /// Number of XPOS tags.
    pub xpos: usize,
    /// Number of relations.
    pub deprel: usize,
}

impl Sizes {
    /// Columns of the product over the last layer: UPOS, XPOS, word, head (arc), word, head (relation).
    pub const fn out(&self) -> usize {
        self.rel_word() + 2 * self.rel
    }

    /// Columns of the product over the first layer, UPOS and XPOS; also the first column of a word's part in arcs.
    pub const fn tags(&self) -> usize {
        self.upos + self.xpos
    }

    /// First column of a head's part in arcs.
    pub const fn arc_head(&self) -> usize {
        self.tags() + self.arc
    }

    /// First column of a word's part in relations.
    pub const fn rel_word(&self) -> usize {
        self.arc_head() + self.arc
    }

    /// First column of a head's part in relations.
    pub const fn rel_head(&self) -> usize {
        self.rel_word() + self.rel
    }

    /// As it stands in the section `sizes`.
    pub fn to_section(self) -> [u32; 5] {
        [self.arc, self.rel, self.upos, self.xpos, self.deprel].map(|size| size as u32)
    }

    fn open(weights: &Weights) -> Result<Self, OpenError> {
        let sizes = weights.u32s("sizes")?;
        let sound = |sizes: &[u32; 5]| sizes.iter().all(|&size| size > 0 && size as usize <= DEEPEST);
        let sizes = <[u32; 5]>::try_from(sizes).ok().filter(sound).ok_or_else(|| OpenError::Section {
            section: "sizes",
            problem: format!("it is not five sizes of at most {DEEPEST}"),
        })?;
        let [arc, rel, upos, xpos, deprel] = sizes.map(|size| size as usize);
        Ok(Self { arc, rel, upos, xpos, deprel })
    }
}

/// A network ready for use.
///
/// Sections of the model, beside those of the [`Encoder`]: `sizes`, `upos`, `xpos`, `deprel` (names, in the order of the
/// scores), `tag.pairs` (for each XPOS tag the UPOS tags that occur with it, a bit each), `tag.matrix` and `tag.bias`
/// (over the first layer), `out.matrix` and `out.bias` (over the last), `arc.matrix` (`U`), `arc.root` (`U k` of the
/// root), `arc.distance`, `rel.root` (the root's part as head), `rel.matrix`, `rel.bias`. Matrices are row-major,
/// inputs × outputs.
#[derive(Debug)]
pub struct Network {
    sizes: Sizes,
    upos: Vec<Upos>,
    xpos: Vec<String>,
    deprel: Vec<String>,
    root: usize,
    pairs: Vec<u32>,
    encoder: Encoder,
    tags: Product,
    out: Product,
    arc: IntPanels,
    arc_root: Vec<f32>,
    arc_distance: Vec<f32>,
    rel_root: Vec<f32>,
    rel: Product,
}

/// A matrix and what is added to its products.
type Product = (IntPanels, Vec<f32>);

/// What the network says of a sentence, one item a word.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Universal parts of speech.
    pub upos: Vec<Upos>,
    /// XPOS tags, as indices into [`Network::xpos`].
    pub xpos: Vec<u16>,
    /// Heads, as indices into the sentence; `None` for the one root. Empty if no tree was asked for.
    pub heads: Vec<Option<u32>>,
    /// Relations, as indices into [`Network::deprel`]. Empty if no tree was asked for.
    pub deprels: Vec<u16>,
}

/// Memory that is used again for every sentence.
#[derive(Debug, Default)]
pub struct Buffers {
    encoder: EncoderBuffers,
    out: Vec<f32>,
    part: Vec<f32>,
    ints: IntRows,
    heads: Vec<f32>,
    relations: Vec<f32>,
    arcs: Arcs,
}

impl Buffers {
    /// Gives back what only an unusually long sentence needed.
    pub fn shrink(&mut self) {
        self.encoder.shrink();
    }
}

impl Network {
    /// Makes the network of a model.
    ///
    /// # Errors
    /// If the model's sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        let sizes = Sizes::open(weights)?;
        let encoder = Encoder::open(weights)?;
        let dim = encoder.sizes().dim;
        if encoder.sizes().kinds != KINDS {
            let problem =
                format!("it has {} kinds of features where {KINDS} are wanted", encoder.sizes().kinds);
            return Err(OpenError::Section { section: "encoder.sizes", problem });
        }
        let named = |section: &'static str, len: usize| {
            let names: Vec<_> = weights.lines(section)?.into_iter().map(str::to_owned).collect();
            let problem = format!("it has {} names where {len} are wanted", names.len());
            if names.len() == len { Ok(names) } else { Err(OpenError::Section { section, problem }) }
        };
        let upos = named("upos", sizes.upos)?.iter().map(|name| Upos::named(name)).collect::<Option<_>>();
        let upos = upos.ok_or_else(|| OpenError::Section {
            section: "upos",
            problem: "it has a name that is no UPOS tag".to_owned(),
        })?;
        let deprel = named("deprel", sizes.deprel)?;
        let root = deprel
            .iter()
            .position(|name| name == ROOT)
            .ok_or_else(|| OpenError::Section { section: "deprel", problem: format!("it lacks `{ROOT}`") })?;
        let pairs = weights.u32s("tag.pairs")?;
        if pairs.len() != sizes.xpos {
            let problem = format!("it has {} numbers where {} are wanted", pairs.len(), sizes.xpos);
            return Err(OpenError::Section { section: "tag.pairs", problem });
        }
        let matrix = |section, depth: usize, width: usize| {
            weights.floats(section, depth * width).map(|matrix| IntPanels::new(&matrix, depth, width))
        };
        Ok(Self {
            sizes,
            upos,
            xpos: named("xpos", sizes.xpos)?,
            deprel,
            root,
            pairs,
            encoder,
            tags: (matrix("tag.matrix", dim, sizes.tags())?, weights.floats("tag.bias", sizes.tags())?),
            out: (matrix("out.matrix", dim, sizes.out())?, weights.floats("out.bias", sizes.out())?),
            arc: matrix("arc.matrix", sizes.arc, sizes.arc)?,
            arc_root: weights.floats("arc.root", sizes.arc)?,
            arc_distance: weights.floats("arc.distance", N_DISTANCES)?,
            rel_root: weights.floats("rel.root", sizes.rel)?,
            rel: (matrix("rel.matrix", sizes.rel, sizes.deprel)?, weights.floats("rel.bias", sizes.deprel)?),
        })
    }

    /// A number that no other network of this process has.
    pub fn id(&self) -> u64 {
        self.encoder.id()
    }

    /// Names of the XPOS tags.
    pub fn xpos(&self) -> &[String] {
        &self.xpos
    }

    /// Names of the relations.
    pub fn deprel(&self) -> &[String] {
        &self.deprel
    }

    /// Finds the tags of a sentence, without its tree.
    pub fn tag<'t>(
        &self,
        words: impl Iterator<Item = Seen<'t>>,
        buffers: &mut Buffers,
        analysis: &mut Analysis,
    ) {
        self.read(words, buffers);
        self.multiply(&self.tags, buffers);
        self.choose_tags(self.sizes.tags(), buffers, analysis);
        analysis.heads.clear();
        analysis.deprels.clear();
    }

    /// Finds the tags and the tree of a sentence.
    pub fn parse<'t>(
        &self,
        words: impl Iterator<Item = Seen<'t>>,
        buffers: &mut Buffers,
        analysis: &mut Analysis,
    ) {
        self.read(words, buffers);
        self.encoder.other_layers(&mut buffers.encoder);
        self.multiply(&self.out, buffers);
        self.choose_tags(self.sizes.out(), buffers, analysis);
        self.score_arcs(analysis.upos.len(), buffers);
        buffers.arcs.heads(&mut analysis.heads);
        self.relate(buffers, analysis);
    }

    /// Runs the first layer.
    fn read<'t>(&self, words: impl Iterator<Item = Seen<'t>>, buffers: &mut Buffers) {
        let encoder = &mut buffers.encoder;
        self.encoder.start(encoder);
        for word in words {
            self.encoder.add(encoder, word.form_key(), |features| word.form_features(features));
            self.encoder.add(encoder, word.stand_key(), |features| word.stand_features(features));
            self.encoder.end_word(encoder);
        }
        self.encoder.first_layer(encoder);
    }

    /// The product of the layer's vectors and a matrix.
    fn multiply(&self, (matrix, bias): &Product, buffers: &mut Buffers) {
        let left = buffers.encoder.rounded(self.encoder.sizes().dim);
        matrix.multiply(left, bias, sized(&mut buffers.out, left.len() * matrix.width()));
    }

    /// The best tags by the scores in the first columns of rows of `width`.
    fn choose_tags(&self, width: usize, buffers: &Buffers, analysis: &mut Analysis) {
        analysis.upos.clear();
        analysis.xpos.clear();
        let out = &buffers.out[..buffers.encoder.n_words() * width];
        for out in out.chunks_exact(width) {
            let (upos, rest) = out.split_at(self.sizes.upos);
            let (upos, xpos) = self.best_pair(upos, &rest[..self.sizes.xpos]);
            analysis.upos.push(self.upos[upos]);
            analysis.xpos.push(xpos as u16);
        }
    }

    /// The best tags that occur together.
    fn best_pair(&self, upos: &[f32], xpos: &[f32]) -> (usize, usize) {
        let pair = (best(upos), best(xpos));
        if self.pairs[pair.1] >> pair.0 & 1 == 1 {
            return pair;
        }
        let pairs = self.pairs.iter().enumerate().flat_map(|(x, &with)| {
            (0..upos.len()).filter(move |u| with >> u & 1 == 1).map(move |u| (upos[u] + xpos[x], (u, x)))
        });
        pairs.reduce(|best, pair| if pair.0 > best.0 { pair } else { best }).map_or(pair, |(_, pair)| pair)
    }

    fn score_arcs(&self, n_words: usize, buffers: &mut Buffers) {
        let Sizes { arc, .. } = self.sizes;
        let Buffers { out, part, ints, heads, arcs, .. } = buffers;
        let part = sized(part, n_words * arc);
        relu_column(out, self.sizes.out(), self.sizes.arc_head(), arc, part);
        ints.round(part, arc);
        let heads = sized(heads, n_words * arc);
        self.arc.multiply(ints, &[], heads);
        relu_column(out, self.sizes.out(), self.sizes.tags(), arc, part);
        arcs.start(n_words);
        for (word, query) in part.chunks_exact(arc).enumerate() {
            let near = arcs.near(word);
            let first = near.start;
            let row = arcs.row_mut(word);
            row[0] = dot(query, &self.arc_root);
            for ((score, head), key) in
                row[1..].iter_mut().zip(near).zip(heads[first * arc..].chunks_exact(arc))
            {
                *score = dot(query, key) + self.arc_distance[distance(word, head)];
            }
        }
    }

    fn relate(&self, buffers: &mut Buffers, analysis: &mut Analysis) {
        let rel = self.sizes.rel;
        let Buffers { out, part, ints, relations, .. } = buffers;
        let part = sized(part, analysis.heads.len() * rel);
        let rows = out.chunks_exact(self.sizes.out());
        for ((hidden, row), head) in part.chunks_exact_mut(rel).zip(rows).zip(&analysis.heads) {
            let word = &row[self.sizes.rel_word()..][..rel];
            let head = match head {
                None => &self.rel_root[..],
                Some(head) => &out[*head as usize * self.sizes.out() + self.sizes.rel_head()..][..rel],
            };
            for ((hidden, word), head) in hidden.iter_mut().zip(word).zip(head) {
                *hidden = (word + head).max(0.0);
            }
        }
        let relations = sized(relations, analysis.heads.len() * self.sizes.deprel);
        ints.round(part, rel);
        self.rel.0.multiply(ints, &self.rel.1, relations);
        analysis.deprels.clear();
        for (scores, head) in relations.chunks_exact_mut(self.sizes.deprel).zip(&analysis.heads) {
            scores[self.root] = f32::NEG_INFINITY;
            analysis.deprels.push(if head.is_some() { best(scores) } else { self.root } as u16);
        }
    }
}

/// Index of the largest score, the first of equal ones.
pub fn best(scores: &[f32]) -> usize {
    // Two passes without a branch in the first are faster than one.
    let largest = scores
        .iter()
        .fold(f32::NEG_INFINITY, |largest, &score| if score > largest { score } else { largest });
    scores.iter().position(|&score| score >= largest).unwrap_or(0)
}

/// The positive part of `width` columns from `first` on, as rows of their own.
fn relu_column(rows: &[f32], row_width: usize, first: usize, width: usize, out: &mut [f32]) {
    for (out, row) in out.chunks_exact_mut(width).zip(rows.chunks_exact(row_width)) {
        for (out, &number) in out.iter_mut().zip(&row[first..first + width]) {
            *out = number.max(0.0);
        }
    }
}
