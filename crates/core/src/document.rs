use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::columns::{
    Chains, Dependencies, Entities, Lists, Morphology, OpenLayer, Quotes, Sanctions, Sentences, Tokens,
};
use crate::{
    Argument, Chain, Entity, Layer, LayerError, NONE, Quote, Sanction, Span, Speaker, StringId, Strings,
};

/// A text with the layers that stages have added to it.
///
/// A layer is absent until a stage that writes it has run, and empty when it found nothing. Stages add;
/// nothing is removed or rewritten. All spans are in bytes of [`text`](Self::text).
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    id: Cow<'a, str>,
    text: Cow<'a, str>,
    meta: Map<String, Value>,
    strings: Strings<'a>,
    cancel: Cancel<'a>,
    tokens: Option<Tokens<'a>>,
    sentences: Option<Sentences<'a>>,
    morphology: Option<Morphology<'a>>,
    dependencies: Option<Dependencies<'a>>,
    entities: Option<Entities<'a>>,
    chains: Option<Chains<'a>>,
    quotes: Option<Quotes<'a>>,
    sanctions: Option<Sanctions<'a>>,
    open: BTreeMap<Cow<'a, str>, OpenLayer<'a>>,
}

impl<'a> Document<'a> {
    /// A document with its text only.
    ///
    /// # Panics
    /// If the text is 4 GiB or longer; readers refuse such records long before.
    pub fn new(id: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        assert!(u32::try_from(text.len()).is_ok_and(|len| len < NONE), "a document's text stays below 4 GiB");
        Self { id: id.into(), text, ..Self::default() }
    }

    /// The same document with what else is known of it, a JSON object that is carried through.
    pub fn with_meta(mut self, meta: Map<String, Value>) -> Self {
        self.meta = meta;
        self
    }

    /// The same document over strings, text and columns that somebody else owns, as the plugin boundary lends them.
    pub fn with_strings(mut self, strings: Strings<'a>) -> Self {
        self.strings = strings;
        self
    }

    /// Its name in the corpus; may be empty or repeated.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What else is known of it: `date`, `title`, `source`, …
    pub fn meta(&self) -> &Map<String, Value> {
        &self.meta
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// The document's string table.
    pub fn strings(&self) -> &Strings<'a> {
        &self.strings
    }

    /// The string of an id; `None` for [`StringId::NONE`].
    pub fn string(&self, id: StringId) -> Option<&str> {
        self.strings.get(id)
    }

    /// The id of a string in the document's table.
    pub fn intern(&mut self, string: &str) -> StringId {
        self.strings.intern(string)
    }

    /// Whether the document's time is up: a stage that works long looks now and then, and returns
    /// [`StageError::Cancelled`](crate::StageError::Cancelled).
    pub fn cancelled(&self) -> bool {
        self.cancel.0.as_ref().is_some_and(|is_up| is_up())
    }

    /// Sets what decides whether the document's time is up.
    pub fn set_cancel(&mut self, cancel: Cancel<'a>) {
        self.cancel = cancel;
    }

    /// Whether the layer is there, be it empty.
    pub fn has(&self, layer: &Layer) -> bool {
        match layer {
            Layer::Tokens => self.tokens.is_some(),
            Layer::Sentences => self.sentences.is_some(),
            Layer::Morphology => self.morphology.is_some(),
            Layer::Dependencies => self.dependencies.is_some(),
            Layer::Entities => self.entities.is_some(),
            Layer::Chains => self.chains.is_some(),
            Layer::Quotes => self.quotes.is_some(),
            Layer::Sanctions => self.sanctions.is_some(),
            Layer::Open(name) => self.open.contains_key(name.as_ref()),
        }
    }

    /// Makes the layer empty if it is absent: "ran and found nothing". Layers that run along the tokens stay
    /// absent, for they must have one row a token.
    pub fn ensure(&mut self, layer: &Layer) {
        match layer {
            Layer::Tokens => drop(self.tokens.get_or_insert_default()),
            Layer::Sentences => drop(self.sentences.get_or_insert_default()),
            Layer::Entities => drop(self.entities.get_or_insert_default()),
            Layer::Chains => drop(self.chains.get_or_insert_default()),
            Layer::Quotes => drop(self.quotes.get_or_insert_default()),
            Layer::Sanctions => drop(self.sanctions.get_or_insert_default()),
            Layer::Open(name) => drop(self.open.entry(Cow::Owned(name.to_string())).or_default()),
            Layer::Morphology | Layer::Dependencies => {}
        }
    }

