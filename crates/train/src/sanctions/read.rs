//! Annotated documents, with the layers that the stages before make of their texts.

use std::path::Path;

use anyhow::Context;
use demarche_core::{Document, Offsets, Span, format};

use crate::stages::pipeline;

/// A text with what the earlier stages find in it, and with its events as annotated.
pub(super) struct Annotated {
    pub(super) doc: Document<'static>,
    pub(super) gold: Document<'static>,
    /// Its sentences as texts of their own, each with whether it tells of an event: short texts are read too. Of a text
    /// with events only those that tell of one.
    pub(super) sentences: Vec<(Document<'static>, bool)>,
}

/// Reads JSON Lines and runs every stage before `sanction`.
///
/// # Errors
/// If the file cannot be read or a line is no document; the error names the line.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Annotated>> {
    let pipeline = pipeline(&["tokenize", "syntax", "entity", "coreference", "quote"])?;
    let file = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let lines = file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let annotated = |(number, line): (usize, &str)| {
        let place = || format!("{}:{}", path.display(), number + 1);
        let gold = format::read(line, Offsets::Char).with_context(place)?;
        let mut doc = Document::new(gold.id().to_owned(), gold.text().to_owned());
        pipeline.process(&mut doc).with_context(place)?;
        let tells = |span: Span| gold.sanctions().any(|event| span.contains(event.trigger));
        let telling = doc.sentences().iter().map(|&span| (span, tells(span)));
        let mut sentences = Vec::new();
        for (span, tells) in telling.filter(|(_, tells)| *tells || gold.sanctions().len() == 0) {
            let mut sentence = Document::new(gold.id().to_owned(), doc.slice(span).to_owned());
            pipeline.process(&mut sentence).with_context(place)?;
            sentences.push((sentence, tells));
        }
        Ok(Annotated { doc, gold, sentences })
    };
    lines.map(annotated).collect()
}
