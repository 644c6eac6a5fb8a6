//! Files that are written, behind one small trait: what a crash or a full disk does to a run is tried on versions that
//! fail on purpose.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::Lock;

/// Where output is kept. [`FileSystem`] is the real one.
pub trait Storage: fmt::Debug + Send + Sync {
    /// Opens a file to be written.
    ///
    /// # Errors
    /// If it cannot be opened.
    fn open(&self, path: &Path, how: Open) -> io::Result<Box<dyn StoredFile>>;

    /// The whole of a file.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Bytes of a file; `None` if there is none of this name. Of a folder, any number.
    ///
    /// # Errors
    /// If that cannot be told.
    fn length(&self, path: &Path) -> io::Result<Option<u64>>;

    /// Gives a file or folder another name; a file in the place of any file that has it.
    ///
    /// # Errors
    /// If it cannot be renamed.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Takes a file away.
    ///
    /// # Errors
    /// If it cannot be removed.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder, unless it is there.
    ///
    /// # Errors
    /// If it cannot be made; [`io::ErrorKind::AlreadyExists`] if a file has its name.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// The files in a folder.
    ///
    /// # Errors
    /// If it cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Sees the names of the files beside `path` onto the disk.
    ///
    /// # Errors
    /// If the system does not take them.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Keeps others off what the lock file stands for, until the lock is dropped.
    ///
    /// # Errors
    /// [`io::ErrorKind::ResourceBusy`] if another one has it.
    fn lock(&self, path: &Path) -> io::Result<Lock>;
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// As a new one, empty.
    New,
    /// As it is, to be written from where it is [truncated](StoredFile::truncate).
    Existing,
}

/// An open file.
pub trait StoredFile: Write + Send {
    /// Sees what was written onto the disk.
    ///
    /// # Errors
    /// If the system does not take it.
    fn sync(&mut self) -> io::Result<()>;

    /// Shortens the file to so many bytes; what is written goes there.
    ///
    /// # Errors
    /// If it cannot be shortened.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileSystem;

impl Storage for FileSystem {
    fn open(&self, path: &Path, how: Open) -> io::Result<Box<dyn StoredFile>> {
        Ok(Box::new(match how {
            Open::New => File::create(path)?,
            Open::Existing => File::options().write(true).open(path)?,
        }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Elsewhere folders cannot be opened.
        if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        Lock::take(path)
    }
}

impl StoredFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        use std::io::Seek;
        self.set_len(length)?;
        self.seek(io::SeekFrom::Start(length)).map(drop)
    }
}

impl StoredFile for io::Stdout {
    fn sync(&mut self) -> io::Result<()> {
        self.flush()
    }

    fn truncate(&mut self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A name with something after it: `results.jsonl` with `.part` is `results.jsonl.part`.
pub fn beside(name: &Path, ending: &str) -> PathBuf {
    let mut beside = name.as_os_str().to_owned();
    beside.push(ending);
    beside.into()
}
