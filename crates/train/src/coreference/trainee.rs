//! The network while it learns.

use std::collections::BTreeMap;

use clap::Args;
use demarche_coreference::rank::{Antecedent, Role, Scene, State};
use demarche_model::{Random, Writer, dot, quantize_row};
use hashbrown::HashMap;

/// How it learns.
#[derive(Clone, Debug, Args)]
pub(super) struct Hyper {
    /// Size of the steps (`AdaGrad`, Duchi et al. 2011)
    #[arg(long, default_value_t = 0.05)]
    rate: f32,
    /// Share of hidden units that are left out of a mention's step
    #[arg(long, default_value_t = 0.2)]
    dropout: f32,
    /// Mentions between two steps
    #[arg(long, default_value_t = 40)]
    batch: usize,
    /// Cost of linking what starts a chain or is no mention
    #[arg(long, default_value_t = 0.1)]
    false_link: f32,
    /// Cost of starting a chain where there is an antecedent
    #[arg(long, default_value_t = 1.0)]
    false_new: f32,
    /// Cost of the wrong antecedent
    #[arg(long, default_value_t = 0.8)]
    wrong_link: f32,
    /// Share of the weights that each step takes away
    #[arg(long, default_value_t = 0.0)]
    decay: f32,
    /// Times a feature must occur to be learned
    #[arg(long, default_value_t = 4)]
    rare: u32,
}

/// Weights with their gradients.
#[derive(Debug)]
pub(super) struct Trainee {
    width: usize,
    hyper: Hyper,
    hashes: Vec<u64>,
    row_of: HashMap<u64, u32>,
    rows: Table,
    bias: Table,
    out: Table,
}

/// Rows of weights, of which a step touches few.
#[derive(Debug)]
struct Table {
    width: usize,
    weights: Vec<f32>,
    gradients: Vec<f32>,
    squares: Vec<f32>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

impl Table {
    fn new(n_rows: usize, width: usize, start: impl FnMut() -> f32) -> Self {
        let mut weights = Vec::with_capacity(n_rows * width);
        weights.resize_with(n_rows * width, start);
        Self {
            width,
            gradients: vec![0.0; weights.len()],
            squares: vec![0.0; weights.len()],
            weights,
            touched: Vec::new(),
            is_touched: vec![false; n_rows],
        }
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.weights[row * self.width..][..self.width]
    }

    fn add_gradient(&mut self, row: usize, slope: &[f32]) {
        if !self.is_touched[row] {
            self.is_touched[row] = true;
            self.touched.push(row as u32);
        }
        for (sum, slope) in self.gradients[row * self.width..][..self.width].iter_mut().zip(slope) {
            *sum += slope;
        }
    }

    fn step(&mut self, rate: f32, decay: f32) {
        for row in self.touched.drain(..) {
            let range = row as usize * self.width..(row as usize + 1) * self.width;
            self.is_touched[row as usize] = false;
            let weights = self.weights[range.clone()].iter_mut();
            let gradients = self.gradients[range.clone()].iter_mut();
            for ((weight, gradient), square) in weights.zip(gradients).zip(&mut self.squares[range]) {
                *square += *gradient * *gradient;
                *weight -= rate * (*gradient / (square.sqrt() + 1e-6) + decay * *weight);
                *gradient = 0.0;
            }
        }
    }
}

/// One of the ways to resolve a mention, with what its score was made of.
struct Choice {
    antecedent: Option<usize>,
    features: Vec<u32>,
    hidden: Vec<f32>,
    score: f32,
    cost: f32,
    is_right: bool,
}

impl Trainee {
    pub(super) fn new(width: usize, hyper: Hyper, counts: &BTreeMap<u64, u32>, random: &mut Random) -> Self {
        let hashes: Vec<u64> =
            counts.iter().filter(|&(_, &count)| count >= hyper.rare).map(|(&hash, _)| hash).collect();
        let row_of = hashes.iter().enumerate().map(|(row, &hash)| (hash, row as u32)).collect();
        let mut at = 0;
        let rows = Table::new(hashes.len(), width, || {
            at += 1;
            if at % width == 0 { 0.0 } else { 0.1 * random.symmetric() }
        });
        let out = Table::new(2, width, || 0.3 * random.symmetric());
        Self { width, hyper, hashes, row_of, rows, bias: Table::new(2, width, || 0.0), out }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.hashes.len()
    }

