//! `demarche evaluate`.

use std::fmt::Display;
use std::path::Path;

use anyhow::bail;
use clap::ValueEnum;
use demarche::corpus::{Failed, Format, Layers, OutputError, ReadOptions, Record, Target};
use demarche::runner::{self, Render, Report, RunError, Sink, json_lines};
use demarche::{Document, Offsets};
use demarche_evaluate::{self as measure, Documents, Evaluation, Options, ScoredLayer};
use serde::Serialize;

use crate::args::{Color, EvaluateArgs, OffsetUnit};
use crate::events::find;
use crate::progress::{self, Bar};
use crate::{Exit, Told, check, output, tell, view};

/// Scores predicted documents, or those of a pipeline, against gold ones.
pub(crate) fn evaluate(args: &EvaluateArgs, when: Color) -> anyhow::Result<Exit> {
    let options = Options {
        labels: args.labels.as_deref().map(str::parse).transpose()?,
        keep_singletons: args.keep_singletons,
    };
    let loaded = args.pipeline.as_deref().map(|pipeline| check::load(pipeline, when)).transpose()?;
    let (records, gold) = read(&args.gold, args.offsets, "--offsets", when)?;
    let layers = layers(args, &gold).map_err(|error| broken(error, when))?;
    if layers.is_empty() {
        bail!("no document of `{}` has a layer to score", args.gold.display());
    }
    let (predicted, exit) = match (loaded, &args.predicted) {
        (Some(loaded), _) => predict(args, &loaded, records, when)?,
        (None, Some(predicted)) => {
            drop(records);
            let unit = args.predicted_offsets.or(args.offsets);
            (read(predicted, unit, "--predicted-offsets", when)?.1, Exit::Success)
        }
        (None, None) => bail!("there is nothing to score: name PREDICTED or a --pipeline"),
    };
    let scored = layers.into_iter().map(|layer| measure::score(layer, &gold, &predicted, &options));
    let scored: Vec<_> = scored.collect::<Result<_, _>>().map_err(|error| broken(error, when))?;
    show(args, &scored, when)?;
    Ok(exit)
}

/// Tells that the input is not what it should be.
fn broken(error: impl Display, when: Color) -> anyhow::Error {
    tell(&format!("error: {error}"), when);
    Told(Exit::Broken).into()
}

/// Reads documents: as records for a pipeline, and with their layers.
fn read(
    path: &Path,
    unit: Option<OffsetUnit>,
    option: &str,
    when: Color,
) -> anyhow::Result<(Vec<Record>, Documents)> {
    let offsets = unit.map_or(Offsets::Char, Offsets::from);
    let corpus = find(&[path])?;
    // A line holds its layers however it is read, a row where they are asked for.
    let is_table = corpus.files().iter().any(|file| file.format != Some(Format::JsonLines));
    let layers = if is_table { Layers::Keep(offsets) } else { Layers::Drop };
    let options = ReadOptions { max_record: u64::MAX, layers, ..ReadOptions::default() };
    let mut records = Vec::new();
    let mut documents = Documents::default();
    for record in corpus.read(options) {
        let record = record.map_err(|error| broken(error, when))?;
        let line = record.line().expect("a record of JSON Lines is a line, a row is made one");
        let document = measure::Document::parse(line, offsets, record.place.to_string());
        let document = document.map_err(|error| broken(error, when))?;
        records.push(question(&record, &document));
        documents.add(document).map_err(|error| broken(error, when))?;
    }
    // Who names a unit is believed.
    if let (None, Some(doubt)) = (unit, documents.doubt()) {
        let likelier = OffsetUnit::from(doubt.likelier);
        let name = likelier.to_possible_value().expect("no unit is hidden");
        let message =
            format!("`{}`: {doubt}: name the unit with `{option} {}`", path.display(), name.get_name());
        return Err(broken(message, when));
    }
    Ok((records, documents))
}

impl From<Offsets> for OffsetUnit {
    fn from(offsets: Offsets) -> Self {
        match offsets {
            Offsets::Char => Self::Char,
            Offsets::Byte => Self::Byte,
            Offsets::Utf16 => Self::Utf16,
        }
    }
}

/// The keys of a document that hold what a pipeline is to find out.
const ANSWERS: [&str; 7] = ["sentences", "tokens", "entities", "chains", "quotes", "sanctions", "layers"];

/// A document without its layers.
fn question(record: &Record, document: &measure::Document) -> Record {
    let mut meta = record.document.meta().clone();
    meta.retain(|key, _| !ANSWERS.contains(&key.as_str()));
    let bare = Document::new(document.id().to_owned(), document.text().to_owned()).with_meta(meta);
    Record::new(record.place.clone(), bare)
}

