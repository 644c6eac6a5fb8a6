//! Multinomial and binary logistic regression over hashed features: `AdaGrad` (Duchi et al. 2011), features left out by
//! chance (Hinton et al. 2012), weights drawn to zero.

use clap::Args;
use demarche_model::cluster::{Clusters, Ids};
use demarche_model::{Random, Writer, quantize_row};
use demarche_sanction::{Example, KIND, ROWS, Task};

/// What can be set about the training.
#[derive(Clone, Debug, Args)]
pub(super) struct Hyper {
    /// Passes over the examples
    #[arg(long, default_value_t = 20)]
    passes: u32,
    /// Seed of all chance: the folds, the order of the examples, the features left out
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Step length
    #[arg(long, default_value_t = 0.03)]
    rate: f32,
    /// How strongly weights are drawn to zero at each step
    #[arg(long, default_value_t = 0.1)]
    decay: f32,
    /// Share of an example's features that are left out at a step
    #[arg(long, default_value_t = 0.3)]
    dropout: f32,
    /// Features that were seen less often have no weight
    #[arg(long, default_value_t = 2)]
    min_count: u32,
    /// What a missed trigger weighs, where a false one weighs 1
    #[arg(long, default_value_t = 2.0)]
    recall: f32,
}

impl Hyper {
    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }
}

/// The model's bytes.
pub(super) fn learn(examples: &[&Example], clusters: &[(String, Ids)], hyper: &Hyper) -> Vec<u8> {
    let mut writer = Writer::new(KIND);
    let mut scales = Vec::with_capacity(Task::ALL.len());
    for task in Task::ALL {
        let own: Vec<&Example> = examples.iter().copied().filter(|example| example.task == task).collect();
        let weights = learn_task(task, &own, hyper);
        let mut bytes = Vec::with_capacity(weights.len());
        scales.push(quantize_row(&weights, &mut bytes));
        writer.bytes(task.name(), &bytes);
    }
    writer.floats("scales", &scales);
    Clusters::write(&mut writer, clusters);
    writer.finish()
}

/// The weights of a task, row by row.
fn learn_task(task: Task, examples: &[&Example], hyper: &Hyper) -> Vec<f32> {
    let n_labels = task.labels();
    let mut counts = vec![0_u32; ROWS];
    for &row in examples.iter().flat_map(|example| example.options.iter().flatten()) {
        counts[row as usize] += 1;
    }
    let mut random = Random::new(hyper.seed);
    let mut weights = vec![0.0_f32; ROWS * n_labels];
    let mut squares = vec![1.0_f32; ROWS * n_labels];
    let mut sums = vec![0.0_f32; ROWS * n_labels];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut scores: Vec<f32> = Vec::new();
    let mut kept = Vec::new();
    let keep = 1.0 - hyper.dropout;
    // A party too many costs more than it brings.
    let recall = if task == Task::Trigger { hyper.recall } else { 1.0 };
    for pass in 0..hyper.passes {
        random.shuffle(&mut order);
        for &at in &order {
            let example = examples[at];
            // For options: a score each; for labels: a score each of the one thing.
            scores.clear();
            scores.resize(n_labels.max(example.options.len()), 0.0);
            kept.clear();
            for (option, rows) in example.options.iter().enumerate() {
                for &row in rows {
                    if counts[row as usize] < hyper.min_count || random.unit() >= keep {
                        continue;
                    }
                    kept.push((option, row as usize));
                    for (score, weight) in
                        scores[option..].iter_mut().zip(&weights[row as usize * n_labels..][..n_labels])
                    {
                        *score += weight / keep;
                    }
                }
            }
            slopes(task, &mut scores, example.labels, recall);
            for &(option, row) in &kept {
                for (label, slope) in scores[option..].iter().take(n_labels).enumerate() {
                    let at = row * n_labels + label;
                    let slope = slope + hyper.decay * weights[at];
                    squares[at] += slope * slope;
                    weights[at] -= hyper.rate * slope / squares[at].sqrt();
                }
            }
        }
        // The mean of the later passes is steadier than the last.
        if pass >= hyper.passes / 2 {
            sums.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few passes")]
    let n = (hyper.passes - hyper.passes / 2).max(1) as f32;
    sums.iter().map(|sum| sum / n).collect()
}

/// Turns scores into the slopes of the loss.
fn slopes(task: Task, scores: &mut [f32], labels: u32, recall: f32) {
    let right = |label: usize| f32::from(u8::from(labels >> label & 1 == 1));
    if task == Task::Way {
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        let odds: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
        let total: f32 = odds.iter().sum();
        // Any of the right options will do: each is right as far as the model takes it for right.
        let total_right: f32 = odds.iter().enumerate().map(|(option, odds)| odds * right(option)).sum();
        for (option, score) in scores.iter_mut().enumerate() {
            *score = odds[option] / total - right(option) * odds[option] / total_right.max(f32::MIN_POSITIVE);
        }
    } else if task.is_exclusive() {
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        let total: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
        for (label, score) in scores.iter_mut().enumerate() {
            *score = (*score - highest).exp() / total - right(label);
        }
    } else {
        for (label, score) in scores.iter_mut().enumerate() {
            let weight = if labels >> label & 1 == 1 { recall } else { 1.0 };
            *score = weight * (1.0 / (1.0 + (-*score).exp()) - right(label));
        }
    }
}
