use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::compress::{Compressor, Counted};
use crate::storage::beside;
use crate::{Compression, FileSystem, Lock, Open, Storage};

/// Where results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The standard output.
    Stdout,
    /// A file; `.gz`, `.zst`, `.xz` and `.bz2` at the end of its name compress it.
    File(PathBuf),
}

impl Target {
    /// The standard output for `-`, otherwise a file.
    pub fn named(name: &Path) -> Self {
        if name == Path::new("-") { Self::Stdout } else { Self::File(name.to_owned()) }
    }

    /// The file that is there under its name once it is complete; `None` for the standard output, a device or a named pipe.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(name) if !is_device(name) => Some(name),
            _ => None,
        }
    }
}

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {source}", path.display())]
pub struct OutputError {
    /// The file; `-` is the standard output.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl OutputError {
    /// Whether whoever reads the standard output has had enough, which is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        self.source.kind() == io::ErrorKind::BrokenPipe
    }

    /// Whether another run is writing to the same file.
    pub fn is_locked(&self) -> bool {
        self.source.kind() == io::ErrorKind::ResourceBusy
    }
}

/// Bytes in a member of compressed output, before compression. A run that was interrupted goes on after a whole member.
const MEMBER_BYTES: u64 = 4 << 20;

/// How an output is opened.
#[derive(Debug)]
pub struct Opening {
    /// Where it is kept.
    pub storage: Arc<dyn Storage>,
    /// What is written.
    pub target: Target,
    /// Bytes of a `NAME.part` that are kept, to be written after them; `None` to begin anew.
    pub kept: Option<u64>,
    /// Bytes in a member of compressed output, before compression.
    pub member_bytes: u64,
    /// The lock `NAME.lock`, if it is held already.
    pub lock: Option<Lock>,
}

impl From<&Target> for Opening {
    fn from(target: &Target) -> Self {
        Self {
            storage: Arc::new(FileSystem),
            target: target.clone(),
            kept: None,
            member_bytes: MEMBER_BYTES,
            lock: None,
        }
    }
}

/// A file that is there under its name only once it is complete: until then it is `NAME.part`, and `NAME.lock` keeps other
/// runs off. What is no file (a device, a named pipe) is written to as it is.
///
/// One that is dropped before [`finish`](Self::finish) stays as `NAME.part`.
pub struct Output {
    storage: Arc<dyn Storage>,
    written: Compressor,
    /// The file that gets its name at the end, or what it is called in messages.
    name: Option<PathBuf>,
    /// Whether it is written to under its own name.
    in_place: bool,
    /// Given up last, when the file has its name.
    _lock: Option<Lock>,
}

impl Output {
    /// Opens what is written to.
    ///
    /// # Errors
    /// If `NAME.part` cannot be made, or another run is writing it.
    pub fn create(target: &Target) -> Result<Self, OutputError> {
        Self::open(Opening::from(target))
    }

    /// Opens what is written to, as it is told.
    ///
    /// # Errors
    /// If `NAME.part` cannot be opened or is shorter than what is to be kept of it, or another run is writing it.
    pub fn open(opening: Opening) -> Result<Self, OutputError> {
        let Opening { storage, target, kept, member_bytes, lock } = opening;
        let name = match target {
            Target::Stdout => {
                let file = Counted::new(Box::new(io::stdout()), 0);
                let written = Compressor::new(file, Compression::None, member_bytes);
                return Ok(Self { storage, written, name: None, in_place: true, _lock: None });
            }
            Target::File(name) => name,
        };
        // Renaming a file to `/dev/null` would put an end to that device.
        let in_place = is_device(&name);
        let lock = match lock {
            None if !in_place => Some(lock_for(&*storage, &name)?),
            lock => lock,
        };
        let path = if in_place { name.clone() } else { part(&name) };
        let open = || {
            if in_place {
                return Ok(Counted::new(storage.open(&path, Open::Existing)?, 0));
            }
            let Some(kept) = kept else {
                let file = storage.open(&path, Open::New)?;
                // Its name is on the disk before a journal says so.
                storage.sync_folder(&path)?;
                return Ok(Counted::new(file, 0));
            };
            let length = storage.length(&path)?.ok_or(io::ErrorKind::NotFound)?;
            if length < kept {
                let message = format!("it has {length} bytes, but {kept} were written");
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
            }
            let mut file = storage.open(&path, Open::Existing)?;
            file.truncate(kept)?;
            Ok(Counted::new(file, kept))
        };
        let file = open().map_err(|source| OutputError { path, source })?;
        let written = Compressor::new(file, Compression::of(&name), member_bytes);
        Ok(Self { storage, written, name: Some(name), in_place, _lock: lock })
    }

