//! The file, before any of its code runs: found, opened once, checked, hashed, loaded.

use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use libloading::Library;
use sha2::{Digest as _, Sha256};

use super::{LoadError, PluginSpec, log};
use crate::abi::{self, Entry};

/// Bytes that are hashed at a time.
const CHUNK: usize = 64 * 1024;
/// Versions of the entry symbol that an error message looks for.
const OTHER_VERSIONS: std::ops::RangeInclusive<u32> = 0..=16;

/// A library's file that may be loaded.
pub(super) struct Checked {
    file: File,
    pub(super) path: PathBuf,
    pub(super) sha256: String,
}

/// Opens the file and checks all that can be checked without running it.
pub(super) fn check(spec: &PluginSpec) -> Result<Checked, LoadError> {
    let named = library_name(&spec.path);
    let open = |source| LoadError::Open { path: named.clone(), source };
    // The real path: a link in a folder of one's own must not lead to a file that others can change.
    let path = std::fs::canonicalize(&named).map_err(open)?;
    let metadata = std::fs::metadata(&path).map_err(open)?;
    // Looked at before it is opened, because opening a pipe waits for whoever writes to it.
    if !metadata.is_file() {
        return Err(LoadError::NotAFile { path });
    }
    let mut file = File::open(&path).map_err(open)?;
    let metadata = file.metadata().map_err(open)?;
    if !metadata.is_file() {
        return Err(LoadError::NotAFile { path });
    }
    others_cannot_change(&path, &metadata, spec.allow_writable)?;
    if let Some(folder) = path.parent() {
        let metadata = std::fs::metadata(folder)
            .map_err(|source| LoadError::Open { path: folder.to_owned(), source })?;
        others_cannot_change(folder, &metadata, spec.allow_writable)?;
    }
    let sha256 = digest(&mut file).map_err(open)?;
    if let Some(pin) = &spec.sha256 {
        let digits = pin.trim().to_ascii_lowercase();
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(LoadError::Pin { pin: pin.clone() });
        }
        if digits != sha256 {
            return Err(LoadError::Hash { path, pin: digits, actual: sha256 });
        }
    }
    Ok(Checked { file, path, sha256 })
}

/// Completes a path without an extension to the system's name of a library, so that one pipeline file serves all.
fn library_name(path: &Path) -> PathBuf {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    match path.file_name() {
        Some(name) if path.extension().is_none() => {
            path.with_file_name(format!("{DLL_PREFIX}{}{DLL_SUFFIX}", name.to_string_lossy()))
        }
        _ => path.to_owned(),
    }
}

#[cfg(unix)]
fn others_cannot_change(path: &Path, metadata: &Metadata, allow: bool) -> Result<(), LoadError> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = metadata.mode() & 0o7777;
    if mode & 0o022 == 0 {
        return Ok(());
    }
    let error = LoadError::Writable { path: path.to_owned(), mode };
    if allow {
        log::emit(log::Level::Warning, &format!("{error} (which it is)"));
        return Ok(());
    }
    Err(error)
}

#[cfg(not(unix))]
fn others_cannot_change(_: &Path, _: &Metadata, _: bool) -> Result<(), LoadError> {
    Ok(())
}

fn digest(file: &mut File) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            read => hasher.update(&chunk[..read]),
        }
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}"); // Writing to a string does not fail.
        digits
    }))
}

impl Checked {
    /// Loads the library, for the rest of the process, and finds its entry symbol.
    pub(super) fn load(self) -> Result<(PathBuf, String, Entry), LoadError> {
        let library = self
            .open_library()
            .map_err(|error| LoadError::Library { path: self.path.clone(), message: error.to_string() })?;
        if !self.is_still_there() {
            // Its constructors have run; nothing better is left than to say so.
            std::mem::forget(library);
            return Err(LoadError::Changed { path: self.path });
        }
        // SAFETY: a symbol of this name has this type: that is the contract of the header.
        let entry = unsafe { library.get::<Entry>(abi::ENTRY.as_bytes()) }.ok().map(|entry| *entry);
        let found = if entry.is_none() { other_entries(&library) } else { Vec::new() };
        // Never unloaded: destructors of thread-local data would run code that is gone.
        std::mem::forget(library);
        let Self { file, path, sha256 } = self;
        // Nor closed, on Linux: the loader knows a library by its path, and the next file would get the same
        // `/proc/self/fd/N` and be taken for this one.
        std::mem::forget(file);
        entry.map(|entry| (path.clone(), sha256, entry)).ok_or(LoadError::Entry { path, found })
    }

    /// Loads the very file that was checked, whatever its path has come to mean since.
    #[cfg(target_os = "linux")]
    fn open_library(&self) -> Result<Library, libloading::Error> {
        use std::os::fd::AsRawFd as _;
        open_now(Path::new(&format!("/proc/self/fd/{}", self.file.as_raw_fd())))
    }

    #[cfg(all(unix, not(target_os = "linux")))]
    fn open_library(&self) -> Result<Library, libloading::Error> {
        open_now(&self.path)
    }

    #[cfg(windows)]
    fn open_library(&self) -> Result<Library, libloading::Error> {
        use libloading::os::windows::{
            LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, LOAD_LIBRARY_SEARCH_SYSTEM32, Library,
        };
        let flags = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32;
        // SAFETY: as for `open_now`; the path is absolute.
        unsafe { Library::load_with_flags(&self.path, flags) }.map(Into::into)
    }

    /// Whether the path still means the file that was checked. Linux does not need to ask: it loads by descriptor.
    #[cfg(all(unix, not(target_os = "linux")))]
    fn is_still_there(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let identity = |metadata: Metadata| {
            (metadata.dev(), metadata.ino(), metadata.len(), metadata.mtime(), metadata.mtime_nsec())
        };
        let now = std::fs::metadata(&self.path).map(identity);
        now.is_ok_and(|now| self.file.metadata().is_ok_and(|metadata| identity(metadata) == now))
    }

    #[cfg(not(all(unix, not(target_os = "linux"))))]
    #[allow(clippy::unused_self, reason = "other systems look")]
    fn is_still_there(&self) -> bool {
        true
    }
}

/// All symbols are bound now, so that a missing one is an error here and not in some document; none is lent to others.
#[cfg(unix)]
fn open_now(path: &Path) -> Result<Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: the library's constructors run, which is what the user asked for by naming it; it is never closed.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Into::into)
}

fn other_entries(library: &Library) -> Vec<String> {
    let names = OTHER_VERSIONS.map(|version| format!("demarche_plugin_v{version}"));
    // SAFETY: the symbol is looked up and not used.
    names.filter(|name| unsafe { library.get::<Entry>(name.as_bytes()) }.is_ok()).collect()
}