    fn known(&self, features: &[u64]) -> Vec<u32> {
        features.iter().filter_map(|hash| self.row_of.get(hash).copied()).collect()
    }

    fn sum(&self, rows: &[u32], sum: &mut [f32]) {
        for &row in rows {
            for (sum, weight) in sum.iter_mut().zip(self.rows.row(row as usize)) {
                *sum += weight;
            }
        }
    }

    /// Learns from a document; returns the loss.
    pub(super) fn learn(
        &mut self,
        scene: &Scene<'_>,
        labels: &[Option<usize>],
        follows_gold: bool,
        random: &mut Random,
    ) -> f64 {
        let n = scene.candidates().len();
        let unary = |role: Role| -> Vec<Vec<u32>> {
            let mut features = Vec::new();
            (0..n)
                .map(|i| {
                    features.clear();
                    scene.unary(i, role, &mut features);
                    self.known(&features)
                })
                .collect()
        };
        let (as_mention, as_antecedent, as_new) =
            (unary(Role::Mention), unary(Role::Antecedent), unary(Role::New));
        let mut state = State::default();
        let mut antecedents = Vec::new();
        let mut loss = 0.0;
        let mut start = 0;
        while start < n {
            let end = n.min(start + self.hyper.batch);
            let sums: Vec<Vec<f32>> = as_antecedent[..end]
                .iter()
                .map(|rows| {
                    let mut sum = vec![0.0; self.width];
                    self.sum(rows, &mut sum);
                    sum
                })
                .collect();
            let mut slopes: HashMap<usize, Vec<f32>> = HashMap::new();
            for mention in start..end {
                scene.antecedents(mention, &mut antecedents);
                if antecedents.is_empty() {
                    state.add(&scene.candidates()[mention], None);
                    continue;
                }
                let mask: Vec<f32> = (0..self.width)
                    .map(|i| {
                        let keeps = i + 1 == self.width || random.unit() >= self.hyper.dropout;
                        if keeps { 1.0 } else { 0.0 }
                    })
                    .collect();
                let mut choices = self.choices(
                    scene,
                    labels,
                    mention,
                    &antecedents,
                    &state,
                    (&as_mention, &as_new, &sums),
                    &mask,
                );
                loss += self.learn_choices(&mut choices, mention, (&as_mention, &as_new), &mask, &mut slopes);
                let best = if follows_gold {
                    choices.iter().filter(|choice| choice.is_right).max_by(|a, b| a.score.total_cmp(&b.score))
                } else {
                    choices.iter().max_by(|a, b| a.score.total_cmp(&b.score))
                };
                state.add(&scene.candidates()[mention], best.and_then(|choice| choice.antecedent));
            }
            let mut slopes: Vec<_> = slopes.into_iter().collect();
            slopes.sort_by_key(|&(antecedent, _)| antecedent);
            for (antecedent, slope) in slopes {
                for &row in &as_antecedent[antecedent] {
                    self.rows.add_gradient(row as usize, &slope);
                }
            }
            let Hyper { rate, decay, .. } = self.hyper;
            self.rows.step(rate, decay);
            self.bias.step(rate, 0.0);
            self.out.step(rate, 0.0);
            start = end;
        }
        loss
    }

    #[expect(clippy::too_many_arguments, clippy::type_complexity, reason = "all of a mention's surroundings")]
    fn choices(
        &self,
        scene: &Scene<'_>,
        labels: &[Option<usize>],
        mention: usize,
        antecedents: &[Antecedent],
        state: &State,
        (as_mention, as_new, sums): (&[Vec<u32>], &[Vec<u32>], &[Vec<f32>]),
        mask: &[f32],
    ) -> Vec<Choice> {
        let is_right = |other: usize| labels[mention].is_some() && labels[other] == labels[mention];
        let has_antecedent = antecedents.iter().any(|antecedent| is_right(antecedent.candidate));
        let mut new = self.bias.row(1).to_vec();
        self.sum(&as_new[mention], &mut new);
        let mut of_mention = self.bias.row(0).to_vec();
        self.sum(&as_mention[mention], &mut of_mention);
        let mut choices = Vec::with_capacity(antecedents.len() + 1);
        choices.push(Choice {
            antecedent: None,
            features: Vec::new(),
            score: self.score(&mut new, 1, mask),
            hidden: new,
            cost: if has_antecedent { self.hyper.false_new } else { 0.0 },
            is_right: !has_antecedent,
        });
        let mut features = Vec::new();
        for &antecedent in antecedents {
            features.clear();
            scene.pair(mention, antecedent, state, &mut features);
            let features = self.known(&features);
            let mut hidden: Vec<f32> =
                of_mention.iter().zip(&sums[antecedent.candidate]).map(|(a, b)| a + b).collect();
            self.sum(&features, &mut hidden);
            let is_right = is_right(antecedent.candidate);
            let cost = match (is_right, has_antecedent) {
                (true, _) => 0.0,
                (false, true) => self.hyper.wrong_link,
                (false, false) => self.hyper.false_link,
            };
            let score = self.score(&mut hidden, 0, mask);
            choices.push(Choice {
                antecedent: Some(antecedent.candidate),
                features,
                hidden,
                score,
                cost,
                is_right,
            });
        }
        choices
    }

