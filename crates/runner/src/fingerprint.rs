use std::path::PathBuf;

use demarche_corpus::hex;
use sha2::{Digest, Sha256};

/// Names what decides a result: the version of this program, the pipeline file, the plugins, and the files that options name.
///
/// Two runs with the same fingerprint give the same output for the same text.
pub(crate) fn fingerprint<'p>(
    text: &str,
    plugins: impl Iterator<Item = &'p str>,
    files: &[PathBuf],
) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        // Lengths keep one part from running into the next.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    add(env!("CARGO_PKG_VERSION").as_bytes());
    add(text.as_bytes());
    plugins.for_each(|sha256| add(sha256.as_bytes()));
    // A file that cannot be read any more counts as empty; the stage that names it has read it before.
    for file in files {
        add(&std::fs::read(file).unwrap_or_default());
    }
    hex(&hash.finalize())
}
