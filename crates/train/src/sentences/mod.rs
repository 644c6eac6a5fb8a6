//! `demarche-train sentences`: where sentences end.

mod learn;
mod text;

use std::path::PathBuf;

use clap::Args;
use demarche_core::{Document, Stage};
use demarche_model::Writer;
use demarche_tokenize::{KIND, Model, Tokenize, TokenizeOptions};

use crate::report::{eprint_line, write_model};
use learn::{Examples, Hyper};
use text::Text;

/// Trains where sentences end on treebanks in CoNLL-U.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  demarche-train sentences --train ewt-train.conllu gum-train.conllu --dev ewt-dev.conllu gum-dev.conllu --out models")]
pub(crate) struct Sentences {
    /// Treebanks to learn from
    #[arg(long, required = true, num_args = 1.., value_name = "CONLLU")]
    train: Vec<PathBuf>,
    /// Treebanks to measure on at the end
    #[arg(long, num_args = 1.., value_name = "CONLLU")]
    dev: Vec<PathBuf>,
    /// Folder for `sentences.model`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    hyper: Hyper,
}

impl Sentences {
    /// Trains and writes the model.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let read =
            |paths: &[PathBuf]| paths.iter().map(|path| text::read(path)).collect::<Result<Vec<_>, _>>();
        let train: Vec<Text> = read(&self.train)?.into_iter().flatten().collect();
        let dev = read(&self.dev)?;
        let examples = Examples::of(&train);
        eprint_line(&format!("{} texts, {examples}", train.len()));
        let mut writer = Writer::new(KIND);
        writer.bytes("weights", &learn::learn(&examples, &self.hyper));
        let bytes = writer.finish();
        let model = Model::from_file(bytes.clone())?;
        let learned = Tokenize::with_model(TokenizeOptions::default(), model);
        for (path, texts) in self.dev.iter().zip(&dev) {
            eprint_line(&format!("  {}: F1 {:.2}", path.display(), 100.0 * f1(&learned, texts)?));
        }
        write_model(&self.out, "sentences.model", &bytes)
    }
}

/// F1 over sentence spans.
#[expect(clippy::cast_precision_loss, reason = "treebanks are far smaller than 2^52 sentences")]
fn f1(stage: &Tokenize, texts: &[Text]) -> anyhow::Result<f64> {
    let (mut correct, mut predicted, mut gold) = (0, 0, 0);
    for text in texts {
        let mut doc = Document::new("", text.text.as_str());
        stage.process(&mut doc)?;
        correct += doc.sentences().iter().filter(|span| text.sentences.contains(span)).count();
        predicted += doc.sentences().len();
        gold += text.sentences.len();
    }
    Ok(2.0 * correct as f64 / (predicted + gold) as f64)
}
