//! The half that loads, checks and calls a library.
#![allow(unsafe_code, reason = "foreign functions are called, and call back")]

mod callbacks;
mod error;
pub(crate) mod faults;
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
pub(crate) use stage::PANICKED;
pub(crate) use written::WENT_ON;

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
    /// Its license, as it says itself; may be empty.
    pub license: String,
    /// Its homepage, as it says itself; may be empty.
    pub homepage: String,
    /// The least version of the boundary that it needs, major and minor.
    pub abi: (u32, u32),
    /// SHA-256 of the file that was loaded, in hexadecimal digits; empty for one that is [linked](link).
    pub sha256: String,
    /// The file that was loaded; empty for one that is [linked](link).
    pub path: PathBuf,
    /// The stages that it adds.
    pub kinds: Vec<StageKind>,
    /// What else it says of these stages, in the same order.
    pub traits: Vec<Traits>,
}

/// What a plugin says of a stage, and a built-in one need not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The stage's version; may be empty.
    pub version: String,
    /// Whether the same document has the same result every time.
    pub deterministic: bool,
    /// Whether it is called on one thread at a time only.
    pub serial: bool,
    /// Whether it can free the memory that it makes for threads; also where it makes none.
    pub frees_workers: bool,
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
