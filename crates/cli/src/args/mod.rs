//! The command line: what a person can type, with its help.

mod run;

use std::path::PathBuf;

use bytesize::ByteSize;
use clap::builder::PossibleValue;
use clap::builder::styling::{AnsiColor, Effects, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use demarche_evaluate::ScoredLayer;
use demarche_export::By;

use crate::plugin;

pub(crate) use run::{Format, Isolation, RunArgs};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// Reads news and answers who is named, who said what, and who sanctions whom.
#[derive(Debug, Parser)]
#[command(name = "demarche", version, styles = STYLES, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use color.
    #[arg(long, global = true, value_name = "WHEN", default_value_t = Color::Auto, value_enum, hide_possible_values = true)]
    pub(crate) color: Color,
}

const EXAMPLES: &str = "\
Examples:
  demarche show article.txt                       read an article: names, quotations, sanctions
  demarche run news articles/ -o results.jsonl    process a folder with a ready pipeline
  demarche run mine.toml 'in/*.jsonl.gz' | jq .quotes
  demarche check mine.toml                        find what is wrong with a pipeline file
  demarche stages quote                           the options of a stage
  demarche evaluate gold.jsonl --pipeline news    how good a pipeline is on annotated documents
  demarche events results.jsonl -o events.csv     sanction events as a table
  demarche export results.jsonl -o page.html      results to be read in a browser
  demarche stats results.jsonl                    who is quoted most, who sanctions whom
  demarche plugin check target/release/headline   whether a plugin does what it should

Exit codes: 0 all well; 1 some documents failed; 2 wrong usage or pipeline, nothing was read;
3 input or output broke; 70 a bug in demarche; 129, 130, 143 stopped by a signal.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Processes documents: a folder, files, patterns or standard input.
    #[command(after_help = run::EXAMPLES)]
    Run(RunArgs),
    /// Checks a pipeline file and shows every error with its place and what to write instead.
    #[command(after_help = "Example:\n  demarche check pipelines/news.toml")]
    Check {
        /// Pipeline file, or the name of a ready pipeline.
        #[arg(value_hint = ValueHint::FilePath)]
        pipeline: PathBuf,
    },
    /// Lists the stages there are, or describes one: options, types, defaults, layers.
    #[command(
        after_help = "Examples:\n  demarche stages\n  demarche stages quote\n  demarche stages headline --plugin target/release/headline"
    )]
    Stages {
        /// Stage to describe.
        name: Option<String>,
        /// Plugin library whose stages are listed too.
        #[arg(long, value_name = "LIB", value_hint = ValueHint::FilePath)]
        plugin: Vec<PathBuf>,
    },
    /// Shows documents to a person: the text with its names and quotations marked, then who said what and who
    /// sanctions whom.
    #[command(after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
    /// Measures how good annotations are: predicted documents, or those of a pipeline, against gold ones.
    #[command(after_help = EVALUATE_EXAMPLES)]
    Evaluate(EvaluateArgs),
    /// Makes a table of the sanction events of results: a row an event, a row a dyad, or counts.
    #[command(after_help = EVENTS_EXAMPLES)]
    Events(EventsArgs),
    /// Processes documents for a run that isolates them; `run` starts it.
    #[command(hide = true)]
    Worker,
    /// Writes results in another format: CoNLL-U, brat, or a page to be read in a browser.
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArgs),
    /// Counts what is in results: who is quoted most, who sanctions whom, actions by month.
    #[command(after_help = STATS_EXAMPLES)]
    Stats(StatsArgs),
    /// Writes a folder with a stage of your own to begin with: it builds, passes its tests and `demarche plugin check`.
    #[command(after_help = plugin::args::NEW_STAGE_EXAMPLES)]
    NewStage(plugin::args::NewStageArgs),
    /// Looks at a plugin library: what it is, whether it does what it should, its pin.
    #[command(subcommand, after_help = plugin::args::PLUGIN_EXAMPLES)]
    Plugin(plugin::args::PluginCommand),
    /// Prints a script that completes commands and options in your shell.
    #[command(
        after_help = "Example:\n  demarche completions bash > ~/.local/share/bash-completion/completions/demarche"
    )]
    Completions {
        /// Your shell.
        shell: clap_complete::Shell,
    },
}