/// The layers that were asked for, or those that gold has.
fn layers(args: &EvaluateArgs, gold: &Documents) -> Result<Vec<ScoredLayer>, measure::Error> {
    if args.layer.is_empty() {
        let has = |layer: ScoredLayer| layer.is_in(gold).map(|is_in| is_in.then_some(layer));
        return ScoredLayer::ALL.into_iter().filter_map(|layer| has(layer).transpose()).collect();
    }
    let mut layers: Vec<_> = args.layer.iter().map(|layer| layer.0).collect();
    layers.sort_unstable();
    layers.dedup();
    Ok(layers)
}

/// Runs the pipeline over the documents; those that fail are told of and missing in what it gives.
fn predict(
    args: &EvaluateArgs,
    loaded: &runner::LoadedPipeline,
    records: Vec<Record>,
    when: Color,
) -> anyhow::Result<(Documents, Exit)> {
    let mut options = check::run_options(loaded)?;
    options.threads = args.threads.map_or(options.threads, usize::from);
    let mut bar = Bar::of_documents(records.len(), args.quiet);
    let mut predictions = Predictions::default();
    let records = records.into_iter().map(Ok);
    let done = runner::run(loaded, records, &mut predictions, &options, &mut |report| bar.show(report));
    bar.finish();
    let report = done.map_err(|error| stopped(&error, when))?;
    let documents = predictions.documents.map_err(|error| broken(error, when))?;
    Ok((documents, end(args, &report, &predictions.failed, when)))
}

/// Tells why a run came to no end.
fn stopped(error: &RunError, when: Color) -> anyhow::Error {
    tell(&format!("error: {error}"), when);
    Told(if error.is_bug() { Exit::Bug } else { Exit::Broken }).into()
}

/// Tells how the run went.
fn end(args: &EvaluateArgs, report: &Report, failed: &[Failed], when: Color) -> Exit {
    if !args.quiet {
        tell(&progress::summary(report), when);
    }
    for Failed { source, stage, message, .. } in failed {
        tell(&format!("error: {source}: stage `{stage}`: {message}"), when);
    }
    if failed.is_empty() {
        return Exit::Success;
    }
    let message =
        format!("error: {} of {} documents failed, and count as missing", report.n_failed, report.n_in);
    tell(&message, when);
    Exit::SomeFailed
}

/// What a pipeline predicts, read as a file of it would be.
struct Predictions {
    documents: Result<Documents, measure::Error>,
    failed: Vec<Failed>,
}

impl Default for Predictions {
    fn default() -> Self {
        Self { documents: Ok(Documents::default()), failed: Vec::new() }
    }
}

impl Sink for Predictions {
    fn render(&self) -> Render {
        json_lines(Offsets::Char)
    }

    fn document(&mut self, record: &Record, rendered: &[u8]) -> Result<(), OutputError> {
        let json = String::from_utf8_lossy(rendered);
        let document = measure::Document::parse(&json, Offsets::Char, record.place.to_string());
        if let Ok(documents) = &mut self.documents
            && let Err(error) = document.and_then(|document| documents.add(document))
        {
            self.documents = Err(error);
        }
        Ok(())
    }

    fn failed(&mut self, failed: &Failed) -> Result<(), OutputError> {
        self.failed.push(failed.clone());
        Ok(())
    }
}

/// A layer's figures as JSON has them.
#[derive(Serialize)]
struct Scored<'a> {
    gold: &'a Path,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pipeline: Option<&'a Path>,
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a str>,
}

/// Shows the figures, and writes them to the file that was asked for.
fn show(args: &EvaluateArgs, scored: &[Evaluation], when: Color) -> anyhow::Result<()> {
    let json = args.json.as_deref().map(|path| (Target::named(path), json(args, scored)));
    if let Some((Target::Stdout, json)) = &json {
        return output::print(json);
    }
    let tables: Vec<_> = scored.iter().map(Evaluation::to_string).collect();
    output::print(&view::printable(&tables.join("\n")))?;
    if let Some((target, json)) = json {
        output::write(&target, json.as_bytes()).map_err(|error| broken(error, when))?;
    }
    Ok(())
}

fn json(args: &EvaluateArgs, scored: &[Evaluation]) -> String {
    let layers: Vec<_> = scored
        .iter()
        .map(|evaluation| Scored {
            gold: &args.gold,
            predicted: args.predicted.as_deref(),
            pipeline: args.pipeline.as_deref(),
            evaluation,
            labels: args.labels.as_deref().filter(|_| evaluation.layer == ScoredLayer::Entities),
        })
        .collect();
    let mut json = serde_json::to_string_pretty(&layers).expect("figures are plain numbers and text");
    json.push('\n');
    json
}
