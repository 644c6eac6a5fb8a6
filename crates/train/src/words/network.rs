//! The network as it learns: the stage's sums, with dropout, and the way back.
#![expect(clippy::cast_precision_loss, reason = "sizes and steps are far below 2^24")]

use std::ops::Range;

use clap::Args;
use demarche_model::{Adam, Moments, Panels, Random, Table, Writer, dot, quantize_row, recur, recur_back};
use demarche_syntax::feature::{Features, N_FEATURES};
use demarche_syntax::network::{HEAD_WINDOW, N_DISTANCES, Sizes, distance};

use super::examples::{Inventory, extract};
use crate::conllu::Token;

/// How it learns.
#[derive(Clone, Debug, Args)]
pub(super) struct Hyper {
    /// Words of a batch
    #[arg(long, default_value_t = 600)]
    pub(super) batch: usize,
    /// Largest step size; it rises over the first steps, then falls to nothing
    #[arg(long, default_value_t = 0.003)]
    pub(super) rate: f32,
    /// Share of the features that are taken for unknown
    #[arg(long, default_value_t = 0.12)]
    pub(super) feature_dropout: f32,
    /// Share of the numbers that are left out between layers
    #[arg(long, default_value_t = 0.25)]
    pub(super) dropout: f32,
    /// Share of the sentences that are shown in capitals, as headlines or in small letters
    #[arg(long, default_value_t = 0.06)]
    pub(super) recase: f32,
}

/// Parameters with their slopes and moments.
#[derive(Debug)]
struct Param {
    values: Vec<f32>,
    slopes: Vec<f32>,
    moments: Moments,
}

impl Param {
    fn zeros(len: usize) -> Self {
        Self { values: vec![0.0; len], slopes: vec![0.0; len], moments: Moments::new(len) }
    }

    /// Evenly spread around zero, no larger than `size`.
    fn random(len: usize, size: f32, random: &mut Random) -> Self {
        let mut param = Self::zeros(len);
        param.values.iter_mut().for_each(|value| *value = size * random.symmetric());
        param
    }

    fn step(&mut self, adam: &Adam, step: u32, scale: f32) {
        self.slopes.iter_mut().for_each(|slope| *slope *= scale);
        adam.step(&mut self.values, &self.slopes, &mut self.moments, 0, step);
        self.slopes.fill(0.0);
    }
}

/// A network that learns.
#[derive(Debug)]
pub(super) struct Trainee {
    sizes: Sizes,
    inventory: Inventory,
    hyper: Hyper,
    rows_by_hash: Table,
    rows: Param,
    layers: Vec<(Param, Param)>,
    out: (Param, Param),
    arc: Param,
    arc_root: Param,
    arc_distance: Param,
    rel_root: Param,
    rel: (Param, Param),
    steps: u32,
}

/// A batch: its sentences' words one after the other.
struct Batch {
    sentences: Vec<Range<usize>>,
    /// Rows of the features of each word.
    rows: Vec<[u32; N_FEATURES]>,
    upos: Vec<usize>,
    xpos: Vec<usize>,
    /// Heads as indices into the batch.
    heads: Vec<Option<usize>>,
    deprels: Vec<usize>,
}

/// What a layer leaves for the way back.
struct Trace {
    input: Vec<f32>,
    mask: Vec<f32>,
    gates: Vec<f32>,
    cells: Vec<f32>,
}

