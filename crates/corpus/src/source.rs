//! Which files a corpus is made of.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{ReadOptions, Reader};

/// How records stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One document a file: `.txt`.
    Text,
    /// One document a line, which is its text. No name says so.
    Lines,
    /// One document a line, a JSON object: `.jsonl`, `.ndjson`.
    JsonLines,
    /// JSON objects in a list, or one after the other over any number of lines: `.json`.
    Json,
    /// One document a row, the columns named by the first one: `.csv`.
    Csv,
    /// The same, with tabs between the columns: `.tsv`, `.tab`.
    Tsv,
    /// One web page a file: `.html`, `.htm`, `.xhtml`.
    Html,
    /// News in XML, NITF or NewsML-G2: `.xml`, `.nitf`.
    Xml,
    /// Pages of a crawl: `.warc`, `.wet`.
    Warc,
    /// One document a row of a table stored by columns: `.parquet`.
    Parquet,
    /// The same as an Arrow IPC file: `.arrow`, `.feather`.
    Arrow,
    /// Files of these formats in one: `.zip`, `.tar`, `.tgz`, `.tbz2`, `.txz`, `.tzst`. Told by what is in the file.
    Archive,
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, of one member or many: `.gz`.
    Gzip,
    /// Zstandard, of one frame or many: `.zst`.
    Zstd,
    /// xz, of one stream or many: `.xz`.
    Xz,
    /// bzip2, of one stream or many: `.bz2`.
    Bzip2,
}

impl Compression {
    /// By the end of a file's name.
    pub fn of(path: &Path) -> Self {
        match suffix(path).as_deref() {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            Some("xz") => Self::Xz,
            Some("bz2") => Self::Bzip2,
            _ => Self::None,
        }
    }
}

impl Format {
    /// By the end of a file's name, that of the compression aside.
    pub fn of(path: &Path) -> Option<Self> {
        let name = match Compression::of(path) {
            Compression::None => path.to_owned(),
            _ => path.with_extension(""),
        };
        Some(match suffix(&name)?.as_str() {
            "txt" => Self::Text,
            "jsonl" | "ndjson" => Self::JsonLines,
            "json" => Self::Json,
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "html" | "htm" | "xhtml" => Self::Html,
            "xml" | "nitf" => Self::Xml,
            "warc" | "wet" => Self::Warc,
            "parquet" => Self::Parquet,
            "arrow" | "feather" => Self::Arrow,
            "zip" | "tar" | "tgz" | "tbz2" | "txz" | "tzst" => Self::Archive,
            _ => return None,
        })
    }
}

fn suffix(path: &Path) -> Option<String> {
    path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase)
}

/// One file of a corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The file; `-` is the standard input.
    pub path: Arc<Path>,
    /// Its path within the folder that was named, or its file name: the `id` of a text file's document.
    pub name: String,
    /// How records stand in it; `None` to tell by its first byte.
    pub format: Option<Format>,
    /// Bytes on disk; 0 where that is not known.
    pub size: u64,
}

/// The files of a corpus, in the order in which they are read.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    files: Vec<SourceFile>,
    skipped: Vec<PathBuf>,
}

/// Why an input cannot be part of a corpus.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// There is no such file or folder, or it cannot be looked into.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The pattern is not well formed.
    #[error("`{pattern}` is not a pattern of file names: {source}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        source: glob::PatternError,
    },
    /// The pattern fits no file.
    #[error("no file fits `{pattern}`")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// The file's name does not say how to read it.
    #[error("cannot tell the format of `{}`: its name should end in .txt, .jsonl, .json, .csv, .tsv, .html, .xml, .warc, .parquet, .arrow, .zip or .tar, with or without .gz, .zst, .xz or .bz2, or the format be named", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds no file that can be read.
    #[error("no file that can be read (.txt, .jsonl, .json, .csv, .tsv, .html, .xml, .warc, .parquet, .arrow, .zip or .tar, with or without .gz, .zst, .xz or .bz2) is in `{}`", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

impl Corpus {
    /// Finds the files that the inputs name: files, folders, patterns such as `news/*.jsonl`, or `-` for the
    /// standard input.
    ///
    /// Inputs keep their order; a folder is looked into recursively, its files sorted by name, hidden ones passed
    /// over, as are links to folders. In a folder, files of other kinds are passed over too and listed in
    /// [`skipped`](Self::skipped). `format` overrides what the names of files say.
    ///
    /// # Errors
    /// The first input that is not there or cannot be read as a corpus.
    pub fn find<I>(inputs: I, format: Option<Format>) -> Result<Self, CorpusError>
    where
        I: IntoIterator<Item: AsRef<Path>>,
    {
        let mut corpus = Self::default();
        for input in inputs {
            corpus.add(input.as_ref(), format)?;
        }
        Ok(corpus)
    }