    /// Turns sums into hidden values and scores them.
    fn score(&self, hidden: &mut [f32], which: usize, mask: &[f32]) -> f32 {
        let last = self.width - 1;
        let linear = hidden[last];
        for (hidden, mask) in hidden.iter_mut().zip(mask) {
            *hidden = hidden.max(0.0) * mask / (1.0 - self.hyper.dropout);
        }
        hidden[last] = 0.0;
        linear + dot(hidden, self.out.row(which))
    }

    /// Adds the gradients of minus the logarithm of the right choices' share, with costs added to wrong ones (softmax
    /// margin, Gimpel & Smith 2010).
    fn learn_choices(
        &mut self,
        choices: &mut [Choice],
        mention: usize,
        (as_mention, as_new): (&[Vec<u32>], &[Vec<u32>]),
        mask: &[f32],
        slopes: &mut HashMap<usize, Vec<f32>>,
    ) -> f64 {
        let top = choices.iter().map(|choice| choice.score + choice.cost).fold(f32::NEG_INFINITY, f32::max);
        let weight = |choice: &Choice| (choice.score + choice.cost - top).exp();
        let all: f32 = choices.iter().map(weight).sum();
        let right: f32 = choices.iter().filter(|choice| choice.is_right).map(weight).sum::<f32>().max(1e-20);
        let last = self.width - 1;
        let mut of_mention = vec![0.0; self.width];
        for choice in choices.iter() {
            let share = weight(choice);
            let slope = share / all - if choice.is_right { share / right } else { 0.0 };
            if slope.abs() < 1e-5 {
                continue;
            }
            let which = usize::from(choice.antecedent.is_none());
            let mut down: Vec<f32> = choice
                .hidden
                .iter()
                .zip(self.out.row(which))
                .zip(mask)
                .map(
                    |((&hidden, &out), mask)| {
                        if hidden > 0.0 { slope * out * mask / (1.0 - self.hyper.dropout) } else { 0.0 }
                    },
                )
                .collect();
            down[last] = slope;
            let up: Vec<f32> = choice.hidden.iter().map(|hidden| slope * hidden).collect();
            self.out.add_gradient(which, &up);
            self.bias.add_gradient(which, &down);
            match choice.antecedent {
                None => {
                    for &row in &as_new[mention] {
                        self.rows.add_gradient(row as usize, &down);
                    }
                }
                Some(antecedent) => {
                    for &row in &choice.features {
                        self.rows.add_gradient(row as usize, &down);
                    }
                    for (sum, slope) in of_mention.iter_mut().zip(&down) {
                        *sum += slope;
                    }
                    let sum = slopes.entry(antecedent).or_insert_with(|| vec![0.0; self.width]);
                    for (sum, slope) in sum.iter_mut().zip(&down) {
                        *sum += slope;
                    }
                }
            }
        }
        for &row in &as_mention[mention] {
            self.rows.add_gradient(row as usize, &of_mention);
        }
        f64::from((all / right).ln())
    }

    /// Writes the sections of the stage's network.
    pub(super) fn write(&self, writer: &mut Writer) {
        let mut bytes = Vec::new();
        let mut scales = Vec::new();
        for row in 0..self.hashes.len() {
            scales.push(quantize_row(self.rows.row(row), &mut bytes));
        }
        writer.u32s("width", &[self.width as u32]);
        writer.u64s("feature.hash", &self.hashes);
        writer.bytes("feature.row", &bytes);
        writer.floats("feature.scale", &scales);
        writer.floats("bias", &self.bias.weights);
        writer.floats("out", &self.out.weights);
    }
}
