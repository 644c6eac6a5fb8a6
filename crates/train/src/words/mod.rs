//! `demarche-train words`: tags, lemmas and trees.

mod examples;
mod lemma;
mod network;
mod score;
mod swap;

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use demarche_model::{Random, Writer};
use demarche_syntax::Model;
use demarche_syntax::network::{KIND, Sizes};
use indicatif::{ProgressBar, ProgressStyle};

use crate::conllu;
use crate::report::{eprint_line, write_model};
use examples::{Inventory, recase};
use network::{Hyper, Trainee};

/// Trains parts of speech, lemmas and dependency trees on treebanks in CoNLL-U.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  demarche-train words --train ewt-train.conllu gum-train.conllu --dev ewt-dev.conllu gum-dev.conllu --out models
  demarche-train words --train mine.conllu --dev mine-dev.conllu --passes 5 --out /tmp/models")]
pub(crate) struct Words {
    /// Treebanks to learn from
    #[arg(long, required = true, num_args = 1.., value_name = "CONLLU")]
    train: Vec<PathBuf>,
    /// Treebanks to measure on after each pass
    #[arg(long, num_args = 1.., value_name = "CONLLU")]
    dev: Vec<PathBuf>,
    /// Folder for `english.model`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Passes over the treebanks
    #[arg(long, default_value_t = 20)]
    passes: u32,
    /// Seed of all chance: first weights, order, dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Numbers of a word's vector
    #[arg(long, default_value_t = 160)]
    dim: usize,
    /// Recurrent layers
    #[arg(long, default_value_t = 3)]
    layers: usize,
    /// Size of the parts that arcs are scored with
    #[arg(long, default_value_t = 96)]
    arc: usize,
    /// Size of the hidden layer that chooses relations
    #[arg(long, default_value_t = 96)]
    rel: usize,
    #[command(flatten)]
    hyper: Hyper,
}

impl Words {
    /// Trains and writes the model.
    #[expect(clippy::cast_precision_loss, reason = "treebanks are far smaller than 2^52 words")]
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let read =
            |paths: &[PathBuf]| paths.iter().map(|path| conllu::read(path)).collect::<Result<Vec<_>, _>>();
        let train: Vec<_> = read(&self.train)?.into_iter().flatten().collect();
        let dev = read(&self.dev)?;
        let inventory = Inventory::of(&train);
        let sizes = Sizes {
            arc: self.arc,
            rel: self.rel,
            upos: inventory.upos.len(),
            xpos: inventory.xpos.len(),
            deprel: inventory.deprel.len(),
        };
        let words = swap::Words::of(&train);
        let lemmas = lemma::learn(&train, &inventory);
        let mut random = Random::new(self.seed);
        let mut trainee =
            Trainee::new(self.dim, self.layers, sizes, inventory, self.hyper.clone(), &mut random);
        let n_words: usize = train.iter().map(Vec::len).sum();
        eprint_line(&format!(
            "{} sentences, {n_words} words, {} features, {} lemma entries",
            train.len(),
            trainee.n_rows(),
            lemmas.len()
        ));
        let bar = ProgressBar::new(u64::from(self.passes) * n_words as u64);
        bar.set_style(
            ProgressStyle::with_template("{bar:30} {percent}% {eta} left, {msg}").context("template")?,
        );
        let total_steps = self.passes * examples::batches(&train, self.hyper.learn.batch).len() as u32;
        let mut bytes = Vec::new();
        let mut order: Vec<usize> = (0..train.len()).collect();
        for pass in 1..=self.passes {
            random.shuffle(&mut order);
            let mut loss = 0.0;
            let shuffled: Vec<_> = order
                .iter()
                .map(|&i| {
                    let mut sentence = train[i].clone();
                    if random.unit() < self.hyper.swap {
                        words.swap(&mut sentence, &mut random);
                    }
                    recase(&mut sentence, self.hyper.recase, &mut random);
                    sentence
                })
                .collect();
            for range in examples::batches(&shuffled, self.hyper.learn.batch) {
                let batch = &shuffled[range];
                loss += trainee.learn(batch, total_steps, &mut random);
                bar.inc(batch.iter().map(Vec::len).sum::<usize>() as u64);
            }
            let mut writer = Writer::new(KIND);
            trainee.write(&mut writer);
            lemmas.write(&mut writer);
            bytes = writer.finish();
            let message = format!("pass {pass}: loss {:.3}", loss / n_words as f64);
            bar.set_message(message.clone());
            bar.suspend(|| eprint_line(&message));
            if !dev.is_empty() {
                // One model a pass; the programme ends soon after the last.
                let model = Model::open(Vec::leak(bytes.clone()))?;
                for (path, treebank) in self.dev.iter().zip(&dev) {
                    let scores = score::score(&model, treebank);
                    bar.suspend(|| eprint_line(&format!("  {}: {scores}", path.display())));
                }
            }
        }
        bar.finish();
        write_model(&self.out, "english.model", &bytes)
    }
}
