//! Runs of the real binary whose memory is watched.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::time::Duration;

use crate::{demarche, json_lines};

/// What came of a run.
#[derive(Debug)]
pub struct Watched {
    /// Exit code.
    pub code: i32,
    /// Most memory that it had at once, in bytes: its resident set.
    pub peak: u64,
    /// The documents of its output.
    pub documents: Vec<serde_json::Value>,
    /// The accounts of its failures.
    pub failed: Vec<serde_json::Value>,
}

/// A folder with a pipeline of words alone, which has no model.
pub struct Folder(tempfile::TempDir);

/// Time between two looks at a run.
const LOOK: Duration = Duration::from_millis(5);

impl Folder {
    /// An empty one but for the pipeline.
    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("there is room for a folder"));
        fs::write(folder.path("p.toml"), "[[stage]]\nuse = \"tokenize\"\n")
            .expect("there is room for a file");
        folder
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs `demarche run p.toml ARGUMENTS` over what `feed` writes to its standard input.
    ///
    /// # Panics
    /// If the run cannot be watched.
    pub fn run(&self, arguments: &[&str], feed: impl FnOnce(ChildStdin) + Send + 'static) -> Watched {
        let mut command = Command::new(demarche().get_program());
        command.current_dir(self.0.path()).args(["run", "p.toml", "-o", "out.jsonl", "--restart", "--quiet"]);
        command.args(["--failed", "failed.jsonl"]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        let stdin = child.stdin.take().expect("it is a pipe");
        let feeding = std::thread::spawn(move || feed(stdin));
        let mut peak = 0;
        let status = loop {
            peak = peak.max(peak_of(child.id()).unwrap_or(0));
            if let Some(status) = child.try_wait().expect("it is our child") {
                break status;
            }
            std::thread::sleep(LOOK);
        };
        feeding.join().expect("what is fed can be written");
        let lines = |name| fs::read(self.path(name)).map_or_else(|_| Vec::new(), |bytes| json_lines(&bytes));
        let code = status.code().expect("it ends by itself");
        Watched { code, peak, documents: lines("out.jsonl"), failed: lines("failed.jsonl") }
    }

    /// The same over a file in the folder.
    pub fn run_over(&self, name: &str, arguments: &[&str]) -> Watched {
        self.run(&[&[name], arguments].concat(), drop)
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes what stands before, so many bytes `a`, and what stands after. Whoever reads may have had enough before the end.
pub fn feed(mut out: impl Write, before: &[u8], length: u64, after: &[u8]) {
    let letters = vec![b'a'; 1 << 16];
    let mut write = || {
        out.write_all(before)?;
        let mut left = length;
        while left > 0 {
            let n = left.min(letters.len() as u64);
            out.write_all(&letters[..n as usize])?;
            left -= n;
        }
        out.write_all(after)
    };
    if let Err(error) = write() {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{error}");
    }
}

/// Most memory that a process has had at once, in bytes; `None` if it has ended.
fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = peak.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
