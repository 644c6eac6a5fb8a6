//! The network: from features to tags, heads and relations.
//!
//! A word's vector is the sum of its features' rows. Layers of simple recurrent units read the sentence both ways.
//! From the last layer one product gives UPOS and XPOS scores and the parts that arcs and relations are scored
//! with: a word `d` and its head `h` score `q(d) · U k(h) + distance`, as in Dozat & Manning 2017 with one matrix;
//! the relation is chosen by a hidden layer over the sum of both words' parts.

use demarche_core::Upos;
use demarche_model::{Kind, OpenError, Panels, Table, Weights, add_row, dot, recur};

use crate::feature::{Features, N_FEATURES};
use crate::tree::Arcs;

/// What the model files of this crate are.
pub const KIND: Kind = Kind { name: "syntax", version: 1 };

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
    /// Numbers of a word's vector; even.
    pub dim: usize,
    /// Recurrent layers.
    pub layers: usize,
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

    /// First column of a word's part in arcs.
    pub const fn arc_word(&self) -> usize {
        self.upos + self.xpos
    }

    /// First column of a head's part in arcs.
    pub const fn arc_head(&self) -> usize {
        self.arc_word() + self.arc
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
    pub fn to_section(self) -> [u32; 7] {
        [self.dim, self.layers, self.arc, self.rel, self.upos, self.xpos, self.deprel].map(|size| size as u32)
    }

    fn open(weights: &Weights) -> Result<Self, OpenError> {
        // Far above any network that would be of use, and low enough that no product of sizes overflows.
        const LARGEST: u32 = 4096;
        let sizes = weights.u32s("sizes")?;
        let sound = |sizes: &[u32; 7]| {
            sizes.iter().all(|&size| size > 0 && size <= LARGEST) && sizes[0].is_multiple_of(2)
        };
        let sizes = <[u32; 7]>::try_from(sizes).ok().filter(sound).ok_or_else(|| OpenError::Section {
            section: "sizes",
            problem: "it is not seven sizes".to_owned(),
        })?;
        let [dim, layers, arc, rel, upos, xpos, deprel] = sizes.map(|size| size as usize);
        Ok(Self { dim, layers, arc, rel, upos, xpos, deprel })
    }
}

/// A network ready for use.
///
/// Sections of the model: `sizes`, `upos`, `xpos`, `deprel` (names, in the order of the scores), `feature.hash` (of row
/// `N_FEATURES + i`; the first rows are those of unknown features, by kind), `feature.row` and `feature.scale` (rows
/// as bytes, and what a row's bytes are multiplied by), `layer.matrix` and `layer.bias` (layer after layer, `dim × 3
/// dim`), `out.matrix` and `out.bias`, `arc.matrix` (`U`), `arc.root` (`U k` of the root), `arc.distance`,
/// `rel.root` (the root's part as head), `rel.matrix`, `rel.bias`. Matrices are row-major, inputs × outputs.
#[derive(Debug)]
pub struct Network {
    sizes: Sizes,
    upos: Vec<Upos>,
    xpos: Vec<&'static str>,
    deprel: Vec<&'static str>,
    root: usize,
    rows_by_hash: Table,
    rows: &'static [i8],
    scales: Vec<f32>,
    layers: Vec<(Panels, Vec<f32>)>,
    out: (Panels, Vec<f32>),
    arc: Panels,
    arc_root: Vec<f32>,
    arc_distance: Vec<f32>,
    rel_root: Vec<f32>,
    rel: (Panels, Vec<f32>),
}

/// What the network says of a sentence, one item a word.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Universal parts of speech.
    pub upos: Vec<Upos>,
    /// XPOS tags, as indices into [`Network::xpos`].
    pub xpos: Vec<u16>,
    /// Heads, as indices into the sentence; `None` for the one root.
    pub heads: Vec<Option<u32>>,
    /// Relations, as indices into [`Network::deprel`].
    pub deprels: Vec<u16>,
}

/// Memory that is used again for every sentence.
#[derive(Debug, Default)]
pub struct Buffers {
    vectors: Vec<f32>,
    next: Vec<f32>,
    gates: Vec<f32>,
    cells: Vec<f32>,
    out: Vec<f32>,
    part: Vec<f32>,
    heads: Vec<f32>,
    relations: Vec<f32>,
    arcs: Arcs,
}