const EVENTS_EXAMPLES: &str = "\
Examples:
  demarche events results.jsonl -o events.csv
  demarche events results.jsonl --dyads -o dyads.jsonl
  demarche events 'results/*.jsonl.gz' --dedupe --by month,sender,target -o counts.csv";

const EXPORT_EXAMPLES: &str = "\
Examples:
  demarche export results.jsonl -o page.html
  demarche export results.jsonl -o words.conllu
  demarche export results.jsonl --to brat -o annotated/
  demarche export results.jsonl -o results.parquet --part-size 256MB
  demarche run news articles/ | demarche export - -o page.html";

const STATS_EXAMPLES: &str = "\
Examples:
  demarche stats results.jsonl
  demarche stats 'results/*.jsonl.gz' --dedupe --top 50
  demarche stats results.jsonl --json | jq .speakers";

const SHOW_EXAMPLES: &str = "\
Examples:
  demarche show article.txt
  demarche show results.jsonl | less -R
  demarche run news articles/ | demarche show -

Texts without layers are processed by the ready pipeline `news` first.";

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Results of `demarche run`, or texts; `-` is standard input.
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) inputs: Vec<String>,
    /// Pipeline for texts that have no layers yet: a file, or the name of a ready pipeline.
    #[arg(short, long, default_value = "news", value_hint = ValueHint::FilePath)]
    pub(crate) pipeline: PathBuf,
    /// Only the lists, without the text.
    #[arg(long)]
    pub(crate) lists: bool,
    /// Unit of the offsets in the file.
    #[arg(long, value_enum, default_value_t = OffsetUnit::Char)]
    pub(crate) offsets: OffsetUnit,
}

const EVALUATE_EXAMPLES: &str = "\
Examples:
  demarche evaluate gold.jsonl --pipeline news
  demarche evaluate gold.jsonl results.jsonl --layer entities,quotes
  demarche evaluate names.jsonl results.jsonl -l entities --labels 'PER=PERSON;LOC=GPE,LOC'
  demarche evaluate gold.jsonl --pipeline mine.toml --json - | jq '.[] | {layer, scores}'

Documents are matched by `id`. One that is missing, failed or was predicted for another text is
all missed; one that gold has without the layer is left out. docs/evaluation.md says what each
figure is.";

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// Annotated documents in the document format, one a line; also .gz, .zst, .xz and .bz2, or `-`.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) gold: PathBuf,
    /// Predicted documents in the document format, as `demarche run` writes them.
    #[arg(required_unless_present = "pipeline", value_hint = ValueHint::FilePath)]
    pub(crate) predicted: Option<PathBuf>,
    /// Predicts with this pipeline instead, a file or the name of a ready pipeline: it is given what GOLD has but its
    /// layers.
    #[arg(short, long, conflicts_with_all = ["predicted", "predicted_offsets"], value_hint = ValueHint::FilePath)]
    pub(crate) pipeline: Option<PathBuf>,
    /// Layers to score, with commas between them [default: those that GOLD has].
    #[arg(short, long, value_name = "LAYERS", value_delimiter = ',', value_enum)]
    pub(crate) layer: Vec<LayerName>,
    /// Entities: groups of labels to compare instead, as in 'PER=PERSON;LOC=GPE,LOC,FAC'; others are left out.
    #[arg(long, value_name = "GROUPS")]
    pub(crate) labels: Option<String>,
    /// Chains: those of one mention count too.
    #[arg(long)]
    pub(crate) keep_singletons: bool,
    /// File for the figures as JSON, a list with an object a layer; `-` for standard output, without the table.
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) json: Option<PathBuf>,
    /// Unit of the offsets in GOLD, and in PREDICTED unless it has its own [default: char].
    #[arg(long, value_enum)]
    pub(crate) offsets: Option<OffsetUnit>,
    /// Unit of the offsets in PREDICTED.
    #[arg(long, value_enum, value_name = "OFFSETS")]
    pub(crate) predicted_offsets: Option<OffsetUnit>,
    /// Worker threads of the pipeline [default: the pipeline's, or one a core].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// No progress bar and no summary on standard error.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What `demarche events` can be told.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// Annotated documents, as `demarche run` writes them: lines, also .gz, .zst, .xz and .bz2, and tables; patterns, folders, or `-`.
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) results: Vec<PathBuf>,
    /// File for the table: .csv, .jsonl or .parquet, by its ending; `-` for CSV on standard output.
    #[arg(short, long, value_name = "OUT", default_value = "-", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// A row for each pair of sender and target instead of one for each event.
    #[arg(long, conflicts_with = "by")]
    pub(crate) dyads: bool,
    /// Counts events instead, by any of month, sender, target, action, measure, factuality, with commas between them.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub(crate) by: Vec<By>,
    /// Leaves out documents that say nearly the same as one before, such as copies of a wire story.
    #[arg(long)]
    pub(crate) dedupe: bool,
    /// Unit of the offsets in the results.
    #[arg(long, value_enum, default_value_t = OffsetUnit::Char)]
    pub(crate) offsets: OffsetUnit,
}

