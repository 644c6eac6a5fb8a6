//! `demarche events`.

use std::path::{Path, PathBuf};

use anyhow::bail;
use demarche::Document;
use demarche::corpus::{Corpus, CorpusError, Format, Layers, ReadOptions, Target};
use demarche_export::{Form, Near, Shape, Table};

use crate::args::{Color, EventsArgs, OffsetUnit};
use crate::{Exit, Told, output, tell};

/// Makes a table of the sanction events of annotated documents.
pub(crate) fn events(args: &EventsArgs, when: Color) -> anyhow::Result<Exit> {
    let form = form(&args.output)?;
    let shape = match (args.dyads, args.by.as_slice()) {
        (true, _) => Shape::Dyads,
        (false, []) => Shape::Events,
        (false, keys) => Shape::Counts(keys.to_vec()),
    };
    let mut table = Table::new(shape);
    let mut near = args.dedupe.then(Near::default);
    let exit = each_result(&args.results, args.offsets, when, |doc| {
        if near.as_mut().is_none_or(|near| near.is_new(doc.text())) {
            table.add(doc);
        }
        Ok(())
    })?;
    let mut bytes = Vec::new();
    table.write(form, &mut bytes)?;
    let target = Target::named(&args.output);
    if target == Target::Stdout {
        output::print(&String::from_utf8_lossy(&bytes))?;
        return Ok(exit);
    }
    output::write(&target, &bytes).map_err(|error| {
        tell(&format!("error: {error}"), when);
        Told(Exit::Broken)
    })?;
    Ok(exit)
}

/// Does something with each annotated document; tells what cannot be read, and goes on.
pub(crate) fn each_result(
    results: &[PathBuf],
    offsets: OffsetUnit,
    when: Color,
    mut take: impl FnMut(&Document<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let mut exit = Exit::Success;
    let corpus = find(results)?;
    let options = ReadOptions { layers: Layers::Keep(offsets.into()), ..ReadOptions::default() };
    for record in corpus.read(options) {
        match record {
            Ok(record) => take(&record.document)?,
            Err(error) => {
                tell(&format!("error: {error}"), when);
                exit = Exit::SomeFailed;
            }
        }
    }
    Ok(exit)
}

/// Finds files of annotated documents: JSON Lines, whatever their names are, and tables.
pub(crate) fn find(results: &[impl AsRef<Path>]) -> Result<Corpus, CorpusError> {
    Ok(Corpus::find(results, Some(Format::JsonLines))?.with_tables())
}

/// The form that a file's ending asks for.
fn form(path: &Path) -> anyhow::Result<Form> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    Ok(match ending.as_str() {
        _ if path == Path::new("-") => Form::Csv,
        "csv" => Form::Csv,
        "jsonl" | "ndjson" => Form::JsonLines,
        #[cfg(feature = "parquet")]
        "parquet" => Form::Parquet,
        #[cfg(not(feature = "parquet"))]
        "parquet" => bail!(
            "`{}`: this program was built without Parquet: write .csv or .jsonl, which any Parquet tool converts",
            path.display()
        ),
        _ => {
            bail!(
                "`{}`: the ending does not say which form: end it in .csv, .jsonl or .parquet",
                path.display()
            )
        }
    })
}
