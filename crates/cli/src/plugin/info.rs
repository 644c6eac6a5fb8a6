//! `demarche plugin info`: everything it says comes from the library and its file.

use std::fmt::Write as _;
use std::path::Path;

use demarche::plugin::{LoadError, Plugin, PluginSpec, hash, load};
use demarche::{Layer, StageKind};
use serde_json::{Value, json};

use super::spec;
use crate::output;
use crate::stages::describe;
use crate::view::{Paint, printable};

/// Loads a library and says what it is.
pub(crate) fn info(library: &Path, as_json: bool, paint: Paint) -> anyhow::Result<()> {
    let plugin = load(&spec(library), 1)?;
    let file = file_fault(library);
    if as_json {
        let text = serde_json::to_string_pretty(&to_json(&plugin, file.as_ref()))?;
        return output::print(&(text + "\n"));
    }
    output::print(&to_text(&plugin, file.as_ref(), paint))
}

/// What a pipeline would refuse about the file.
fn file_fault(library: &Path) -> Option<LoadError> {
    hash(&PluginSpec { allow_writable: false, ..spec(library) }).err()
}

fn to_text(plugin: &Plugin, file: Option<&LoadError>, paint: Paint) -> String {
    let mut out = format!("{} {}\n", paint.strong(&printable(&plugin.name)), printable(&plugin.version));
    let checks = file.map_or_else(
        || "a regular file that no other user can change".to_owned(),
        |fault| format!("a pipeline refuses it: {fault}"),
    );
    let (major, minor) = plugin.abi;
    for (name, value) in [
        ("license", plugin.license.as_str()),
        ("homepage", plugin.homepage.as_str()),
        ("file", &plugin.path.display().to_string()),
        ("checks", &checks),
        ("sha256", plugin.sha256.as_str()),
        ("boundary", &format!("needs version {major}.{minor} at least")),
    ] {
        if !value.is_empty() {
            writeln!(out, "{} {}", paint.faint(&format!("{name:9}")), printable(value))
                .expect("a string takes all");
        }
    }
    for (kind, traits) in plugin.kinds.iter().zip(&plugin.traits) {
        out += "\n";
        out += &describe(kind, paint);
        if !traits.deterministic {
            out += "\nThe same document may have another result each time.\n";
        }
        if traits.serial {
            out += "\nIt runs on one thread at a time.\n";
        }
    }
    out
}

fn to_json(plugin: &Plugin, file: Option<&LoadError>) -> Value {
    let names = |layers: &[Layer]| layers.iter().map(|layer| layer.name().to_owned()).collect::<Vec<_>>();
    let stages = plugin.kinds.iter().zip(&plugin.traits).map(|(kind, traits)| {
        let StageKind { name, summary, reads, writes, options, .. } = kind;
        json!({
            "name": name, "summary": summary, "version": traits.version, "reads": names(reads), "writes": names(writes),
            "deterministic": traits.deterministic, "serial": traits.serial, "options": options,
        })
    });
    json!({
        "name": plugin.name,
        "version": plugin.version,
        "license": plugin.license,
        "homepage": plugin.homepage,
        "path": plugin.path,
        "file_fault": file.map(ToString::to_string),
        "sha256": plugin.sha256,
        "abi": format!("{}.{}", plugin.abi.0, plugin.abi.1),
        "stages": stages.collect::<Vec<_>>(),
    })
}
