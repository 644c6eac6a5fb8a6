//! What a plugin writes: checked at each call, held back, and added to the document as a whole or not at all.

use std::borrow::Cow;

use demarche_core::format::{self, FormatError};
use demarche_core::{
    Dependencies, Document, Layer, Morphology, NONE, OffsetMap, Offsets, Span, StageError, StringId, Strings,
    Upos,
};
use serde_json::Value;

use crate::abi::{Item, Status, View, column, status};

/// Items that one call may write, in all layers together.
const MAX_ITEMS: usize = 1_000_000;
/// Bytes of JSON that one call may write.
const MAX_JSON: usize = 16 << 20;
/// Bytes of strings that one call may intern.
const MAX_STRINGS: usize = 64 << 20;
/// How deep JSON may be nested.
const MAX_DEPTH: usize = 64;

/// How the error of a document begins whose plugin did not look at a refusal.
pub(crate) const WENT_ON: &str = "the plugin went on although ";

/// Why a write was refused.
pub(super) struct Refusal {
    pub(super) status: Status,
    pub(super) reason: String,
}

pub(super) fn refuse<T>(status: Status, reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { status, reason: reason.into() })
}

/// What one call has written so far.
pub(super) struct Writing<'a> {
    document: &'a Document<'a>,
    writes: &'a [Layer],
    offsets: OffsetMap<'a>,
    /// Entities, chains, quotes, sanctions and open layers, in a document without text.
    items: Document<'static>,
    /// The document's strings and the new ones; a copy, because the document's own are lent.
    strings: Option<Strings<'a>>,
    columns: Columns,
    n_items: usize,
    json_bytes: usize,
    string_bytes: usize,
    refusal: Option<String>,
}

/// Whole columns: sentences, tokens and what runs along the tokens.
#[derive(Default)]
struct Columns {
    sentences: Option<Vec<Span>>,
    tokens: Option<Vec<Span>>,
    upos: Option<Vec<Upos>>,
    xpos: Option<Vec<StringId>>,
    lemma: Option<Vec<StringId>>,
    deprel: Option<Vec<StringId>>,
    head: Option<Vec<u32>>,
}

/// What a call has written, sound as a whole.
pub(super) struct Written {
    /// New strings; the ids in `columns` count on their order.
    strings: Vec<String>,
    columns: Columns,
    items: Document<'static>,
}

impl<'a> Writing<'a> {
    pub(super) fn new(document: &'a Document<'a>, writes: &'a [Layer]) -> Self {
        Self {
            document,
            writes,
            offsets: OffsetMap::new(document.text(), Offsets::Byte),
            items: Document::default(),
            strings: None,
            columns: Columns::default(),
            n_items: 0,
            json_bytes: 0,
            string_bytes: 0,
            refusal: None,
        }
    }

    /// Notes a refusal; the first one is what the document fails with.
    pub(super) fn refuse(&mut self, function: &str, refusal: Refusal) {
        let Refusal { status, reason } = refusal;
        self.refusal
            .get_or_insert_with(|| format!("`{function}` was refused ({}): {reason}", status::name(status)));
    }

    pub(super) fn refusal(&self) -> Option<String> {
        self.refusal.clone()
    }

    pub(super) fn intern(&mut self, string: &str) -> Result<StringId, Refusal> {
        self.string_bytes = self.string_bytes.saturating_add(string.len());
        if self.string_bytes > MAX_STRINGS {
            return refuse(
                status::LIMIT,
                format!("more than {MAX_STRINGS} bytes of strings for one document"),
            );
        }
        Ok(self.strings.get_or_insert_with(|| self.document.strings().clone()).intern(string))
    }

    pub(super) fn annotate(&mut self, layer: &str, span: Span, json: &str) -> Result<(), Refusal> {
        let layer = self.declared(layer)?;
        if !matches!(layer, Layer::Open(_)) {
            return refuse(status::UNKNOWN, format!("`{layer}` is no open layer"));
        }
        let on_boundary = |at: u32| self.document.text().is_char_boundary(at as usize);
        if span.start > span.end || !on_boundary(span.start) || !on_boundary(span.end) {
            let reason =
                format!("layer `{layer}`: {span:?} is not a stretch of the text on character boundaries");
            return refuse(status::SPAN, reason);
        }
        self.spend(json)?;
        let value: Value = serde_json::from_str(json)
            .or_else(|error| refuse(status::JSON, format!("layer `{layer}`: {error}")))?;
        self.items.annotate(layer.name(), span, &value);
        Ok(())
    }

    pub(super) fn record(&mut self, layer: &str, json: &str) -> Result<(), Refusal> {
        let layer = self.declared(layer)?;
        self.spend(json)?;
        format::read_item(&mut self.items, layer, json, &self.offsets).or_else(|error| {
            let status = match error {
                FormatError::Span { .. } => status::SPAN,
                FormatError::Items { .. } => status::UNKNOWN,
                _ => status::JSON,
            };
            let place = if matches!(error, FormatError::Json { .. }) {
                format!("layer `{layer}`: ")
            } else {
                String::new()
            };
            refuse(status, format!("{place}{error}"))
        })
    }

