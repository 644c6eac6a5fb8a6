//! Annotated documents, with the layers that the stages before make of their texts.

use std::path::Path;

use anyhow::{Context, anyhow};
use demarche_core::{Document, Offsets, Pipeline, Registry, format};

/// A text with what the earlier stages find in it, and with its quotations as annotated.
pub(super) struct Annotated {
    pub(super) doc: Document<'static>,
    pub(super) gold: Document<'static>,
}

/// Reads JSON Lines and runs every stage before `quote`.
///
/// # Errors
/// If the file cannot be read or a line is no document; the error names the line.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Annotated>> {
    let pipeline = pipeline()?;
    let file = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let lines = file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let annotated = |(number, line): (usize, &str)| {
        let place = || format!("{}:{}", path.display(), number + 1);
        let gold = format::read(line, Offsets::Char).with_context(place)?;
        let mut doc =
            Document::new(gold.id().to_owned(), gold.text().to_owned()).with_meta(gold.meta().clone());
        pipeline.process(&mut doc).with_context(place)?;
        Ok(Annotated { doc, gold })
    };
    lines.map(annotated).collect()
}

fn pipeline() -> anyhow::Result<Pipeline> {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    demarche_syntax::register(&mut registry)?;
    demarche_entity::register(&mut registry)?;
    demarche_coreference::register(&mut registry)?;
    let mut pipeline = Pipeline::new();
    for name in ["tokenize", "syntax", "entity", "coreference"] {
        let kind = registry.get(name).ok_or_else(|| anyhow!("the stage `{name}` is not registered"))?;
        pipeline.push(kind, kind.build(&serde_json::json!({}))?);
    }
    Ok(pipeline)
}
