//! The stages of a pipeline file: named, in an order that works, built.

use std::ops::Range;
use std::path::Path;

use demarche_core::{BuildError, OrderError, Pipeline, Registry, Stage, StageKind, check_order};

use super::Loader;
use crate::diagnostic::{Diagnostic, LoadErrors};
use crate::nearest::nearest;
use crate::schema::{FoundPath, Schema, check, resolve};
use crate::toml::{self, Entry, Node, Toml};

/// A stage of the file whose kind is known.
struct Named<'n> {
    node: &'n Node,
    /// Where its kind is named.
    span: Range<usize>,
    kind: String,
}

impl Loader<'_> {
    pub(super) fn load_stages(&mut self, root: &Node) -> Pipeline {
        let nodes = self.tables(root, "stage");
        let n_stages = root.entry("stage").map(|entry| entry.node.len());
        if n_stages.is_none_or(|n| n == 0) {
            let error = Diagnostic::of_file("the pipeline has no stage");
            self.errors.push(error.help("add one:\n\n[[stage]]\nuse = \"tokenize\""));
        }
        let named: Vec<_> = nodes.iter().filter_map(|node| self.named(node)).collect();
        // A stage that is not known may be the one that another one lacks.
        if named.len() == nodes.len() {
            self.errors.extend(order_errors(&named, &self.registry));
        }
        let mut pipeline = Pipeline::new();
        for stage in &named {
            if let Some(built) = self.build(stage) {
                pipeline.push(kind(&self.registry, stage), built);
            }
        }
        pipeline
    }

    fn named<'n>(&mut self, node: &'n Node) -> Option<Named<'n>> {
        let names: Vec<_> = self.registry.kinds().map(|kind| kind.name.as_str()).collect();
        let Some(Entry { node: name, .. }) = node.entry("use") else {
            let error = Diagnostic::new("`[[stage]]` needs the key `use`", node.span.clone(), "which stage?");
            self.errors.push(error.help(format!("add `use = \"…\"`: {}", names.join(", "))));
            return None;
        };
        let span = name.span.clone();
        let Some(name) = name.as_str() else {
            let title = format!("`use` must be a string, not {}", name.kind());
            self.errors.push(Diagnostic::new(title, span, "write the name of a stage"));
            return None;
        };
        if names.contains(&name) {
            return Some(Named { node, span, kind: name.to_owned() });
        }
        let near = nearest(name, names.iter().copied()).map(|near| format!("\"{near}\""));
        // What a plugin that could not be loaded would have brought is that plugin's error.
        if near.is_some() || self.has_all_plugins {
            let error = Diagnostic::new(format!("there is no stage `{name}`"), span, "unknown stage");
            let error = error.instead(near).help(format!("the stages are {}", names.join(", ")));
            self.errors.push(error.help("a plugin's stages are there once a `[[plugin]]` names its library"));
        }
        None
    }

    fn build(&mut self, stage: &Named<'_>) -> Option<Box<dyn Stage>> {
        let entries = stage.node.entries().iter().filter(|entry| entry.key != "use").cloned();
        let options = Node { value: Toml::Table(entries.collect()), span: stage.node.span.clone() };
        let kind = kind(&self.registry, stage);
        let schema = Schema::new(&kind.options);
        let errors = check(schema, &options, &format!("stage `{}`", stage.kind));
        if !errors.is_empty() {
            self.errors.extend(errors);
            return None;
        }
        let mut paths = Vec::new();
        let value = resolve(schema, &options, self.base, &mut paths);
        let built = kind.build(&value);
        let error = |error| self.errors.push(build_error(&error, stage, &options, &paths));
        let built = built.map_err(error).ok();
        self.files.extend(paths.into_iter().map(|found| found.path));
        built
    }
}

