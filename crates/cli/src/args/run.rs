//! What `demarche run` can be told.

use std::path::PathBuf;

use bytesize::ByteSize;
use clap::{Args, ValueEnum, ValueHint};
use demarche::corpus::Comparison;

use super::{OffsetUnit, part_size};

pub(super) const EXAMPLES: &str = "\
Examples:
  demarche run news articles/ -o results.jsonl
  demarche run pipelines/quotes.toml 'archive/2024-*.jsonl.gz' --threads 8 -o quotes.jsonl.zst
  demarche run news archive.csv --input text=body --input date=published -o results.jsonl
  curl -s https://example.org/article.txt | demarche run news - --format pretty
  demarche run news archive/ -o results.jsonl --resume
  demarche run news archive/ -o results.parquet --part-size 256MB
  demarche run news archive/ --where 'date>=2024-06' --sample 100 -o sample.jsonl
  demarche run news archive/ --limit 1000 -o results.jsonl --trace trace.json
  demarche run news --retry-failed results.jsonl.failed.jsonl -o retried.jsonl

Inputs: .txt, .html, .xml (NITF, NewsML-G2), .jsonl, .json, .csv, .tsv and .warc, each also .gz, .zst, .xz and .bz2,
and .zip and .tar of them.
Ready pipelines: news, quotes, sanctions, words, entities.";

/// What `demarche run` can be told.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct RunArgs {
    /// Pipeline file, or the name of a ready pipeline.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) pipeline: PathBuf,
    /// Folders, files, patterns, or `-` for standard input.
    #[arg(required_unless_present = "retry_failed", value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<String>,
    /// Processes the documents of a failed-documents file again, instead of INPUT.
    #[arg(long, value_name = "FILE", conflicts_with = "inputs", value_hint = ValueHint::FilePath)]
    pub(crate) retry_failed: Vec<String>,
    /// File for the results instead of standard output: `.gz`, `.zst`, `.xz` and `.bz2` are compressed, `.parquet` and
    /// `.arrow` are tables. A name that ends in `/` is that of a folder of parts.
    #[arg(short, long, value_name = "OUTPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,
    /// Writes OUTPUT as a folder of parts of about so many bytes, `part-00000.parquet` and so on [default: one file, or
    /// 256MB where OUTPUT ends in `/`].
    #[arg(long, value_name = "SIZE", requires = "output", value_parser = part_size)]
    pub(crate) part_size: Option<ByteSize>,
    /// File for the documents that failed [default: OUTPUT with `.failed.jsonl` at its end, or `failed.jsonl`].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) failed: Option<PathBuf>,
    /// Says a key of `[input]` here instead of in the pipeline file, such as `text=body.text`, `format=csv`,
    /// `encoding=windows-1252`; can be repeated.
    #[arg(short, long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) input: Vec<(String, String)>,
    /// How the results are written [default: by the ending of OUTPUT; jsonl where it says nothing].
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Worker threads [default: the pipeline's, or one a core].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Unit of the offsets [default: the pipeline's, or char].
    #[arg(long, value_enum)]
    pub(crate) offsets: Option<OffsetUnit>,
    /// Where documents are processed [default: the pipeline's, or none].
    #[arg(long, value_enum, value_name = "WHERE")]
    pub(crate) isolate: Option<Isolation>,
    /// Refuse plugins that the pipeline does not pin.
    #[arg(long)]
    pub(crate) require_pins: bool,
    /// Goes on with the run that began OUTPUT and did not end; where there is none, begins. A table in one file cannot be
    /// gone on with, in parts it can.
    #[arg(long, conflicts_with = "restart", requires = "output")]
    pub(crate) resume: bool,
    /// Begins anew, and throws away what a run that did not end has left of OUTPUT.
    #[arg(long, requires = "output")]
    pub(crate) restart: bool,
    /// Only documents whose metadata pass a comparison: KEY=VALUE, or !=, <, <=, >, >= instead of =; given more than once,
    /// all must pass.
    #[arg(long = "where", value_name = "COMPARISON")]
    pub(crate) comparisons: Vec<Comparison>,
    /// Only a random sample of N documents of those that pass.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) sample: Option<u32>,
    /// Decides what is in the sample.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "sample")]
    pub(crate) seed: u64,
    /// Only the first N documents of those that are left.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// File for the accounts as JSON: documents, failures, items of each layer, time of each stage, slowest documents.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: Option<PathBuf>,
    /// File for what each thread does when, an event for each stage of each document: for `chrome://tracing` and Perfetto.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trace: Option<PathBuf>,
    /// No progress bar and no summary on standard error.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// A key and a value with `=` between them.
fn key_value(argument: &str) -> Result<(String, String), String> {
    let parts = argument.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    parts.ok_or_else(|| "write KEY=VALUE, such as text=body".to_owned())
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line.
    Jsonl,
    /// For people: the view of `demarche show`.
    Pretty,
    /// A document a row, its layers as lists of records, for pandas, R and the like.
    #[cfg(feature = "parquet")]
    Parquet,
    /// The same as an Arrow IPC file, also called Feather.
    #[cfg(feature = "parquet")]
    Arrow,
}

/// Where documents are processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Isolation {
    /// In this process.
    None,
    /// In child processes: a plugin that crashes or hangs costs its document alone.
    Process,
    /// In this process, but for those that were in hand when the run that is gone on with was cut off.
    Suspects,
}
