use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::wire::{
    Text, WireArgument, WireChain, WireEntity, WireItem, WireQuote, WireSanction, WireSpan, WireToken,
};
use crate::{
    Action, Argument, Chain, Dependencies, Document, Entity, Factuality, Layer, LayerError, Measure,
    Morphology, NONE, OffsetMap, Offsets, Quote, QuoteKind, QuoteType, Sanction, Span, Speaker, Upos,
    printable,
};

/// Why a serialized document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is not JSON, or a field is missing or of the wrong type.
    #[error("{source}")]
    Json {
        /// What the parser says, with line and column.
        source: serde_json::Error,
    },
    /// A word that the format does not have at this place.
    #[error("layer `{layer}`, item {item}: `{}` is no {what}", printable(value))]
    Word {
        /// The layer.
        layer: Layer,
        /// Its item, from 0.
        item: usize,
        /// What should stand there.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// A span that is not a stretch of the text in the unit that was named.
    #[error("layer `{layer}`, item {item}: [{}, {}] is not a stretch of the text", span[0], span[1])]
    Span {
        /// The layer.
        layer: Layer,
        /// Its item, from 0.
        item: usize,
        /// The span as it stands in the file.
        span: [u32; 2],
    },
    /// A layer whose items do not stand for themselves: tokens and what runs along them, sentences, open layers.
    #[error("the layer `{layer}` is not made of records")]
    Items {
        /// The layer.
        layer: Layer,
    },
    /// The text is too long.
    #[error("the text is longer than a document can be, 4 GiB")]
    Length,
    /// A layer that is not sound.
    #[error(transparent)]
    Layer(#[from] LayerError),
}

/// The document without its text, which its layers are read against.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(default)]
    meta: Map<String, Value>,
    #[serde(borrow)]
    text: Text<'a>,
    sentences: Option<Vec<WireSpan>>,
    #[serde(borrow)]
    tokens: Option<Vec<WireToken<'a>>>,
    #[serde(borrow)]
    entities: Option<Vec<WireEntity<'a>>>,
    #[serde(borrow)]
    chains: Option<Vec<WireChain<'a>>>,
    #[serde(borrow)]
    quotes: Option<Vec<WireQuote<'a>>>,
    #[serde(borrow)]
    sanctions: Option<Vec<WireSanction<'a>>>,
    #[serde(borrow)]
    layers: Option<BTreeMap<Text<'a>, Vec<WireItem<'a>>>>,
}

/// Reads a document that [`write`](super::write) or another program wrote.
///
/// Keys that the format does not have are passed over: a later version may add some. For a document without
/// tokens, the layers along the tokens are read as absent.
///
/// # Errors
/// What is wrong, with the layer and the item.
pub fn read(json: &str, offsets: Offsets) -> Result<Document<'static>, FormatError> {
    let wire: Wire<'_> = serde_json::from_str(json).map_err(|source| FormatError::Json { source })?;
    if u32::try_from(wire.text.len()).is_ok_and(|len| len == NONE) || wire.text.len() > NONE as usize {
        return Err(FormatError::Length);
    }
    let text = wire.text.into_owned();
    let map = OffsetMap::new(&text, offsets);
    let spans = Spans { map: &map };
    let mut doc = Document::new(wire.id.into_owned(), text.clone()).with_meta(wire.meta);
    if let Some(sentences) = wire.sentences {
        doc.set_sentences(spans.all(&Layer::Sentences, 0.., &sentences)?);
    }
    if let Some(tokens) = wire.tokens {
        read_tokens(&mut doc, &spans, &tokens)?;
    }
    for (item, chain) in absent_or_empty(&mut doc, &Layer::Chains, wire.chains) {
        read_chain(&mut doc, &spans, item, &chain)?;
    }
    for (item, entity) in absent_or_empty(&mut doc, &Layer::Entities, wire.entities) {
        read_entity(&mut doc, &spans, item, &entity)?;
    }
    for (item, quote) in absent_or_empty(&mut doc, &Layer::Quotes, wire.quotes) {
        read_quote(&mut doc, &spans, item, &quote)?;
    }
    for (item, event) in absent_or_empty(&mut doc, &Layer::Sanctions, wire.sanctions) {
        read_sanction(&mut doc, &spans, item, &event)?;
    }
    for (name, items) in wire.layers.into_iter().flatten() {
        let layer = Layer::Open(Cow::Owned(name.into_owned()));
        for (item, WireItem { span, value }) in absent_or_empty(&mut doc, &layer, Some(items)) {
            let value = serde_json::from_str(value.get()).map_err(|source| FormatError::Json { source })?;
            doc.annotate(layer.name(), spans.one(&layer, item, span)?, &value);
        }
    }
    doc.validate()?;
    Ok(doc)
}