    /// Checks every layer: spans in the text and on character boundaries, order, indices, trees.
    ///
    /// # Errors
    /// The first thing that is wrong, with its layer and item.
    pub fn validate(&self) -> Result<(), LayerError> {
        crate::validate::document(self)
    }
}

/// Tokens and what runs along them.
impl<'a> Document<'a> {
    /// Spans of the tokens; empty where the layer is absent.
    pub fn tokens(&self) -> &[Span] {
        self.tokens.as_ref().map_or(&[], |tokens| &tokens.span)
    }

    /// Spans of the sentences; empty where the layer is absent.
    pub fn sentences(&self) -> &[Span] {
        self.sentences.as_ref().map_or(&[], |sentences| &sentences.span)
    }

    /// Text of token `i`.
    ///
    /// # Panics
    /// If there is no such token.
    pub fn token(&self, i: usize) -> &str {
        self.slice(self.tokens()[i])
    }

    /// Indices of the tokens that lie within a span; in logarithmic time.
    pub fn tokens_in(&self, span: Span) -> std::ops::Range<usize> {
        let tokens = self.tokens();
        let first = tokens.partition_point(|token| token.start < span.start);
        let count = tokens[first..].partition_point(|token| token.end <= span.end);
        first..first + count
    }

    /// Word classes and lemmas.
    pub fn morphology(&self) -> Option<&Morphology<'a>> {
        self.morphology.as_ref()
    }

    /// Dependency trees.
    pub fn dependencies(&self) -> Option<&Dependencies<'a>> {
        self.dependencies.as_ref()
    }

    /// Writes the tokens: in text order, apart from each other, none empty.
    pub fn set_tokens(&mut self, span: impl Into<Cow<'a, [Span]>>) {
        self.tokens = Some(Tokens { span: span.into() });
    }

    /// Writes the sentences: in text order, apart from each other.
    pub fn set_sentences(&mut self, span: impl Into<Cow<'a, [Span]>>) {
        self.sentences = Some(Sentences { span: span.into() });
    }

    /// Writes word classes and lemmas, one row a token.
    pub fn set_morphology(&mut self, morphology: Morphology<'a>) {
        self.morphology = Some(morphology);
    }

    /// Writes the dependency trees, one row a token.
    pub fn set_dependencies(&mut self, dependencies: Dependencies<'a>) {
        self.dependencies = Some(dependencies);
    }
}