impl Trainee {
    /// An untrained network.
    pub(super) fn new(sizes: Sizes, inventory: Inventory, hyper: Hyper, random: &mut Random) -> Self {
        let Sizes { dim, arc, rel, .. } = sizes;
        let n_rows = N_FEATURES + inventory.features.len();
        let glorot = |depth: usize, width: usize| (6.0 / (depth + width) as f32).sqrt();
        let layer = |random: &mut Random| {
            (Param::random(dim * 3 * dim, glorot(dim, dim), random), Param::zeros(3 * dim))
        };
        Self {
            rows_by_hash: Table::new(&inventory.features, |i| (N_FEATURES + i) as u32),
            rows: Param::random(n_rows * dim, 0.25, random),
            layers: (0..sizes.layers).map(|_| layer(random)).collect(),
            out: (Param::random(dim * sizes.out(), glorot(dim, dim), random), Param::zeros(sizes.out())),
            arc: Param::random(arc * arc, glorot(arc, arc), random),
            arc_root: Param::random(arc, 0.1, random),
            arc_distance: Param::zeros(N_DISTANCES),
            rel_root: Param::random(rel, 0.1, random),
            rel: (Param::random(rel * sizes.deprel, glorot(rel, rel), random), Param::zeros(sizes.deprel)),
            sizes,
            inventory,
            hyper,
            steps: 0,
        }
    }

    /// Number of feature rows.
    pub(super) fn n_rows(&self) -> usize {
        N_FEATURES + self.inventory.features.len()
    }

    /// Adds the sections to a model.
    pub(super) fn write(&self, writer: &mut Writer) {
        let Inventory { upos, xpos, deprel, features } = &self.inventory;
        writer.u32s("sizes", &self.sizes.to_section());
        writer.lines("upos", upos.iter().map(|upos| upos.name()));
        writer.lines("xpos", xpos.iter().map(String::as_str));
        writer.lines("deprel", deprel.iter().map(String::as_str));
        writer.u64s("feature.hash", features);
        let mut bytes = Vec::with_capacity(self.rows.values.len());
        let rows = self.rows.values.chunks_exact(self.sizes.dim);
        let scales: Vec<f32> = rows.map(|row| quantize_row(row, &mut bytes)).collect();
        writer.bytes("feature.row", &bytes);
        writer.floats("feature.scale", &scales);
        let join = |part: fn(&(Param, Param)) -> &Param| {
            self.layers.iter().flat_map(|layer| part(layer).values.iter().copied()).collect::<Vec<_>>()
        };
        writer.floats("layer.matrix", &join(|layer| &layer.0));
        writer.floats("layer.bias", &join(|layer| &layer.1));
        for (name, param) in [
            ("out.matrix", &self.out.0),
            ("out.bias", &self.out.1),
            ("arc.matrix", &self.arc),
            ("arc.root", &self.arc_root),
            ("arc.distance", &self.arc_distance),
            ("rel.root", &self.rel_root),
            ("rel.matrix", &self.rel.0),
            ("rel.bias", &self.rel.1),
        ] {
            writer.floats(name, &param.values);
        }
    }

    /// Learns from a batch; returns the sum of its words' losses.
    pub(super) fn learn(&mut self, sentences: &[Vec<Token>], total_steps: u32, random: &mut Random) -> f64 {
        let batch = self.batch(sentences, random);
        if batch.rows.is_empty() {
            return 0.0;
        }
        let (dim, n) = (self.sizes.dim, batch.rows.len());
        let mut vectors = self.embed(&batch);
        let mut traces = Vec::new();
        for layer in 0..self.layers.len() {
            let (trace, out) = self.layer_forward(layer, vectors, &batch, random);
            traces.push(trace);
            vectors = out;
        }
        let mask = self.mask(&batch, dim, random);
        let seen = times(&vectors, &mask);
        let mut out = vec![0.0; n * self.sizes.out()];
        Panels::new(&self.out.0.values, dim, self.sizes.out()).multiply(&seen, &self.out.1.values, &mut out);
        let mut out_slopes = vec![0.0; out.len()];
        let loss = self.tag_loss(&batch, &out, &mut out_slopes)
            + self.arc_loss(&batch, &out, &mut out_slopes, random)
            + self.rel_loss(&batch, &out, &mut out_slopes, random);
        let mut slopes = back(&seen, &out_slopes, dim, &mut self.out.0, Some(&mut self.out.1));
        slopes.iter_mut().zip(&mask).for_each(|(slope, mask)| *slope *= mask);
        for (layer, trace) in traces.iter().enumerate().rev() {
            slopes = self.layer_back(layer, trace, &slopes, &batch);
        }
        self.step(&batch, &slopes, total_steps);
        loss
    }

