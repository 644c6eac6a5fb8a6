//! The half that loads, checks and calls a library.

mod error;

use std::path::PathBuf;

use demarche_core::StageKind;

pub use error::LoadError;

/// A plugin as a pipeline file names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginSpec {
    /// The library; without an extension, `libNAME.so`, `libNAME.dylib` or `NAME.dll` is meant.
    pub path: PathBuf,
    /// SHA-256 that the file must have, in hexadecimal digits.
    pub sha256: Option<String>,
    /// What stands before the names of its stages: `acme` makes `headline` `acme.headline`.
    pub prefix: Option<String>,
    /// Whether a file that other users can change is loaded all the same.
    pub allow_writable: bool,
}

/// A library that is loaded, and will be until the process ends.
#[derive(Debug)]
pub struct Plugin {
    /// Its name, as it says itself.
    pub name: String,
    /// Its version, as it says itself.
    pub version: String,
    /// SHA-256 of the file that was loaded, in hexadecimal digits.
    pub sha256: String,
    /// The file that was loaded.
    pub path: PathBuf,
    /// The stages that it adds.
    pub kinds: Vec<StageKind>,
}

/// Loads the library of a plugin, and asks it what stages it has.
///
/// `threads` is the number of threads that will call it.
///
/// # Errors
/// What is wrong with the file or with what the library says of itself.
pub fn load(spec: &PluginSpec, threads: u32) -> Result<Plugin, LoadError> {
    let _ = threads;
    std::fs::File::open(&spec.path)
        .map_err(|source| LoadError::Open { path: spec.path.clone(), source })
        .and_then(|_| Err(LoadError::NotAFile { path: spec.path.clone() }))
}
