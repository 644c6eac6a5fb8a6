//! From a pipeline file to a pipeline, with all that is wrong with it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use demarche_core::{BuildError, OrderError, Pipeline, Registry, Stage, StageKind, check_order};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, LoadErrors};
use crate::fingerprint::fingerprint;
use crate::nearest::nearest;
use crate::schema::{FoundPath, Schema, check, resolve, unknown_key};
use crate::settings::{Heading, PluginTable, Settings};
use crate::toml::{self, Entry, Node, Toml};

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
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let error = Diagnostic::of_file(format!("cannot read the pipeline file: {error}"));
        LoadErrors::new(&file, "", vec![error])
    })?;
    let base = path.parent().unwrap_or(Path::new(""));
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Loader::new(base, registry, threads).load(&file, &text, &name)
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
    Loader::new(base, registry, threads).load(name, text, name)
}

/// The tables of a pipeline file.
const TABLES: [&str; 6] = ["pipeline", "plugin", "stage", "input", "output", "run"];

/// What is known while a file is loaded.
struct Loader<'b> {
    base: &'b Path,
    threads: usize,
    registry: Registry,
    errors: Vec<Diagnostic>,
    plugins: Vec<LoadedPlugin>,
    /// Files that options of stages name.
    files: Vec<PathBuf>,
}

/// A stage of the file whose kind is known.
struct Named<'n> {
    node: &'n Node,
    /// Where its kind is named.
    span: Range<usize>,
    kind: String,
}

impl<'b> Loader<'b> {
    fn new(base: &'b Path, registry: Registry, threads: usize) -> Self {
        let (errors, plugins, files) = Default::default();
        Self { base, threads, registry, errors, plugins, files }
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
        let threads = Some(self.threads).filter(|&threads| threads > 0).or(settings.run.threads);
        let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        for node in self.tables(&root, "plugin") {
            self.load_plugin(node, threads);
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
                let error =
                    Diagnostic::new(format!("`{key}` must be a list of tables"), node.span.clone(), "is not");
                self.errors
                    .push(error.help(format!("write `[[{key}]]`, with two brackets, before each one")));
                &[]
            }
        }
    }

    fn load_plugin(&mut self, node: &Node, threads: usize) {
        let Some(table) = self.settings::<PluginTable>(node, "`[[plugin]]`") else { return };
        let span_of =
            |key| node.entry(key).map_or_else(|| node.span.clone(), |entry| entry.node.span.clone());
        let plugin = match demarche_plugin::load(&table.spec(), u32::try_from(threads).unwrap_or(u32::MAX)) {
            Ok(plugin) => plugin,
            Err(error) => {
                let key = match error {
                    demarche_plugin::LoadError::Pin { .. } | demarche_plugin::LoadError::Hash { .. } => {
                        "sha256"
                    }
                    _ => "path",
                };
                self.errors.push(Diagnostic::new(error.to_string(), span_of(key), "this plugin"));
                return;
            }
        };
        let stages = plugin.kinds.iter().map(|kind| kind.name.clone()).collect();
        for kind in plugin.kinds {
            if let Err(error) = self.registry.add(kind) {
                let error =
                    Diagnostic::new(error.to_string(), span_of("path"), "this plugin has another one");
                self.errors.push(error.help("add `prefix = \"…\"` to put a word and a dot before its names"));
            }
        }
        let demarche_plugin::Plugin { name, version, path, sha256, .. } = plugin;
        self.plugins.push(LoadedPlugin { name, version, path, sha256, stages });
    }

    fn load_stages(&mut self, root: &Node) -> Pipeline {
        let nodes = self.tables(root, "stage");
        if root.entry("stage").is_none()
            || matches!(root.entry("stage"), Some(entry) if is_empty(&entry.node))
        {
            let error = Diagnostic::of_file("the pipeline has no stage");
            self.errors.push(error.help("add one:\n\n[[stage]]\nuse = \"tokenize\""));
        }
        let named: Vec<_> = nodes.iter().filter_map(|node| self.named(node)).collect();
        // A stage that is not known may be the one that another one lacks.
        if named.len() == nodes.len() {
            self.check_order(&named);
        }
        let mut pipeline = Pipeline::new();
        for stage in &named {
            if let Some(built) = self.build(stage) {
                pipeline.push(self.kind(&stage.kind), built);
            }
        }
        pipeline
    }

    /// A kind that [`named`](Self::named) has found.
    fn kind(&self, name: &str) -> &StageKind {
        self.registry.get(name).expect("kinds stay in the registry")
    }

    fn named<'n>(&mut self, node: &'n Node) -> Option<Named<'n>> {
        let Some(entry) = node.entry("use") else {
            let error = Diagnostic::new("`[[stage]]` needs the key `use`", node.span.clone(), "which stage?");
            let names: Vec<_> = self.registry.kinds().map(|kind| kind.name.as_str()).collect();
            self.errors.push(error.help(format!("add `use = \"…\"`: {}", names.join(", "))));
            return None;
        };
        let span = entry.node.span.clone();
        let Some(name) = entry.node.as_str() else {
            let title = format!("`use` must be a string, not {}", entry.node.kind());
            self.errors.push(Diagnostic::new(title, span, "write the name of a stage"));
            return None;
        };
        if self.registry.get(name).is_some() {
            return Some(Named { node, span, kind: name.to_owned() });
        }
        let names: Vec<_> = self.registry.kinds().map(|kind| kind.name.as_str()).collect();
        let near = nearest(name, names.iter().copied()).map(|near| format!("\"{near}\""));
        let error = Diagnostic::new(format!("there is no stage `{name}`"), span, "unknown stage");
        let error = error.instead(near).help(format!("the stages are {}", names.join(", ")));
        self.errors.push(error.help("a plugin's stages are there once a `[[plugin]]` names its library"));
        None
    }

    fn check_order(&mut self, stages: &[Named<'_>]) {
        let kinds: Vec<_> = stages.iter().map(|stage| self.kind(&stage.kind)).collect();
        let errors: Vec<_> = check_order(&kinds, &self.registry)
            .into_iter()
            .map(|error| {
                let step = error.step();
                let diagnostic = Diagnostic::new(error.to_string(), stages[step].span.clone(), "");
                match error {
                    OrderError::Missing { layer, providers, .. } => {
                        let diagnostic = Diagnostic { label: format!("reads `{layer}`"), ..diagnostic };
                        let later = stages[step + 1..].iter().find(|later| providers.contains(&later.kind));
                        match later {
                            Some(later) => diagnostic
                                .related(later.span.clone(), format!("writes `{layer}`, too late"))
                                .help(format!("move the stage `{}` before it", later.kind)),
                            None if providers.is_empty() => diagnostic.help(format!(
                                "no stage that is loaded writes `{layer}`: a plugin may be missing"
                            )),
                            None => diagnostic
                                .help(format!("put the stage `{}` before it", providers.join("` or `"))),
                        }
                    }
                    OrderError::Twice { layer, earlier, .. } => {
                        let first = stages[..step].iter().find(|stage| stage.kind == earlier);
                        let diagnostic =
                            Diagnostic { label: format!("writes `{layer}` again"), ..diagnostic };
                        let diagnostic = diagnostic.help("remove one of the two");
                        match first {
                            Some(first) => {
                                diagnostic.related(first.span.clone(), format!("writes `{layer}`"))
                            }
                            None => diagnostic,
                        }
                    }
                    _ => diagnostic,
                }
            })
            .collect();
        self.errors.extend(errors);
    }

    fn build(&mut self, stage: &Named<'_>) -> Option<Box<dyn Stage>> {
        let options = Node { value: Toml::Table(options(stage.node)), span: stage.node.span.clone() };
        let kind = self.registry.get(&stage.kind).expect("kinds stay in the registry");
        let schema = Schema::new(&kind.options);
        let what = format!("stage `{}`", stage.kind);
        let errors = check(schema, &options, &what);
        let mut paths = Vec::new();
        let value = resolve(schema, &options, self.base, &mut paths);
        if !errors.is_empty() {
            self.errors.extend(errors);
            return None;
        }
        self.files.extend(paths.iter().map(|found| found.path.clone()));
        match kind.build(&value) {
            Ok(built) => Some(built),
            Err(error) => {
                self.errors.push(build_error(&error, stage, &options, &paths));
                None
            }
        }
    }
}

