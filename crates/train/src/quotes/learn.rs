//! Logistic regression for cues and a conditional random field for the parts around them, over hashed features:
//! `AdaGrad` (Duchi et al. 2011), features left out by chance (Hinton et al. 2012), weights drawn to zero.

use clap::Args;
use demarche_model::{Random, Writer, quantize_row};
use demarche_quote::{Examples, KIND, Likely, N_PARTS, PartsExample, Scores, Task, YesNoExample};

/// What can be set about the training.
#[derive(Clone, Debug, Args)]
pub(super) struct Hyper {
    /// Passes over the examples
    #[arg(long, default_value_t = 10)]
    passes: u32,
    /// Seed of all chance: the order of the examples, the features left out
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// First step length; it falls to nothing
    #[arg(long, default_value_t = 0.02)]
    rate: f32,
    /// How strongly weights are drawn to zero at each step
    #[arg(long, default_value_t = 0.001)]
    decay: f32,
    /// Share of an example's features that are left out at a step
    #[arg(long, default_value_t = 0.5)]
    dropout: f32,
    /// Features that were seen less often have no weight
    #[arg(long, default_value_t = 2)]
    rare: u32,
}

impl Hyper {
    /// Seed of all chance.
    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }
}

/// The tables of a model, without that of the second look.
pub(super) struct Tables {
    cue: Table,
    unit: Table,
    boundary: Table,
}

impl Tables {
    /// Learns from the examples.
    pub(super) fn learn(examples: &[&Examples], hyper: &Hyper, mut report: impl FnMut(String)) -> Self {
        let cues: Vec<&YesNoExample> = examples.iter().flat_map(|examples| &examples.cues).collect();
        let parts: Vec<&PartsExample> = examples.iter().flat_map(|examples| &examples.parts).collect();
        let cue = learn_yes_no(Task::Cue, &cues, hyper, &mut report);
        let (unit, boundary) = learn_parts(&parts, hyper, &mut report);
        Self { cue, unit, boundary }
    }

    /// The model's bytes, with the second look learned from these examples.
    pub(super) fn model(
        &self,
        whole: &[YesNoExample],
        hyper: &Hyper,
        mut report: impl FnMut(String),
    ) -> Vec<u8> {
        let whole = learn_yes_no(Task::Whole, &whole.iter().collect::<Vec<_>>(), hyper, &mut report);
        let mut writer = Writer::new(KIND);
        let mut scales = Vec::new();
        let tables = [&self.cue, &self.unit, &self.boundary, &whole];
        for (task, table) in Task::ALL.into_iter().zip(tables) {
            let mut bytes = Vec::with_capacity(table.weights.len());
            scales.push(quantize_row(&table.weights, &mut bytes));
            writer.bytes(task.name(), &bytes);
        }
        writer.floats("scales", &scales);
        writer.finish()
    }
}

/// A table of weights that is being learned.
struct Table {
    weights: Vec<f32>,
    squares: Vec<f32>,
    /// Sums of the weights after each of the later passes: their mean is steadier than the last.
    sums: Vec<f32>,
    /// How often each row was seen.
    counts: Vec<u32>,
    n_columns: usize,
}

impl Table {
    fn new<'e>(task: Task, rows: impl Iterator<Item = &'e [u32]>) -> Self {
        let n_columns = task.columns();
        let mut counts = vec![0_u32; 1 << task.bits()];
        rows.flatten().for_each(|&row| counts[row as usize] += 1);
        Self {
            weights: vec![0.0; n_columns << task.bits()],
            squares: vec![1e-3; n_columns << task.bits()],
            sums: vec![0.0; n_columns << task.bits()],
            counts,
            n_columns,
        }
    }

    /// Adds the weights of those of the rows that are kept, scaled for those that are not.
    fn add(&self, rows: &[u32], hyper: &Hyper, random: &mut Random, kept: &mut Vec<u32>, scores: &mut [f32]) {
        for &row in rows {
            if self.counts[row as usize] < hyper.rare || random.unit() < hyper.dropout {
                continue;
            }
            kept.push(row);
            let weights = &self.weights[row as usize * self.n_columns..][..self.n_columns];
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight / (1.0 - hyper.dropout);
            }
        }
    }

    /// Ends a pass.
    fn end(&mut self, pass: u32, passes: u32) {
        if pass >= passes / 2 {
            self.sums.iter_mut().zip(&self.weights).for_each(|(sum, weight)| *sum += weight);
        }
        if pass + 1 == passes {
            #[expect(clippy::cast_precision_loss, reason = "a few passes")]
            let n_summed = (passes - passes / 2) as f32;
            self.weights = self.sums.iter().map(|sum| sum / n_summed).collect();
        }
    }

    fn step(&mut self, rows: &[u32], slopes: &[f32], rate: f32, decay: f32) {
        for &row in rows {
            let range = row as usize * self.n_columns..(row as usize + 1) * self.n_columns;
            let cells = self.weights[range.clone()].iter_mut().zip(&mut self.squares[range]);
            for ((weight, square), slope) in cells.zip(slopes) {
                let slope = slope + decay * *weight;
                *square += slope * slope;
                *weight -= rate * slope / square.sqrt();
            }
        }
    }
}

