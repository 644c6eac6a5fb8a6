//! Runs a pipeline file over a corpus: `annotate PIPELINE OUTPUT INPUT…`, with `-` for the standard output and input.
//!
//! Its stages are `tokenize` and those of plugins, and one of its own, `count`, to show how little that takes.
#![allow(clippy::print_stderr, reason = "it is a command")]

use std::process::ExitCode;

use demarche_core::{
    BuildError, Component, Document, Layer, Offsets, Registry, Span, Stage, StageError, StageKind,
};
use demarche_corpus::{Corpus, Target};
use demarche_runner::{Files, Report, RunOptions, load_pipeline, run};

type Error = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(pipeline), Some(output)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: annotate PIPELINE OUTPUT INPUT…");
        return ExitCode::from(2);
    };
    match annotate(&pipeline, &output, arguments) {
        Ok(report) => {
            eprintln!("{} documents, {} words, {} failed", report.n_out, report.words, report.n_failed);
            ExitCode::from(u8::from(report.n_failed > 0))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn annotate(pipeline: &str, output: &str, inputs: impl Iterator<Item = String>) -> Result<Report, Error> {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    registry.add(StageKind::of::<Count>())?;
    let loaded = load_pipeline(pipeline.as_ref(), registry, 0)?;

    let documents = Corpus::find(inputs, None)?.read(loaded.settings.input.read_options());
    let failed = Target::named("failed.jsonl".as_ref());
    let mut files = Files::create(&Target::named(output.as_ref()), Offsets::Char, failed)?;
    let options = RunOptions::from(&loaded.settings.run);
    let report = run(&loaded, documents, &mut files, &options, &mut |_| {})?;
    files.finish(&report)?;
    Ok(report)
}

/// Says of each sentence how many tokens it has.
struct Count;

/// It has no options; with some, this would hold them, each with a doc comment and a default.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct CountOptions {}

impl Component for Count {
    const NAME: &'static str = "count";
    const SUMMARY: &'static str = "Number of tokens in each sentence";
    const READS: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    const WRITES: &'static [Layer] = &[Layer::open("count")];
    type Options = CountOptions;

    fn build(CountOptions {}: CountOptions) -> Result<Self, BuildError> {
        Ok(Self)
    }
}

impl Stage for Count {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let sentences: Vec<Span> = doc.sentences().to_vec();
        for sentence in sentences {
            let n_tokens = doc.tokens_in(sentence).len();
            doc.annotate("count", sentence, &n_tokens.into());
        }
        Ok(())
    }
}