    /// Writes all bytes, a whole record.
    ///
    /// # Errors
    /// If the system does not take them.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.written.write(bytes).map_err(|source| self.error(source))
    }

    /// Hands on what is held, where somebody may be waiting for it: to the standard output, not to a file.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        if self.name.is_none() { self.written.flush().map_err(|source| self.error(source)) } else { Ok(()) }
    }

    /// Bytes of the file after the last record, if it can be gone on with from there: always if it is not compressed,
    /// otherwise after a whole member. `None` too for what is no file.
    pub fn mark(&self) -> Option<u64> {
        if self.in_place { None } else { self.written.mark() }
    }

    /// Bytes of the file so far, without those that the compression holds back.
    pub(crate) fn length(&self) -> u64 {
        self.written.length()
    }

    /// Sees what was written, a member that is open aside, onto the disk.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn sync(&mut self) -> Result<(), OutputError> {
        if self.in_place {
            return Ok(());
        }
        self.written.sync().map_err(|source| self.error(source))
    }

    /// Writes what is left and sees it onto the disk; gives the bytes of the file, if it is one.
    ///
    /// # Errors
    /// If the system does not take it.
    pub fn complete(&mut self) -> Result<Option<u64>, OutputError> {
        let length = self.written.complete().map_err(|source| self.error(source))?;
        if self.in_place {
            self.written.flush().map_err(|source| self.error(source))?;
            return Ok(None);
        }
        self.sync()?;
        Ok(Some(length))
    }

    /// Writes what is left, sees it onto the disk and gives the file its name.
    ///
    /// # Errors
    /// If a step of that fails; the file then keeps the name `NAME.part`.
    pub fn finish(mut self) -> Result<(), OutputError> {
        self.complete()?;
        match &self.name {
            Some(name) if !self.in_place => give_name(&*self.storage, name),
            _ => Ok(()),
        }
    }

    pub(crate) fn error(&self, source: io::Error) -> OutputError {
        let path = match &self.name {
            None => PathBuf::from("-"),
            Some(name) if self.in_place => name.clone(),
            Some(name) => part(name),
        };
        OutputError { path, source }
    }
}

/// Gives a complete `NAME.part` its name, for good.
///
/// # Errors
/// If it cannot be renamed.
pub fn give_name(storage: &dyn Storage, name: &Path) -> Result<(), OutputError> {
    let rename = || {
        storage.rename(&part(name), name)?;
        storage.sync_folder(name)
    };
    rename().map_err(|source| OutputError { path: name.to_owned(), source })
}

/// Sees that there is nothing yet where a folder is to be made.
///
/// # Errors
/// If there is.
pub fn wants_free(storage: &dyn Storage, name: &Path) -> Result<(), OutputError> {
    let error = |source| OutputError { path: name.to_owned(), source };
    if storage.length(name).map_err(error)?.is_some() {
        let message = "it is there already: name a folder that is to be made";
        return Err(error(io::Error::new(io::ErrorKind::AlreadyExists, message)));
    }
    Ok(())
}

/// Keeps other runs off a file that is written under this name.
///
/// # Errors
/// If another run has it, or there can be no file beside it.
pub fn lock_for(storage: &dyn Storage, name: &Path) -> Result<Lock, OutputError> {
    storage.lock(&beside(name, ".lock")).map_err(|source| {
        // Where no file can be made at all, the message is about the one that was to be made.
        let path = if source.kind() == io::ErrorKind::ResourceBusy { name.to_owned() } else { part(name) };
        OutputError { path, source }
    })
}

/// The name of a file that is being written.
pub fn part(name: &Path) -> PathBuf {
    beside(name, ".part")
}

fn is_device(name: &Path) -> bool {
    std::fs::metadata(name).is_ok_and(|known| !known.is_file() && !known.is_dir())
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("name", &self.name).finish_non_exhaustive()
    }
}
