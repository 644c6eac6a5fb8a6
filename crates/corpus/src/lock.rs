use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A lock file that is held: nobody else gets it until this is dropped, or until this process ends, however it ends.
#[derive(Debug, Default)]
pub struct Lock {
    held: Option<(File, PathBuf)>,
}

impl Lock {
    /// One that keeps nobody off, for storage that nobody else can reach.
    pub fn none() -> Self {
        Self::default()
    }

    pub(crate) fn take(path: &Path) -> io::Result<Self> {
        loop {
            let file = File::options().write(true).create(true).truncate(false).open(path)?;
            match fs4::FileExt::try_lock(&file) {
                Ok(()) => {}
                Err(fs4::TryLockError::WouldBlock) => {
                    let message = format!("another run is writing it, and holds `{}`", path.display());
                    return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
                }
                // Some network file systems know no locks; they are written to all the same.
                Err(fs4::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Self::none());
                }
                Err(fs4::TryLockError::Error(error)) => return Err(error),
            }
            // Whoever had it before may have removed the file after it was opened here.
            if is_at(&file, path) {
                return Ok(Self { held: Some((file, path.to_owned())) });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some((file, path)) = self.held.take() {
            // Removed while it is still held, or somebody could have taken it in between. One that stays does no harm.
            let _ = std::fs::remove_file(path);
            drop(file);
        }
    }
}

/// Whether the file is still the one of this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(named)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (open.dev(), open.ino()) == (named.dev(), named.ino())
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::Lock;

    #[test]
    fn a_lock_is_held_by_one_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let first = Lock::take(&path).unwrap();
        let refused = Lock::take(&path).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ResourceBusy);
        drop(first);
        assert!(!path.exists());
        Lock::take(&path).unwrap();
    }
}
