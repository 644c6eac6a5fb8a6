use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::wire::{
    WireArgument, WireChain, WireEntity, WireItem, WireQuote, WireSanction, WireSpan, WireSpeaker, WireToken,
};
use crate::{Argument, Chain, Document, Entity, Layer, NONE, OffsetMap, Offsets, Quote, Sanction, Span};

/// Writes the document as one JSON object without line breaks.
///
/// # Errors
/// If the writer fails.
pub fn write(doc: &Document<'_>, offsets: Offsets, out: impl std::io::Write) -> std::io::Result<()> {
    let map = OffsetMap::new(doc.text(), offsets);
    serde_json::to_writer(out, &Whole { doc, map: &map }).map_err(std::io::Error::from)
}

/// The document as [`write()`] writes it, in memory.
///
/// # Panics
/// Never: memory takes all bytes, and what a document holds are texts, numbers, and JSON with names as keys.
pub fn to_vec(doc: &Document<'_>, offsets: Offsets) -> Vec<u8> {
    let mut json = Vec::new();
    write(doc, offsets, &mut json).expect("a document can be written to memory");
    json
}

/// Writes one item of the entities, chains, quotes or sanctions, as it stands in the layer's list.
///
/// # Errors
/// If the writer fails, or the layer is none of these ([`ErrorKind::Unsupported`](std::io::ErrorKind::Unsupported)).
///
/// # Panics
/// If there is no such item.
pub fn write_item(
    doc: &Document<'_>,
    layer: &Layer,
    item: usize,
    map: &OffsetMap<'_>,
    out: impl std::io::Write,
) -> std::io::Result<()> {
    let span = |span: Span| -> WireSpan { [map.from_byte(span.start), map.from_byte(span.end)] };
    let written = match layer {
        Layer::Entities => serde_json::to_writer(out, &entity(&doc.entity(item), span)),
        Layer::Chains => serde_json::to_writer(out, &chain(&doc.chain(item), span)),
        Layer::Quotes => serde_json::to_writer(out, &quote(&doc.quote(item), span)),
        Layer::Sanctions => serde_json::to_writer(out, &sanction(&doc.sanction(item), span)),
        _ => return Err(std::io::ErrorKind::Unsupported.into()),
    };
    written.map_err(std::io::Error::from)
}

struct Whole<'d> {
    doc: &'d Document<'d>,
    map: &'d OffsetMap<'d>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { doc, map } = self;
        let span = |span: Span| -> WireSpan { [map.from_byte(span.start), map.from_byte(span.end)] };
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", doc.id())?;
        if !doc.meta().is_empty() {
            object.serialize_entry("meta", doc.meta())?;
        }
        object.serialize_entry("text", doc.text())?;
        if doc.has(&Layer::Sentences) {
            object.serialize_entry("sentences", &List(|| doc.sentences().iter().copied().map(span)))?;
        }
        if doc.has(&Layer::Tokens) {
            object
                .serialize_entry("tokens", &List(|| (0..doc.tokens().len()).map(|i| token(doc, i, span))))?;
        }
        if doc.has(&Layer::Entities) {
            object.serialize_entry("entities", &List(|| doc.entities().map(|row| entity(&row, span))))?;
        }
        if doc.has(&Layer::Chains) {
            object.serialize_entry("chains", &List(|| doc.chains().map(|row| chain(&row, span))))?;
        }
        if doc.has(&Layer::Quotes) {
            object.serialize_entry("quotes", &List(|| doc.quotes().map(|row| quote(&row, span))))?;
        }
        if doc.has(&Layer::Sanctions) {
            object.serialize_entry(
                "sanctions",
                &List(|| doc.sanctions().map(|event| sanction(&event, span))),
            )?;
        }
        if doc.open_layers().next().is_some() {
            object.serialize_entry("layers", &OpenLayers { doc, map })?;
        }
        object.end()
    }
}

