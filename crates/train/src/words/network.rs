//! The network as it learns: the stage's sums, with dropout, and the way back.

use clap::Args;
use demarche_model::{EncoderSizes, Feature, Panels, Random, Writer, dot};
use demarche_syntax::feature::{self, KINDS};
use demarche_syntax::network::{HEAD_WINDOW, N_DISTANCES, Sizes, distance};

use super::examples::{Inventory, features_of, words};
use crate::conllu::Token;
use crate::learn::{
    self, Dense, Encoder, Param, Schedule, add, add_scaled, back, cross_entropy, relu, relu_back, times,
};

/// How it learns.
#[derive(Clone, Debug, Args)]
pub(super) struct Hyper {
    #[command(flatten)]
    pub(super) learn: learn::Learning,
    /// Share of the sentences that are shown in capitals, as headlines or in small letters
    #[arg(long, default_value_t = 0.06)]
    pub(super) recase: f32,
    /// Share of the sentences that are shown with other words of the same classes in some places
    #[arg(long, default_value_t = 0.3)]
    pub(super) swap: f32,
    /// Weight of the tags after the first layer beside all else
    #[arg(long, default_value_t = 0.5)]
    pub(super) first_tags: f32,
}

/// A network that learns.
#[derive(Debug)]
pub(super) struct Trainee {
    sizes: Sizes,
    inventory: Inventory,
    hyper: Hyper,
    encoder: Encoder,
    tags: Dense,
    out: Dense,
    arc: Param,
    arc_root: Param,
    arc_distance: Param,
    rel_root: Param,
    rel: Dense,
    steps: u32,
}

/// A batch: its sentences' words one after the other.
#[derive(Default)]
struct Batch {
    words: learn::Batch,
    upos: Vec<usize>,
    xpos: Vec<usize>,
    /// Heads as indices into the batch.
    heads: Vec<Option<usize>>,
    deprels: Vec<usize>,
}

impl Trainee {
    /// An untrained network.
    pub(super) fn new(
        dim: usize,
        layers: usize,
        sizes: Sizes,
        inventory: Inventory,
        hyper: Hyper,
        random: &mut Random,
    ) -> Self {
        let Sizes { arc, rel, .. } = sizes;
        let encoder = EncoderSizes { dim, layers, kinds: KINDS };
        Self {
            encoder: Encoder::new(encoder, inventory.features.clone(), hyper.learn.clone(), random),
            tags: Dense::new(dim, sizes.tags(), dim, random),
            out: Dense::new(dim, sizes.out(), dim, random),
            arc: Param::matrix(arc, arc, arc, random),
            arc_root: Param::random(arc, 0.1, random),
            arc_distance: Param::zeros(N_DISTANCES),
            rel_root: Param::random(rel, 0.1, random),
            rel: Dense::new(rel, sizes.deprel, rel, random),
            sizes,
            inventory,
            hyper,
            steps: 0,
        }
    }

    /// Number of feature rows.
    pub(super) fn n_rows(&self) -> usize {
        self.encoder.n_rows()
    }

    /// Adds the sections to a model.
    pub(super) fn write(&self, writer: &mut Writer) {
        let Inventory { upos, xpos, deprel, pairs, .. } = &self.inventory;
        writer.u32s("sizes", &self.sizes.to_section());
        writer.lines("upos", upos.iter().map(|upos| upos.name()));
        writer.lines("xpos", xpos.iter().map(String::as_str));
        writer.lines("deprel", deprel.iter().map(String::as_str));
        writer.u32s("tag.pairs", pairs);
        self.encoder.write(writer);
        for (name, param) in [
            ("tag.matrix", &self.tags.matrix),
            ("tag.bias", &self.tags.bias),
            ("out.matrix", &self.out.matrix),
            ("out.bias", &self.out.bias),
            ("arc.matrix", &self.arc),
            ("arc.root", &self.arc_root),
            ("arc.distance", &self.arc_distance),
            ("rel.root", &self.rel_root),
            ("rel.matrix", &self.rel.matrix),
            ("rel.bias", &self.rel.bias),
        ] {
            writer.floats(name, &param.values);
        }
    }

    /// Learns from a batch; returns the sum of its words' losses over the last layer.
    pub(super) fn learn(&mut self, sentences: &[Vec<Token>], total_steps: u32, random: &mut Random) -> f64 {
        let batch = self.batch(sentences, random);
        if batch.upos.is_empty() {
            return 0.0;
        }
        let pass = self.encoder.forward(&batch.words, random);
        let first_slopes = self.first_tags(&batch, &pass.first, random);
        let mask = self.mask(&batch, pass.last.len() / batch.upos.len(), random);
        let seen = times(&pass.last, &mask);
        let out = self.out.forward(&seen);
        let mut out_slopes = vec![0.0; out.len()];
        let loss = self.tag_loss(&batch, &out, &mut out_slopes)
            + self.arc_loss(&batch, &out, &mut out_slopes, random)
            + self.rel_loss(&batch, &out, &mut out_slopes, random);
        let slopes = times(&self.out.back(&seen, &out_slopes), &mask);
        self.encoder.back(&batch.words, &pass, slopes, Some(&first_slopes));
        self.step(&batch, total_steps);
        loss
    }

