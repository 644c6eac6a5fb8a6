//! Runs of the real binary in a folder, that can be killed.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::demarche;

/// A folder with a pipeline `p.toml`, an input, `in.jsonl` unless another is named, and what runs write there.
pub struct Runs {
    folder: tempfile::TempDir,
    inputs: Vec<String>,
}

/// Words only, with a checkpoint every few milliseconds.
const PIPELINE: &str = "[run]\ncheckpoint_seconds = 0.004\n\n[[stage]]\nuse = \"tokenize\"\n";

impl Runs {
    /// Runs over this input.
    pub fn over(input: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let runs = Self { folder, inputs: vec!["in.jsonl".to_owned()] };
        fs::write(runs.path("p.toml"), PIPELINE).expect("there is room for a file");
        fs::write(runs.path("in.jsonl"), input).expect("there is room for a file");
        runs
    }

    /// From now on these are read.
    pub fn read(&mut self, inputs: &[&str]) {
        self.inputs = inputs.iter().map(|&input| input.to_owned()).collect();
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The bytes of a file in the folder.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of the files in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).expect("the folder is there");
        let name = |file: std::io::Result<fs::DirEntry>| file.expect("it can be read").file_name();
        let mut names: Vec<_> = files.map(|file| name(file).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// `demarche run p.toml INPUT -o OUTPUT …`
    pub fn command(&self, output: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(demarche().get_program());
        command
            .current_dir(self.folder.path())
            .args(["run", "p.toml"])
            .args(&self.inputs)
            .args(["-o", output]);
        command.args(arguments).stdin(Stdio::null());
        command
    }

    /// Starts one whose messages nobody reads.
    pub fn start(&self, output: &str, arguments: &[&str]) -> Child {
        let mut command = self.command(output, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts")
    }

    /// Runs one to its end.
    pub fn run(&self, output: &str, arguments: &[&str]) -> Output {
        self.command(output, arguments).output().expect("the binary starts")
    }

    /// Kills one after a time, as `kill -9` does; whether it had not ended before.
    pub fn kill_after(&self, time: Duration, output: &str, arguments: &[&str]) -> bool {
        let mut child = self.start(output, arguments);
        std::thread::sleep(time);
        let is_alive = child.try_wait().expect("it is our child").is_none();
        // It may end between the two.
        let _ = child.kill();
        child.wait().expect("it is our child");
        is_alive
    }

    /// Kills one once it has a checkpoint more and so many bytes of output; whether it had not ended before.
    pub fn kill_at(&self, bytes: u64, output: &str, arguments: &[&str]) -> bool {
        let of = |ending: &str| self.path(&format!("{output}{ending}"));
        let (journal, part) = (of(".journal"), of(".part"));
        let checkpoints = || fs::read_to_string(&journal).map_or(0, |lines| lines.lines().count());
        // The first line is no checkpoint.
        let before = checkpoints().max(1);
        let is_there = || checkpoints() > before && fs::metadata(&part).is_ok_and(|part| part.len() >= bytes);
        let mut child = self.start(output, arguments);
        let mut is_alive = true;
        while is_alive && !is_there() {
            std::thread::sleep(Duration::from_micros(200));
            is_alive = child.try_wait().expect("it is our child").is_none();
        }
        let _ = child.kill();
        child.wait().expect("it is our child");
        is_alive
    }

    /// Waits for something that comes soon.
    pub fn wait_until(mut is_so: impl FnMut() -> bool) {
        let since = Instant::now();
        while !is_so() {
            assert!(since.elapsed() < Duration::from_secs(60), "it did not come");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
