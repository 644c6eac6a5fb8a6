//! From an entry symbol to kinds of stages: what the library says of itself, checked before it is believed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use demarche_core::{Layer, StageKind};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::stage::{Foreign, Functions};
use super::{LoadError, Plugin, Traits, callbacks, log};
use crate::abi::{self, Entry, Kind};
use crate::table::{self, Table};

/// What a plugin says of itself.
#[derive(Deserialize)]
struct Info {
    name: String,
    version: String,
    #[serde(default)]
    license: String,
    #[serde(default)]
    homepage: String,
}

/// What a plugin says of a kind.
#[derive(Deserialize)]
struct Manifest {
    name: String,
    summary: String,
    #[serde(default)]
    version: String,
    #[serde(default = "yes")]
    deterministic: bool,
    #[serde(default)]
    reads: Vec<String>,
    writes: Vec<String>,
    #[serde(default)]
    options: Map<String, Value>,
}

fn yes() -> bool {
    true
}

/// A library whose entry symbol is known, on its way to be a [`Plugin`].
pub(super) struct Candidate<'a> {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
    pub(super) prefix: Option<&'a str>,
    pub(super) threads: u32,
}

impl Candidate<'_> {
    /// Asks the library for its table, and makes kinds of stages from it.
    ///
    /// # Safety
    /// `entry` must keep the contract of the header.
    pub(super) unsafe fn negotiate(self, entry: Entry) -> Result<Plugin, LoadError> {
        if let Some(prefix) = self.prefix.filter(|prefix| !is_name(prefix)) {
            return Err(LoadError::Name { path: self.path, name: format!("{prefix}.…") });
        }
        let host = callbacks::host(self.threads);
        // SAFETY: the caller answers for the entry; the host's table is never freed.
        let (table, lines) = log::listen(|| unsafe { entry(host) });
        if table.is_null() {
            let reason = if lines.is_empty() { "it does not say why".to_owned() } else { lines.join("; ") };
            return Err(LoadError::Declined { path: self.path, reason });
        }
        // SAFETY: not null; the fields before `struct_size` are there in every version.
        let plugin = unsafe { read_plugin(table, &self.path) }?;
        let path = &self.path;
        // SAFETY: the table and its strings live as long as the process.
        let info: Info = parse(unsafe { plugin.info.get() }, path, || "itself".to_owned())?;
        let label = format!("{} {}", info.name, info.version);
        let mut kinds: Vec<StageKind> = Vec::with_capacity(plugin.kind_count);
        let mut traits = Vec::with_capacity(plugin.kind_count);
        for i in 0..plugin.kind_count {
            // SAFETY: `kinds` points to `kind_count` pointers, each to a kind that lives as long as the process.
            let kind = unsafe { read_kind(*plugin.kinds.add(i), i, path) }?;
            // SAFETY: as for `info`.
            let manifest: Manifest = parse(unsafe { kind.manifest.get() }, path, || format!("kind {i}"))?;
            traits.push(Traits {
                version: manifest.version.clone(),
                deterministic: manifest.deterministic,
                serial: kind.flags & abi::SERIAL != 0,
                frees_workers: kind.worker_new.is_none() || kind.worker_free.is_some(),
            });
            let kind = self.kind(i, &kind, manifest, &label)?;
            if kinds.iter().any(|earlier| earlier.name == kind.name) {
                return Err(LoadError::Duplicate { path: self.path, name: kind.name });
            }
            kinds.push(kind);
        }
        let Info { name, version, license, homepage } = info;
        let abi = (plugin.abi_major, plugin.abi_minor);
        Ok(Plugin {
            name,
            version,
            license,
            homepage,
            abi,
            sha256: self.sha256,
            path: self.path,
            kinds,
            traits,
        })
    }

    fn kind(&self, i: usize, kind: &Kind, manifest: Manifest, plugin: &str) -> Result<StageKind, LoadError> {
        let missing = |what| LoadError::Missing { path: self.path.clone(), kind: i, what };
        if !is_name(&manifest.name) {
            return Err(LoadError::Name { path: self.path.clone(), name: manifest.name });
        }
        let functions = Arc::new(Functions {
            create: kind.create.ok_or_else(|| missing("create"))?,
            destroy: kind.destroy.ok_or_else(|| missing("destroy"))?,
            process: kind.process.ok_or_else(|| missing("process"))?,
            worker_new: kind.worker_new,
            worker_free: kind.worker_free,
            serial: (kind.flags & abi::SERIAL != 0).then(|| Mutex::new(())),
            writes: manifest.writes.iter().map(|layer| Layer::named(layer)).collect(),
            options: manifest
                .options
                .get("properties")
                .and_then(Value::as_object)
                .map_or_else(Vec::new, names),
        });
        let name = match self.prefix {
            Some(prefix) => format!("{prefix}.{}", manifest.name),
            None => manifest.name,
        };
        let writes = functions.writes.clone();
        let factory = move |options: &Value| Foreign::create(&functions, options);
        let mut stage_kind = StageKind::new(name, factory);
        stage_kind.summary = manifest.summary;
        stage_kind.reads = manifest.reads.iter().map(|layer| Layer::named(layer)).collect();
        stage_kind.writes = writes;
        stage_kind.options = Value::Object(manifest.options);
        stage_kind.plugin = Some(plugin.to_owned());
        Ok(stage_kind)
    }
}