    /// # Safety
    /// As for [`View::items`], for the time of this call.
    pub(super) unsafe fn put(&mut self, id: u32, values: View) -> Result<(), Refusal> {
        let layer = match id {
            column::SENTENCE_SPAN => Layer::Sentences,
            column::TOKEN_SPAN => Layer::Tokens,
            column::TOKEN_UPOS | column::TOKEN_XPOS | column::TOKEN_LEMMA => Layer::Morphology,
            column::TOKEN_HEAD | column::TOKEN_DEPREL => Layer::Dependencies,
            _ => return refuse(status::UNKNOWN, format!("column {id} is none that can be put")),
        };
        self.declared(layer.name())?;
        if self.document.has(&layer) {
            return refuse(
                status::STATE,
                format!("the layer `{layer}` is there already, and is written only once"),
            );
        }
        if values.count > MAX_ITEMS {
            return refuse(status::LIMIT, format!("more than {MAX_ITEMS} items in column {id}"));
        }
        let columns = &mut self.columns;
        // SAFETY: the caller answers for the view.
        unsafe {
            match id {
                column::SENTENCE_SPAN => store(&mut columns.sentences, id, values),
                column::TOKEN_SPAN => store(&mut columns.tokens, id, values),
                column::TOKEN_XPOS => store(&mut columns.xpos, id, values),
                column::TOKEN_LEMMA => store(&mut columns.lemma, id, values),
                column::TOKEN_DEPREL => store(&mut columns.deprel, id, values),
                column::TOKEN_HEAD => store(&mut columns.head, id, values),
                _ => {
                    let mut numbers = None;
                    store::<u8>(&mut numbers, id, values)?;
                    let tag = |&number: &u8| Upos::ALL.get(usize::from(number)).copied();
                    let tags: Option<_> = numbers.iter().flatten().map(tag).collect();
                    if tags.is_none() {
                        return refuse(status::TYPE, "a number in TOKEN_UPOS is no part of speech");
                    }
                    once(columns.upos.as_ref(), id)?;
                    columns.upos = tags;
                    Ok(())
                }
            }
        }
    }

    fn declared(&self, name: &str) -> Result<&'a Layer, Refusal> {
        let layer = self.writes.iter().find(|layer| layer.name() == name);
        let reason = || format!("the layer `{name}` does not stand in the manifest's `writes`");
        layer.ok_or_else(|| Refusal { status: status::UNDECLARED, reason: reason() })
    }

    /// Counts an item and its JSON against the limits.
    fn spend(&mut self, json: &str) -> Result<(), Refusal> {
        self.n_items += 1;
        self.json_bytes = self.json_bytes.saturating_add(json.len());
        if self.n_items > MAX_ITEMS {
            return refuse(status::LIMIT, format!("more than {MAX_ITEMS} items for one document"));
        }
        if self.json_bytes > MAX_JSON {
            return refuse(status::LIMIT, format!("more than {MAX_JSON} bytes of JSON for one document"));
        }
        if depth(json) > MAX_DEPTH {
            return refuse(status::JSON, format!("nested deeper than {MAX_DEPTH}"));
        }
        Ok(())
    }

    /// Checks what can only be checked when all is written.
    pub(super) fn finish(self) -> Result<Written, StageError> {
        let failed = |message| StageError::Failed { message };
        if let Some(refusal) = self.refusal {
            return Err(failed(format!("{WENT_ON}{refusal}")));
        }
        let n_chains = self.document.chains().len() + self.items.chains().len();
        let n_quotes = self.document.quotes().len() + self.items.quotes().len();
        let beyond = |indices: Option<&[u32]>, len: usize| {
            indices.into_iter().flatten().copied().find(|&index| index != NONE && index as usize >= len)
        };
        let quotes = self.items.quote_columns().map(|layer| layer.speaker_chain.as_ref());
        let events = self.items.sanction_columns().map(|layer| layer.quote.as_ref());
        let entities = self.items.entity_columns().map(|layer| layer.chain.as_ref());
        for (layer, indices, of, len) in [
            (Layer::Entities, entities, Layer::Chains, n_chains),
            (Layer::Quotes, quotes, Layer::Chains, n_chains),
            (Layer::Sanctions, events, Layer::Quotes, n_quotes),
        ] {
            if let Some(index) = beyond(indices, len) {
                let message =
                    format!("layer `{layer}`: the index {index} of the layer `{of}` points at nothing");
                return Err(failed(message));
            }
        }
        let strings = self.strings.unwrap_or_default();
        self.columns.validate(self.document, &strings).map_err(failed)?;
        let new = self.document.strings().len() as u32..strings.len() as u32;
        let strings = new.filter_map(|id| strings.get(StringId(id)).map(str::to_owned)).collect();
        Ok(Written { strings, columns: self.columns, items: self.items })
    }
}