    fn batch(&self, sentences: &[Vec<Token>], random: &mut Random) -> Batch {
        let mut batch = Batch {
            sentences: Vec::new(),
            rows: Vec::new(),
            upos: Vec::new(),
            xpos: Vec::new(),
            heads: Vec::new(),
            deprels: Vec::new(),
        };
        let mut features: Vec<Features> = Vec::new();
        for sentence in sentences {
            let start = batch.rows.len();
            extract(sentence, &mut features);
            for (token, features) in sentence.iter().zip(&features) {
                let mut rows = [0; N_FEATURES];
                // Once in a while a word is one that was never seen: only its ends and its shape are known.
                for (kind, (row, &hash)) in rows.iter_mut().zip(features).enumerate() {
                    let known = self.rows_by_hash.get(hash).unwrap_or(kind as u32);
                    *row = if random.unit() < self.hyper.feature_dropout { kind as u32 } else { known };
                }
                batch.rows.push(rows);
                let known = "the labels are those of the training treebanks";
                batch.upos.push(self.inventory.upos.binary_search(&token.upos).expect(known));
                batch.xpos.push(self.inventory.xpos_index(&token.xpos).expect(known));
                batch.deprels.push(self.inventory.deprel_index(&token.deprel).expect(known));
                batch.heads.push(token.head.map(|head| start + head));
            }
            batch.sentences.push(start..batch.rows.len());
        }
        batch
    }

    fn embed(&self, batch: &Batch) -> Vec<f32> {
        let dim = self.sizes.dim;
        let mut vectors = vec![0.0; batch.rows.len() * dim];
        for (vector, rows) in vectors.chunks_exact_mut(dim).zip(&batch.rows) {
            for &row in rows {
                add(vector, &self.rows.values[row as usize * dim..][..dim]);
            }
        }
        vectors
    }

    /// Zero for numbers left out, otherwise what keeps the sum as large; the same for all words of a sentence
    /// (Gal & Ghahramani 2016).
    fn mask(&self, batch: &Batch, width: usize, random: &mut Random) -> Vec<f32> {
        let keep = 1.0 - self.hyper.dropout;
        let mut mask = Vec::with_capacity(batch.rows.len() * width);
        for sentence in &batch.sentences {
            let start = mask.len();
            mask.extend((0..width).map(|_| if random.unit() < keep { 1.0 / keep } else { 0.0 }));
            for _ in 1..sentence.len() {
                mask.extend_from_within(start..start + width);
            }
        }
        mask
    }

    fn layer_forward(
        &self,
        layer: usize,
        input: Vec<f32>,
        batch: &Batch,
        random: &mut Random,
    ) -> (Trace, Vec<f32>) {
        let dim = self.sizes.dim;
        let (matrix, bias) = &self.layers[layer];
        let mask = self.mask(batch, dim, random);
        let mut gates = vec![0.0; 3 * input.len()];
        Panels::new(&matrix.values, dim, 3 * dim).multiply(&times(&input, &mask), &bias.values, &mut gates);
        let (mut cells, mut out) = (vec![0.0; input.len()], vec![0.0; input.len()]);
        for sentence in &batch.sentences {
            let (narrow, wide) = (columns(sentence, dim), columns(sentence, 3 * dim));
            recur(&gates[wide], &input[narrow.clone()], dim, &mut cells[narrow.clone()], &mut out[narrow]);
        }
        (Trace { input, mask, gates, cells }, out)
    }

