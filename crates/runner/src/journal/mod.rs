//! The journal of a run: how far its output is, so that a run that was cut off goes on where it was.
//!
//! `NAME.journal` lies beside `NAME.part`. Its first line says what the run is; each later one is a checkpoint, written after
//! output and failures are on the disk up to there. Before the files get their names, a last line says that they are complete.

mod identity;
mod line;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use demarche_corpus::{
    Corpus, Lock, Mark, Open, OutputError, Place, Position, Storage, StoredFile, beside, give_name, lock_for,
    part,
};
use serde::{Deserialize, Serialize};

pub use self::identity::Identity;
use self::line::{line, lines};
use crate::Report;

/// Bytes of output after which a checkpoint is due, whatever the time.
const CHECKPOINT_BYTES: u64 = 64 << 20;

/// A run with a journal: what it is and where it is kept.
#[derive(Clone, Debug)]
pub struct Journaled {
    /// Where the files are kept.
    pub storage: Arc<dyn Storage>,
    /// The output, as it is called when it is complete.
    pub output: PathBuf,
    /// The failed-documents file, as it is called when it is complete; `None` if it is no file.
    pub failed: Option<PathBuf>,
    /// What is read.
    pub corpus: Arc<Corpus>,
    /// What decides the output.
    pub identity: Identity,
    /// Time between two checkpoints.
    pub every: Duration,
}

/// What is done about a run that did not end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beginning {
    /// It is an error.
    #[default]
    New,
    /// It is gone on with; where there is none, a new one is begun.
    Resume,
    /// Its files are thrown away.
    Restart,
}

/// How a run begins.
#[derive(Debug)]
pub enum Begun {
    /// There is something to do: all of it, or what comes after a checkpoint.
    Open(Box<Journal>, Option<Box<Checkpoint>>),
    /// Everything was done but for the names of the files, and they have them now.
    Complete(Box<Report>),
}

/// A place up to which everything is on the disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The last record that is in the output or among the failures.
    pub position: Position,
    /// The output: bytes of the file, or number of whole parts and their bytes.
    pub output: Mark,
    /// Bytes of the failed-documents file.
    pub failed: u64,
    /// The accounts.
    pub accounts: Report,
}

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// A run did not end, and nothing was said about it.
    #[error("`{}` was begun by a run that did not end ({documents} documents are done)", output.display())]
    Unfinished {
        /// The output.
        output: PathBuf,
        /// Documents that are done, those that failed too.
        documents: u64,
    },
    /// The run that did not end was another one.
    #[error("`{}` was begun by another run: {}", output.display(), differences.join("; "))]
    Differs {
        /// The output.
        output: PathBuf,
        /// What is not as it was, each in words.
        differences: Vec<String>,
    },
    /// The journal says what cannot be.
    #[error("`{}` is damaged in line {line}, or no journal", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A file cannot be written, or another run is writing it.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// The lines of a journal, told apart.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Entry {
    /// The first line.
    Run {
        format: u32,
        identity: Identity,
    },
    Checkpoint(Checkpoint),
    /// All is on the disk, and the files are about to get their names.
    Complete {
        failed: u64,
        accounts: Report,
    },
}

/// Version of the lines.
const FORMAT: u32 = 1;

/// The journal of a run that is going on.
pub struct Journal {
    run: Journaled,
    path: PathBuf,
    file: Box<dyn StoredFile>,
    /// Number of the file of the corpus that the last checkpoint was in.
    at_file: usize,
    last: Instant,
    last_output: Mark,
    /// Given up last, when the journal is gone.
    _lock: Lock,
}

impl Journal {
    /// The journal of a run to this output.
    pub fn path(output: &Path) -> PathBuf {
        beside(output, ".journal")
    }

    /// Begins a run, or goes on with one.
    ///
    /// # Errors
    /// If a run is there that did not end and `beginning` does not fit, or a file cannot be written.
    pub fn begin(run: Journaled, beginning: Beginning) -> Result<Begun, JournalError> {
        let lock = lock_for(&*run.storage, &run.output)?;
        let path = Self::path(&run.output);
        let found = Found::look(&run, &path)?;
        match (found, beginning) {
            (Found::Nothing, _)
            | (_, Beginning::Restart)
            // All that was left to do is to take the journal away.
            | (Found::Complete { has_part: false, .. }, Beginning::New) => Self::anew(run, path, lock),
            (Found::Damaged(line), _) => Err(JournalError::Damaged { path, line }),
            (Found::Complete { accounts, .. }, Beginning::New) => {
                Err(JournalError::Unfinished { output: run.output, documents: accounts.n_in })
            }
            (Found::Begun { last, .. }, Beginning::New) => {
                let documents = last.map_or(0, |last| last.accounts.n_in);
                Err(JournalError::Unfinished { output: run.output, documents })
            }
            (Found::Complete { identity, failed, accounts, .. }, Beginning::Resume) => {
                same(&run, &identity)?;
                name_files(&run, failed)?;
                remove(&*run.storage, &path)?;
                Ok(Begun::Complete(accounts))
            }
            (Found::Begun { identity, last, length }, Beginning::Resume) => {
                same(&run, &identity)?;
                let mut file = opened(&*run.storage, &path, Open::Existing)?;
                file.truncate(length).map_err(|source| OutputError { path: path.clone(), source })?;
                let mut journal = Self::of(run, path, file, lock);
                if let Some(last) = &last {
                    journal.at_file = last.position.file;
                    journal.last_output = last.output;
                }
                Ok(Begun::Open(Box::new(journal), last))
            }
        }
    }

