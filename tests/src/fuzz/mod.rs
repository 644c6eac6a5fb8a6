//! What is fuzzed: a check a target, over any bytes. `fuzz/` runs them over what libFuzzer thinks of, and `cargo test` over the
//! files of `tests/regressions/`.

pub mod boundary;
pub mod documents;
pub mod journals;
pub mod models;
pub mod pipelines;
pub mod readers;
pub mod tables;
pub mod texts;

use std::fs;
use std::path::{Path, PathBuf};

/// What is done with the bytes of an input; it panics where something does not hold.
pub type Check = fn(&[u8]);

/// The targets and their checks, by name.
pub const TARGETS: [(&str, Check); 22] = [
    ("arrow", readers::arrow),
    ("csv", readers::csv),
    ("dates", texts::dates),
    ("document", documents::document),
    ("encoding", readers::encoding),
    ("gazetteer", texts::gazetteer),
    ("gzip", readers::gzip),
    ("html", readers::html),
    ("journal", journals::journal),
    ("jsonl", readers::jsonl),
    ("model_open", models::model_open),
    ("parquet", readers::parquet),
    ("pipeline", texts::pipeline),
    ("pipeline_toml", pipelines::pipeline_toml),
    ("plugin_record", boundary::plugin_record),
    ("plugin_tables", tables::plugin_tables),
    ("tar", readers::tar),
    ("tokenize", texts::tokenize),
    ("warc", readers::warc),
    ("xml", readers::xml),
    ("zip", readers::zip),
    ("zstd", readers::zstd),
];

/// Files that have nothing in them, in a folder of this thread's own; what is put into them replaces what was there.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room for a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).expect("there is room for a file");
        path
    }
}

/// A message goes to terminals, whatever the input has put into it.
#[track_caller]
fn check_message(message: &str) {
    assert!(!message.chars().any(char::is_control), "a message carries terminal codes: {message:?}");
}