impl Network {
    /// Makes the network of a model.
    ///
    /// # Errors
    /// If the model's sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        let sizes = Sizes::open(weights)?;
        let (dim, wide) = (sizes.dim, 3 * sizes.dim);
        let named = |section: &'static str, len: usize| {
            let names = weights.lines(section)?;
            let problem = format!("it has {} names where {len} are wanted", names.len());
            if names.len() == len { Ok(names) } else { Err(OpenError::Section { section, problem }) }
        };
        let upos = named("upos", sizes.upos)?.into_iter().map(Upos::named).collect::<Option<_>>();
        let upos = upos.ok_or_else(|| OpenError::Section {
            section: "upos",
            problem: "it has a name that is no UPOS tag".to_owned(),
        })?;
        let deprel = named("deprel", sizes.deprel)?;
        let root = deprel
            .iter()
            .position(|&name| name == ROOT)
            .ok_or_else(|| OpenError::Section { section: "deprel", problem: format!("it lacks `{ROOT}`") })?;
        let hashes = weights.u64s("feature.hash")?;
        let n_rows = N_FEATURES + hashes.len();
        let rows = weights.bytes("feature.row")?;
        if rows.len() != n_rows * dim {
            let problem = format!("it has {} bytes where {} are wanted", rows.len(), n_rows * dim);
            return Err(OpenError::Section { section: "feature.row", problem });
        }
        let matrices = weights.floats("layer.matrix", sizes.layers * dim * wide)?;
        let biases = weights.floats("layer.bias", sizes.layers * wide)?;
        let layers = matrices.chunks_exact(dim * wide).zip(biases.chunks_exact(wide));
        let matrix = |section, depth: usize, width: usize| {
            weights.floats(section, depth * width).map(|matrix| Panels::new(&matrix, depth, width))
        };
        Ok(Self {
            sizes,
            upos,
            xpos: named("xpos", sizes.xpos)?,
            deprel,
            root,
            rows_by_hash: Table::new(&hashes, |i| (N_FEATURES + i) as u32),
            rows,
            scales: weights.floats("feature.scale", n_rows)?,
            layers: layers.map(|(matrix, bias)| (Panels::new(matrix, dim, wide), bias.to_vec())).collect(),
            out: (matrix("out.matrix", dim, sizes.out())?, weights.floats("out.bias", sizes.out())?),
            arc: matrix("arc.matrix", sizes.arc, sizes.arc)?,
            arc_root: weights.floats("arc.root", sizes.arc)?,
            arc_distance: weights.floats("arc.distance", N_DISTANCES)?,
            rel_root: weights.floats("rel.root", sizes.rel)?,
            rel: (matrix("rel.matrix", sizes.rel, sizes.deprel)?, weights.floats("rel.bias", sizes.deprel)?),
        })
    }

    /// Names of the XPOS tags.
    pub fn xpos(&self) -> &[&'static str] {
        &self.xpos
    }

    /// Names of the relations.
    pub fn deprel(&self) -> &[&'static str] {
        &self.deprel
    }

    /// Analyzes a sentence.
    pub fn analyze(&self, features: &[Features], buffers: &mut Buffers, analysis: &mut Analysis) {
        self.embed(features, buffers);
        self.encode(buffers);
        self.out.0.multiply(
            &buffers.vectors,
            &self.out.1,
            sized(&mut buffers.out, features.len() * self.sizes.out()),
        );
        self.tag(buffers, analysis);
        self.score_arcs(features.len(), buffers);
        buffers.arcs.heads(&mut analysis.heads);
        self.relate(buffers, analysis);
    }

    fn embed(&self, features: &[Features], buffers: &mut Buffers) {
        let dim = self.sizes.dim;
        let vectors = sized(&mut buffers.vectors, features.len() * dim);
        vectors.fill(0.0);
        for (vector, features) in vectors.chunks_exact_mut(dim).zip(features) {
            for (kind, &hash) in features.iter().enumerate() {
                let row = self.rows_by_hash.get(hash).map_or(kind, |row| row as usize);
                add_row(vector, &self.rows[row * dim..][..dim], self.scales[row]);
            }
        }
    }

    fn encode(&self, buffers: &mut Buffers) {
        let Buffers { vectors, next, gates, cells, .. } = buffers;
        for (matrix, bias) in &self.layers {
            let gates = sized(gates, 3 * vectors.len());
            matrix.multiply(vectors, bias, gates);
            recur(gates, vectors, self.sizes.dim, sized(cells, vectors.len()), sized(next, vectors.len()));
            std::mem::swap(vectors, next);
        }
    }

    fn tag(&self, buffers: &Buffers, analysis: &mut Analysis) {
        analysis.upos.clear();
        analysis.xpos.clear();
        for out in buffers.out.chunks_exact(self.sizes.out()) {
            let (upos, rest) = out.split_at(self.sizes.upos);
            analysis.upos.push(self.upos[best(upos)]);
            analysis.xpos.push(best(&rest[..self.sizes.xpos]) as u16);
        }
    }

    fn score_arcs(&self, n_words: usize, buffers: &mut Buffers) {
        let Sizes { arc, .. } = self.sizes;
        let Buffers { out, part, heads, arcs, .. } = buffers;
        let part = sized(part, n_words * arc);
        relu_column(out, self.sizes.out(), self.sizes.arc_head(), arc, part);
        let heads = sized(heads, n_words * arc);
        self.arc.multiply(part, &[], heads);
        relu_column(out, self.sizes.out(), self.sizes.arc_word(), arc, part);
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
        let Buffers { out, part, relations, .. } = buffers;
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
        self.rel.0.multiply(part, &self.rel.1, relations);
        analysis.deprels.clear();
        for (scores, head) in relations.chunks_exact_mut(self.sizes.deprel).zip(&analysis.heads) {
            scores[self.root] = f32::NEG_INFINITY;
            analysis.deprels.push(if head.is_some() { best(scores) } else { self.root } as u16);
        }
    }
}

/// Index of the largest score, the first of equal ones.
pub fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    for (i, &score) in scores.iter().enumerate() {
        if score > scores[best] {
            best = i;
        }
    }
    best
}

/// The positive part of `width` columns from `first` on, as rows of their own.
fn relu_column(rows: &[f32], row_width: usize, first: usize, width: usize, out: &mut [f32]) {
    for (out, row) in out.chunks_exact_mut(width).zip(rows.chunks_exact(row_width)) {
        for (out, &number) in out.iter_mut().zip(&row[first..first + width]) {
            *out = number.max(0.0);
        }
    }
}

/// `len` numbers of the buffer, whatever they were.
fn sized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.resize(len, 0.0);
    buffer
}
