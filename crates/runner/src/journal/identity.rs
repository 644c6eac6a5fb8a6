//! What a run is, so that another one is not taken for it.

use std::collections::BTreeMap;
use std::io;
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

use demarche_corpus::{Corpus, SourceFile, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::LoadedPipeline;

/// What decides the bytes of an output: program, pipeline, plugins, options, input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Version of the program and the CRC-32 of its file.
    program: String,
    /// Fingerprint of the pipeline: its file, and the files that it names.
    pipeline: String,
    /// SHA-256 of each plugin by its path.
    plugins: BTreeMap<String, String>,
    /// What else was asked for, by name.
    options: BTreeMap<String, String>,
    inputs: Inputs,
}

/// The files of the corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inputs {
    files: u64,
    bytes: u64,
    /// SHA-256 over path, size and time of every file.
    sha256: String,
    /// The first files, to say which one is another.
    first: Vec<InputFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputFile {
    path: String,
    bytes: u64,
    /// When it was changed last, in nanoseconds since 1970.
    changed: u64,
}

/// Files of a corpus that a journal lists one by one.
const LISTED_FILES: usize = 1000;

impl Identity {
    /// What a run is; `None` if its input cannot be read a second time: the standard input, a pipe.
    ///
    /// `options` are those that decide the output and are not in the pipeline file, by the names that a user knows.
    ///
    /// # Errors
    /// If a file of the corpus is not there any more.
    pub fn of(
        loaded: &LoadedPipeline,
        corpus: &Corpus,
        options: BTreeMap<String, String>,
    ) -> io::Result<Option<Self>> {
        let Some(inputs) = Inputs::of(corpus)? else { return Ok(None) };
        let plugins = loaded.plugins.iter();
        let plugins = plugins.map(|plugin| (plugin.path.display().to_string(), plugin.sha256.clone()));
        let pipeline = loaded.fingerprint.clone();
        Ok(Some(Self { program: PROGRAM.clone(), pipeline, plugins: plugins.collect(), options, inputs }))
    }

    /// What is not as it was `then`, each in words.
    pub(super) fn differences(&self, then: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.program != then.program {
            differences.push(format!("the program is {}, it was {}", self.program, then.program));
        }
        let plugins: Vec<_> = keys(&self.plugins, &then.plugins)
            .filter(|&path| self.plugins.get(path) != then.plugins.get(path))
            .map(|path| format!("the plugin `{path}` is another one"))
            .collect();
        // The version of the program and the plugins are part of it.
        if self.pipeline != then.pipeline && plugins.is_empty() && differences.is_empty() {
            differences.push("the pipeline, or a file that it names, is another one".to_owned());
        }
        differences.extend(plugins);
        for option in keys(&self.options, &then.options) {
            let value = |of: &Self| of.options.get(option).cloned().unwrap_or_else(|| "not given".to_owned());
            if value(self) != value(then) {
                differences.push(format!("`{option}` is {}, it was {}", value(self), value(then)));
            }
        }
        differences.extend(self.inputs.difference(&then.inputs));
        differences
    }
}

fn keys<'m>(
    one: &'m BTreeMap<String, String>,
    other: &'m BTreeMap<String, String>,
) -> impl Iterator<Item = &'m String> {
    one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)))
}

impl Inputs {
    fn of(corpus: &Corpus) -> io::Result<Option<Self>> {
        let mut inputs = Self { files: 0, bytes: 0, sha256: String::new(), first: Vec::new() };
        let mut hash = Sha256::new();
        for file in corpus.files() {
            let Some(file) = InputFile::of(file)? else { return Ok(None) };
            inputs.files += 1;
            inputs.bytes += file.bytes;
            hash.update((file.path.len() as u64).to_le_bytes());
            hash.update(&file.path);
            hash.update(file.bytes.to_le_bytes());
            hash.update(file.changed.to_le_bytes());
            if inputs.first.len() < LISTED_FILES {
                inputs.first.push(file);
            }
        }
        inputs.sha256 = hex(&hash.finalize());
        Ok(Some(inputs))
    }

    fn difference(&self, then: &Self) -> Option<String> {
        if self.sha256 == then.sha256 {
            return None;
        }
        if self.files != then.files {
            return Some(format!("the input is {} files, it was {}", self.files, then.files));
        }
        let changed = self.first.iter().zip(&then.first).find(|(now, then)| now != then);
        Some(match changed {
            Some((now, then)) if now.path != then.path => {
                format!("the input has `{}` where it had `{}`", now.path, then.path)
            }
            Some((now, then)) if now.bytes != then.bytes => {
                format!("the input `{}` has {} bytes, it had {}", now.path, now.bytes, then.bytes)
            }
            Some((now, _)) => format!("the input `{}` was written to since", now.path),
            None => "a file of the input is another one, or was written to since".to_owned(),
        })
    }
}

impl InputFile {
    fn of(file: &SourceFile) -> io::Result<Option<Self>> {
        let Ok(known) = std::fs::metadata(&file.path) else { return Ok(None) };
        if !known.is_file() {
            return Ok(None);
        }
        let changed = known.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let path = file.path.to_string_lossy().into_owned();
        Ok(Some(Self { path, bytes: known.len(), changed: changed.as_nanos() as u64 }))
    }
}

/// This program: a build with other models has another checksum, though its version be the same.
static PROGRAM: LazyLock<String> = LazyLock::new(|| {
    let version = env!("CARGO_PKG_VERSION");
    match std::env::current_exe().and_then(std::fs::read) {
        Ok(bytes) => format!("{version} ({:08x})", crc32fast::hash(&bytes)),
        Err(_) => version.to_owned(),
    }
});
