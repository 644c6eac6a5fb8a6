//! Parts of an output in a folder: each is complete when it has its name, and so is the folder.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::output::{give_name, lock_for, part, wants_free};
use crate::{Lock, Opening, Output, OutputError, Storage, Target};

/// How far an output is, at a place where it can be gone on with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes of the file, or of the whole parts together.
    pub bytes: u64,
    /// Whole parts; 0 for one file.
    pub parts: u32,
}

/// How an output is parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Bytes of a part, about: it ends after the document with which it has so many.
    pub bytes: u64,
    /// End of its name, as in `part-00000.jsonl`; one that names a compression compresses it.
    pub ending: String,
}

/// A folder that is there under its name only once it is complete: until then it is `NAME.part`. The parts in it have
/// names as soon as each is complete. Where one ends depends on what is written alone.
pub(crate) struct Parts {
    storage: Arc<dyn Storage>,
    /// The folder, as it is called at the end.
    name: PathBuf,
    parting: Parting,
    member_bytes: u64,
    whole: Mark,
    /// The part that is being written.
    open: Option<Output>,
    /// Given up last, when the folder has its name.
    _lock: Lock,
}

impl Parts {
    /// Makes the folder, or goes on after the whole parts that are kept of it; all others are taken away.
    pub(crate) fn open(opening: Opening, parting: Parting, kept: Option<Mark>) -> Result<Self, OutputError> {
        let Opening { storage, target, member_bytes, lock, .. } = opening;
        let Some(name) = target.file().map(|name| name.components().as_path().to_owned()) else {
            let path = match target {
                Target::Stdout => "-".into(),
                Target::File(name) => name,
            };
            let source = io::Error::new(io::ErrorKind::InvalidInput, "parts need a folder");
            return Err(OutputError { path, source });
        };
        let lock = lock.map_or_else(|| lock_for(&*storage, &name), Ok)?;
        // What a compressor holds back is less than a part.
        let member_bytes = member_bytes.min(parting.bytes);
        let whole = kept.unwrap_or_default();
        let parts = Self { storage, name, parting, member_bytes, whole, open: None, _lock: lock };
        wants_free(&*parts.storage, &parts.name)?;
        parts.tidy().map_err(|source| OutputError { path: part(&parts.name), source })?;
        Ok(parts)
    }

    /// The part that is being written, a new one if there is none.
    pub(crate) fn output(&mut self) -> Result<&mut Output, OutputError> {
        let part = match self.open.take() {
            Some(part) => part,
            None => Output::open(Opening {
                storage: Arc::clone(&self.storage),
                target: Target::File(self.path(self.whole.parts)),
                kept: None,
                member_bytes: self.member_bytes,
                lock: Some(Lock::none()),
            })?,
        };
        Ok(self.open.insert(part))
    }

    /// Whether a part of so many bytes is to be ended.
    pub(crate) const fn is_full(&self, bytes: u64) -> bool {
        bytes >= self.parting.bytes
    }

    /// Completes the part that is being written.
    pub(crate) fn end_part(&mut self) -> Result<(), OutputError> {
        let Some(mut part) = self.open.take() else { return Ok(()) };
        let bytes = part.complete()?.unwrap_or_default();
        part.finish()?;
        self.whole = Mark { bytes: self.whole.bytes + bytes, parts: self.whole.parts + 1 };
        Ok(())
    }

    /// The whole parts, if nothing is written after them.
    pub(crate) fn mark(&self) -> Option<Mark> {
        self.open.is_none().then_some(self.whole)
    }

    /// Gives the folder its name.
    pub(crate) fn finish(self) -> Result<(), OutputError> {
        give_name(&*self.storage, &self.name)
    }

    fn path(&self, number: u32) -> PathBuf {
        part(&self.name).join(format!("part-{number:05}{}", self.parting.ending))
    }

    /// Leaves in the folder the parts that are kept and no others.
    fn tidy(&self) -> io::Result<()> {
        let folder = part(&self.name);
        match self.storage.make_folder(&folder) {
            // What a run to one file has left.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.storage.remove(&folder)?;
                self.storage.make_folder(&folder)?;
            }
            made => made?,
        }
        // Its name is on the disk before a journal says so.
        self.storage.sync_folder(&folder)?;
        let mut bytes = 0;
        for number in 0..self.whole.parts {
            bytes += self.storage.length(&self.path(number))?.unwrap_or_default();
        }
        if bytes != self.whole.bytes {
            let Mark { bytes: written, parts } = self.whole;
            let message = format!("its first {parts} parts have {bytes} bytes, but {written} were written");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        let kept: Vec<_> = (0..self.whole.parts).map(|number| self.path(number)).collect();
        for file in self.storage.list(&folder)? {
            let is_part = file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"part-"));
            if is_part && kept.binary_search(&file).is_err() {
                self.storage.remove(&file)?;
            }
        }
        Ok(())
    }
}