    fn layer_back(&mut self, layer: usize, trace: &Trace, out_slopes: &[f32], batch: &Batch) -> Vec<f32> {
        let dim = self.sizes.dim;
        let Trace { input, mask, gates, cells } = trace;
        let (mut gate_slopes, mut slopes) = (vec![0.0; gates.len()], vec![0.0; input.len()]);
        for sentence in &batch.sentences {
            let (narrow, wide) = (columns(sentence, dim), columns(sentence, 3 * dim));
            recur_back(
                &gates[wide.clone()],
                &input[narrow.clone()],
                &cells[narrow.clone()],
                dim,
                &out_slopes[narrow.clone()],
                &mut gate_slopes[wide],
                &mut slopes[narrow],
            );
        }
        let (matrix, bias) = &mut self.layers[layer];
        let through = back(&times(input, mask), &gate_slopes, dim, matrix, Some(bias));
        for ((slope, through), mask) in slopes.iter_mut().zip(&through).zip(mask) {
            *slope += through * mask;
        }
        slopes
    }

    fn tag_loss(&self, batch: &Batch, out: &[f32], slopes: &mut [f32]) -> f64 {
        let width = self.sizes.out();
        let mut loss = 0.0;
        for (word, (out, slopes)) in out.chunks_exact(width).zip(slopes.chunks_exact_mut(width)).enumerate() {
            let (upos, xpos) = (self.sizes.upos, self.sizes.arc_word());
            loss += cross_entropy(&out[..upos], batch.upos[word], &mut slopes[..upos]);
            loss += cross_entropy(&out[upos..xpos], batch.xpos[word], &mut slopes[upos..xpos]);
        }
        loss
    }

    fn arc_loss(&mut self, batch: &Batch, out: &[f32], slopes: &mut [f32], random: &mut Random) -> f64 {
        let Sizes { arc, .. } = self.sizes;
        let (word_mask, head_mask) = (self.mask(batch, arc, random), self.mask(batch, arc, random));
        let words = relu(out, self.sizes.out(), self.sizes.arc_word(), &word_mask, arc);
        let heads = relu(out, self.sizes.out(), self.sizes.arc_head(), &head_mask, arc);
        let mut keys = vec![0.0; heads.len()];
        Panels::new(&self.arc.values, arc, arc).multiply(&heads, &[], &mut keys);
        let (mut word_slopes, mut key_slopes) = (vec![0.0; words.len()], vec![0.0; keys.len()]);
        let mut loss = 0.0;
        let (mut scores, mut score_slopes) = (Vec::new(), Vec::new());
        for sentence in &batch.sentences {
            for word in sentence.clone() {
                let near = sentence.start.max(word.saturating_sub(HEAD_WINDOW))
                    ..sentence.end.min(word + HEAD_WINDOW + 1);
                let gold = match batch.heads[word] {
                    None => 0,
                    Some(head) if near.contains(&head) => head - near.start + 1,
                    Some(_) => continue,
                };
                let query = &words[word * arc..][..arc];
                scores.clear();
                scores.push(dot(query, &self.arc_root.values));
                scores.extend(near.clone().map(|head| {
                    if head == word {
                        return f32::NEG_INFINITY;
                    }
                    dot(query, &keys[head * arc..][..arc]) + self.arc_distance.values[distance(word, head)]
                }));
                score_slopes.clear();
                score_slopes.resize(scores.len(), 0.0);
                loss += cross_entropy(&scores, gold, &mut score_slopes);
                let query_slopes = &mut word_slopes[word * arc..][..arc];
                add_scaled(query_slopes, &self.arc_root.values, score_slopes[0]);
                add_scaled(&mut self.arc_root.slopes, query, score_slopes[0]);
                for (head, &slope) in near.zip(&score_slopes[1..]).filter(|&(head, _)| head != word) {
                    add_scaled(query_slopes, &keys[head * arc..][..arc], slope);
                    add_scaled(&mut key_slopes[head * arc..][..arc], query, slope);
                    self.arc_distance.slopes[distance(word, head)] += slope;
                }
            }
        }
        let head_slopes = back(&heads, &key_slopes, arc, &mut self.arc, None);
        let width = self.sizes.out();
        relu_back(&words, &word_slopes, &word_mask, arc, slopes, width, self.sizes.arc_word());
        relu_back(&heads, &head_slopes, &head_mask, arc, slopes, width, self.sizes.arc_head());
        loss
    }

