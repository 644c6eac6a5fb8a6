//! `demarche-train entities`: names of persons, bodies and places.

mod documents;
mod score;
mod softmax;
mod teacher;

use std::path::PathBuf;

use clap::Args;
use demarche_entity::recognizer::{KIND, Recognizer};
use demarche_entity::{Entities, template};
use demarche_model::cluster::Ids;
use demarche_model::{Random, Weights};

use crate::clusters;
use crate::report::{eprint_line, write_model};
use documents::{Example, Stages};
use score::Scores;
use softmax::{Hyper, Softmax, Words};

/// Trains the recognizer of names on documents in JSON Lines.
///
/// Documents with `entities` teach what is in them. Documents of --silver have open layers `machine-…` instead, the names that
/// other recognizers find: a teacher, which learns on --train how far each of those is to be trusted, labels them first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  demarche-train entities --train gum-train.jsonl --dev gum-dev.jsonl --out models
  demarche-train entities --train gum-train.jsonl --silver web.jsonl --clusters clusters.tsv --out models")]
pub(crate) struct EntitiesCommand {
    /// Annotated documents to learn from
    #[arg(long, required = true, num_args = 1.., value_name = "JSONL")]
    train: Vec<PathBuf>,
    /// Documents that other recognizers have labeled
    #[arg(long, num_args = 1.., value_name = "JSONL")]
    silver: Vec<PathBuf>,
    /// Annotated documents to measure on
    #[arg(long, num_args = 1.., value_name = "JSONL")]
    dev: Vec<PathBuf>,
    /// Words with the numbers of their clusters, coarse to fine, parted by tabs
    #[arg(long, value_name = "TSV")]
    clusters: Option<PathBuf>,
    /// Folder for `english.model`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Features of the model at most
    #[arg(long, default_value_t = 40_000)]
    rows: usize,
    /// The teacher's words are learned from where it is as sure as this
    #[arg(long, default_value_t = 0.8)]
    sure: f32,
    /// Share of the documents that are shown once more in small letters
    #[arg(long, default_value_t = 0.1)]
    small: f32,
    /// Seed of all chance: order, dropout, choice
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    hyper: Hyper,
}

impl EntitiesCommand {
    /// Trains and writes the model.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let words = self.clusters.as_deref().map(clusters::read).transpose()?.unwrap_or_default();
        let stages = Stages::new(clusters::built(&words, KIND)?);
        let read = |paths: &[PathBuf]| {
            paths.iter().map(|path| documents::read(path, &stages)).collect::<Result<Vec<_>, _>>()
        };
        let train: Vec<_> = read(&self.train)?.into_iter().flatten().collect();
        let dev = read(&self.dev)?;
        let mut silver: Vec<_> = read(&self.silver)?.into_iter().flatten().collect();
        for (path, dev) in self.dev.iter().zip(&dev) {
            eprint_line(&format!("rules {}: {}", path.display(), scores(&stages.entities, dev)?));
        }
        if !silver.is_empty() {
            let teacher = teacher::learn(&train, &self.hyper, &mut Random::new(self.seed), report);
            for (path, dev) in self.dev.iter().zip(&dev) {
                eprint_line(&format!("teacher {}: {}", path.display(), teacher::scores(&teacher, dev)));
            }
            let known = teacher::label(&teacher, &mut silver, self.sure);
            eprint_line(&format!("silver: {known} words are sure"));
        }
        let mut random = Random::new(self.seed);
        let small: Vec<_> = silver
            .iter()
            .chain(&train)
            .filter(|_| random.unit() < self.small)
            .map(|example| documents::in_small_letters(example, &stages))
            .collect::<Result<_, _>>()?;
        let examples: Vec<_> = silver.iter().chain(&small).chain(&train).collect();
        let bytes = self.learn(&examples, &words, &mut random);
        for (path, dev) in self.dev.iter().zip(&dev) {
            let recognizer = Recognizer::open(&Weights::from_file(bytes.clone(), KIND)?)?;
            let stage = Entities::rules().with_recognizer(recognizer);
            eprint_line(&format!("rules and recognizer {}: {}", path.display(), scores(&stage, dev)?));
        }
        write_model(&self.out, "english.model", &bytes)
    }

    fn learn(&self, examples: &[&Example], clusters: &[(String, Ids)], random: &mut Random) -> Vec<u8> {
        let mut words = Words::default();
        for example in examples {
            for range in &example.reading.sentences {
                let sentence = &example.reading.features[range.clone()];
                for (i, tag) in example.tags[range.clone()].iter().enumerate() {
                    if let Some(tag) = tag.filter(|_| template::worth_a_look(sentence, i)) {
                        let mut features = Vec::new();
                        template::each(sentence, i, |hash| features.push(hash));
                        words.push(features, tag);
                    }
                }
            }
        }
        eprint_line(&format!("{} words are worth a look", words.len()));
        let softmax = Softmax::learn(&words, &self.hyper, random, report);
        let (hashes, rows) = softmax.best(self.rows);
        eprint_line(&format!("{} of {} features", hashes.len(), softmax.n_rows()));
        Recognizer::write(&hashes, &rows, clusters)
    }
}

/// Figures of a stage.
fn scores(stage: &Entities, dev: &[Example]) -> anyhow::Result<Scores> {
    use demarche_core::Stage;

    let mut scores = Scores::default();
    for example in dev {
        let mut doc = example.doc.clone();
        stage.process(&mut doc)?;
        let found: Vec<_> = doc.entities().map(|entity| (entity.span, entity.label)).collect();
        scores.add(&example.names, &found);
    }
    Ok(scores)
}

fn report(pass: u32, loss: f64) {
    eprint_line(&format!("pass {pass}: loss {loss:.4}"));
}