/// The step length of a pass.
#[expect(clippy::cast_precision_loss, reason = "a few passes")]
fn rate(hyper: &Hyper, pass: u32) -> f32 {
    hyper.rate * (1.0 - pass as f32 / hyper.passes as f32)
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 examples")]
fn learn_yes_no(
    task: Task,
    examples: &[&YesNoExample],
    hyper: &Hyper,
    report: &mut impl FnMut(String),
) -> Table {
    // What is all but certain teaches nothing.
    const SURE: f32 = 0.002;
    let mut table = Table::new(task, examples.iter().map(|example| &*example.rows));
    let mut random = Random::new(hyper.seed);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut kept = Vec::new();
    for pass in 0..hyper.passes {
        random.shuffle(&mut order);
        let mut loss = 0.0_f64;
        for &at in &order {
            let example = &examples[at];
            kept.clear();
            let mut score = [0.0];
            table.add(&example.rows, hyper, &mut random, &mut kept, &mut score);
            let odds = 1.0 / (1.0 + (-score[0]).exp());
            let slope = odds - f32::from(u8::from(example.is_one));
            loss -= f64::from(1.0 - slope.abs()).max(1e-9).ln();
            if slope.abs() > SURE {
                table.step(&kept, &[slope], rate(hyper, pass), hyper.decay);
            }
        }
        report(format!(
            "{}, pass {}: loss {:.5}",
            task.name(),
            pass + 1,
            loss / examples.len().max(1) as f64
        ));
    }
    table
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 examples")]
fn learn_parts(examples: &[&PartsExample], hyper: &Hyper, report: &mut impl FnMut(String)) -> (Table, Table) {
    let of_units = examples.iter().flat_map(|example| &example.units).map(Vec::as_slice);
    let of_boundaries = examples.iter().flat_map(|example| &example.boundaries).map(Vec::as_slice);
    let mut units = Table::new(Task::Unit, of_units);
    let mut boundaries = Table::new(Task::Boundary, of_boundaries);
    let mut random = Random::new(hyper.seed);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let (mut kept_units, mut kept_boundaries) = (Vec::new(), Vec::new());
    let mut likely = Likely::default();
    let mut scores = Scores::default();
    for pass in 0..hyper.passes {
        random.shuffle(&mut order);
        let rate = rate(hyper, pass);
        let mut loss = 0.0_f64;
        for &at in &order {
            let example = &examples[at];
            let n_units = example.parts.len();
            scores.anchor = example.anchor;
            scores.units.clear();
            scores.units.resize(n_units, [0.0; N_PARTS]);
            scores.boundaries.clear();
            scores.boundaries.resize(n_units, [0.0; N_PARTS * N_PARTS]);
            kept_units.resize_with(n_units.max(kept_units.len()), Vec::new);
            kept_boundaries.resize_with(n_units.max(kept_boundaries.len()), Vec::new);
            for unit in 0..n_units {
                kept_units[unit].clear();
                kept_boundaries[unit].clear();
                units.add(
                    &example.units[unit],
                    hyper,
                    &mut random,
                    &mut kept_units[unit],
                    &mut scores.units[unit],
                );
                boundaries.add(
                    &example.boundaries[unit],
                    hyper,
                    &mut random,
                    &mut kept_boundaries[unit],
                    &mut scores.boundaries[unit],
                );
            }
            scores.likely(&mut likely);
            loss += likely.log_sum - f64::from(scores.of(&example.parts));
            for unit in 0..n_units {
                let part = example.parts[unit] as usize;
                likely.units[unit][part] -= 1.0;
                units.step(&kept_units[unit], &likely.units[unit], rate, hyper.decay);
                if unit > 0 {
                    let before = example.parts[unit - 1] as usize;
                    likely.pairs[unit][before * N_PARTS + part] -= 1.0;
                    boundaries.step(&kept_boundaries[unit], &likely.pairs[unit], rate, hyper.decay);
                }
            }
        }
        units.end(pass, hyper.passes);
        boundaries.end(pass, hyper.passes);
        report(format!("parts, pass {}: loss {:.4}", pass + 1, loss / examples.len().max(1) as f64));
    }
    (units, boundaries)
}
