use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use demarche_corpus::{Open, OutputError, Storage, StoredFile, beside};

/// Which records a run has begun, in a file beside its output, so that a run that goes on after a crash knows what was
/// in hand: the ones that had been begun and are not done.
///
/// The file has one byte for each record. It outlives the process, which is all it is for: it is not seen onto the disk.
pub struct InHand {
    storage: Arc<dyn Storage>,
    path: PathBuf,
    /// Records that runs before have begun.
    n_before: u64,
    file: Mutex<Begun>,
}

struct Begun {
    file: Box<dyn StoredFile>,
    n: u64,
}

impl InHand {
    /// What is in hand in a run for this output that goes on, or in one that begins.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn open(storage: Arc<dyn Storage>, output: &Path, goes_on: bool) -> Result<Self, OutputError> {
        let path = beside(output, ".begun");
        let opened = || {
            let n_before = if goes_on { storage.length(&path)? } else { None };
            let how = if n_before.is_some() { Open::Existing } else { Open::New };
            let mut file = storage.open(&path, how)?;
            let n = n_before.unwrap_or_default();
            file.truncate(n)?;
            io::Result::Ok(Begun { file, n })
        };
        match opened() {
            Ok(begun) => Ok(Self { storage, path, n_before: begun.n, file: Mutex::new(begun) }),
            Err(source) => Err(OutputError { path, source }),
        }
    }

    /// Number of records, from the first one of the input on, that runs before have begun.
    pub fn n_before(&self) -> u64 {
        self.n_before
    }

    /// Notes that the record of this number, from 1, is begun.
    pub(crate) fn add(&self, number: u64) {
        let mut begun = self.file.lock().expect("nobody panics holding the lock");
        if number > begun.n {
            begun.n = number;
            // Where it cannot be noted, the output cannot be written either, and that is told.
            let _ = begun.file.write_all(b".");
        }
    }

    /// Takes the file away: nothing is in hand.
    pub fn finish(&self) {
        // One that stays does no harm: a run that begins anew does not look at it.
        let _ = self.storage.remove(&self.path);
    }
}

impl std::fmt::Debug for InHand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InHand").field("path", &self.path).finish_non_exhaustive()
    }
}