    fn rel_loss(&mut self, batch: &Batch, out: &[f32], slopes: &mut [f32], random: &mut Random) -> f64 {
        let Sizes { rel, deprel, .. } = self.sizes;
        let width = self.sizes.out();
        let mask = self.mask(batch, rel, random);
        let mut hidden = vec![0.0; mask.len()];
        for (word, hidden) in hidden.chunks_exact_mut(rel).enumerate() {
            let mine = &out[word * width + self.sizes.rel_word()..][..rel];
            let heads = match batch.heads[word] {
                None => &self.rel_root.values[..],
                Some(head) => &out[head * width + self.sizes.rel_head()..][..rel],
            };
            let mask = &mask[word * rel..][..rel];
            for (((hidden, mine), head), mask) in hidden.iter_mut().zip(mine).zip(heads).zip(mask) {
                *hidden = (mine + head).max(0.0) * mask;
            }
        }
        let mut scores = vec![0.0; batch.rows.len() * deprel];
        Panels::new(&self.rel.0.values, rel, deprel).multiply(&hidden, &self.rel.1.values, &mut scores);
        let mut score_slopes = vec![0.0; scores.len()];
        let mut loss = 0.0;
        let rows = scores.chunks_exact(deprel).zip(score_slopes.chunks_exact_mut(deprel));
        for ((scores, slopes), &gold) in rows.zip(&batch.deprels) {
            loss += cross_entropy(scores, gold, slopes);
        }
        let mut hidden_slopes = back(&hidden, &score_slopes, rel, &mut self.rel.0, Some(&mut self.rel.1));
        for ((slope, hidden), mask) in hidden_slopes.iter_mut().zip(&hidden).zip(&mask) {
            *slope *= if *hidden > 0.0 { *mask } else { 0.0 };
        }
        for (word, hidden_slopes) in hidden_slopes.chunks_exact(rel).enumerate() {
            add(&mut slopes[word * width + self.sizes.rel_word()..][..rel], hidden_slopes);
            match batch.heads[word] {
                None => add(&mut self.rel_root.slopes, hidden_slopes),
                Some(head) => add(&mut slopes[head * width + self.sizes.rel_head()..][..rel], hidden_slopes),
            }
        }
        loss
    }

    fn step(&mut self, batch: &Batch, vector_slopes: &[f32], total_steps: u32) {
        const WARM_UP: f32 = 200.0;
        self.steps += 1;
        let done = self.steps as f32;
        let rate = self.hyper.rate
            * (done / WARM_UP).min(1.0)
            * (1.0 - (done - 1.0) / total_steps.max(1) as f32).max(0.0);
        let adam = Adam { rate, beta1: 0.9, beta2: 0.98, epsilon: 1e-8 };
        let scale = 1.0 / batch.rows.len() as f32;
        let dim = self.sizes.dim;
        let mut touched: Vec<u32> = batch.rows.iter().flatten().copied().collect();
        for (slopes, rows) in vector_slopes.chunks_exact(dim).zip(&batch.rows) {
            for &row in rows {
                add(&mut self.rows.slopes[row as usize * dim..][..dim], slopes);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for row in touched {
            let range = columns(&(row as usize..row as usize + 1), dim);
            let slopes = &mut self.rows.slopes[range.clone()];
            for slope in slopes.iter_mut() {
                *slope *= scale;
            }
            let values = &mut self.rows.values[range.clone()];
            adam.step(values, slopes, &mut self.rows.moments, range.start, self.steps);
            slopes.fill(0.0);
        }
        let steps = self.steps;
        let pairs = self.layers.iter_mut().chain([&mut self.out, &mut self.rel]);
        for (matrix, bias) in pairs {
            matrix.step(&adam, steps, scale);
            bias.step(&adam, steps, scale);
        }
        for param in [&mut self.arc, &mut self.arc_root, &mut self.arc_distance, &mut self.rel_root] {
            param.step(&adam, steps, scale);
        }
    }
}

/// The numbers of some rows.
fn columns(rows: &Range<usize>, width: usize) -> Range<usize> {
    rows.start * width..rows.end * width
}

fn add(sum: &mut [f32], part: &[f32]) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
}

fn add_scaled(sum: &mut [f32], part: &[f32], factor: f32) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += factor * part);
}

