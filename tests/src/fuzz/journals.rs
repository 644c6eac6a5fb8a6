//! Journals of any bytes beside the files of a run that was cut off: refused by name, or gone on with to the same bytes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demarche::corpus::{Open, Storage};

use super::Folder;
use crate::disk::{Disk, Trouble};
use crate::job::{Job, records};

/// Records of the run.
const RECORDS: usize = 12;

/// The JSON of the lines of a journal, which get the checksums that nobody guesses; `INPUT` in it stands for the path of the input,
/// and `IDENTITY` for what the run is. Or, where it does not start with a brace, damage to the true journal: each three bytes are a
/// place, the low half first, and what is changed there, zero to cut it off.
pub fn journal(bytes: &[u8]) {
    thread_local! {
        static RUN: CutOff = CutOff::new();
    }
    RUN.with(|run| {
        let is_told = bytes.starts_with(b"{");
        let journal = if is_told { run.with_checksums(bytes) } else { run.damaged(bytes) };
        let disk = run.disk(&journal);
        // Of a journal that says what never was, whatever is made is no surprise; but it comes to an end.
        if run.job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).is_ok() && !is_told {
            assert!(disk.files() == run.whole, "gone on with, and not the same");
        }
    });
}

/// A run that was cut off.
struct CutOff {
    _folder: Folder,
    job: Job,
    input: String,
    /// What is there of it.
    left: BTreeMap<PathBuf, Vec<u8>>,
    /// What is there when it is done.
    whole: BTreeMap<PathBuf, Vec<u8>>,
}

/// The journal of the run.
const JOURNAL: &str = "out.jsonl.journal";

impl CutOff {
    fn new() -> Self {
        let folder = Folder::new();
        let input = folder.put("in.jsonl", records(RECORDS).as_bytes());
        let job = Job::new(&input, Path::new("out.jsonl"));
        let disk = Disk::default();
        job.go_on(Arc::new(disk.clone()), &mut |_, _| {}).expect("nothing disturbs it");
        let (whole, half) = (disk.files(), disk.operations() / 2);
        let disk = Disk::default();
        disk.trouble(Trouble::Crash(half));
        let cut_off = job.go_on(Arc::new(disk.clone()), &mut |_, _| {});
        assert!(cut_off.is_err() && disk.files().contains_key(Path::new(JOURNAL)), "it was cut off");
        let input = input.to_str().expect("it is a plain name").to_owned();
        Self { _folder: folder, job, input, left: disk.files(), whole }
    }

    fn disk(&self, journal: &[u8]) -> Disk {
        let disk = Disk::default();
        for (name, bytes) in &self.left {
            let bytes = if name == Path::new(JOURNAL) { journal } else { bytes };
            let mut file = disk.open(name, Open::New).expect("this disk has no trouble");
            file.write_all(bytes).expect("this disk has no trouble");
        }
        disk
    }

    /// The true journal with damage done to it.
    fn damaged(&self, damage: &[u8]) -> Vec<u8> {
        let mut journal = self.left[Path::new(JOURNAL)].clone();
        for &[low, high, change] in damage.as_chunks().0 {
            let place = usize::from(u16::from_le_bytes([low, high])) % (journal.len() + 1);
            match journal.get_mut(place) {
                Some(byte) if change != 0 => *byte ^= change,
                _ => journal.truncate(place),
            }
        }
        journal
    }

    /// Lines of a journal, each with its checksum.
    fn with_checksums(&self, json: &[u8]) -> Vec<u8> {
        let json = String::from_utf8_lossy(json);
        let identity = serde_json::to_string(self.job.identity()).expect("it is plain text and numbers");
        let json = json.replace("INPUT", &self.input).replace("IDENTITY", &identity);
        let line = |line: &str| format!("{:08x} {line}\n", crc32fast::hash(line.as_bytes()));
        json.lines().map(line).collect::<String>().into_bytes()
    }
}