/// Reads one item of a layer, as it stands in the layer's list, and adds it to `doc`.
///
/// Its spans are in the text and the unit of `map`, which may be another text than the document's own: items can
/// be gathered in an empty document first. Indices are taken as they stand.
///
/// # Errors
/// What is wrong with the item; the layer [has no such items](FormatError::Items) if it is not entities, chains,
/// quotes or sanctions. The document is then as it was.
pub fn read_item(
    doc: &mut Document<'_>,
    layer: &Layer,
    json: &str,
    map: &OffsetMap<'_>,
) -> Result<(), FormatError> {
    fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, FormatError> {
        serde_json::from_str(json).map_err(|source| FormatError::Json { source })
    }
    let spans = Spans { map };
    let item = match layer {
        Layer::Entities => doc.entities().len(),
        Layer::Chains => doc.chains().len(),
        Layer::Quotes => doc.quotes().len(),
        _ => doc.sanctions().len(),
    };
    match layer {
        Layer::Entities => read_entity(doc, &spans, item, &parse(json)?),
        Layer::Chains => read_chain(doc, &spans, item, &parse(json)?),
        Layer::Quotes => read_quote(doc, &spans, item, &parse(json)?),
        Layer::Sanctions => read_sanction(doc, &spans, item, &parse(json)?),
        _ => Err(FormatError::Items { layer: layer.clone() }),
    }
}

/// Makes the layer present if the file has it, and numbers its items.
fn absent_or_empty<T>(
    doc: &mut Document<'_>,
    layer: &Layer,
    items: Option<Vec<T>>,
) -> impl Iterator<Item = (usize, T)> + use<T> {
    if items.is_some() {
        doc.ensure(layer);
    }
    items.into_iter().flatten().enumerate()
}

struct Spans<'m> {
    map: &'m OffsetMap<'m>,
}

impl Spans<'_> {
    fn one(&self, layer: &Layer, item: usize, span: WireSpan) -> Result<Span, FormatError> {
        let bytes =
            self.map.to_byte(span[0]).zip(self.map.to_byte(span[1])).filter(|(start, end)| start <= end);
        let error = || FormatError::Span { layer: layer.clone(), item, span };
        bytes.map(|(start, end)| Span::new(start, end)).ok_or_else(error)
    }

    fn all(
        &self,
        layer: &Layer,
        items: impl Iterator<Item = usize>,
        spans: &[WireSpan],
    ) -> Result<Vec<Span>, FormatError> {
        items.zip(spans).map(|(item, &span)| self.one(layer, item, span)).collect()
    }

    fn some(&self, layer: &Layer, item: usize, spans: &[WireSpan]) -> Result<Vec<Span>, FormatError> {
        self.all(layer, std::iter::repeat(item), spans)
    }
}

fn word<T>(
    named: Option<T>,
    layer: &Layer,
    item: usize,
    what: &'static str,
    value: &str,
) -> Result<T, FormatError> {
    let value = || value.to_owned();
    named.ok_or_else(|| FormatError::Word { layer: layer.clone(), item, what, value: value() })
}