/// What `demarche export` can be told.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Annotated documents, as `demarche run` writes them: lines, also .gz, .zst, .xz and .bz2, and tables; patterns, folders, or `-`.
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) results: Vec<PathBuf>,
    /// The format [default: by the ending of OUT: .conllu, .html, .jsonl, .parquet or .arrow].
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) to: Option<ExportFormat>,
    /// File to write, or for brat the folder to make; `-` is standard output.
    #[arg(short, long, value_name = "OUT", default_value = "-", value_hint = ValueHint::AnyPath)]
    pub(crate) output: PathBuf,
    /// JSON Lines, Parquet and Arrow: OUT is a folder, with parts of about so many bytes in it.
    #[arg(long, value_name = "SIZE", requires = "output", value_parser = part_size)]
    pub(crate) part_size: Option<ByteSize>,
    /// Unit of the offsets in the results.
    #[arg(long, value_enum, default_value_t = OffsetUnit::Char)]
    pub(crate) offsets: OffsetUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Words, sentences, word classes and trees, as Universal Dependencies treebanks have them.
    Conllu,
    /// A folder with a text and its annotations for each document, for the annotation tool brat.
    Brat,
    /// One page for a browser, to be read: names, quotations and events in color, and a list of speakers.
    Html,
    /// A document a line, as `demarche run` writes it: of use for tables, and to put files together.
    Jsonl,
    /// A document a row, its layers as lists of records, for pandas, R and the like.
    #[cfg(feature = "parquet")]
    Parquet,
    /// The same as an Arrow IPC file, also called Feather.
    #[cfg(feature = "parquet")]
    Arrow,
}

/// What `demarche stats` can be told.
#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// Annotated documents, as `demarche run` writes them: lines, also .gz, .zst, .xz and .bz2, and tables; patterns, folders, or `-`.
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) results: Vec<PathBuf>,
    /// Rows of each table at most.
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) top: usize,
    /// All counts as a JSON object instead.
    #[arg(long)]
    pub(crate) json: bool,
    /// Leaves out documents that say nearly the same as one before, such as copies of a wire story.
    #[arg(long)]
    pub(crate) dedupe: bool,
    /// Unit of the offsets in the results.
    #[arg(long, value_enum, default_value_t = OffsetUnit::Char)]
    pub(crate) offsets: OffsetUnit,
}

/// Bytes of a part, with a unit or without.
fn part_size(argument: &str) -> Result<ByteSize, String> {
    let size = argument.parse().ok().filter(|size: &ByteSize| size.as_u64() > 0);
    size.ok_or_else(|| "write a number of bytes, such as 256MB".to_owned())
}

/// A layer that can be scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LayerName(pub(crate) ScoredLayer);

impl ValueEnum for LayerName {
    fn value_variants<'a>() -> &'a [Self] {
        const {
            &[
                Self(ScoredLayer::Tokens),
                Self(ScoredLayer::Sentences),
                Self(ScoredLayer::Tags),
                Self(ScoredLayer::Syntax),
                Self(ScoredLayer::Entities),
                Self(ScoredLayer::Chains),
                Self(ScoredLayer::Quotes),
                Self(ScoredLayer::Sanctions),
            ]
        }
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OffsetUnit {
    /// Unicode code points, as Python and R count.
    Char,
    /// Bytes of UTF-8, as Rust and Go count.
    Byte,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When the output is a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
