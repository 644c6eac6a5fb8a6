//! `demarche-train quotes`: which words are cues, and what around them is said by whom.

mod learn;
mod measure;
mod read;

use std::path::PathBuf;

use clap::Args;
use demarche_model::Random;
use demarche_quote::{Examples, Model, QuoteOptions, Quotes as Stage, YesNoExample};

use crate::report::{eprint_line, write_model};
use learn::{Hyper, Tables};
use measure::measure;
use read::{Annotated, read};

/// Trains quotation attribution on annotated documents.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  demarche-train quotes --train quotes-polnear-train.jsonl --dev quotes-polnear-dev.jsonl --out models")]
pub(crate) struct Quotes {
    /// Documents with the layer `quotes` to learn from, JSON Lines, offsets in characters; the stages before run first
    #[arg(long, required = true, num_args = 1.., value_name = "JSONL")]
    train: Vec<PathBuf>,
    /// Documents to measure on at the end
    #[arg(long, num_args = 1.., value_name = "JSONL")]
    dev: Vec<PathBuf>,
    /// Confidence from which on a quotation counts when it is measured; several give figures for each
    #[arg(long, num_args = 1.., default_values_t = [QuoteOptions::default().min_confidence], value_name = "P")]
    confidence: Vec<f64>,
    /// Folder for `english.model`; without it, nothing is written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Parts of the documents: what is found in each by a model of the others teaches the second look
    #[arg(long, default_value_t = 4, value_name = "K")]
    folds: usize,
    #[command(flatten)]
    hyper: Hyper,
}

impl Quotes {
    /// Trains, measures and writes the model.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let train: Vec<Annotated> = self
            .train
            .iter()
            .map(|path| read(path))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        let dev: Vec<Vec<Annotated>> = self.dev.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        let stage = Stage::with_model(&QuoteOptions::default(), Model::empty())?;
        let examples: Vec<Examples> =
            train.iter().map(|document| stage.examples(&document.doc, &document.gold)).collect();
        let count = |of: fn(&Examples) -> usize| examples.iter().map(of).sum::<usize>();
        eprint_line(&format!(
            "{} words, {} cues with {} units; {} cues lost, {} contents out of reach",
            count(|examples| examples.cues.len()),
            count(|examples| examples.parts.len()),
            count(|examples| examples.parts.iter().map(|example| example.parts.len()).sum()),
            count(|examples| examples.lost.0),
            count(|examples| examples.lost.1),
        ));
        let whole = self.whole_examples(&train, &examples)?;
        let all: Vec<&Examples> = examples.iter().collect();
        let tables = Tables::learn(&all, &self.hyper, |message| eprint_line(&message));
        let bytes = tables.model(&whole, &self.hyper, |message| eprint_line(&message));
        for &confidence in &self.confidence {
            let mut options = QuoteOptions::default();
            options.min_confidence = confidence;
            let stage = Stage::with_model(&options, Model::from_file(bytes.clone())?)?;
            for (path, documents) in self.dev.iter().zip(&dev) {
                let figures = measure(documents, &stage)?;
                eprint_line(&format!("{}, confidence {confidence}:\n{figures}", path.display()));
            }
        }
        let Some(out) = &self.out else { return Ok(()) };
        write_model(out, "english.model", &bytes)
    }

    /// What models find in documents that they have not learned from.
    fn whole_examples(
        &self,
        train: &[Annotated],
        examples: &[Examples],
    ) -> anyhow::Result<Vec<YesNoExample>> {
        let mut parts: Vec<usize> = (0..train.len()).map(|at| at % self.folds.max(2)).collect();
        Random::new(self.hyper.seed()).shuffle(&mut parts);
        let mut found = Vec::new();
        for fold in 0..self.folds.max(2) {
            eprint_line(&format!("part {} of {}", fold + 1, self.folds.max(2)));
            let others = examples.iter().zip(&parts).filter(|(_, part)| **part != fold);
            let others: Vec<&Examples> = others.map(|(examples, _)| examples).collect();
            let bytes = Tables::learn(&others, &self.hyper, |_| ()).model(&[], &self.hyper, |_| ());
            let stage = Stage::with_model(&QuoteOptions::default(), Model::from_file(bytes)?)?;
            let own = train.iter().zip(&parts).filter(|(_, part)| **part == fold);
            found.extend(own.flat_map(|(document, _)| stage.whole_examples(&document.doc, &document.gold)));
        }
        Ok(found)
    }
}
