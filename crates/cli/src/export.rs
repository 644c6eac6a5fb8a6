//! `demarche export`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use demarche::Document;
use demarche::corpus::{
    FileSystem, Format as Ending, Opening, Output, OutputError, Results, Target, part, wants_free,
};
use demarche::runner::{Render, json_lines};
use demarche_export::{Brat, Page, conllu, file_name};

use crate::args::{Color, ExportArgs, ExportFormat, Format};
use crate::destination::Destination;
use crate::events::each_result;
use crate::{Exit, Told, tell};

/// Writes annotated documents in another format.
pub(crate) fn export(args: &ExportArgs, when: Color) -> anyhow::Result<Exit> {
    let format = format(args)?;
    if args.part_size.is_some()
        && matches!(format, ExportFormat::Brat | ExportFormat::Conllu | ExportFormat::Html)
    {
        bail!("`--part-size` is for JSON Lines, Parquet and Arrow");
    }
    let mut sink: Box<dyn Sink> = match format {
        ExportFormat::Brat => Box::new(Folder::create(&args.output)?),
        ExportFormat::Conllu => {
            Box::new(File::create(&args.output, Kind::Conllu).map_err(|e| broken(&e, when))?)
        }
        ExportFormat::Html => {
            Box::new(File::create(&args.output, Kind::Html(Page::default())).map_err(|e| broken(&e, when))?)
        }
        ExportFormat::Jsonl => Box::new(AsResults::create(args, Format::Jsonl, when)?),
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => Box::new(AsResults::create(args, Format::Parquet, when)?),
        #[cfg(feature = "parquet")]
        ExportFormat::Arrow => Box::new(AsResults::create(args, Format::Arrow, when)?),
    };
    let exit = each_result(&args.results, args.offsets, when, |doc| {
        sink.write(doc).map_err(|error| broken(&error, when).into())
    })?;
    sink.finish().map_err(|error| broken(&error, when))?;
    Ok(exit)
}

fn format(args: &ExportArgs) -> anyhow::Result<ExportFormat> {
    let ending = args.output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Ok(match (args.to, ending) {
        (Some(format), _) => format,
        (None, "conllu" | "conll") => ExportFormat::Conllu,
        (None, "html" | "htm") => ExportFormat::Html,
        (None, _) if Ending::of(&args.output) == Some(Ending::JsonLines) => ExportFormat::Jsonl,
        #[cfg(feature = "parquet")]
        (None, "parquet") => ExportFormat::Parquet,
        #[cfg(feature = "parquet")]
        (None, "arrow" | "feather") => ExportFormat::Arrow,
        _ => bail!(
            "`{}`: the ending does not say which format: end it in .conllu, .html, .jsonl, .parquet or .arrow, or write --to FORMAT",
            args.output.display()
        ),
    })
}

fn broken(error: &OutputError, when: Color) -> Told {
    if error.is_closed_pipe() {
        return Told(Exit::Success);
    }
    tell(&format!("error: {error}"), when);
    Told(Exit::Broken)
}

/// Takes documents, one after the other.
trait Sink {
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError>;
    fn finish(self: Box<Self>) -> Result<(), OutputError>;
}

/// One file for all documents.
struct File {
    output: Output,
    kind: Kind,
}

enum Kind {
    Conllu,
    Html(Page),
}

impl File {
    fn create(path: &Path, kind: Kind) -> Result<Self, OutputError> {
        let mut output = Output::create(&Target::named(path))?;
        if matches!(kind, Kind::Html(_)) {
            let title = path.file_stem().map_or_else(|| "demarche".into(), |name| name.to_string_lossy());
            output.write(Page::start(&title).as_bytes())?;
        }
        Ok(Self { output, kind })
    }
}

impl Sink for File {
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError> {
        let bytes = match &mut self.kind {
            Kind::Html(page) => page.document(doc).into_bytes(),
            Kind::Conllu => {
                let mut text = String::new();
                conllu(doc, &mut text);
                text.into_bytes()
            }
        };
        self.output.write(&bytes)
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        let Self { mut output, kind } = *self;
        if let Kind::Html(page) = kind {
            output.write(page.end().as_bytes())?;
        }
        output.finish()
    }
}

/// As a run writes them, a line or a row for each document, in one file or in parts.
struct AsResults {
    results: Results,
    render: Render,
}

impl AsResults {
    fn create(args: &ExportArgs, format: Format, when: Color) -> anyhow::Result<Self> {
        let to = Destination::of(Some(&args.output), Some(format), args.part_size)?;
        to.is_free()?;
        let results = to.open(Opening::from(&to.target), None).map_err(|error| broken(&error, when))?;
        Ok(Self { results, render: json_lines(args.offsets.into()) })
    }
}

impl Sink for AsResults {
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError> {
        self.results.write(&(self.render)(doc))
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        self.results.finish()
    }
}

/// A folder with two files for each document. It has its name once it is complete.
struct Folder {
    name: PathBuf,
    part: PathBuf,
    brat: Brat,
    n_documents: u64,
}

impl Folder {
    fn create(name: &Path) -> anyhow::Result<Self> {
        if name == Path::new("-") {
            bail!("brat wants a folder: name one with -o");
        }
        wants_free(&FileSystem, name)?;
        let part = part(name.components().as_path());
        let failed = || format!("cannot make `{}`, where the files are gathered", part.display());
        fs::create_dir(&part).with_context(failed)?;
        Ok(Self { name: name.to_owned(), part, brat: Brat::default(), n_documents: 0 })
    }

    fn put(&self, name: &str, text: &str) -> Result<(), OutputError> {
        let path = self.part.join(name);
        fs::write(&path, text).map_err(|source| OutputError { path, source })
    }
}

impl Sink for Folder {
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError> {
        self.n_documents += 1;
        let name = file_name(self.n_documents, doc.id());
        let annotations = self.brat.annotations(doc);
        self.put(&format!("{name}.txt"), doc.text())?;
        self.put(&format!("{name}.ann"), &annotations)
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        self.put("annotation.conf", &self.brat.configuration())?;
        let renamed: io::Result<()> = fs::rename(&self.part, &self.name);
        renamed.map_err(|source| OutputError { path: self.name, source })
    }
}
