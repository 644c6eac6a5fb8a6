//! From a pipeline file to a pipeline, with all that is wrong with it.

mod stages;

use std::path::{Path, PathBuf};

use demarche_core::{Pipeline, Registry};
use demarche_plugin::{LoadError, Plugin};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, LoadErrors};
use crate::fingerprint::fingerprint;
use crate::schema::{Schema, check, resolve, unknown_key};
use crate::settings::{Heading, PluginTable, Settings};
use crate::toml::{self, Entry, Node, Toml};

pub use stages::parse_options;

/// A pipeline, ready to run.
#[derive(Debug)]
#[non_exhaustive]
pub struct LoadedPipeline {
    /// Its name: what the file says, or the file's own.
    pub name: String,
    /// What it is for, if the file says so.
    pub description: Option<String>,
    /// Its stages, built.
    pub pipeline: Pipeline,
    /// What the file says about input, output and the run.
    pub settings: Settings,
    /// The kinds of stages there are: the built-in ones and those of the plugins.
    pub registry: Registry,
    /// The plugins, in the order of the file.
    pub plugins: Vec<LoadedPlugin>,
    /// Names what decides a result: the version of this program, the pipeline file, the plugins, the files that options
    /// name. SHA-256 in hexadecimal digits.
    pub fingerprint: String,
    /// What it was loaded from, so that another process can load the same.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no such processes"))]
    pub(crate) source: Source,
}

/// What a pipeline is loaded from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) text: String,
    /// What stands for the file in messages.
    pub(crate) name: String,
    /// What relative paths in it are relative to.
    pub(crate) base: PathBuf,
}

/// A plugin that a pipeline uses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadedPlugin {
    /// Its name, as it says itself.
    pub name: String,
    /// Its version, as it says itself.
    pub version: String,
    /// The library.
    pub path: PathBuf,
    /// SHA-256 of the library, in hexadecimal digits.
    pub sha256: String,
    /// Names of the stages that it adds.
    pub stages: Vec<String>,
}

/// Loads a pipeline file.
///
/// `registry` holds the stages that it can name besides those of its plugins. `threads` is the number of threads that
/// will call plugins; 0 for what the file says, or as many as there are cores. Relative paths in the file are
/// relative to it.
///
/// # Errors
/// All that is wrong with the file, each with its place.
pub fn load_pipeline(path: &Path, registry: Registry, threads: usize) -> Result<LoadedPipeline, LoadErrors> {
    load_pipeline_with(path, registry, &LoadOptions { threads, ..LoadOptions::default() })
}

/// What is asked of a pipeline file beyond what it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Threads that will call plugins; 0 for what the file says, or as many as there are cores.
    pub threads: usize,
    /// Whether every plugin must be pinned, also where the file does not ask for it.
    pub require_pins: bool,
}

/// Loads a pipeline file as [`load_pipeline`] does, and asks more of it.
///
/// # Errors
/// All that is wrong with the file, each with its place.
pub fn load_pipeline_with(
    path: &Path,
    registry: Registry,
    options: &LoadOptions,
) -> Result<LoadedPipeline, LoadErrors> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let error = Diagnostic::of_file(format!("cannot read the pipeline file: {error}"));
        LoadErrors::new(&file, "", vec![error])
    })?;
    let base = path.parent().unwrap_or(Path::new(""));
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Loader::new(base, registry, options).load(&file, &text, &name)
}

/// Loads a pipeline from its text; `name` stands for the file in messages, and `base` is what relative paths in it
/// are relative to. For the rest see [`load_pipeline`].
///
/// # Errors
/// All that is wrong with the text, each with its place.
pub fn parse_pipeline(
    text: &str,
    name: &str,
    base: &Path,
    registry: Registry,
    threads: usize,
) -> Result<LoadedPipeline, LoadErrors> {
    Loader::new(base, registry, &LoadOptions { threads, ..LoadOptions::default() }).load(name, text, name)
}

/// The tables of a pipeline file.
const TABLES: [&str; 6] = ["pipeline", "plugin", "stage", "input", "output", "run"];

/// What is known while a file is loaded.
struct Loader<'b> {
    base: &'b Path,
    threads: usize,
    require_pins: bool,
    registry: Registry,
    errors: Vec<Diagnostic>,
    plugins: Vec<LoadedPlugin>,
    /// Whether all plugins of the file could be loaded.
    has_all_plugins: bool,
    /// Files that options of stages name.
    files: Vec<PathBuf>,
}

impl<'b> Loader<'b> {
    fn new(base: &'b Path, registry: Registry, options: &LoadOptions) -> Self {
        let (errors, plugins, files) = Default::default();
        let LoadOptions { threads, require_pins } = *options;
        Self { base, threads, require_pins, registry, errors, plugins, has_all_plugins: true, files }
    }

