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
#[derive(Clone, Debug)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Clone, Debug)]
struct State {
    /// The first one is the one that all paths begin in.
    folders: Vec<Folder>,
    files: Vec<Bytes>,
    done: u64,
    trouble: Option<Trouble>,
}

type Names = BTreeMap<PathBuf, Node>;

#[derive(Clone, Copy, Debug)]
enum Node {
    File(usize),
    Folder(usize),
}

#[derive(Clone, Debug, Default)]
struct Folder {
    now: Names,
    /// Names as they are on the disk for good, and what was done to them since.
    lasting: Names,
    pending: Vec<Change>,
}

#[derive(Clone, Debug, Default)]
struct Bytes {
    now: Vec<u8>,
    lasting: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Change {
    Name(PathBuf, Node),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// Unit in which a disk writes, in bytes.
const SECTOR: usize = 512;

impl Default for Disk {
    fn default() -> Self {
        let folders = vec![Folder::default()];
        Self(Arc::new(Mutex::new(State { folders, files: Vec::new(), done: 0, trouble: None })))
    }
}

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
        let mut files = BTreeMap::new();
        state.gather(0, Path::new(""), &mut files);
        files
    }

    /// Another disk with the same on it.
    pub fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(self.state().clone())))
    }

    /// Puts bytes into a file that is there.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        let mut state = self.state();
        let file = state.file(Path::new(name)).expect("the file is there");
        state.files[file] = Bytes { now: bytes.to_vec(), lasting: bytes.to_vec() };
    }

    /// The power is back: what was synced is there; of what was not, whatever `random` says: each sector as it was or as
    /// it was to be, each name changed or not.
    pub fn reboot(&self, random: &mut Random) {
        let mut state = self.state();
        for folder in &mut state.folders {
            for change in std::mem::take(&mut folder.pending) {
                if random.below(2) == 1 {
                    change.apply(&mut folder.lasting);
                }
            }
            folder.now = folder.lasting.clone();
        }
        for file in &mut state.files {
            file.now = survived(&file.lasting, &file.now, random);
            file.lasting = file.now.clone();
        }
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
    fn apply(self, names: &mut Names) {
        match self {
            Self::Name(name, node) => drop(names.insert(name, node)),
            Self::Rename(from, to) => {
                if let Some(node) = names.remove(&from) {
                    names.insert(to, node);
                }
            }
            Self::Remove(name) => drop(names.remove(&name)),
        }
    }
}

impl State {
    /// The folder that a path is in, and its name there.
    fn place(&self, path: &Path) -> io::Result<(usize, PathBuf)> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            None => 0,
            Some(parent) => match self.node(parent)? {
                Some(Node::Folder(folder)) => folder,
                Some(Node::File(_)) => return Err(io::ErrorKind::NotADirectory.into()),
                None => return Err(io::ErrorKind::NotFound.into()),
            },
        };
        Ok((folder, name.into()))
    }

    fn node(&self, path: &Path) -> io::Result<Option<Node>> {
        let (folder, name) = self.place(path)?;
        Ok(self.folders[folder].now.get(&name).copied())
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        match self.node(path)? {
            Some(Node::File(file)) => Ok(file),
            Some(Node::Folder(_)) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn change(&mut self, folder: usize, change: Change) {
        let folder = &mut self.folders[folder];
        folder.pending.push(change.clone());
        change.apply(&mut folder.now);
    }

    fn gather(&self, folder: usize, path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for (name, node) in &self.folders[folder].now {
            match *node {
                Node::File(file) => drop(files.insert(path.join(name), self.files[file].now.clone())),
                Node::Folder(folder) => self.gather(folder, &path.join(name), files),
            }
        }
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
        let file = match (state.file(path), how) {
            (Ok(file), Open::Existing) => file,
            (Ok(file), Open::New) => {
                state.files[file].now.clear();
                file
            }
            (Err(error), Open::New) if error.kind() == io::ErrorKind::NotFound => {
                let (folder, name) = state.place(path)?;
                state.files.push(Bytes::default());
                let file = state.files.len() - 1;
                state.change(folder, Change::Name(name, Node::File(file)));
                file
            }
            (Err(error), _) => return Err(error),
        };
        Ok(Box::new(OpenFile { disk: self.clone(), file, at: 0 }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.step()?;
        Ok(state.files[state.file(path)?].now.clone())
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        let state = self.step()?;
        Ok(state.node(path)?.map(|node| match node {
            Node::File(file) => state.files[file].now.len() as u64,
            Node::Folder(_) => 0,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        state.node(from)?.ok_or(io::ErrorKind::NotFound)?;
        let ((folder, from), (other, to)) = (state.place(from)?, state.place(to)?);
        assert_eq!(folder, other, "nothing is moved from a folder to another");
        state.change(folder, Change::Rename(from, to));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        state.file(path)?;
        let (folder, name) = state.place(path)?;
        state.change(folder, Change::Remove(name));
        Ok(())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        match state.node(path)? {
            Some(Node::Folder(_)) => Ok(()),
            Some(Node::File(_)) => Err(io::ErrorKind::AlreadyExists.into()),
            None => {
                let (folder, name) = state.place(path)?;
                state.folders.push(Folder::default());
                let node = Node::Folder(state.folders.len() - 1);
                state.change(folder, Change::Name(name, node));
                Ok(())
            }
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.step()?;
        match state.node(folder)? {
            Some(Node::Folder(n)) => Ok(state.folders[n].now.keys().map(|name| folder.join(name)).collect()),
            Some(Node::File(_)) => Err(io::ErrorKind::NotADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        let (folder, _) = state.place(path)?;
        let folder = &mut state.folders[folder];
        folder.lasting = folder.now.clone();
        folder.pending.clear();
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
