//! `demarche-train coreference`: which mention has which antecedent.

mod gold;
mod score;
mod trainee;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use demarche_core::Span;
use demarche_coreference::Lexicon;
use demarche_coreference::rank::{KIND, Network, Role, Scene, State};
use demarche_model::{Random, Weights, Writer};
use indicatif::{ProgressBar, ProgressStyle};

use crate::report::{eprint_line, write_model};
use gold::Gold;
use trainee::{Hyper, Trainee};

/// Trains the ranker of antecedents on documents with chains.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  demarche-train coreference --train chains-gum-train.jsonl --dev chains-gum-dev.jsonl --out models")]
pub(crate) struct Coreference {
    /// Documents with chains to learn from; their texts are annotated anew
    #[arg(long, required = true, num_args = 1.., value_name = "JSONL")]
    train: Vec<PathBuf>,
    /// Documents to measure on after each pass
    #[arg(long, num_args = 1.., value_name = "JSONL")]
    dev: Vec<PathBuf>,
    /// Folder for `english.model`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Passes over the documents
    #[arg(long, default_value_t = 15)]
    passes: u32,
    /// Seed of all chance: first weights, order, dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Numbers of a feature's row
    #[arg(long, default_value_t = 32)]
    width: usize,
    #[command(flatten)]
    hyper: Hyper,
}

impl Coreference {
    /// Trains and writes the model.
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 mentions")]
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let lexicon = Lexicon::built_in();
        let read =
            |paths: &[PathBuf]| paths.iter().map(|path| gold::read(path)).collect::<Result<Vec<_>, _>>();
        let train: Vec<Gold> = read(&self.train)?.into_iter().flatten().collect();
        let dev = read(&self.dev)?;
        let scenes: Vec<(Scene<'_>, Vec<Option<usize>>)> = train
            .iter()
            .map(|gold| {
                let scene = gold.scene(&lexicon);
                let labels = gold.labels(&scene);
                (scene, labels)
            })
            .collect();
        let counts = count(&scenes);
        let mut random = Random::new(self.seed);
        let mut trainee = Trainee::new(self.width, self.hyper.clone(), &counts, &mut random);
        let n_candidates: usize = scenes.iter().map(|(scene, _)| scene.candidates().len()).sum();
        let n_mentions = scenes.iter().flat_map(|(_, labels)| labels).filter(|label| label.is_some()).count();
        let n_gold: usize = train.iter().flat_map(|gold| &gold.chains).map(Vec::len).sum();
        eprint_line(&format!(
            "{} documents, {n_candidates} candidates, {n_mentions} of {n_gold} mentions, {} features",
            train.len(),
            trainee.n_rows()
        ));
        let bar = ProgressBar::new(u64::from(self.passes) * n_candidates as u64);
        bar.set_style(
            ProgressStyle::with_template("{bar:30} {percent}% {eta} left, {msg}").context("template")?,
        );
        let mut order: Vec<usize> = (0..scenes.len()).collect();
        let mut bytes = Vec::new();
        for pass in 1..=self.passes {
            random.shuffle(&mut order);
            let mut loss = 0.0;
            for &i in &order {
                let (scene, labels) = &scenes[i];
                loss += trainee.learn(scene, labels, pass == 1, &mut random);
                bar.inc(scene.candidates().len() as u64);
            }
            let mut writer = Writer::new(KIND);
            trainee.write(&mut writer);
            bytes = writer.finish();
            let message = format!("pass {pass}: loss {:.4}", loss / n_candidates as f64);
            bar.set_message(message.clone());
            bar.suspend(|| eprint_line(&message));
            let network = Network::open(&Weights::from_file(bytes.clone(), KIND)?)?;
            for (path, documents) in self.dev.iter().zip(&dev) {
                let scores = evaluate(documents, &lexicon, &network)?;
                bar.suspend(|| eprint_line(&format!("  {}: {scores}", path.display())));
            }
        }
        bar.finish();
        write_model(&self.out, "english.model", &bytes)
    }
}

/// How often each feature occurs, pairs by the chains of gold.
fn count(scenes: &[(Scene<'_>, Vec<Option<usize>>)]) -> BTreeMap<u64, u32> {
    let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
    let (mut features, mut antecedents) = (Vec::new(), Vec::new());
    for (scene, labels) in scenes {
        let mut state = State::default();
        for i in 0..scene.candidates().len() {
            features.clear();
            for role in [Role::Mention, Role::Antecedent, Role::New] {
                scene.unary(i, role, &mut features);
            }
            scene.antecedents(i, &mut antecedents);
            let mut right = None;
            for &antecedent in &antecedents {
                scene.pair(i, antecedent, &state, &mut features);
                if labels[i].is_some() && labels[i] == labels[antecedent.candidate] {
                    right = right.or(Some(antecedent.candidate));
                }
            }
            state.add(&scene.candidates()[i], right);
            for &hash in &features {
                *counts.entry(hash).or_default() += 1;
            }
        }
    }
    counts
}

fn evaluate(documents: &[Gold], lexicon: &Lexicon, network: &Network) -> anyhow::Result<String> {
    let found: Vec<Vec<Vec<Span>>> = documents
        .iter()
        .map(|gold| {
            let scene = gold.scene(lexicon);
            let groups = scene.resolve(network, &[], 0.0).state.groups();
            let chains = groups.into_iter().filter(|group| group.len() > 1);
            chains.map(|group| group.into_iter().map(|mention| scene.span(mention)).collect()).collect()
        })
        .collect();
    score::figures(documents, &found)
}