/// The options of a stage: all keys but `use`.
fn options(node: &Node) -> Vec<Entry> {
    node.entries().iter().filter(|entry| entry.key != "use").cloned().collect()
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.value, Toml::List(items) if items.is_empty())
}

/// What a stage says against its options, at the option that it speaks of.
fn build_error(error: &BuildError, stage: &Named<'_>, options: &Node, paths: &[FoundPath]) -> Diagnostic {
    let at_path = |path: &Path| {
        let found = paths.iter().find(|found| found.path == path);
        found.map_or_else(|| stage.span.clone(), |found| found.span.clone())
    };
    let kind = &stage.kind;
    match error {
        BuildError::Option { key, message } => {
            let entry = key.as_deref().and_then(|key| options.entry(key));
            let span = entry.map_or_else(|| stage.span.clone(), |entry| entry.node.span.clone());
            Diagnostic::new(format!("stage `{kind}` cannot be built"), span, message.clone())
        }
        BuildError::Read { path, source } => {
            Diagnostic::new(format!("stage `{kind}` cannot read a file"), at_path(path), source.to_string())
                .help(format!("the file is `{}`; paths are relative to the pipeline file", path.display()))
        }
        BuildError::File { path, line, message } => {
            Diagnostic::new(format!("stage `{kind}` cannot use a file"), at_path(path), "this file")
                .help(format!("{}:{line}: {message}", path.display()))
        }
        other => Diagnostic::new(format!("stage `{kind}`: {other}"), stage.span.clone(), "this stage"),
    }
}