    fn anew(run: Journaled, path: PathBuf, lock: Lock) -> Result<Begun, JournalError> {
        let storage = Arc::clone(&run.storage);
        let file = opened(&*storage, &path, Open::New)?;
        let mut journal = Self::of(run, path, file, lock);
        journal.add(&Entry::Run { format: FORMAT, identity: journal.run.identity.clone() })?;
        storage.sync_folder(&journal.path).map_err(|source| journal.error(source))?;
        Ok(Begun::Open(Box::new(journal), None))
    }

    fn of(run: Journaled, path: PathBuf, file: Box<dyn StoredFile>, lock: Lock) -> Self {
        let last = Instant::now();
        Self { run, path, file, at_file: 0, last, last_output: Mark::default(), _lock: lock }
    }

    /// Whether it is time for a checkpoint.
    pub(crate) fn is_due(&self, output: Mark) -> bool {
        let Mark { bytes, parts } = self.last_output;
        // Each part is listed.
        output.parts > parts
            || output.bytes - bytes >= CHECKPOINT_BYTES
            || self.last.elapsed() >= self.run.every
    }

    /// Adds a checkpoint: output and failures are on the disk up to these lengths, and hold the records up to this place.
    pub(crate) fn checkpoint(
        &mut self,
        place: &Place,
        (output, failed): (Mark, u64),
        accounts: &Report,
    ) -> Result<(), OutputError> {
        let position = Position::of(place, &self.run.corpus, self.at_file);
        self.at_file = position.file;
        self.add(&Entry::Checkpoint(Checkpoint { position, output, failed, accounts: accounts.clone() }))?;
        (self.last, self.last_output) = (Instant::now(), output);
        Ok(())
    }

    /// Says that the files are on the disk as a whole, and about to get their names.
    pub(crate) fn complete(&mut self, failed: u64, accounts: &Report) -> Result<(), OutputError> {
        self.add(&Entry::Complete { failed, accounts: accounts.clone() })
    }

    /// Takes the journal away: the files have their names.
    pub(crate) fn finish(self) -> Result<(), OutputError> {
        remove(&*self.run.storage, &self.path)
    }

    fn add(&mut self, entry: &Entry) -> Result<(), OutputError> {
        let written = self.file.write_all(line(entry).as_bytes()).and_then(|()| self.file.flush());
        written.and_then(|()| self.file.sync()).map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> OutputError {
        OutputError { path: self.path.clone(), source }
    }
}

/// What is there of a run before.
enum Found {
    Nothing,
    Damaged(usize),
    Begun { identity: Box<Identity>, last: Option<Box<Checkpoint>>, length: u64 },
    Complete { identity: Box<Identity>, failed: u64, accounts: Box<Report>, has_part: bool },
}

impl Found {
    fn look(run: &Journaled, path: &Path) -> Result<Self, OutputError> {
        let error = |source| OutputError { path: path.to_owned(), source };
        if run.storage.length(path).map_err(error)?.is_none() {
            return Ok(Self::Nothing);
        }
        let has_part = run.storage.length(&part(&run.output)).map_err(error)?.is_some();
        let lines = match lines(&run.storage.read(path).map_err(error)?) {
            Ok(lines) => lines,
            Err(line) => return Ok(Self::Damaged(line)),
        };
        let length = lines.length;
        let mut entries = lines.values.into_iter();
        let Some(first) = entries.next() else {
            // The output is begun when the first line is on the disk.
            return Ok(if has_part { Self::Damaged(1) } else { Self::Nothing });
        };
        let Ok(Entry::Run { format: FORMAT, identity }) = serde_json::from_value(first) else {
            return Ok(Self::Damaged(1));
        };
        let identity = Box::new(identity);
        let n_later = entries.len();
        let Some(last) = entries.next_back() else {
            return Ok(Self::Begun { identity, last: None, length });
        };
        match serde_json::from_value(last) {
            Ok(Entry::Checkpoint(last)) => Ok(Self::Begun { identity, last: Some(Box::new(last)), length }),
            Ok(Entry::Complete { failed, accounts }) => {
                Ok(Self::Complete { identity, failed, accounts: Box::new(accounts), has_part })
            }
            _ => Ok(Self::Damaged(1 + n_later)),
        }
    }
}

/// Refuses to go on with another run.
fn same(run: &Journaled, then: &Identity) -> Result<(), JournalError> {
    let differences = run.identity.differences(then);
    if differences.is_empty() {
        return Ok(());
    }
    Err(JournalError::Differs { output: run.output.clone(), differences })
}

/// Gives complete files their names, as far as they have not got them.
fn name_files(run: &Journaled, failed: u64) -> Result<(), OutputError> {
    let failed = run.failed.as_ref().filter(|_| failed > 0);
    // Nobody else is writing the failures, and no lock file of them is left behind.
    let _lock = failed.map(|failed| lock_for(&*run.storage, failed)).transpose()?;
    for name in failed.into_iter().chain([&run.output]) {
        let error = |source| OutputError { path: name.clone(), source };
        if run.storage.length(&part(name)).map_err(error)?.is_some() {
            give_name(&*run.storage, name)?;
        }
    }
    Ok(())
}

fn opened(storage: &dyn Storage, path: &Path, how: Open) -> Result<Box<dyn StoredFile>, OutputError> {
    storage.open(path, how).map_err(|source| OutputError { path: path.to_owned(), source })
}

fn remove(storage: &dyn Storage, path: &Path) -> Result<(), OutputError> {
    storage.remove(path).map_err(|source| OutputError { path: path.to_owned(), source })
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).finish_non_exhaustive()
    }
}