fn names(properties: &Map<String, Value>) -> Vec<String> {
    properties.keys().cloned().collect()
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

fn parse<T: for<'a> Deserialize<'a>>(
    json: &[u8],
    path: &Path,
    what: impl Fn() -> String,
) -> Result<T, LoadError> {
    serde_json::from_slice(json).map_err(|source| LoadError::Manifest {
        path: path.to_owned(),
        what: what(),
        source,
    })
}

/// # Safety
/// `table` points to a plugin's table of any version.
unsafe fn read_plugin(table: *const abi::Plugin, path: &Path) -> Result<abi::Plugin, LoadError> {
    let path = || path.to_owned();
    // The head is read on its own: a table of another version may be shorter than ours.
    // SAFETY: four numbers stand at the head of every version.
    let [magic, major, minor, size] = unsafe { table.cast::<[u32; 4]>().read() };
    if magic != abi::MAGIC {
        return Err(LoadError::Magic { path: path() });
    }
    if major != abi::MAJOR || minor > abi::MINOR {
        return Err(LoadError::Version { path: path(), major, minor });
    }
    // SAFETY: it says that it is as long as that.
    let plugin = unsafe { whole(table, size, "demarche_plugin", path) }?;
    if plugin.kind_count == 0 || plugin.kind_count > abi::MAX_KINDS || plugin.kinds.is_null() {
        return Err(LoadError::Count { path: path(), count: plugin.kind_count });
    }
    Ok(plugin)
}

/// # Safety
/// `kind` is null or points to a kind of any minor version.
unsafe fn read_kind(kind: *const Kind, i: usize, path: &Path) -> Result<Kind, LoadError> {
    if kind.is_null() {
        return Err(LoadError::Missing { path: path.to_owned(), kind: i, what: "demarche_kind" });
    }
    // SAFETY: its size stands at the head of every version.
    let size = unsafe { kind.cast::<u32>().read() };
    // SAFETY: it says that it is as long as that.
    unsafe { whole(kind, size, "demarche_kind", || path.to_owned()) }
}

/// # Safety
/// `table` points to as many bytes as `size` says.
unsafe fn whole<T: Table>(
    table: *const T,
    size: u32,
    what: &'static str,
    path: impl Fn() -> PathBuf,
) -> Result<T, LoadError> {
    // SAFETY: the caller answers for it.
    unsafe { table::read(table, size) }.ok_or_else(|| LoadError::Size {
        path: path(),
        what,
        size,
        least: T::FIRST,
    })
}