fn times(left: &[f32], right: &[f32]) -> Vec<f32> {
    left.iter().zip(right).map(|(left, right)| left * right).collect()
}

/// The loss of a softmax over the scores, and its slopes.
fn cross_entropy(scores: &[f32], gold: usize, slopes: &mut [f32]) -> f64 {
    let largest = scores.iter().fold(f32::NEG_INFINITY, |largest, &score| largest.max(score));
    let mut sum = 0.0;
    for (slope, &score) in slopes.iter_mut().zip(scores) {
        *slope = (score - largest).exp();
        sum += *slope;
    }
    for slope in slopes.iter_mut() {
        *slope /= sum;
    }
    let loss = -f64::from(slopes[gold].max(f32::MIN_POSITIVE)).ln();
    slopes[gold] -= 1.0;
    loss
}

/// The positive part of some columns, with dropout, as rows of their own.
fn relu(rows: &[f32], row_width: usize, first: usize, mask: &[f32], width: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(mask.len());
    for (row, mask) in rows.chunks_exact(row_width).zip(mask.chunks_exact(width)) {
        out.extend(row[first..first + width].iter().zip(mask).map(|(number, mask)| number.max(0.0) * mask));
    }
    out
}

/// Adds the slopes that reach the columns through [`relu`].
fn relu_back(
    out: &[f32],
    out_slopes: &[f32],
    mask: &[f32],
    width: usize,
    slopes: &mut [f32],
    row_width: usize,
    first: usize,
) {
    let parts = out.chunks_exact(width).zip(out_slopes.chunks_exact(width)).zip(mask.chunks_exact(width));
    for (row, ((out, out_slopes), mask)) in slopes.chunks_exact_mut(row_width).zip(parts) {
        let row = &mut row[first..first + width];
        for (((slope, out), out_slope), mask) in row.iter_mut().zip(out).zip(out_slopes).zip(mask) {
            if *out > 0.0 {
                *slope += out_slope * mask;
            }
        }
    }
}

/// The way back through a product: adds to the slopes of matrix and bias, returns those of the input.
fn back(
    input: &[f32],
    out_slopes: &[f32],
    depth: usize,
    matrix: &mut Param,
    bias: Option<&mut Param>,
) -> Vec<f32> {
    let width = matrix.values.len() / depth;
    let n = input.len() / depth;
    if let Some(bias) = bias {
        for slopes in out_slopes.chunks_exact(width) {
            add(&mut bias.slopes, slopes);
        }
    }
    let mut matrix_slopes = vec![0.0; matrix.values.len()];
    Panels::new(out_slopes, n, width).multiply(&transposed(input, n, depth), &[], &mut matrix_slopes);
    add(&mut matrix.slopes, &matrix_slopes);
    let mut slopes = vec![0.0; input.len()];
    Panels::new(&transposed(&matrix.values, depth, width), width, depth).multiply(
        out_slopes,
        &[],
        &mut slopes,
    );
    slopes
}

fn transposed(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; matrix.len()];
    for (r, row) in matrix.chunks_exact(columns).enumerate() {
        for (c, &number) in row.iter().enumerate() {
            out[c * rows + r] = number;
        }
    }
    out
}
