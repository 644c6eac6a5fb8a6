//! Words to vectors that know their sentence: hashed features, then layers of simple recurrent units.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::buffer::sized;
use crate::group::{self, PARTS, Rounded};
use crate::memo::Memo;
use crate::{
    DEEPEST, IntPanels, IntRows, OpenError, Section, Table, Weights, Writer, add_row, quantize_row, recur,
};

/// The shape of an [`Encoder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderSizes {
    /// Numbers of a word's vector; even.
    pub dim: usize,
    /// Recurrent layers; at least one.
    pub layers: usize,
    /// Kinds of features, 0 to `kinds - 1`.
    pub kinds: usize,
}

impl EncoderSizes {
    fn open(weights: &Weights) -> Result<Self, OpenError> {
        // Far above any network that would be of use, and low enough that no product of sizes overflows.
        const MOST_KINDS: u32 = 256;
        const MOST_LAYERS: u32 = 16;
        let sizes = weights.u32s("encoder.sizes")?;
        match sizes[..] {
            [dim, layers @ 1..=MOST_LAYERS, kinds @ 1..=MOST_KINDS]
                if dim > 0 && dim as usize <= DEEPEST && dim.is_multiple_of(2) =>
            {
                Ok(Self { dim: dim as usize, layers: layers as usize, kinds: kinds as usize })
            }
            _ => Err(OpenError::Section {
                section: "encoder.sizes",
                problem: "it is not an even number of at most 512, layers and kinds of features".to_owned(),
            }),
        }
    }
}

/// A feature of a word: one of the model's kinds, and a hash of the kind and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The kind, below [`EncoderSizes::kinds`]; a value never seen in training stands for "an unknown one of this kind".
    pub kind: usize,
    /// [`feature_hash`](crate::feature_hash) of kind and value.
    pub hash: u64,
}

/// Hashed features and recurrent layers, ready for use.
///
/// A word's vector is the sum of its features' rows. Features come in groups that often occur together: all that
/// depend on the word's form alone, say. What the first layer makes of a group (a product with a large matrix) is kept
/// in the [`EncoderBuffers`], so that the words of a language's core, which are most of any text, cost a look-up.
///
/// Sections of the model: `encoder.sizes` ([`EncoderSizes`] as three numbers), `feature.hash` (of row `kinds + i`; the
/// first rows are those of unknown features, by kind), `feature.row` and `feature.scale` (rows as bytes, and what a row's
/// bytes are multiplied by), `layer.matrix` and `layer.bias` (layer after layer, `dim × 3 dim`, row-major).
#[derive(Debug)]
pub struct Encoder {
    id: u64,
    sizes: EncoderSizes,
    rows_by_hash: Table,
    rows: Section,
    scales: Vec<f32>,
    layers: Vec<(IntPanels, Vec<f32>)>,
}

/// Memory that is used again for every sentence, by one thread.
#[derive(Debug, Default)]
pub struct EncoderBuffers {
    /// The encoder that the memo belongs to.
    owner: u64,
    memo: Memo,
    features: Vec<Feature>,
    /// The groups of the sentence's words, one word after the other.
    groups: Vec<Group>,
    /// Where the groups of each word end.
    ends: Vec<usize>,
    new: NewGroups,
    vectors: Vec<f32>,
    gates: Vec<f32>,
    next: Vec<f32>,
    cells: Vec<f32>,
    ints: IntRows,
}

/// Where what the first layer makes of a group of features is found.
#[derive(Clone, Copy, Debug)]
enum Group {
    /// At this place of the memo.
    Known(usize),
    /// Among the [`NewGroups`].
    New(usize),
}

/// Groups that are not remembered: their products with the first layer's matrix are taken together, which is faster.
#[derive(Debug, Default)]
struct NewGroups {
    keys: Vec<u64>,
    vectors: Vec<f32>,
    gates: Vec<f32>,
    /// As they are remembered: what a word gives must not depend on what was read before.
    rounded: Rounded,
}

impl EncoderBuffers {
    /// Number of the sentence's words.
    pub fn n_words(&self) -> usize {
        self.ends.len()
    }

    /// The vectors of the sentence's words, as the last layer left them.
    pub fn vectors(&self) -> &[f32] {
        &self.vectors
    }

    /// The same, rounded for a product.
    pub fn rounded(&mut self, dim: usize) -> &IntRows {
        self.ints.round(&self.vectors, dim);
        &self.ints
    }

    /// Gives back what only an unusually long sentence needed.
    pub fn shrink(&mut self) {
        const KEPT: usize = 1 << 20;
        let new = [&mut self.new.vectors, &mut self.new.gates];
        for buffer in
            [&mut self.vectors, &mut self.gates, &mut self.next, &mut self.cells].into_iter().chain(new)
        {
            if buffer.capacity() > KEPT {
                *buffer = Vec::new();
            }
        }
    }
}

