//! `demarche show`.

use demarche::corpus::{Corpus, Layers, Record};
use demarche::runner::{self, LoadedPipeline};
use demarche::{Document, Layer};

use crate::args::{Color, ShowArgs};
use crate::view::{Paint, View};
use crate::{Exit, check, output, tell};

/// Shows the documents, one after the other; those that have no layers yet are processed first.
pub(crate) fn show(args: &ShowArgs, when: Color, paint: Paint) -> anyhow::Result<Exit> {
    let corpus = Corpus::find(&args.inputs, None)?;
    let view = View { paint, text: !args.lists };
    let mut pipeline: Option<LoadedPipeline> = None;
    let mut exit = Exit::Success;
    let options =
        demarche::corpus::ReadOptions { layers: Layers::Keep(args.offsets.into()), ..Default::default() };
    for record in corpus.read(options) {
        let shown = match record {
            Ok(record) if has_layers(&record.document) => Ok(record.document),
            Ok(record) => {
                let loaded = match &mut pipeline {
                    Some(loaded) => loaded,
                    none => none.insert(check::load(&args.pipeline, when)?),
                };
                process(record, loaded)
            }
            Err(error) => Err(error.to_string()),
        };
        match shown {
            Ok(doc) => output::print(&view.render(&doc))?,
            Err(message) => {
                tell(&format!("error: {message}"), when);
                exit = Exit::SomeFailed;
            }
        }
    }
    Ok(exit)
}

fn has_layers(doc: &Document<'_>) -> bool {
    Layer::BUILT_IN.iter().any(|layer| doc.has(layer))
}

/// Runs the pipeline over one document, with all that `run` does about limits and panics.
fn process(record: Record, loaded: &LoadedPipeline) -> Result<Document<'static>, String> {
    let options = check::run_options(loaded).map_err(|error| error.to_string())?;
    match runner::annotate(loaded, record, &options) {
        Ok(Ok(record)) => Ok(record.document),
        Ok(Err(failed)) => Err(format!("{}: stage `{}`: {}", failed.source, failed.stage, failed.message)),
        Err(error) => Err(error.to_string()),
    }
}