/// # Safety
/// As for [`View::items`].
unsafe fn store<T: Item>(column: &mut Option<Vec<T>>, id: u32, values: View) -> Result<(), Refusal> {
    once(column.as_ref(), id)?;
    // SAFETY: the caller answers for it.
    let Some(items) = (unsafe { values.items::<T>() }) else {
        let reason = format!("column {id} has items of {} bytes, aligned", size_of::<T>());
        return refuse(status::TYPE, reason);
    };
    *column = Some(items.to_vec());
    Ok(())
}

fn once<T>(column: Option<&T>, id: u32) -> Result<(), Refusal> {
    if column.is_some() { refuse(status::STATE, format!("column {id} was put before")) } else { Ok(()) }
}

/// How deep brackets are nested outside of strings; whether it is JSON is not its business.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

impl Columns {
    fn is_empty(&self) -> bool {
        self.sentences.is_none()
            && self.tokens.is_none()
            && !self.has_morphology()
            && !self.has_dependencies()
    }

    fn has_morphology(&self) -> bool {
        self.upos.is_some() || self.xpos.is_some() || self.lemma.is_some()
    }

    fn has_dependencies(&self) -> bool {
        self.head.is_some() || self.deprel.is_some()
    }

    /// Checks the columns as layers of a document of their own, over the other one's text and tokens.
    fn validate(&self, document: &Document<'_>, strings: &Strings<'_>) -> Result<(), String> {
        if self.is_empty() {
            return Ok(());
        }
        let n_strings = document.strings().len().max(strings.len());
        let mut ids = [&self.xpos, &self.lemma, &self.deprel].into_iter().flatten().flatten();
        if let Some(id) = ids.find(|&&id| id != StringId::NONE && id.0 as usize >= n_strings) {
            return Err(format!("the string {} is not in the document's table", id.0));
        }
        let mut trial = Document::new("", document.text());
        trial.set_tokens(self.tokens.as_deref().unwrap_or(document.tokens()));
        if let Some(sentences) = &self.sentences {
            trial.set_sentences(sentences.as_slice());
        }
        if let Some(head) = &self.head {
            let deprel = Cow::Owned(vec![StringId::NONE; head.len()]);
            trial.set_dependencies(Dependencies { head: Cow::Borrowed(head), deprel });
        }
        trial.validate().map_err(|error| error.to_string())?;
        let tokens = trial.tokens().len();
        let lengths = [
            self.upos.as_ref().map(Vec::len),
            self.xpos.as_ref().map(Vec::len),
            self.lemma.as_ref().map(Vec::len),
            self.deprel.as_ref().map(Vec::len),
        ];
        match lengths.into_iter().flatten().find(|&rows| rows != tokens) {
            Some(rows) => Err(format!("a column along the tokens has {rows} rows for {tokens} tokens")),
            None => Ok(()),
        }
    }

    /// Makes layers of the columns; one that was not put holds nothing.
    fn add_to(self, doc: &mut Document<'_>) {
        let (has_morphology, has_dependencies) = (self.has_morphology(), self.has_dependencies());
        if let Some(sentences) = self.sentences {
            doc.set_sentences(sentences);
        }
        if let Some(tokens) = self.tokens {
            doc.set_tokens(tokens);
        }
        let tokens = doc.tokens().len();
        let strings = |column: Option<Vec<StringId>>| column.unwrap_or_else(|| vec![StringId::NONE; tokens]);
        if has_morphology {
            doc.set_morphology(Morphology {
                upos: self.upos.unwrap_or_else(|| vec![Upos::None; tokens]).into(),
                xpos: strings(self.xpos).into(),
                lemma: strings(self.lemma).into(),
            });
        }
        if has_dependencies {
            doc.set_dependencies(Dependencies {
                head: self.head.unwrap_or_else(|| vec![NONE; tokens]).into(),
                deprel: strings(self.deprel).into(),
            });
        }
    }
}

impl Written {
    /// Makes all of it part of the document, the same one that was lent.
    pub(super) fn add_to(self, doc: &mut Document<'_>) {
        for string in &self.strings {
            doc.intern(string);
        }
        self.columns.add_to(doc);
        let items = self.items;
        items.chains().for_each(|chain| doc.add_chain(&chain));
        items.entities().for_each(|entity| doc.add_entity(&entity));
        items.quotes().for_each(|quote| doc.add_quote(&quote));
        items.sanctions().for_each(|event| doc.add_sanction(&event));
        for layer in items.open_layers() {
            items.open_layer(layer).for_each(|(span, value)| doc.annotate_json(layer, span, value));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn depth_counts_brackets_outside_of_strings() {
        for (json, depth) in
            [("1", 0), ("[]", 1), (r#"{"a": [[1], {}]}"#, 3), (r#"["[[\"[["]"#, 1), ("]]][", 1)]
        {
            assert_eq!(super::depth(json), depth, "{json}");
        }
    }
}
