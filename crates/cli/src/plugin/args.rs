//! What `demarche new-stage` and `demarche plugin` can be told.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

pub(crate) const NEW_STAGE_EXAMPLES: &str = "\
Examples:
  demarche new-stage far-places
  demarche new-stage far-places --lang c
  demarche new-stage far-places --sdk ../demarche/crates/plugin";

/// What `demarche new-stage` can be told.
#[derive(Debug, Args)]
pub(crate) struct NewStageArgs {
    /// Name of the stage: small letters, digits and `-`.
    pub(crate) name: String,
    /// Language to write it in.
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    pub(crate) lang: Language,
    /// Folder to write [default: one of the stage's name].
    #[arg(long, value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,
    /// Folder of the crate `demarche-plugin` to build against, instead of its repository; for Rust.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) sdk: Option<PathBuf>,
}

/// A language that stages can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Rust: a crate, with the same traits as the built-in stages.
    Rust,
    /// C: one file and the header.
    C,
    /// Go, with a C compiler: one file, and the boundary's.
    Go,
}

pub(crate) const PLUGIN_EXAMPLES: &str = "\
Examples:
  demarche plugin info target/release/headline
  demarche plugin check target/release/headline
  demarche plugin pin target/release/headline";

/// What `demarche plugin` can be asked. A library without an extension is `libNAME.so`, `libNAME.dylib` or `NAME.dll`.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Says what a library is: its name, its stages and their options, its SHA-256, what a pipeline would refuse.
    #[command(after_help = "Example:\n  demarche plugin info target/release/headline")]
    Info {
        /// The library.
        #[arg(value_name = "LIB", value_hint = ValueHint::FilePath)]
        library: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints the line that pins a library in a pipeline file. None of its code runs.
    #[command(after_help = "Example:\n  demarche plugin pin target/release/headline")]
    Pin {
        /// The library.
        #[arg(value_name = "LIB", value_hint = ValueHint::FilePath)]
        library: PathBuf,
    },
    /// Checks that a library does what the plugin boundary asks: runs its stages over strange and long texts, on many
    /// threads, again and again, refuses what they write, and says what is wrong and what to do about it.
    ///
    /// The exit code is 0 if all checks pass and 1 if one fails.
    #[command(after_help = PLUGIN_CHECK_EXAMPLES)]
    Check(PluginCheckArgs),
}

const PLUGIN_CHECK_EXAMPLES: &str = "\
Examples:
  demarche plugin check target/release/headline
  demarche plugin check target/release/headline --stage headline --options 'max_words = 12'
  demarche plugin check target/release/headline --json | jq .ok";

/// What `demarche plugin check` can be told.
#[derive(Debug, Args)]
pub(crate) struct PluginCheckArgs {
    /// The library.
    #[arg(value_name = "LIB", value_hint = ValueHint::FilePath)]
    pub(crate) library: PathBuf,
    /// The only stage to check [default: all of them].
    #[arg(long, value_name = "NAME")]
    pub(crate) stage: Option<String>,
    /// Options to build the stage with, as in a pipeline file or as a JSON object.
    #[arg(long, value_name = "TOML")]
    pub(crate) options: Option<String>,
    /// The verdict as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Time for one check, in seconds: then the library hangs.
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) seconds: u64,
    /// Makes the checks in this process and tells only the steps, for debuggers.
    #[arg(long, hide = true)]
    pub(crate) in_process: bool,
}
