//! The encoder as it learns: the stage's sums, with dropout, and the way back.

use std::ops::Range;

use clap::Args;
use demarche_model::{EncoderSizes, Feature, Random, Table, Writer, recur, recur_back};

use super::{Dense, Param, Schedule, add, mask, times};

/// How an encoder learns, and all that is built on it.
#[derive(Clone, Debug, Args)]
pub(crate) struct Learning {
    /// Words of a batch
    #[arg(long, default_value_t = 600)]
    pub(crate) batch: usize,
    /// Largest step size; it rises over the first steps, then falls to nothing
    #[arg(long, default_value_t = 0.003)]
    pub(crate) rate: f32,
    /// Share of the features that are taken for unknown
    #[arg(long, default_value_t = 0.12)]
    pub(crate) feature_dropout: f32,
    /// Share of the numbers that are left out between layers
    #[arg(long, default_value_t = 0.25)]
    pub(crate) dropout: f32,
}

/// An encoder that learns.
#[derive(Debug)]
pub(crate) struct Encoder {
    sizes: EncoderSizes,
    hyper: Learning,
    hashes: Vec<u64>,
    rows_by_hash: Table,
    rows: Param,
    layers: Vec<Dense>,
}

/// Sentences, their words one after the other.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Where each sentence's words are.
    pub(crate) sentences: Vec<Range<usize>>,
    /// Rows of the features, word after word.
    rows: Vec<u32>,
    /// Where the rows of each word end.
    ends: Vec<usize>,
}

impl Batch {
    /// Number of words.
    pub(crate) fn n_words(&self) -> usize {
        self.ends.len()
    }

    /// Ends the sentence of the words that were added last.
    pub(crate) fn end_sentence(&mut self) {
        let start = self.sentences.last().map_or(0, |last| last.end);
        self.sentences.push(start..self.n_words());
    }

    fn words(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.rows[start..end])
    }
}

/// What the layers leave for the way back.
#[derive(Debug)]
pub(crate) struct Pass {
    layers: Vec<Trace>,
    /// The vectors after the first layer.
    pub(crate) first: Vec<f32>,
    /// The vectors after the last layer.
    pub(crate) last: Vec<f32>,
}

#[derive(Debug)]
struct Trace {
    input: Vec<f32>,
    mask: Vec<f32>,
    gates: Vec<f32>,
    cells: Vec<f32>,
}

impl Encoder {
    /// An untrained encoder that knows the features of these hashes.
    pub(crate) fn new(sizes: EncoderSizes, hashes: Vec<u64>, hyper: Learning, random: &mut Random) -> Self {
        let EncoderSizes { dim, layers, kinds } = sizes;
        Self {
            rows_by_hash: Table::new(&hashes, |i| (kinds + i) as u32),
            rows: Param::random((kinds + hashes.len()) * dim, 0.25, random),
            layers: (0..layers).map(|_| Dense::new(dim, 3 * dim, dim, random)).collect(),
            sizes,
            hyper,
            hashes,
        }
    }

