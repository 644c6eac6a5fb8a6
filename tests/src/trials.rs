//! A job on disks that fail on purpose, at each of its operations in turn.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::{Disk, Random, Trouble};
use crate::job::Job;

/// Files and their bytes.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A job, and what a run of it that nothing disturbs leaves behind.
pub struct Trial {
    /// What it is called in messages.
    pub name: String,
    /// The job.
    pub job: Job,
    /// What it leaves behind.
    pub whole: Files,
    /// Holds its input.
    pub folder: tempfile::TempDir,
}

impl Trial {
    /// Operation after operation fails once, as a disk that is full, an interrupted call or a short write. `holds` is asked after
    /// each run, whether it came to its end or not; a run that did not is gone on with, and all is as if nothing had been.
    pub fn fails_at_each_operation(&self, at_least: u64, holds: impl Fn(&Self, &Disk, &str)) {
        let troubles: [fn(u64) -> Trouble; 3] = [
            |k| Trouble::Error(k, ErrorKind::StorageFull),
            |k| Trouble::Error(k, ErrorKind::Interrupted),
            Trouble::ShortWrite,
        ];
        for trouble in troubles {
            for k in 0.. {
                let disk = Disk::default();
                disk.trouble(trouble(k));
                let done = self.go_on(&disk);
                let is_untouched = disk.operations() <= k;
                let when = format!("{}, {:?}", self.name, trouble(k));
                if let Err(message) = &done {
                    assert!(message.starts_with("cannot write `out"), "one message with the path: {message}");
                }
                holds(self, &disk, &when);
                if done.is_err() {
                    disk.trouble(Trouble::None);
                    self.go_on(&disk).unwrap_or_else(|error| panic!("{when}: {error}"));
                }
                assert!(disk.files() == self.whole, "{when}");
                if is_untouched {
                    assert!(k > at_least, "there are many operations");
                    break;
                }
            }
        }
    }

    /// The power goes at operation after operation, and once more while the run is gone on with; `holds` is asked each time it is
    /// back, and in the end all is as if nothing had been.
    pub fn loses_power_at_each_operation(&self, holds: impl Fn(&Self, &Disk, &str)) {
        for seed in 0..2 {
            for k in 0.. {
                let disk = Disk::default();
                let mut random = Random(seed << 32 | k);
                disk.trouble(Trouble::Crash(k));
                let is_done = self.go_on(&disk).is_ok();
                disk.reboot(&mut random);
                let when = format!("{}, power gone at operation {k}, seed {seed}", self.name);
                holds(self, &disk, &when);
                disk.trouble(Trouble::Crash(random.below(60)));
                if !self.is_whole_or_gone_on_with(&disk) {
                    disk.reboot(&mut random);
                    holds(self, &disk, &when);
                    assert!(self.is_whole_or_gone_on_with(&disk), "{when}");
                }
                assert!(disk.files() == self.whole, "{when}");
                if is_done {
                    break;
                }
            }
        }
    }

    /// What is all done is not done again.
    fn is_whole_or_gone_on_with(&self, disk: &Disk) -> bool {
        disk.files() == self.whole || self.go_on(disk).is_ok()
    }

    fn go_on(&self, disk: &Disk) -> Result<(), String> {
        let done = self.job.go_on(Arc::new(disk.clone()), &mut |_, _| {});
        done.map(drop).map_err(|error| error.to_string())
    }
}
