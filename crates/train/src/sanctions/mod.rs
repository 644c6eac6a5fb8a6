//! `demarche-train sanctions`: which words are sanction events, and who plays which part in them.

mod learn;
mod measure;
mod read;

use std::path::PathBuf;

use clap::Args;
use demarche_model::Random;
use demarche_sanction::{Example, Model, SanctionOptions, Sanctions as Stage, Task};

use crate::clusters;
use crate::report::{eprint_line, write_model};
use learn::{Hyper, learn};
use measure::measure;
use read::{Annotated, read};

/// Trains sanction events on annotated documents.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  demarche-train sanctions --train events.jsonl --folds 10 --dev others.jsonl --out models")]
pub(crate) struct Sanctions {
    /// Documents with the layer `sanctions` to learn from, JSON Lines, offsets in characters; the stages before run first
    #[arg(long, required = true, num_args = 1.., value_name = "JSONL")]
    train: Vec<PathBuf>,
    /// Documents to measure on at the end
    #[arg(long, num_args = 1.., value_name = "JSONL")]
    dev: Vec<PathBuf>,
    /// Words with the numbers of their clusters, coarse to fine, parted by tabs
    #[arg(long, value_name = "TSV")]
    clusters: Option<PathBuf>,
    /// Measures by cross-validation first: each of so many parts is judged by what was learned from the others
    #[arg(long, value_name = "K")]
    folds: Option<usize>,
    /// Folder for `english.model`; without it, nothing is written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    hyper: Hyper,
}

impl Sanctions {
    /// Trains, measures and writes the model.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let train: Vec<Vec<Annotated>> =
            self.train.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        let dev: Vec<Vec<Annotated>> = self.dev.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        let clusters = self.clusters.as_deref().map(clusters::read).transpose()?.unwrap_or_default();
        let stage = with_model(learn(&[], &clusters, &self.hyper))?;
        let examples: Vec<Vec<Example>> =
            train.iter().flatten().map(|document| examples(&stage, document)).collect();
        for task in Task::ALL {
            let n = examples.iter().flatten().filter(|example| example.task == task).count();
            eprint_line(&format!("{}: {n} examples", task.name()));
        }
        if let Some(folds) = self.folds {
            let parts = parts(examples.len(), folds, self.hyper.seed());
            let mut models = Vec::with_capacity(folds);
            for fold in 0..folds {
                let others: Vec<&Example> = examples
                    .iter()
                    .zip(&parts)
                    .filter(|(_, part)| **part != fold)
                    .flat_map(|(of, _)| of)
                    .collect();
                models.push(with_model(learn(&others, &clusters, &self.hyper))?);
            }
            let mut first = 0;
            for (path, documents) in self.train.iter().zip(&train) {
                let parts = &parts[first..first + documents.len()];
                first += documents.len();
                let judged = documents.iter().zip(parts).map(|(document, part)| (document, &models[*part]));
                eprint_line(&format!("{} in {folds} folds:\n{}", path.display(), measure(judged)?));
            }
        }
        let all: Vec<&Example> = examples.iter().flatten().collect();
        let bytes = learn(&all, &clusters, &self.hyper);
        let stage = with_model(bytes.clone())?;
        for (path, documents) in self.dev.iter().zip(&dev) {
            let judged = documents.iter().map(|document| (document, &stage));
            eprint_line(&format!("{}:\n{}", path.display(), measure(judged)?));
        }
        let Some(out) = &self.out else { return Ok(()) };
        write_model(out, "english.model", &bytes)
    }
}

/// The stage with a model of these bytes.
fn with_model(model: Vec<u8>) -> anyhow::Result<Stage> {
    Ok(Stage::with_model(&SanctionOptions::default(), Model::from_file(model)?)?)
}

/// What there is to learn from a document and from its sentences.
fn examples(stage: &Stage, document: &Annotated) -> Vec<Example> {
    let mut examples = stage.examples(&document.doc, &document.gold);
    examples.extend(
        document.sentences.iter().filter_map(|(sentence, tells)| stage.text_example(sentence, *tells)),
    );
    examples
}

/// The part of each document, at random and as equal in size as can be.
fn parts(n_documents: usize, folds: usize, seed: u64) -> Vec<usize> {
    let mut parts: Vec<usize> = (0..n_documents).map(|at| at % folds.max(1)).collect();
    Random::new(seed).shuffle(&mut parts);
    parts
}
