//! Files of given bytes, and their records as text.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part; a test that cannot go on panics"
)]

#[allow(unreachable_pub, reason = "the end-to-end tests have it as a module of their own")]
pub(crate) mod archive;

use std::fs;

use demarche_corpus::{Corpus, ReadOptions, Record, RecordError};

/// The records of a file of these bytes under this name.
pub(crate) fn records(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<Result<Record, RecordError>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Corpus::find([&path], None).unwrap().read(options.clone()).collect()
}

/// A record as `id "text" meta`, or what is wrong with it.
pub(crate) fn shown(record: &Result<Record, RecordError>) -> String {
    match record {
        Ok(record) => {
            let doc = &record.document;
            format!("{} {:?} {}", doc.id(), doc.text(), serde_json::to_string(doc.meta()).unwrap())
        }
        Err(error) => format!("{} at {}: {}", error.problem.code(), error.place.offset, error.problem),
    }
}

/// The same for each record of a file.
pub(crate) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<String> {
    records(name, bytes, options).iter().map(shown).collect()
}

#[track_caller]
pub(crate) fn check(name: &str, bytes: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(read(name, bytes.as_ref(), &ReadOptions::default()), expected);
}
