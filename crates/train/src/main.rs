//! `demarche-train`: makes the embedded models from annotated data.
#![forbid(unsafe_code)]

mod clusters;
mod conllu;
mod coreference;
mod entities;
mod learn;
mod quotes;
mod report;
mod sanctions;
mod sentences;
mod stages;
mod words;

use clap::{Parser, Subcommand};

/// Makes the models that are embedded in demarche from annotated data.
///
/// The same data and the same command give the same bytes.
#[derive(Debug, Parser)]
#[command(name = "demarche-train", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Quotes(quotes::Quotes),
    Sanctions(sanctions::Sanctions),
    Sentences(sentences::Sentences),
    Words(words::Words),
    Entities(entities::EntitiesCommand),
    Coreference(coreference::Coreference),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Quotes(quotes) => quotes.run(),
        Command::Sanctions(sanctions) => sanctions.run(),
        Command::Sentences(sentences) => sentences.run(),
        Command::Words(words) => words.run(),
        Command::Entities(entities) => entities.run(),
        Command::Coreference(coreference) => coreference.run(),
    }
}
