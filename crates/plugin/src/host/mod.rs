//! The half that loads, checks and calls a library.
#![allow(unsafe_code, reason = "foreign functions are called, and call back")]

mod callbacks;
mod error;
mod file;
mod lent;
mod log;
mod negotiate;
mod stage;
mod written;

use std::path::PathBuf;

use demarche_core::StageKind;

use crate::abi::Entry;

pub use error::LoadError;
pub use log::{Level, on_log};

/// A plugin as a pipeline file names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginSpec {
    /// The library; without an extension, `libNAME.so`, `libNAME.dylib` or `NAME.dll` is meant.
    pub path: PathBuf,
    /// SHA-256 that the file must have, in hexadecimal digits.
    pub sha256: Option<String>,
    /// What stands before the names of its stages: `acme` makes `headline` `acme.headline`.
    pub prefix: Option<String>,
    /// Whether a file that other users can change is loaded all the same, with a warning to [`on_log`].
    pub allow_writable: bool,
}

/// A library that is loaded, and will be until the process ends.
#[derive(Debug)]
pub struct Plugin {
    /// Its name, as it says itself.
    pub name: String,
    /// Its version, as it says itself.
    pub version: String,
    /// SHA-256 of the file that was loaded, in hexadecimal digits; empty for one that is [linked](link).
    pub sha256: String,
    /// The file that was loaded; empty for one that is [linked](link).
    pub path: PathBuf,
    /// The stages that it adds.
    pub kinds: Vec<StageKind>,
}

/// Loads the library of a plugin, and asks it what stages it has.
///
/// `threads` is the number of threads that will call it. Nothing is searched for: the path is what is loaded. The
/// library stays loaded until the process ends, also if it turns out not to be a plugin.
///
/// # Errors
/// What is wrong with the file or with what the library says of itself.
pub fn load(spec: &PluginSpec, threads: u32) -> Result<Plugin, LoadError> {
    let (path, sha256, entry) = file::check(spec)?.load()?;
    let candidate = negotiate::Candidate { path, sha256, prefix: spec.prefix.as_deref(), threads };
    // SAFETY: the library exports the symbol, and so promises what the header says of it.
    unsafe { candidate.negotiate(entry) }
}

/// SHA-256 of the file that [`load`] would load, in hexadecimal digits: what a pin is. Nothing of the library runs.
///
/// # Errors
/// What is wrong with the file, also if it is not the one that is pinned already.
pub fn hash(spec: &PluginSpec) -> Result<String, LoadError> {
    file::check(spec).map(|file| file.sha256)
}

/// Takes a plugin that is linked into this program: for systems without a loader, and for tests.
///
/// # Errors
/// What is wrong with what it says of itself.
///
/// # Safety
/// `entry` must keep the contract of `include/demarche_plugin.h`, as [`export!`](crate::export) does.
pub unsafe fn link(entry: Entry, threads: u32) -> Result<Plugin, LoadError> {
    let candidate =
        negotiate::Candidate { path: PathBuf::new(), sha256: String::new(), prefix: None, threads };
    // SAFETY: the caller answers for it.
    unsafe { candidate.negotiate(entry) }
}