impl Encoder {
    /// Makes the encoder of a model.
    ///
    /// # Errors
    /// If the model's sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        // Zero is no encoder's, so that fresh buffers belong to none.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let sizes = EncoderSizes::open(weights)?;
        let (dim, wide) = (sizes.dim, 3 * sizes.dim);
        let hashes = weights.u64s("feature.hash")?;
        let n_rows = sizes.kinds + hashes.len();
        let rows = weights.bytes("feature.row")?;
        if rows.len() != n_rows * dim {
            let problem = format!("it has {} bytes where {} are wanted", rows.len(), n_rows * dim);
            return Err(OpenError::Section { section: "feature.row", problem });
        }
        let matrices = weights.floats("layer.matrix", sizes.layers * dim * wide)?;
        let biases = weights.floats("layer.bias", sizes.layers * wide)?;
        let layers = matrices.chunks_exact(dim * wide).zip(biases.chunks_exact(wide));
        Ok(Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            sizes,
            rows_by_hash: Table::new(&hashes, |i| (sizes.kinds + i) as u32),
            rows,
            scales: weights.floats("feature.scale", n_rows)?,
            layers: layers.map(|(matrix, bias)| (IntPanels::new(matrix, dim, wide), bias.to_vec())).collect(),
        })
    }

    /// A number that no other encoder of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its shape.
    pub fn sizes(&self) -> EncoderSizes {
        self.sizes
    }

    /// Starts a sentence.
    pub fn start(&self, buffers: &mut EncoderBuffers) {
        if buffers.owner != self.id {
            buffers.owner = self.id;
            buffers.memo.clear(PARTS * self.sizes.dim);
        }
        buffers.groups.clear();
        buffers.ends.clear();
        buffers.new.keys.clear();
        buffers.new.vectors.clear();
    }

    /// Adds a group of features to the sentence's next word. `key` must be another one for each other group of features;
    /// `features` is asked for them where the group is not remembered.
    pub fn add(&self, buffers: &mut EncoderBuffers, key: u64, features: impl FnOnce(&mut Vec<Feature>)) {
        if let Some(place) = buffers.memo.find(key) {
            buffers.groups.push(Group::Known(place));
            return;
        }
        let dim = self.sizes.dim;
        let EncoderBuffers { features: found, groups, new, .. } = buffers;
        found.clear();
        features(found);
        groups.push(Group::New(new.keys.len()));
        new.keys.push(key);
        let start = new.vectors.len();
        new.vectors.resize(start + dim, 0.0);
        for feature in found {
            let row = self.rows_by_hash.get(feature.hash).map_or(feature.kind, |row| row as usize);
            add_row(&mut new.vectors[start..], &self.rows[row * dim..][..dim], self.scales[row]);
        }
    }

    /// Ends the word whose groups were added last.
    pub fn end_word(&self, buffers: &mut EncoderBuffers) {
        buffers.ends.push(buffers.groups.len());
    }

    /// Runs the first layer over the sentence, after which [`EncoderBuffers::vectors`] are its output.
    pub fn first_layer(&self, buffers: &mut EncoderBuffers) {
        let (dim, wide) = (self.sizes.dim, 3 * self.sizes.dim);
        let EncoderBuffers { memo, groups, ends, new, vectors, gates, ints, .. } = buffers;
        let (matrix, bias) = &self.layers[0];
        ints.round(&new.vectors, dim);
        let products = sized(&mut new.gates, 3 * new.vectors.len());
        matrix.multiply(ints, &[], products);
        new.rounded.round(&new.vectors, products, dim);
        let parts = |group| match group {
            Group::Known(place) => memo.parts(place),
            Group::New(group) => new.rounded.parts(group),
        };
        vectors.resize(ends.len() * dim, 0.0);
        let words = vectors.chunks_exact_mut(dim).zip(sized(gates, ends.len() * wide).chunks_exact_mut(wide));
        let mut start = 0;
        for ((vector, gates), &end) in words.zip(&*ends) {
            if let Some(&next) = groups.get(end) {
                parts(next).fetch();
            }
            group::sum(groups[start..end].iter().map(|&group| parts(group)), bias, vector, gates);
            start = end;
        }
        // Only now, for a new group may take the place of one that this sentence has.
        for (group, &key) in new.keys.iter().enumerate() {
            memo.put(key, new.rounded.parts(group));
        }
        self.recur(buffers);
    }

    /// Runs the other layers.
    pub fn other_layers(&self, buffers: &mut EncoderBuffers) {
        for (matrix, bias) in &self.layers[1..] {
            buffers.ints.round(&buffers.vectors, self.sizes.dim);
            let gates = sized(&mut buffers.gates, 3 * buffers.vectors.len());
            matrix.multiply(&buffers.ints, bias, gates);
            self.recur(buffers);
        }
    }

    fn recur(&self, buffers: &mut EncoderBuffers) {
        let EncoderBuffers { vectors, gates, next, cells, .. } = buffers;
        next.resize(vectors.len(), 0.0);
        let cells = sized(cells, vectors.len());
        recur(&gates[..3 * vectors.len()], vectors, self.sizes.dim, cells, next);
        std::mem::swap(vectors, next);
    }

    /// Writes the sections of an encoder: `features` are the hashes of the rows after the first `kinds`, `rows` has
    /// `dim` numbers a row, `layers` are matrices and biases.
    pub fn write<'p>(
        writer: &mut Writer,
        sizes: EncoderSizes,
        features: &[u64],
        rows: &[f32],
        layers: impl IntoIterator<Item = (&'p [f32], &'p [f32])>,
    ) {
        writer.u32s("encoder.sizes", &[sizes.dim, sizes.layers, sizes.kinds].map(|size| size as u32));
        writer.u64s("feature.hash", features);
        let mut bytes = Vec::with_capacity(rows.len());
        let scales: Vec<f32> =
            rows.chunks_exact(sizes.dim).map(|row| quantize_row(row, &mut bytes)).collect();
        writer.bytes("feature.row", &bytes);
        writer.floats("feature.scale", &scales);
        let (mut matrices, mut biases) = (Vec::new(), Vec::new());
        for (matrix, bias) in layers {
            matrices.extend_from_slice(matrix);
            biases.extend_from_slice(bias);
        }
        writer.floats("layer.matrix", &matrices);
        writer.floats("layer.bias", &biases);
    }
}