    /// The same, but files whose names are those of tables, Parquet and Arrow IPC, are read as such whatever was said of all of them.
    #[must_use]
    pub fn with_tables(mut self) -> Self {
        for file in &mut self.files {
            let own = Format::of(&file.path).filter(|own| matches!(own, Format::Parquet | Format::Arrow));
            file.format = own.or(file.format);
        }
        self
    }

    /// The files, in the order in which they are read.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Files in the folders that are of no kind that can be read.
    pub fn skipped(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// Bytes on disk of all files; `None` if the standard input is among them.
    pub fn size(&self) -> Option<u64> {
        let known = self.files.iter().all(|file| &*file.path != Path::new(STDIN));
        known.then(|| self.files.iter().map(|file| file.size).sum())
    }

    /// Reads the records of all files, one after the other.
    pub fn read(&self, options: ReadOptions) -> Reader {
        Reader::new(self.files.clone(), options)
    }

    fn add(&mut self, input: &Path, format: Option<Format>) -> Result<(), CorpusError> {
        if input == Path::new(STDIN) {
            self.files.push(SourceFile { path: input.into(), name: "stdin".to_owned(), format, size: 0 });
            return Ok(());
        }
        match std::fs::metadata(input) {
            Ok(found) if found.is_dir() => self.add_folder(input, format),
            Ok(found) => self.add_file(input, file_name(input), format, found.len()),
            Err(source) => match input.to_str().filter(|pattern| pattern.contains(['*', '?', '['])) {
                Some(pattern) => self.add_pattern(pattern, format),
                None => Err(CorpusError::Read { path: input.to_owned(), source }),
            },
        }
    }

    fn add_file(
        &mut self,
        path: &Path,
        name: String,
        format: Option<Format>,
        size: u64,
    ) -> Result<(), CorpusError> {
        let format = format.or_else(|| Format::of(path));
        let format = format.ok_or_else(|| CorpusError::Format { path: path.to_owned() })?;
        self.files.push(SourceFile { path: path.into(), name, format: Some(format), size });
        Ok(())
    }

    fn add_folder(&mut self, folder: &Path, format: Option<Format>) -> Result<(), CorpusError> {
        let before = self.files.len();
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let error = |source| CorpusError::Read { path: folder.clone(), source };
            for entry in std::fs::read_dir(&folder).map_err(error)? {
                let entry = entry.map_err(error)?;
                if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    continue;
                }
                if entry.file_type().map_err(error)?.is_dir() {
                    folders.push(entry.path());
                } else if std::fs::metadata(entry.path()).is_ok_and(|linked| linked.is_file()) {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        for path in found {
            let size = std::fs::metadata(&path).map_or(0, |found| found.len());
            let name = name_within(&path, folder);
            match self.add_file(&path, name, format, size) {
                Err(CorpusError::Format { path }) => self.skipped.push(path),
                added => added?,
            }
        }
        if self.files.len() == before {
            return Err(CorpusError::Empty { path: folder.to_owned() });
        }
        Ok(())
    }

    fn add_pattern(&mut self, pattern: &str, format: Option<Format>) -> Result<(), CorpusError> {
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
        let paths = glob::glob_with(pattern, options)
            .map_err(|source| CorpusError::Pattern { pattern: pattern.to_owned(), source })?;
        let mut any = false;
        for path in paths {
            let path = path
                .map_err(|error| CorpusError::Read { path: error.path().to_owned(), source: error.into() })?;
            any = true;
            self.add(&path, format)?;
        }
        if any { Ok(()) } else { Err(CorpusError::NoMatch { pattern: pattern.to_owned() }) }
    }
}

/// What names the standard input.
pub(crate) const STDIN: &str = "-";

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The path within a folder, with `/` on every system, so that ids are the same everywhere.
fn name_within(path: &Path, folder: &Path) -> String {
    let within = path.strip_prefix(folder).unwrap_or(path);
    within.iter().map(OsStr::to_string_lossy).collect::<Vec<_>>().join("/")
}
