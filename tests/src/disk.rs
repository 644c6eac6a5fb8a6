//! A disk in memory that fails when it is told to, and that forgets what was not synced.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use demarche::corpus::{Lock, Open, Storage, StoredFile};

/// What goes wrong, and at which operation, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// The operation fails with this error, once.
    Error(u64, io::ErrorKind),
    /// A write takes half of what it is given; other operations work.
    ShortWrite(u64),
    /// The power goes: this operation and all later ones fail.
    Crash(u64),
}

/// The disk. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<PathBuf, usize>,
    files: Vec<Bytes>,
    /// Names as they are on the disk for good, and what was done to them since.
    lasting: BTreeMap<PathBuf, usize>,
    pending: Vec<Change>,
    done: u64,
    trouble: Option<Trouble>,
}

#[derive(Clone, Debug, Default)]
struct Bytes {
    now: Vec<u8>,
    lasting: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Change {
    Name(PathBuf, usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// Unit in which a disk writes, in bytes.
const SECTOR: usize = 512;

impl Disk {
    /// From now on this goes wrong; operations are counted anew.
    pub fn trouble(&self, trouble: Trouble) {
        let mut state = self.state();
        (state.trouble, state.done) = (Some(trouble), 0);
    }

    /// Operations since then.
    pub fn operations(&self) -> u64 {
        self.state().done
    }

    /// The files and their bytes.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(name, &file)| (name.clone(), state.files[file].now.clone())).collect()
    }

    /// Puts bytes into a file that is there.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        let mut state = self.state();
        let file = state.names[Path::new(name)];
        state.files[file] = Bytes { now: bytes.to_vec(), lasting: bytes.to_vec() };
    }

    /// The power is back: what was synced is there; of what was not, whatever `random` says: each sector as it was or as
    /// it was to be, each name changed or not.
    pub fn reboot(&self, random: &mut Random) {
        let mut state = self.state();
        let mut names = std::mem::take(&mut state.lasting);
        for change in std::mem::take(&mut state.pending) {
            if random.below(2) == 0 {
                continue;
            }
            change.apply(&mut names);
        }
        for file in &mut state.files {
            file.now = survived(&file.lasting, &file.now, random);
            file.lasting = file.now.clone();
        }
        state.names = names.clone();
        state.lasting = names;
        (state.trouble, state.done) = (None, 0);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nobody panics holding the lock")
    }

    /// Counts an operation, which may fail.
    fn step(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        let step = state.done;
        state.done += 1;
        match state.trouble {
            Some(Trouble::Error(at, kind)) if at == step => Err(kind.into()),
            Some(Trouble::Crash(at)) if at <= step => Err(io::Error::other("the power is gone")),
            _ => Ok(state),
        }
    }
}

impl Change {
    fn apply(self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Name(name, file) => drop(names.insert(name, file)),
            Self::Rename(from, to) => {
                if let Some(file) = names.remove(&from) {
                    names.insert(to, file);
                }
            }
            Self::Remove(name) => drop(names.remove(&name)),
        }
    }
}

impl State {
    fn change(&mut self, change: Change) {
        self.pending.push(change.clone());
        change.apply(&mut self.names);
    }
}

/// What is left of a file after the power was gone.
fn survived(lasting: &[u8], now: &[u8], random: &mut Random) -> Vec<u8> {
    let length = match random.below(4) {
        0 => return lasting.to_vec(),
        1 => return now.to_vec(),
        2 => lasting.len(),
        _ => {
            let (short, long) = (lasting.len().min(now.len()), lasting.len().max(now.len()));
            (short + random.below((long - short) as u64 + 1) as usize).next_multiple_of(SECTOR).min(long)
        }
    };
    let mut bytes = vec![0; length];
    for (i, sector) in bytes.chunks_mut(SECTOR).enumerate() {
        let one = if random.below(2) == 0 { lasting } else { now };
        let from = (i * SECTOR).min(one.len());
        let n = sector.len().min(one.len() - from);
        sector[..n].copy_from_slice(&one[from..from + n]);
        // What only the other one has: a sector that was there stays there.
        let n = sector.len().min(lasting.len().saturating_sub(i * SECTOR));
        if one.len() - from < n {
            sector[..n].copy_from_slice(&lasting[i * SECTOR..i * SECTOR + n]);
        }
    }
    bytes
}

impl Storage for Disk {
    fn open(&self, path: &Path, how: Open) -> io::Result<Box<dyn StoredFile>> {
        let mut state = self.step()?;
        let file = match (how, state.names.get(path).copied()) {
            (Open::Existing, None) => return Err(io::ErrorKind::NotFound.into()),
            (Open::Existing, Some(file)) => file,
            (Open::New, Some(file)) => {
                state.files[file].now.clear();
                file
            }
            (Open::New, None) => {
                state.files.push(Bytes::default());
                let file = state.files.len() - 1;
                state.change(Change::Name(path.to_owned(), file));
                file
            }
        };
        Ok(Box::new(OpenFile { disk: self.clone(), file, at: 0 }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.step()?;
        let file = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(state.files[file].now.clone())
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        let state = self.step()?;
        Ok(state.names.get(path).map(|&file| state.files[file].now.len() as u64))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        if !state.names.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        if !state.names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Remove(path.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        state.lasting = state.names.clone();
        state.pending.clear();
        Ok(())
    }

    fn lock(&self, _: &Path) -> io::Result<Lock> {
        Ok(Lock::none())
    }
}

struct OpenFile {
    disk: Disk,
    file: usize,
    at: usize,
}

impl Write for OpenFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.step()?;
        let is_short = matches!(state.trouble, Some(Trouble::ShortWrite(at)) if at + 1 == state.done);
        let n = if is_short { bytes.len().div_ceil(2) } else { bytes.len() };
        let file = &mut state.files[self.file].now;
        file.truncate(self.at);
        file.extend_from_slice(&bytes[..n]);
        self.at += n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl StoredFile for OpenFile {
    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.step()?;
        let file = &mut state.files[self.file];
        file.lasting = file.now.clone();
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let mut state = self.disk.step()?;
        self.at = length as usize;
        state.files[self.file].now.truncate(self.at);
        Ok(())
    }
}

/// Numbers that look random: `SplitMix64`, of a seed that a failing test can name.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next one, below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}