fn token<'d>(doc: &'d Document<'_>, i: usize, span: impl Fn(Span) -> WireSpan) -> WireToken<'d> {
    let morphology = doc.morphology();
    let dependencies = doc.dependencies();
    WireToken {
        span: span(doc.tokens()[i]),
        lemma: morphology.map(|layer| doc.string(layer.lemma[i]).map(Into::into)),
        upos: morphology.map(|layer| Some(layer.upos[i].name().into())),
        xpos: morphology.map(|layer| doc.string(layer.xpos[i]).map(Into::into)),
        head: dependencies.map(|layer| Some(layer.head[i]).filter(|&head| head != NONE)),
        deprel: dependencies.map(|layer| doc.string(layer.deprel[i]).map(Into::into)),
    }
}

fn entity<'d>(entity: &Entity<'d>, span: impl Fn(Span) -> WireSpan) -> WireEntity<'d> {
    WireEntity {
        span: span(entity.span),
        label: entity.label.into(),
        name: entity.name.map(Into::into),
        norm: entity.norm.map(Into::into),
        chain: entity.chain.map(|chain| chain as u32),
    }
}

fn chain<'d>(chain: &Chain<'d>, span: impl Fn(Span) -> WireSpan) -> WireChain<'d> {
    WireChain {
        name: chain.name.map(Into::into),
        label: chain.label.map(Into::into),
        norm: chain.norm.map(Into::into),
        mentions: chain.mentions.iter().copied().map(span).collect(),
    }
}

fn quote<'d>(quote: &Quote<'d>, span: impl Fn(Span) -> WireSpan) -> WireQuote<'d> {
    let spans = |spans: &[Span]| spans.iter().copied().map(&span).collect();
    WireQuote {
        kind: quote.kind.name().into(),
        quote_type: Some(quote.quote_type.name().into()),
        content: spans(quote.content),
        cue: spans(quote.cue),
        source: spans(quote.source),
        speaker: quote.speaker.map(|speaker| WireSpeaker {
            name: speaker.name.into(),
            chain: speaker.chain.map(|chain| chain as u32),
            norm: speaker.norm.map(Into::into),
        }),
    }
}

fn sanction<'d>(event: &Sanction<'d>, span: impl Fn(Span) -> WireSpan + Copy) -> WireSanction<'d> {
    let arguments = |arguments: &[Argument<'d>]| {
        let wire = |argument: &Argument<'d>| WireArgument {
            span: span(argument.span),
            norm: argument.norm.map(Into::into),
        };
        arguments.iter().map(wire).collect()
    };
    WireSanction {
        trigger: span(event.trigger),
        action: event.action.name().into(),
        measures: event.measures.iter().map(|measure| measure.name().into()).collect(),
        factuality: event.factuality.name().into(),
        sender: arguments(&event.sender),
        target: arguments(&event.target),
        actor: arguments(&event.actor),
        instrument: event.instrument.map(span),
        reason: event.reason.map(span),
        date: event.date.map(span),
        quote: event.quote.map(|quote| quote as u32),
        cameo: event.cameo.map(Into::into),
        plover: event.plover.map(Into::into),
    }
}

struct OpenLayers<'d> {
    doc: &'d Document<'d>,
    map: &'d OffsetMap<'d>,
}

impl<'d> Serialize for OpenLayers<'d> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for name in self.doc.open_layers() {
            let wire = |(span, value): (Span, &'d str)| WireItem {
                span: [self.map.from_byte(span.start), self.map.from_byte(span.end)],
                value: serde_json::from_str::<&RawValue>(value).unwrap_or(RawValue::NULL),
            };
            object.serialize_entry(name, &List(|| self.doc.open_layer(name).map(wire)))?;
        }
        object.end()
    }
}

/// A list made while it is written, so that no layer is copied first.
struct List<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for List<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        (self.0)().try_for_each(|item| list.serialize_element(&item))?;
        list.end()
    }
}
