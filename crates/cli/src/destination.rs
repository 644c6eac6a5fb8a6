//! Where results go, and in what form: a file, standard output, or a folder of parts.

use std::path::{Path, PathBuf};

use anyhow::bail;
use bytesize::ByteSize;
use demarche::corpus::{
    Compression, FileSystem, Format as Ending, Mark, Opening, OutputError, Parting, Results, Target, part,
    wants_free,
};
#[cfg(feature = "parquet")]
use demarche_export::{ColumnarForm, DocumentTable};

use crate::args::Format;

/// Size of a part where none is said: what Spark and others write, small enough for the memory of who reads it.
const PART_BYTES: u64 = 256_000_000;

/// Where results go.
pub(crate) struct Destination {
    pub(crate) target: Target,
    pub(crate) format: Format,
    parting: Option<Parting>,
}

impl Destination {
    /// As it stands on the command line. A name that ends in `/` is that of a folder.
    pub(crate) fn of(
        output: Option<&Path>,
        format: Option<Format>,
        part_size: Option<ByteSize>,
    ) -> anyhow::Result<Self> {
        let Some(output) = output.filter(|output| *output != Path::new("-")) else {
            if part_size.is_some() {
                bail!("`--part-size` needs a folder, which standard output is not: name one with -o");
            }
            return Ok(Self {
                target: Target::Stdout,
                format: format.unwrap_or(Format::Jsonl),
                parting: None,
            });
        };
        let name: PathBuf = output.components().collect();
        let format = match format {
            Some(format) => format,
            None => by_ending(&name)?,
        };
        let is_folder = output.as_os_str().as_encoded_bytes().ends_with(b"/");
        let bytes = part_size.map(|size| size.as_u64()).or(is_folder.then_some(PART_BYTES));
        if bytes.is_none() && name.is_dir() {
            bail!(
                "`{0}` is a folder: name a file, or a folder that is to be made, as `{0}/results/`",
                name.display()
            );
        }
        let parting = bytes.map(|bytes| Parting { bytes, ending: ending(format, &name) });
        let target = Target::File(name);
        if parting.is_some() && target.file().is_none() {
            bail!("`{}` is no folder: parts need one that is to be made", output.display());
        }
        Ok(Self { target, format, parting })
    }

    /// Says so if there is something where a folder is to be made, or a folder where a file is to be.
    pub(crate) fn is_free(&self) -> anyhow::Result<()> {
        match (&self.parting, self.target.file()) {
            (Some(_), Some(name)) => wants_free(&FileSystem, name)?,
            // It may hold the work of hours, and is not thrown away as a file is.
            (None, Some(name)) if part(name).is_dir() => bail!(
                "`{}` is a folder, of results in parts that are not complete: go on with that run, or move it",
                part(name).display()
            ),
            _ => {}
        }
        Ok(())
    }

    /// Why a run that writes here cannot be gone on with, if it cannot.
    pub(crate) fn lasts_whole(&self) -> Option<&'static str> {
        let is_table = !matches!(self.format, Format::Jsonl | Format::Pretty);
        (is_table && self.parting.is_none()).then_some(
            "a table in one file is of use only as a whole: add `--part-size 256MB` for one in parts",
        )
    }

    /// What of it decides the output, for the journal.
    pub(crate) fn part_bytes(&self) -> Option<u64> {
        self.parting.as_ref().map(|parting| parting.bytes)
    }

    /// Opens it; what is there up to a mark is kept.
    pub(crate) fn open(&self, mut opening: Opening, kept: Option<Mark>) -> Result<Results, OutputError> {
        let results = if let Some(parting) = &self.parting {
            Results::parted(opening, parting.clone(), kept)?
        } else {
            opening.kept = kept.map(|kept| kept.bytes);
            Results::open(opening)?
        };
        #[cfg(feature = "parquet")]
        if let Some(form) = self.form() {
            let table = DocumentTable::new(form).map_err(|error| {
                let path = self.target.file().unwrap_or(Path::new("-")).to_owned();
                OutputError { path, source: std::io::Error::other(error) }
            })?;
            return Ok(results.as_rows(Box::new(table)));
        }
        Ok(results)
    }

    #[cfg(feature = "parquet")]
    const fn form(&self) -> Option<ColumnarForm> {
        match self.format {
            Format::Jsonl | Format::Pretty => None,
            Format::Parquet => Some(ColumnarForm::Parquet),
            Format::Arrow => Some(ColumnarForm::Arrow),
        }
    }
}

/// The format that a file's ending asks for.
fn by_ending(name: &Path) -> anyhow::Result<Format> {
    let is_compressed = Compression::of(name) != Compression::None;
    Ok(match Ending::of(name) {
        Some(Ending::Parquet | Ending::Arrow) if is_compressed => bail!(
            "`{}`: tables are compressed within, where they are: end the name in .parquet or .arrow",
            name.display()
        ),
        #[cfg(feature = "parquet")]
        Some(Ending::Parquet) => Format::Parquet,
        #[cfg(feature = "parquet")]
        Some(Ending::Arrow) => Format::Arrow,
        #[cfg(not(feature = "parquet"))]
        Some(Ending::Parquet | Ending::Arrow) => bail!(
            "`{}`: this program was built without Parquet and Arrow: write .jsonl, which their tools convert",
            name.display()
        ),
        _ => Format::Jsonl,
    })
}

/// End of the name of a part.
fn ending(format: Format, name: &Path) -> String {
    let compression = match Compression::of(name) {
        Compression::None => String::new(),
        _ => name.extension().map(|ending| format!(".{}", ending.display())).unwrap_or_default(),
    };
    match format {
        Format::Jsonl => format!(".jsonl{compression}"),
        Format::Pretty => format!(".txt{compression}"),
        #[cfg(feature = "parquet")]
        Format::Parquet => ".parquet".to_owned(),
        #[cfg(feature = "parquet")]
        Format::Arrow => ".arrow".to_owned(),
    }
}
