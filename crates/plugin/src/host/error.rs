use std::path::PathBuf;

use crate::abi;

/// Why a plugin could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be opened.
    #[error("cannot open the plugin `{}`: {source}", path.display())]
    Open {
        /// The file, completed to the system's name of a library where it had no extension.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("the plugin `{}` is not a regular file: name the library itself", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// Other users of the machine can change what is loaded.
    #[error(
        "other users can change `{}` (mode {mode:o}), and with it what this plugin does: `chmod go-w` it, or set `allow_writable = true`",
        path.display()
    )]
    Writable {
        /// The library or its folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The pin is not a SHA-256.
    #[error("`{pin}` is no SHA-256: write the 64 hexadecimal digits that `sha256sum` prints")]
    Pin {
        /// What stands there.
        pin: String,
    },
    /// The file is not the one that was pinned.
    #[error(
        "the plugin `{}` is not the file that was pinned: its SHA-256 is {actual}, the pin is {pin}; pin it anew if the change is meant",
        path.display()
    )]
    Hash {
        /// The file.
        path: PathBuf,
        /// The pin.
        pin: String,
        /// The file's own.
        actual: String,
    },
    /// The file was replaced while it was loaded.
    #[error("the plugin `{}` changed while it was loaded: try again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The system's loader does not take it.
    #[error("the system cannot load the plugin `{}`: {message}", path.display())]
    Library {
        /// The file.
        path: PathBuf,
        /// What the loader says.
        message: String,
    },
    /// It is a library, but not a plugin that this host can speak with.
    #[error("`{}` {}; this host speaks with `{}`", path.display(), entries(found), abi::ENTRY)]
    Entry {
        /// The file.
        path: PathBuf,
        /// The entry symbols of other versions that it does have.
        found: Vec<String>,
    },
    /// The plugin does not want to work with this host.
    #[error("the plugin `{}` declines to be loaded: {reason}", path.display())]
    Declined {
        /// The file.
        path: PathBuf,
        /// What it logged.
        reason: String,
    },
    /// What the entry symbol returns is not a plugin's table.
    #[error("the plugin `{}` does not start with the magic number: it is built against another header", path.display())]
    Magic {
        /// The file.
        path: PathBuf,
    },
    /// The plugin speaks another version of the boundary.
    #[error(
        "the plugin `{}` needs version {major}.{minor} of the plugin boundary, this host has {}.{}: {}",
        path.display(), abi::MAJOR, abi::MINOR,
        if *major == abi::MAJOR { "update demarche" } else { "build the plugin for this version" }
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Major version that it needs.
        major: u32,
        /// Minor version that it needs.
        minor: u32,
    },
    /// One of its structs is too short to be of this version.
    #[error("the plugin `{}` has a `{what}` of {size} bytes, it needs {least}: it is built against another header", path.display())]
    Size {
        /// The file.
        path: PathBuf,
        /// The struct.
        what: &'static str,
        /// Its size, as it says itself.
        size: u32,
        /// The least size.
        least: usize,
    },
    /// It has no kind of stage, or too many.
    #[error("the plugin `{}` has {count} kinds of stages, it can have 1 to {}", path.display(), abi::MAX_KINDS)]
    Count {
        /// The file.
        path: PathBuf,
        /// How many it says it has.
        count: usize,
    },
    /// A pointer that must be there is null.
    #[error("the plugin `{}` leaves out `{what}` of kind {kind}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The kind, from 0.
        kind: usize,
        /// What is missing.
        what: &'static str,
    },
    /// What it says of itself is not the JSON that is asked for.
    #[error("the plugin `{}` describes {what} badly: {source}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Itself, or which kind.
        what: String,
        /// What is wrong, by line and column of the text.
        source: serde_json::Error,
    },
    /// A kind's name, or the prefix, is not one that a pipeline file can have.
    #[error("the plugin `{}` has a stage `{name}`: write small letters, digits, `_` and `-`", path.display())]
    Name {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// Two kinds have one name.
    #[error("the plugin `{}` has two stages named `{name}`", path.display())]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

fn entries(found: &[String]) -> String {
    if found.is_empty() {
        return "is not a plugin: it does not export the entry symbol of one".to_owned();
    }
    format!("is a plugin for another version: it exports `{}`", found.join("`, `"))
}
