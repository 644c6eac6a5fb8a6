//! What holds for every document, whoever wrote its layers.

use crate::{Document, Layer, NONE, Span, StringId};

/// A layer that is not sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("layer `{layer}`, item {item}: {problem}")]
pub struct LayerError {
    /// The layer.
    pub layer: Layer,
    /// Its item, from 0.
    pub item: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with an item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The span is not a stretch of the text on character boundaries.
    #[error("the span {span:?} is not a stretch of the text on character boundaries")]
    Span {
        /// The span, in bytes.
        span: Span,
    },
    /// The span holds nothing.
    #[error("the span {span:?} is empty")]
    Empty {
        /// The span, in bytes.
        span: Span,
    },
    /// It starts before the one before it has ended.
    #[error("the span {span:?} starts before the one before it ends")]
    Order {
        /// The span, in bytes.
        span: Span,
    },
    /// A column along the tokens has another length than they have.
    #[error("a column along the tokens has {rows} rows for {tokens} tokens")]
    Rows {
        /// Rows of the column.
        rows: usize,
        /// Number of tokens.
        tokens: usize,
    },
    /// An index points at nothing.
    #[error("the index {index} of the layer `{of}` points at nothing")]
    Index {
        /// The index.
        index: u32,
        /// The layer it points into.
        of: Layer,
    },
    /// The heads go in a circle.
    #[error("following the heads from this token never ends at a root")]
    Cycle,
}

pub(crate) fn document(doc: &Document<'_>) -> Result<(), LayerError> {
    ordered(doc, &Layer::Tokens, doc.tokens())?;
    ordered(doc, &Layer::Sentences, doc.sentences())?;
    along_tokens(doc)?;
    let n_chains = doc.chains().len();
    if let Some(entities) = doc.entity_columns() {
        in_text(doc, &Layer::Entities, &entities.span)?;
        indices(&Layer::Entities, &entities.chain, &Layer::Chains, n_chains)?;
    }
    if let Some(chains) = doc.chain_columns() {
        in_text(doc, &Layer::Chains, &chains.mentions.items)?;
    }
    if let Some(quotes) = doc.quote_columns() {
        for lists in [&quotes.content, &quotes.cue, &quotes.source] {
            in_text(doc, &Layer::Quotes, &lists.items)?;
        }
        indices(&Layer::Quotes, &quotes.speaker_chain, &Layer::Chains, n_chains)?;
    }
    if let Some(events) = doc.sanction_columns() {
        let (sender, target, actor) = (&events.sender.items, &events.target.items, &events.actor.items);
        for spans in [&events.trigger, sender, target, actor] {
            in_text(doc, &Layer::Sanctions, spans)?;
        }
        for spans in [&events.instrument, &events.reason, &events.date] {
            let mut some = spans.iter().enumerate().filter(|(_, span)| **span != Span::NONE);
            some.try_for_each(|(item, &span)| sound(doc, &Layer::Sanctions, item, span))?;
        }
        indices(&Layer::Sanctions, &events.quote, &Layer::Quotes, doc.quotes().len())?;
    }
    let names: Vec<_> = doc.open_layers().map(Layer::named).collect();
    for layer in names {
        for (item, (span, _)) in doc.open_layer(layer.name()).enumerate() {
            sound(doc, &layer, item, span)?;
        }
    }
    Ok(())
}

fn error(layer: &Layer, item: usize, problem: Problem) -> LayerError {
    LayerError { layer: layer.clone(), item, problem }
}

fn sound(doc: &Document<'_>, layer: &Layer, item: usize, span: Span) -> Result<(), LayerError> {
    let on_boundary = |at: u32| doc.text().is_char_boundary(at as usize);
    if span.start <= span.end && on_boundary(span.start) && on_boundary(span.end) {
        return Ok(());
    }
    Err(error(layer, item, Problem::Span { span }))
}

fn in_text(doc: &Document<'_>, layer: &Layer, spans: &[Span]) -> Result<(), LayerError> {
    spans.iter().enumerate().try_for_each(|(item, &span)| sound(doc, layer, item, span))
}

fn ordered(doc: &Document<'_>, layer: &Layer, spans: &[Span]) -> Result<(), LayerError> {
    in_text(doc, layer, spans)?;
    if let Some(item) = spans.iter().position(|span| span.is_empty()) {
        return Err(error(layer, item, Problem::Empty { span: spans[item] }));
    }
    match spans.windows(2).position(|pair| pair[1].start < pair[0].end) {
        Some(before) => Err(error(layer, before + 1, Problem::Order { span: spans[before + 1] })),
        None => Ok(()),
    }
}

fn indices(layer: &Layer, column: &[u32], of: &Layer, len: usize) -> Result<(), LayerError> {
    match column.iter().position(|&index| index != NONE && index as usize >= len) {
        Some(item) => Err(error(layer, item, Problem::Index { index: column[item], of: of.clone() })),
        None => Ok(()),
    }
}

fn along_tokens(doc: &Document<'_>) -> Result<(), LayerError> {
    let tokens = doc.tokens().len();
    let rows = |layer: &Layer, rows: usize| {
        let problem = Problem::Rows { rows, tokens };
        if rows == tokens { Ok(()) } else { Err(error(layer, rows.min(tokens), problem)) }
    };
    if let Some(morphology) = doc.morphology() {
        rows(&Layer::Morphology, morphology.upos.len())?;
        for column in [&morphology.xpos, &morphology.lemma] {
            rows(&Layer::Morphology, column.len())?;
            strings(doc, &Layer::Morphology, column)?;
        }
    }
    if let Some(dependencies) = doc.dependencies() {
        rows(&Layer::Dependencies, dependencies.head.len())?;
        rows(&Layer::Dependencies, dependencies.deprel.len())?;
        strings(doc, &Layer::Dependencies, &dependencies.deprel)?;
        indices(&Layer::Dependencies, &dependencies.head, &Layer::Tokens, tokens)?;
        acyclic(&dependencies.head)?;
    }
    Ok(())
}

fn strings(doc: &Document<'_>, layer: &Layer, column: &[StringId]) -> Result<(), LayerError> {
    let known = |id: StringId| id == StringId::NONE || (id.0 as usize) < doc.strings().len();
    match column.iter().position(|&id| !known(id)) {
        Some(item) => {
            Err(error(layer, item, Problem::Index { index: column[item].0, of: Layer::open("strings") }))
        }
        None => Ok(()),
    }
}

/// Each token's way up ends at a root. Linear: a token is left for good once its way is known.
fn acyclic(head: &[u32]) -> Result<(), LayerError> {
    let mut seen_from = vec![NONE; head.len()];
    for start in 0..head.len() as u32 {
        let mut at = start;
        while at != NONE && seen_from[at as usize] == NONE {
            seen_from[at as usize] = start;
            at = head[at as usize];
        }
        if at != NONE && seen_from[at as usize] == start {
            return Err(error(&Layer::Dependencies, start as usize, Problem::Cycle));
        }
    }
    Ok(())
}