    fn load(mut self, file: &str, text: &str, name: &str) -> Result<LoadedPipeline, LoadErrors> {
        let root = match toml::parse(text) {
            Ok(root) => root,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let error = Diagnostic::new("this is not TOML", span, error.message());
                return Err(LoadErrors::new(file, text, vec![error]));
            }
        };
        for entry in root.entries().iter().filter(|entry| !TABLES.contains(&entry.key.as_str())) {
            self.errors.push(unknown_key(entry, "a pipeline file", TABLES.into_iter()));
        }
        let heading: Heading = self.table(&root, "pipeline");
        let settings = Settings {
            input: self.table(&root, "input"),
            output: self.table(&root, "output"),
            run: self.table(&root, "run"),
        };
        self.require_pins |= settings.run.require_pins;
        let threads = Some(self.threads).filter(|&threads| threads > 0).or(settings.run.threads);
        let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        for node in self.tables(&root, "plugin") {
            self.has_all_plugins &= self.load_plugin(node, threads);
        }
        let pipeline = self.load_stages(&root);
        if !self.errors.is_empty() {
            return Err(LoadErrors::new(file, text, self.errors));
        }
        let plugins = self.plugins.iter().map(|plugin| plugin.sha256.as_str());
        Ok(LoadedPipeline {
            name: heading.name.unwrap_or_else(|| name.to_owned()),
            description: heading.description,
            pipeline,
            settings,
            fingerprint: fingerprint(text, plugins, &self.files),
            registry: self.registry,
            plugins: self.plugins,
            source: Source { text: text.to_owned(), name: file.to_owned(), base: self.base.to_owned() },
        })
    }

    /// The settings of a table; the defaults where it is absent or wrong.
    fn table<T: DeserializeOwned + JsonSchema + Default>(&mut self, root: &Node, key: &str) -> T {
        let entry = root.entry(key);
        entry.and_then(|entry| self.settings(&entry.node, &format!("`[{key}]`"))).unwrap_or_default()
    }

    fn settings<T: DeserializeOwned + JsonSchema>(&mut self, node: &Node, what: &str) -> Option<T> {
        let schema = schema_for!(T).to_value();
        let schema = Schema::new(&schema);
        let errors = check(schema, node, what);
        if !errors.is_empty() {
            self.errors.extend(errors);
            return None;
        }
        let settings = T::deserialize(resolve(schema, node, self.base, &mut Vec::new()));
        let error = |error| Diagnostic::new(format!("{what}: {error}"), node.span.clone(), "in here");
        settings.map_err(|source| self.errors.push(error(source))).ok()
    }

    /// The tables of a list that is written as `[[key]]`.
    fn tables<'n>(&mut self, root: &'n Node, key: &str) -> &'n [Node] {
        let Some(Entry { node, .. }) = root.entry(key) else { return &[] };
        match &node.value {
            Toml::List(items) if items.iter().all(|item| matches!(item.value, Toml::Table(_))) => items,
            _ => {
                let title = format!("`{key}` must be a list of tables");
                let error = Diagnostic::new(title, node.span.clone(), format!("this is {}", node.kind()));
                self.errors
                    .push(error.help(format!("write `[[{key}]]`, with two brackets, before each one")));
                &[]
            }
        }
    }

    /// Loads a plugin and adds its stages; whether that went well.
    fn load_plugin(&mut self, node: &Node, threads: usize) -> bool {
        let before = self.errors.len();
        let Some(table) = self.settings::<PluginTable>(node, "`[[plugin]]`") else { return false };
        let span_of = |key| node.entry(key).map_or(&node.span, |entry| &entry.node.span).clone();
        let spec = table.spec();
        if self.require_pins && spec.sha256.is_none() {
            let error = Diagnostic::new(
                "this plugin is not pinned",
                span_of("path"),
                "any file of this name is loaded",
            );
            let pin = demarche_plugin::hash(&spec)
                .map(|sha256| format!("add `sha256 = \"{sha256}\"` if you know this file"));
            self.errors.push(error.help(pin.unwrap_or_else(|error| error.to_string())));
            return false;
        }
        let threads = u32::try_from(threads).unwrap_or(u32::MAX);
        let Plugin { name, version, path, sha256, kinds, .. } = match demarche_plugin::load(&spec, threads) {
            Ok(plugin) => plugin,
            Err(error) => {
                let is_pin = matches!(error, LoadError::Pin { .. } | LoadError::Hash { .. });
                let (key, label) = if is_pin { ("sha256", "this pin") } else { ("path", "this plugin") };
                self.errors.push(Diagnostic::new(error.to_string(), span_of(key), label));
                return false;
            }
        };
        let stages = kinds.iter().map(|kind| kind.name.clone()).collect();
        for kind in kinds {
            if let Err(error) = self.registry.add(kind) {
                let label = "this plugin has one of its own";
                let error = Diagnostic::new(error.to_string(), span_of("path"), label);
                self.errors.push(error.help("add `prefix = \"…\"` to put a word and a dot before its names"));
            }
        }
        self.plugins.push(LoadedPlugin { name, version, path, sha256, stages });
        self.errors.len() == before
    }
}
