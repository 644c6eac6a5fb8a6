//! `demarche export`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use demarche::Document;
use demarche::corpus::{Output, OutputError, Target, part};
use demarche_export::{Brat, Page, conllu, file_name};
#[cfg(feature = "parquet")]
use demarche_export::{ColumnarError, ColumnarForm, DocumentTable};

use crate::args::{Color, ExportArgs, ExportFormat};
use crate::events::each_result;
use crate::{Exit, Told, tell};

/// Writes annotated documents in another format.
pub(crate) fn export(args: &ExportArgs, when: Color) -> anyhow::Result<Exit> {
    let mut sink: Box<dyn Sink> = match format(args)? {
        ExportFormat::Brat => Box::new(Folder::create(&args.output)?),
        ExportFormat::Conllu => {
            Box::new(File::create(&args.output, Kind::Conllu).map_err(|e| broken(&e, when))?)
        }
        ExportFormat::Html => {
            Box::new(File::create(&args.output, Kind::Html(Page::default())).map_err(|e| broken(&e, when))?)
        }
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => columnar(args, ColumnarForm::Parquet, when)?,
        #[cfg(feature = "parquet")]
        ExportFormat::Arrow => columnar(args, ColumnarForm::Arrow, when)?,
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
        #[cfg(feature = "parquet")]
        (None, "parquet") => ExportFormat::Parquet,
        #[cfg(feature = "parquet")]
        (None, "arrow" | "feather") => ExportFormat::Arrow,
        _ => bail!(
            "`{}`: the ending does not say which format: end it in .conllu, .html, .parquet or .arrow, or write --to FORMAT",
            args.output.display()
        ),
    })
}

#[cfg(feature = "parquet")]
fn columnar(args: &ExportArgs, form: ColumnarForm, when: Color) -> anyhow::Result<Box<dyn Sink>> {
    let kind = Kind::Columnar(Box::new(DocumentTable::new(form, args.offsets.into())?), args.output.clone());
    Ok(Box::new(File::create(&args.output, kind).map_err(|error| broken(&error, when))?))
}

#[cfg(feature = "parquet")]
fn failed(path: &Path, error: ColumnarError) -> OutputError {
    OutputError { path: path.to_owned(), source: io::Error::other(error) }
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
    #[cfg(feature = "parquet")]
    Columnar(Box<DocumentTable>, PathBuf),
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
            #[cfg(feature = "parquet")]
            Kind::Columnar(table, path) => table.add(doc).map_err(|error| failed(path, error))?,
        };
        self.output.write(&bytes)
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        let Self { mut output, kind } = *self;
        match kind {
            Kind::Conllu => {}
            Kind::Html(page) => output.write(page.end().as_bytes())?,
            #[cfg(feature = "parquet")]
            Kind::Columnar(table, path) => {
                let bytes = table.finish().map_err(|error| failed(&path, error))?;
                output.write(&bytes)?;
            }
        }
        output.finish()
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
        if name.exists() {
            bail!("`{}` is there already: name a folder that is to be made", name.display());
        }
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