/// Entities, chains, quotes, sanctions: rows read, rows added.
impl Document<'_> {
    /// The entities, in the order in which they were added: by text position from the built-in stage.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = Entity<'_>> + DoubleEndedIterator {
        (0..self.entities.as_ref().map_or(0, |layer| layer.span.len())).map(|i| self.entity(i))
    }

    /// Entity `i`.
    ///
    /// # Panics
    /// If there is no such entity.
    pub fn entity(&self, i: usize) -> Entity<'_> {
        let layer = self.entities.as_ref().expect("there is an entity");
        Entity {
            span: layer.span[i],
            label: self.string(layer.label[i]).unwrap_or_default(),
            name: self.string(layer.name[i]),
            norm: self.string(layer.norm[i]),
            chain: index(layer.chain[i]),
        }
    }

    /// Adds an entity.
    pub fn add_entity(&mut self, entity: &Entity<'_>) {
        let layer = self.entities.get_or_insert_default();
        layer.span.to_mut().push(entity.span);
        layer.label.to_mut().push(self.strings.intern(entity.label));
        layer.name.to_mut().push(self.strings.intern_some(entity.name));
        layer.norm.to_mut().push(self.strings.intern_some(entity.norm));
        layer.chain.to_mut().push(column(entity.chain));
    }

    /// Links an entity to its chain: the one thing that is set later, by the stage that makes the chains.
    ///
    /// # Panics
    /// If there is no such entity.
    pub fn link_entity(&mut self, entity: usize, chain: usize) {
        let layer = self.entities.as_mut().expect("there is an entity");
        layer.chain.to_mut()[entity] = column(Some(chain));
    }

    /// The chains.
    pub fn chains(&self) -> impl ExactSizeIterator<Item = Chain<'_>> + DoubleEndedIterator {
        (0..self.chains.as_ref().map_or(0, |layer| layer.name.len())).map(|i| self.chain(i))
    }

    /// Chain `i`.
    ///
    /// # Panics
    /// If there is no such chain.
    pub fn chain(&self, i: usize) -> Chain<'_> {
        let layer = self.chains.as_ref().expect("there is a chain");
        Chain {
            name: self.string(layer.name[i]),
            label: self.string(layer.label[i]),
            norm: self.string(layer.norm[i]),
            mentions: layer.mentions.get(i),
        }
    }

    /// Adds a chain.
    pub fn add_chain(&mut self, chain: &Chain<'_>) {
        let layer = self.chains.get_or_insert_default();
        layer.name.to_mut().push(self.strings.intern_some(chain.name));
        layer.label.to_mut().push(self.strings.intern_some(chain.label));
        layer.norm.to_mut().push(self.strings.intern_some(chain.norm));
        layer.mentions.push(chain.mentions.iter().copied());
    }

    /// The quotations.
    pub fn quotes(&self) -> impl ExactSizeIterator<Item = Quote<'_>> + DoubleEndedIterator {
        (0..self.quotes.as_ref().map_or(0, |layer| layer.kind.len())).map(|i| self.quote(i))
    }

    /// Quotation `i`.
    ///
    /// # Panics
    /// If there is no such quotation.
    pub fn quote(&self, i: usize) -> Quote<'_> {
        let layer = self.quotes.as_ref().expect("there is a quotation");
        Quote {
            kind: layer.kind[i],
            quote_type: layer.quote_type[i],
            content: layer.content.get(i),
            cue: layer.cue.get(i),
            source: layer.source.get(i),
            speaker: self.string(layer.speaker_name[i]).map(|name| Speaker {
                name,
                chain: index(layer.speaker_chain[i]),
                norm: self.string(layer.speaker_norm[i]),
            }),
        }
    }

    /// Adds a quotation.
    pub fn add_quote(&mut self, quote: &Quote<'_>) {
        let layer = self.quotes.get_or_insert_default();
        layer.kind.to_mut().push(quote.kind);
        layer.quote_type.to_mut().push(quote.quote_type);
        layer.content.push(quote.content.iter().copied());
        layer.cue.push(quote.cue.iter().copied());
        layer.source.push(quote.source.iter().copied());
        let speaker = quote.speaker;
        layer.speaker_name.to_mut().push(self.strings.intern_some(speaker.map(|speaker| speaker.name)));
        layer.speaker_norm.to_mut().push(self.strings.intern_some(speaker.and_then(|speaker| speaker.norm)));
        layer.speaker_chain.to_mut().push(column(speaker.and_then(|speaker| speaker.chain)));
    }

    /// The sanction events.
    pub fn sanctions(&self) -> impl ExactSizeIterator<Item = Sanction<'_>> + DoubleEndedIterator {
        (0..self.sanctions.as_ref().map_or(0, |layer| layer.trigger.len())).map(|i| self.sanction(i))
    }

    /// Sanction event `i`.
    ///
    /// # Panics
    /// If there is no such event.
    pub fn sanction(&self, i: usize) -> Sanction<'_> {
        let layer = self.sanctions.as_ref().expect("there is a sanction event");
        Sanction {
            trigger: layer.trigger[i],
            action: layer.action[i],
            measures: layer.measures[i],
            factuality: layer.factuality[i],
            sender: self.arguments(&layer.sender, &layer.sender_norm, i),
            target: self.arguments(&layer.target, &layer.target_norm, i),
            actor: self.arguments(&layer.actor, &layer.actor_norm, i),
            instrument: layer.instrument[i].some(),
            reason: layer.reason[i].some(),
            date: layer.date[i].some(),
            quote: index(layer.quote[i]),
            cameo: self.string(layer.cameo[i]),
            plover: self.string(layer.plover[i]),
        }
    }

    fn arguments(&self, spans: &Lists<'_, Span>, norms: &[StringId], i: usize) -> Vec<Argument<'_>> {
        let first = spans.offsets[i] as usize;
        let argument = |(at, &span): (usize, &Span)| Argument { span, norm: self.string(norms[first + at]) };
        spans.get(i).iter().enumerate().map(argument).collect()
    }

    /// Adds a sanction event.
    pub fn add_sanction(&mut self, event: &Sanction<'_>) {
        let layer = self.sanctions.get_or_insert_default();
        layer.trigger.to_mut().push(event.trigger);
        layer.action.to_mut().push(event.action);
        layer.measures.to_mut().push(event.measures);
        layer.factuality.to_mut().push(event.factuality);
        for (arguments, spans, norms) in [
            (&event.sender, &mut layer.sender, &mut layer.sender_norm),
            (&event.target, &mut layer.target, &mut layer.target_norm),
            (&event.actor, &mut layer.actor, &mut layer.actor_norm),
        ] {
            spans.push(arguments.iter().map(|argument| argument.span));
            let strings = &mut self.strings;
            norms.to_mut().extend(arguments.iter().map(|argument| strings.intern_some(argument.norm)));
        }
        layer.instrument.to_mut().push(event.instrument.unwrap_or(Span::NONE));
        layer.reason.to_mut().push(event.reason.unwrap_or(Span::NONE));
        layer.date.to_mut().push(event.date.unwrap_or(Span::NONE));
        layer.quote.to_mut().push(column(event.quote));
        layer.cameo.to_mut().push(self.strings.intern_some(event.cameo));
        layer.plover.to_mut().push(self.strings.intern_some(event.plover));
    }
}