/// Options of a stage by themselves, as they would stand in its `[[stage]]` section: checked by its schema, paths resolved
/// against `base`.
///
/// # Errors
/// All that is wrong with the text, each with its place.
pub fn parse_options(text: &str, kind: &StageKind, base: &Path) -> Result<serde_json::Value, LoadErrors> {
    let failed = |errors| LoadErrors::new("options", text, errors);
    let node = toml::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        failed(vec![Diagnostic::new("these options are not TOML", span, error.message())])
    })?;
    let schema = Schema::new(&kind.options);
    let errors = check(schema, &node, &format!("stage `{}`", kind.name));
    if !errors.is_empty() {
        return Err(failed(errors));
    }
    Ok(resolve(schema, &node, base, &mut Vec::new()))
}

/// The kind of a stage that was found in the registry.
fn kind<'r>(registry: &'r Registry, stage: &Named<'_>) -> &'r StageKind {
    registry.get(&stage.kind).expect("kinds stay in the registry")
}

/// What is wrong with the order of the stages; one error for all layers that one change would put right.
fn order_errors(stages: &[Named<'_>], registry: &Registry) -> Vec<Diagnostic> {
    let kinds: Vec<_> = stages.iter().map(|stage| kind(registry, stage)).collect();
    let errors = check_order(&kinds, registry).into_iter();
    let mut errors: Vec<_> = errors.map(|error| order_error(&error, stages)).collect();
    errors.dedup_by(|error, before| (&error.span, &error.help) == (&before.span, &before.help));
    errors
}

fn order_error(error: &OrderError, stages: &[Named<'_>]) -> Diagnostic {
    let step = error.step();
    let at = |label: String| Diagnostic::new(error.to_string(), stages[step].span.clone(), label);
    match error {
        OrderError::Missing { layer, providers, .. } => {
            let here = at(format!("reads `{layer}`"));
            match stages[step + 1..].iter().find(|later| providers.contains(&later.kind)) {
                Some(later) => here
                    .related(later.span.clone(), format!("writes `{layer}`, too late"))
                    .help(format!("move the stage `{}` before it", later.kind)),
                None if providers.is_empty() => {
                    here.help(format!("no stage that is loaded writes `{layer}`: a plugin may be missing"))
                }
                None => here.help(format!("put the stage `{}` before it", providers.join("` or `"))),
            }
        }
        OrderError::Twice { layer, earlier, .. } => {
            let here = at(format!("writes `{layer}` again")).help("remove one of the two");
            match stages[..step].iter().find(|stage| stage.kind == *earlier) {
                Some(first) => here.related(first.span.clone(), format!("writes `{layer}`")),
                None => here,
            }
        }
        _ => at("this stage".to_owned()),
    }
}

/// What a stage says against its options, at the option that it speaks of.
fn build_error(error: &BuildError, stage: &Named<'_>, options: &Node, paths: &[FoundPath]) -> Diagnostic {
    let at_path = |path: &Path| {
        let found = paths.iter().find(|found| found.path == path);
        found.map_or(&stage.span, |found| &found.span).clone()
    };
    let kind = &stage.kind;
    match error {
        BuildError::Option { key, message } => {
            let entry = key.as_deref().and_then(|key| options.entry(key));
            let span = entry.map_or(&stage.span, |entry| &entry.node.span).clone();
            Diagnostic::new(format!("stage `{kind}` cannot be built"), span, message)
        }
        BuildError::Read { path, source } => {
            let title = format!("stage `{kind}` cannot read a file");
            Diagnostic::new(title, at_path(path), source.to_string())
                .help(format!("the file is `{}`; paths are relative to the pipeline file", path.display()))
        }
        BuildError::File { path, line, message } => {
            let title = format!("stage `{kind}` cannot use a file");
            Diagnostic::new(title, at_path(path), "this file")
                .help(format!("{}:{line}: {message}", path.display()))
        }
        other => Diagnostic::new(format!("stage `{kind}`: {other}"), stage.span.clone(), "this stage"),
    }
}