    /// Number of feature rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.sizes.kinds + self.hashes.len()
    }

    /// Adds a word. Once in a while its features are taken for ones that were never seen.
    pub(crate) fn push(&self, features: &[Feature], batch: &mut Batch, random: &mut Random) {
        for feature in features {
            let known = self.rows_by_hash.get(feature.hash).unwrap_or(feature.kind as u32);
            let unknown = random.unit() < self.hyper.feature_dropout;
            batch.rows.push(if unknown { feature.kind as u32 } else { known });
        }
        batch.ends.push(batch.rows.len());
    }

    /// Runs over a batch.
    pub(crate) fn forward(&self, batch: &Batch, random: &mut Random) -> Pass {
        let mut pass = Pass { layers: Vec::new(), first: Vec::new(), last: self.embed(batch) };
        for layer in 0..self.layers.len() {
            let input = std::mem::take(&mut pass.last);
            let (trace, out) = self.layer_forward(layer, input, batch, random);
            pass.layers.push(trace);
            pass.last = out;
            if layer == 0 {
                pass.first.clone_from(&pass.last);
            }
        }
        pass
    }

    fn embed(&self, batch: &Batch) -> Vec<f32> {
        let dim = self.sizes.dim;
        let mut vectors = vec![0.0; batch.n_words() * dim];
        for (vector, rows) in vectors.chunks_exact_mut(dim).zip(batch.words()) {
            for &row in rows {
                add(vector, &self.rows.values[row as usize * dim..][..dim]);
            }
        }
        vectors
    }

    fn layer_forward(
        &self,
        layer: usize,
        input: Vec<f32>,
        batch: &Batch,
        random: &mut Random,
    ) -> (Trace, Vec<f32>) {
        let dim = self.sizes.dim;
        let mask = mask(&batch.sentences, dim, self.hyper.dropout, random);
        let gates = self.layers[layer].forward(&times(&input, &mask));
        let (mut cells, mut out) = (vec![0.0; input.len()], vec![0.0; input.len()]);
        for sentence in &batch.sentences {
            let (narrow, wide) = (columns(sentence, dim), columns(sentence, 3 * dim));
            recur(&gates[wide], &input[narrow.clone()], dim, &mut cells[narrow.clone()], &mut out[narrow]);
        }
        (Trace { input, mask, gates, cells }, out)
    }

    /// The way back from the slopes of the last layer's vectors and, if there are any, the first one's. Adds to the
    /// slopes of all parameters.
    pub(crate) fn back(&mut self, batch: &Batch, pass: &Pass, last: Vec<f32>, first: Option<&[f32]>) {
        let mut slopes = last;
        for (layer, trace) in pass.layers.iter().enumerate().rev() {
            if layer == 0
                && let Some(first) = first
            {
                add(&mut slopes, first);
            }
            slopes = self.layer_back(layer, trace, &slopes, batch);
        }
        let dim = self.sizes.dim;
        for (slopes, rows) in slopes.chunks_exact(dim).zip(batch.words()) {
            for &row in rows {
                add(&mut self.rows.slopes[row as usize * dim..][..dim], slopes);
            }
        }
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
        let through = self.layers[layer].back(&times(input, mask), &gate_slopes);
        for ((slope, through), mask) in slopes.iter_mut().zip(&through).zip(mask) {
            *slope += through * mask;
        }
        slopes
    }

    /// Changes the parameters by their slopes.
    pub(crate) fn step(&mut self, batch: &Batch, now: &Schedule) {
        let mut touched = batch.rows.clone();
        touched.sort_unstable();
        touched.dedup();
        self.rows.step_rows(touched.iter().map(|&row| row as usize), self.sizes.dim, now);
        self.layers.iter_mut().for_each(|layer| layer.step(now));
    }

    /// Adds the sections to a model.
    pub(crate) fn write(&self, writer: &mut Writer) {
        let layers = self.layers.iter().map(|layer| (&layer.matrix.values[..], &layer.bias.values[..]));
        demarche_model::Encoder::write(writer, self.sizes, &self.hashes, &self.rows.values, layers);
    }
}

/// The numbers of some rows.
fn columns(rows: &Range<usize>, width: usize) -> Range<usize> {
    rows.start * width..rows.end * width
}

#[cfg(test)]
mod tests {
    use demarche_model::{EncoderBuffers, Kind, Weights, feature_hash};

    use super::*;

    /// The stage rounds rows to bytes and products to twelve bits; beyond that it must compute what was learned.
    #[test]
    fn the_stage_computes_what_was_learned() {
        const KIND: Kind = Kind { name: "test", version: 1 };
        const NEAR: f32 = 0.02;
        let sizes = EncoderSizes { dim: 16, layers: 3, kinds: 2 };
        let hyper = Learning { batch: 1, rate: 0.0, feature_dropout: 0.0, dropout: 0.0 };
        let mut random = Random::new(3);
        let feature = |kind: usize, value: u8| Feature { kind, hash: feature_hash(kind as u64, &[value]) };
        let hashes = (0..8).map(|value| feature(usize::from(value % 2), value).hash).collect();
        let trainee = Encoder::new(sizes, hashes, hyper, &mut random);
        let mut writer = Writer::new(KIND);
        trainee.write(&mut writer);
        let weights = Weights::from_file(writer.finish(), KIND).expect("it was just written");
        let encoder = demarche_model::Encoder::open(&weights).expect("all sections are there");

        let mut buffers = EncoderBuffers::default();
        // The second time around everything is remembered; nine is a value never seen.
        for values in [[0, 1, 2, 9, 5, 0], [0, 1, 2, 9, 5, 0], [7, 7, 7, 3, 2, 1]] {
            let mut batch = Batch::default();
            encoder.start(&mut buffers);
            for value in values {
                let features = [feature(0, value), feature(1, value)];
                trainee.push(&features, &mut batch, &mut random);
                for feature in features {
                    encoder.add(&mut buffers, feature.hash, |features| features.push(feature));
                }
                encoder.end_word(&mut buffers);
            }
            batch.end_sentence();
            let pass = trainee.forward(&batch, &mut random);
            encoder.first_layer(&mut buffers);
            let differ = |ours: &[f32], theirs: &[f32]| {
                assert_eq!(ours.len(), theirs.len());
                ours.iter().zip(theirs).any(|(ours, theirs)| (ours - theirs).abs() > NEAR)
            };
            assert!(!differ(buffers.vectors(), &pass.first));
            encoder.other_layers(&mut buffers);
            assert!(!differ(buffers.vectors(), &pass.last));
            assert!(differ(buffers.vectors(), &pass.first));
        }
    }
}