/// Open layers.
impl Document<'_> {
    /// Names of the open layers, in alphabetical order.
    pub fn open_layers(&self) -> impl Iterator<Item = &str> {
        self.open.keys().map(AsRef::as_ref)
    }

    /// The items of an open layer: where each stands and its value as JSON text.
    pub fn open_layer(&self, name: &str) -> impl Iterator<Item = (Span, &str)> {
        let layer = self.open.get(name);
        let row = |(&span, &value): (&Span, &StringId)| (span, self.string(value).unwrap_or("null"));
        layer.into_iter().flat_map(move |layer| layer.span.iter().zip(layer.value.iter()).map(row))
    }

    /// Adds an item to an open layer.
    pub fn annotate(&mut self, layer: &str, span: Span, value: &Value) {
        self.annotate_json(layer, span, &value.to_string());
    }

    /// Adds an item to an open layer whose value is JSON text already: one compact value, which is not checked.
    pub fn annotate_json(&mut self, layer: &str, span: Span, value: &str) {
        let value = self.strings.intern(value);
        let items = self.open.entry(Cow::Owned(layer.to_owned())).or_default();
        items.span.to_mut().push(span);
        items.value.to_mut().push(value);
    }
}

/// The layers as columns, for the plugin boundary and for columnar formats.
impl<'a> Document<'a> {
    /// The entities as columns.
    pub fn entity_columns(&self) -> Option<&Entities<'a>> {
        self.entities.as_ref()
    }

    /// The chains as columns.
    pub fn chain_columns(&self) -> Option<&Chains<'a>> {
        self.chains.as_ref()
    }

    /// The quotations as columns.
    pub fn quote_columns(&self) -> Option<&Quotes<'a>> {
        self.quotes.as_ref()
    }

    /// The sanction events as columns.
    pub fn sanction_columns(&self) -> Option<&Sanctions<'a>> {
        self.sanctions.as_ref()
    }

    /// An open layer as columns.
    pub fn open_columns(&self, name: &str) -> Option<&OpenLayer<'a>> {
        self.open.get(name)
    }

    /// Takes whole columns of the built-in layers, as a plugin's side of the boundary does with borrowed ones.
    pub fn set_columns(
        &mut self,
        entities: Option<Entities<'a>>,
        chains: Option<Chains<'a>>,
        quotes: Option<Quotes<'a>>,
        sanctions: Option<Sanctions<'a>>,
    ) {
        self.entities = entities;
        self.chains = chains;
        self.quotes = quotes;
        self.sanctions = sanctions;
    }

    /// Takes an open layer as columns; its values are compact JSON in the document's string table.
    pub fn set_open_columns(&mut self, name: impl Into<Cow<'a, str>>, columns: OpenLayer<'a>) {
        self.open.insert(name.into(), columns);
    }
}

fn index(value: u32) -> Option<usize> {
    (value != NONE).then_some(value as usize)
}

fn column(index: Option<usize>) -> u32 {
    index.map_or(NONE, |index| index as u32)
}

/// What decides whether a document's time is up.
#[derive(Clone, Default)]
pub struct Cancel<'a>(Option<Arc<dyn Fn() -> bool + Send + Sync + 'a>>);

impl<'a> Cancel<'a> {
    /// Asks `is_up`, which should cost little: stages call it often.
    pub fn when(is_up: impl Fn() -> bool + Send + Sync + 'a) -> Self {
        Self(Some(Arc::new(is_up)))
    }

    /// Up once the clock has passed `deadline`.
    pub fn at(deadline: std::time::Instant) -> Self {
        Self::when(move || std::time::Instant::now() >= deadline)
    }
}

impl std::fmt::Debug for Cancel<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Cancel(set)" } else { "Cancel(never)" })
    }
}
