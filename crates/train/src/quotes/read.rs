//! Annotated documents, with the layers that the stages before make of their texts.

use std::path::Path;

use anyhow::Context;
use demarche_core::{Document, Offsets, format};

use crate::stages::pipeline;

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
    let pipeline = pipeline(&["tokenize", "syntax", "entity", "coreference"])?;
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