fn read_tokens(
    doc: &mut Document<'_>,
    spans: &Spans<'_>,
    tokens: &[WireToken<'_>],
) -> Result<(), FormatError> {
    let span = |(item, token): (usize, &WireToken<'_>)| spans.one(&Layer::Tokens, item, token.span);
    let token_spans = tokens.iter().enumerate().map(span).collect::<Result<Vec<_>, _>>()?;
    doc.set_tokens(token_spans);
    let tagged =
        |token: &WireToken<'_>| token.upos.is_some() || token.xpos.is_some() || token.lemma.is_some();
    if tokens.iter().any(tagged) {
        let mut morphology = Morphology::default();
        for (item, token) in tokens.iter().enumerate() {
            let upos = token.upos.as_ref().and_then(Option::as_deref).unwrap_or(Upos::None.name());
            let upos = word(Upos::named(upos), &Layer::Morphology, item, "UPOS tag", upos)?;
            morphology.upos.to_mut().push(upos);
            for (column, field) in
                [(&mut morphology.xpos, &token.xpos), (&mut morphology.lemma, &token.lemma)]
            {
                column.to_mut().push(intern(doc, field.as_ref()));
            }
        }
        doc.set_morphology(morphology);
    }
    if tokens.iter().any(|token| token.head.is_some() || token.deprel.is_some()) {
        let mut dependencies = Dependencies::default();
        for token in tokens {
            dependencies.head.to_mut().push(token.head.flatten().unwrap_or(NONE));
            dependencies.deprel.to_mut().push(intern(doc, token.deprel.as_ref()));
        }
        doc.set_dependencies(dependencies);
    }
    Ok(())
}

fn intern(doc: &mut Document<'_>, field: Option<&Option<Text<'_>>>) -> crate::StringId {
    match field.and_then(Option::as_deref) {
        Some(string) => doc.intern(string),
        None => crate::StringId::NONE,
    }
}

fn read_entity(
    doc: &mut Document<'_>,
    spans: &Spans<'_>,
    item: usize,
    entity: &WireEntity<'_>,
) -> Result<(), FormatError> {
    doc.add_entity(&Entity {
        span: spans.one(&Layer::Entities, item, entity.span)?,
        label: &entity.label,
        name: entity.name.as_deref(),
        norm: entity.norm.as_deref(),
        chain: entity.chain.map(|chain| chain as usize),
    });
    Ok(())
}

fn read_chain(
    doc: &mut Document<'_>,
    spans: &Spans<'_>,
    item: usize,
    chain: &WireChain<'_>,
) -> Result<(), FormatError> {
    let mentions = spans.some(&Layer::Chains, item, &chain.mentions)?;
    doc.add_chain(&Chain {
        name: chain.name.as_deref(),
        label: chain.label.as_deref(),
        norm: chain.norm.as_deref(),
        mentions: &mentions,
    });
    Ok(())
}

fn read_quote(
    doc: &mut Document<'_>,
    spans: &Spans<'_>,
    item: usize,
    quote: &WireQuote<'_>,
) -> Result<(), FormatError> {
    let layer = &Layer::Quotes;
    doc.add_quote(&Quote {
        kind: word(QuoteKind::named(&quote.kind), layer, item, "kind of quotation", &quote.kind)?,
        quote_type: match &quote.quote_type {
            Some(name) => word(QuoteType::named(name), layer, item, "type of quotation", name)?,
            None => QuoteType::default(),
        },
        content: &spans.some(layer, item, &quote.content)?,
        cue: &spans.some(layer, item, &quote.cue)?,
        source: &spans.some(layer, item, &quote.source)?,
        speaker: quote.speaker.as_ref().map(|speaker| Speaker {
            name: &speaker.name,
            chain: speaker.chain.map(|chain| chain as usize),
            norm: speaker.norm.as_deref(),
        }),
    });
    Ok(())
}

fn read_sanction(
    doc: &mut Document<'_>,
    spans: &Spans<'_>,
    item: usize,
    event: &WireSanction<'_>,
) -> Result<(), FormatError> {
    let layer = &Layer::Sanctions;
    let measure = |name: &Text<'_>| word(Measure::named(name), layer, item, "measure", name);
    let optional = |span: Option<WireSpan>| span.map(|span| spans.one(layer, item, span)).transpose();
    doc.add_sanction(&Sanction {
        trigger: spans.one(layer, item, event.trigger)?,
        action: word(Action::named(&event.action), layer, item, "action", &event.action)?,
        measures: event.measures.iter().map(measure).collect::<Result<_, _>>()?,
        factuality: word(Factuality::named(&event.factuality), layer, item, "factuality", &event.factuality)?,
        sender: read_arguments(spans, item, &event.sender)?,
        target: read_arguments(spans, item, &event.target)?,
        actor: read_arguments(spans, item, &event.actor)?,
        instrument: optional(event.instrument)?,
        reason: optional(event.reason)?,
        date: optional(event.date)?,
        quote: event.quote.map(|quote| quote as usize),
        cameo: event.cameo.as_deref(),
        plover: event.plover.as_deref(),
    });
    Ok(())
}

fn read_arguments<'w>(
    spans: &Spans<'_>,
    item: usize,
    arguments: &'w [WireArgument<'_>],
) -> Result<Vec<Argument<'w>>, FormatError> {
    let argument = |wire: &'w WireArgument<'_>| {
        Ok(Argument { span: spans.one(&Layer::Sanctions, item, wire.span)?, norm: wire.norm.as_deref() })
    };
    arguments.iter().map(argument).collect()
}
