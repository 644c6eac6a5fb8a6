//! The stages that run before what is trained, and documents as the measures take them.

use anyhow::{Context, anyhow};
use demarche_core::{Document, Offsets, Pipeline, Registry, format};
use demarche_evaluate as evaluate;

/// A pipeline of these stages with their defaults.
///
/// # Errors
/// If there is no stage of that name.
pub(crate) fn pipeline(names: &[&str]) -> anyhow::Result<Pipeline> {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry)?;
    demarche_syntax::register(&mut registry)?;
    demarche_entity::register(&mut registry)?;
    demarche_coreference::register(&mut registry)?;
    demarche_quote::register(&mut registry)?;
    let mut pipeline = Pipeline::new();
    for name in names {
        let kind = registry.get(name).ok_or_else(|| anyhow!("the stage `{name}` is not registered"))?;
        pipeline.push(kind, kind.build(&serde_json::json!({}))?);
    }
    Ok(pipeline)
}

/// Adds a document to those that are measured.
pub(crate) fn add(documents: &mut evaluate::Documents, doc: &Document<'_>, at: usize) -> anyhow::Result<()> {
    let json =
        String::from_utf8(format::to_vec(doc, Offsets::Char)).context("the document format is UTF-8")?;
    documents.add(evaluate::Document::parse(&json, Offsets::Char, format!("document {}", at + 1))?)?;
    Ok(())
}