    fn batch(&self, sentences: &[Vec<Token>], random: &mut Random) -> Batch {
        let mut batch = Batch::default();
        let mut features: Vec<Feature> = Vec::new();
        for sentence in sentences {
            let start = batch.upos.len();
            for (token, word) in sentence.iter().zip(feature::look(words(sentence))) {
                features_of(&word, &mut features);
                self.encoder.push(&features, &mut batch.words, random);
                let known = "the labels are those of the training treebanks";
                batch.upos.push(self.inventory.upos.binary_search(&token.upos).expect(known));
                batch.xpos.push(self.inventory.xpos_index(&token.xpos).expect(known));
                batch.deprels.push(self.inventory.deprel_index(&token.deprel).expect(known));
                batch.heads.push(token.head.map(|head| start + head));
            }
            batch.words.end_sentence();
        }
        batch
    }

    fn mask(&self, batch: &Batch, width: usize, random: &mut Random) -> Vec<f32> {
        learn::mask(&batch.words.sentences, width, self.hyper.learn.dropout, random)
    }

    /// The tags after the first layer: returns the slopes of its vectors.
    fn first_tags(&mut self, batch: &Batch, vectors: &[f32], random: &mut Random) -> Vec<f32> {
        let mask = self.mask(batch, vectors.len() / batch.upos.len(), random);
        let seen = times(vectors, &mask);
        let out = self.tags.forward(&seen);
        let mut slopes = vec![0.0; out.len()];
        self.tag_loss(batch, &out, &mut slopes);
        for slope in &mut slopes {
            *slope *= self.hyper.first_tags;
        }
        times(&self.tags.back(&seen, &slopes), &mask)
    }

    fn tag_loss(&self, batch: &Batch, out: &[f32], slopes: &mut [f32]) -> f64 {
        let width = out.len() / batch.upos.len();
        let mut loss = 0.0;
        for (word, (out, slopes)) in out.chunks_exact(width).zip(slopes.chunks_exact_mut(width)).enumerate() {
            let (upos, xpos) = (self.sizes.upos, self.sizes.tags());
            loss += cross_entropy(&out[..upos], batch.upos[word], &mut slopes[..upos]);
            loss += cross_entropy(&out[upos..xpos], batch.xpos[word], &mut slopes[upos..xpos]);
        }
        loss
    }

    fn arc_loss(&mut self, batch: &Batch, out: &[f32], slopes: &mut [f32], random: &mut Random) -> f64 {
        let Sizes { arc, .. } = self.sizes;
        let (word_mask, head_mask) = (self.mask(batch, arc, random), self.mask(batch, arc, random));
        let words = relu(out, self.sizes.out(), self.sizes.tags(), &word_mask, arc);
        let heads = relu(out, self.sizes.out(), self.sizes.arc_head(), &head_mask, arc);
        let mut keys = vec![0.0; heads.len()];
        Panels::new(&self.arc.values, arc, arc).multiply(&heads, &[], &mut keys);
        let (mut word_slopes, mut key_slopes) = (vec![0.0; words.len()], vec![0.0; keys.len()]);
        let mut loss = 0.0;
        let (mut scores, mut score_slopes) = (Vec::new(), Vec::new());
        for sentence in &batch.words.sentences {
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
        relu_back(&words, &word_slopes, &word_mask, arc, slopes, width, self.sizes.tags());
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
        let scores = self.rel.forward(&hidden);
        let mut score_slopes = vec![0.0; scores.len()];
        let mut loss = 0.0;
        let rows = scores.chunks_exact(deprel).zip(score_slopes.chunks_exact_mut(deprel));
        for ((scores, slopes), &gold) in rows.zip(&batch.deprels) {
            loss += cross_entropy(scores, gold, slopes);
        }
        let mut hidden_slopes = self.rel.back(&hidden, &score_slopes);
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

    fn step(&mut self, batch: &Batch, total_steps: u32) {
        self.steps += 1;
        let now = Schedule::new(self.hyper.learn.rate, self.steps, total_steps, batch.upos.len());
        self.encoder.step(&batch.words, &now);
        for dense in [&mut self.tags, &mut self.out, &mut self.rel] {
            dense.step(&now);
        }
        for param in [&mut self.arc, &mut self.arc_root, &mut self.arc_distance, &mut self.rel_root] {
            param.step(&now);
        }
    }
}
