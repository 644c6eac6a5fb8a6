//! `demarche stages`: everything it says comes from the stages themselves.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use demarche::plugin::PluginSpec;
use demarche::{Layer, Registry, StageKind};
use serde_json::Value;

use crate::output;
use crate::view::Paint;

/// Lists the stages, or describes one.
pub(crate) fn stages(name: Option<&str>, plugins: &[PathBuf], paint: Paint) -> anyhow::Result<()> {
    let mut registry = demarche::registry();
    for path in plugins {
        let spec = PluginSpec { path: path.clone(), sha256: None, prefix: None, allow_writable: true };
        for kind in demarche::plugin::load(&spec, 1)?.kinds {
            registry.add(kind).map_err(|error| anyhow!("plugin `{}`: {error}", path.display()))?;
        }
    }
    match name {
        None => output::print(&list(&registry, paint)),
        Some(name) => match registry.get(name) {
            Some(kind) => output::print(&describe(kind, paint)),
            None => bail!("there is no stage `{name}`; there are: {}", names(&registry)),
        },
    }
}

fn names(registry: &Registry) -> String {
    registry.kinds().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn list(registry: &Registry, paint: Paint) -> String {
    let width = registry.kinds().map(|kind| kind.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for kind in registry.kinds() {
        let name = paint.strong(&format!("{:width$}", kind.name));
        let layers = paint.faint(&format!("{} → {}", layers(&kind.reads), layers(&kind.writes)));
        write!(out, "{name}  {}\n{:width$}  {layers}\n", kind.summary, "").expect("a string takes all");
    }
    out
}

fn layers(layers: &[Layer]) -> String {
    if layers.is_empty() {
        return "text".to_owned();
    }
    layers.iter().map(Layer::name).collect::<Vec<_>>().join(", ")
}

/// All that a stage says of itself.
pub(crate) fn describe(kind: &StageKind, paint: Paint) -> String {
    let mut out = format!("{}\n{}\n\n", paint.heading(&kind.name), kind.summary);
    if let Some(plugin) = &kind.plugin {
        writeln!(out, "From the plugin {plugin}.").expect("a string takes all");
    }
    writeln!(out, "Reads   {}", layers(&kind.reads)).expect("a string takes all");
    writeln!(out, "Writes  {}\n", layers(&kind.writes)).expect("a string takes all");
    let options = kind.options["properties"].as_object();
    let Some(options) = options.filter(|options| !options.is_empty()) else {
        return out + "It has no options.\n";
    };
    writeln!(out, "{}", paint.strong("Options")).expect("a string takes all");
    for (key, schema) in options {
        let default = schema.get("default").map(|value| format!(" [default: {value}]")).unwrap_or_default();
        let kind_of = format!("{}{default}", type_name(schema, &kind.options));
        writeln!(out, "  {}  {}", paint.strong(key), paint.faint(&kind_of)).expect("a string takes all");
        for line in schema["description"].as_str().unwrap_or_default().lines() {
            writeln!(out, "      {line}").expect("a string takes all");
        }
    }
    out
}

/// The type in the words of a TOML file.
fn type_name(schema: &Value, root: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or_else(|| "value".to_owned(), |target| type_name(target, root));
    }
    if let Some(choices) = choices(schema) {
        return format!("one of {}", choices.join(", "));
    }
    if let Some(variants) = schema["anyOf"].as_array() {
        let variants = variants.iter().map(|variant| type_name(variant, root)).filter(|name| name != "null");
        return variants.collect::<Vec<_>>().join(" or ");
    }
    let of = |name: &str| match name {
        "array" => format!("list of {}", type_name(&schema["items"], root)),
        "object" => "table".to_owned(),
        "string" if schema["format"] == "path" => "path".to_owned(),
        name => name.to_owned(),
    };
    match &schema["type"] {
        Value::String(name) => of(name),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            names.map(of).collect::<Vec<_>>().join(" or ")
        }
        _ => "value".to_owned(),
    }
}

/// The words of a closed list, which schemas write as `enum` or as `oneOf` of constants.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let list = schema["enum"].as_array();
    if let Some(list) = list {
        return Some(list.iter().map(ToString::to_string).collect());
    }
    schema["oneOf"].as_array()?.iter().map(|one| one.get("const").map(ToString::to_string)).collect()
}
