//! `demarche plugin`: what a library is, whether it does what it should, and its pin; `demarche new-stage`.

pub(crate) mod args;
mod check;
mod info;
mod new_stage;

use std::path::Path;

use demarche::plugin::PluginSpec;

use args::PluginCommand;

use crate::view::Paint;
use crate::{Exit, output};

pub(crate) use new_stage::new_stage;

/// Does what is asked about a library.
pub(crate) fn plugin(command: &PluginCommand, paint: Paint) -> anyhow::Result<Exit> {
    match command {
        PluginCommand::Info { library, json } => info::info(library, *json, paint)?,
        PluginCommand::Pin { library } => pin(library)?,
        PluginCommand::Check(args) => return check::check(args, paint),
    }
    Ok(Exit::Success)
}

/// Prints the line that pins a library. None of its code runs.
fn pin(library: &Path) -> anyhow::Result<()> {
    let sha256 = demarche::plugin::hash(&spec(library))?;
    output::print(&format!("sha256 = \"{sha256}\"\n"))
}

/// A library that is looked at: others may be able to change it, which is said and no error.
fn spec(library: &Path) -> PluginSpec {
    PluginSpec { path: library.to_owned(), allow_writable: true, ..PluginSpec::default() }
}
