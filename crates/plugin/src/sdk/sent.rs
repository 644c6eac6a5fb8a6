//! What a stage has added to its document, sent to the host.

use demarche_core::{Column, Document, Layer, OffsetMap, Offsets, Span, StringId, format};

use super::remote::{Remote, SendError, failed};
use crate::abi::column;

/// What was there before the stage ran.
pub(super) struct Before<'a> {
    tokens: Option<*const Span>,
    sentences: Option<*const Span>,
    morphology: bool,
    dependencies: bool,
    n_strings: usize,
    /// Rows of the layers of records, in the order of [`RECORDS`].
    rows: [usize; 4],
    /// Chains of the entities.
    links: Column<'a, u32>,
    /// Items of the open layers, in their order.
    open: Vec<(String, usize)>,
}

/// Layers of records, in an order in which an index points back.
const RECORDS: [Layer; 4] = [Layer::Chains, Layer::Entities, Layer::Quotes, Layer::Sanctions];

fn rows(doc: &Document<'_>) -> [usize; 4] {
    [doc.chains().len(), doc.entities().len(), doc.quotes().len(), doc.sanctions().len()]
}

impl<'a> Before<'a> {
    pub(super) fn of(doc: &Document<'a>) -> Self {
        Self {
            tokens: doc.has(&Layer::Tokens).then(|| doc.tokens().as_ptr()),
            sentences: doc.has(&Layer::Sentences).then(|| doc.sentences().as_ptr()),
            morphology: doc.has(&Layer::Morphology),
            dependencies: doc.has(&Layer::Dependencies),
            n_strings: doc.strings().len(),
            rows: rows(doc),
            links: doc.entity_columns().map_or_else(Column::default, |layer| layer.chain.clone()),
            open: doc.open_layers().map(|name| (name.to_owned(), doc.open_layer(name).count())).collect(),
        }
    }

    /// Sends what has come since. `json` is memory to work with.
    pub(super) fn send(
        &self,
        doc: &Document<'_>,
        remote: &Remote,
        json: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.send_columns(doc, remote)?;
        let after = rows(doc);
        let linked = doc.entity_columns().map_or(&[][..], |layer| &layer.chain);
        if after.iter().zip(&self.rows).any(|(after, before)| after < before)
            || !linked.starts_with(&self.links)
        {
            return Err(failed("a plugin cannot change or remove what other stages have added").into());
        }
        let map = OffsetMap::new(doc.text(), Offsets::Byte);
        for (layer, (before, after)) in RECORDS.iter().zip(self.rows.into_iter().zip(after)) {
            for item in before..after {
                json.clear();
                format::write_item(doc, layer, item, &map, &mut *json)
                    .map_err(|error| failed(format!("layer `{layer}`, item {item}: {error}")))?;
                remote.record(layer, json)?;
            }
        }
        for name in doc.open_layers() {
            let before = self.open.iter().find(|(known, _)| known == name).map_or(0, |&(_, count)| count);
            for (span, value) in doc.open_layer(name).skip(before) {
                remote.annotate(name, span, value)?;
            }
        }
        Ok(())
    }

    fn send_columns(&self, doc: &Document<'_>, remote: &Remote) -> Result<(), SendError> {
        // A layer that was there is sent if it was set again: the host refuses it, and says why.
        if doc.has(&Layer::Sentences) && self.sentences != Some(doc.sentences().as_ptr()) {
            remote.put(column::SENTENCE_SPAN, doc.sentences())?;
        }
        if doc.has(&Layer::Tokens) && self.tokens != Some(doc.tokens().as_ptr()) {
            remote.put(column::TOKEN_SPAN, doc.tokens())?;
        }
        if let Some(layer) = doc.morphology().filter(|_| !self.morphology) {
            remote.put(column::TOKEN_UPOS, &layer.upos)?;
            remote.put(column::TOKEN_XPOS, &self.strings(doc, remote, &layer.xpos)?)?;
            remote.put(column::TOKEN_LEMMA, &self.strings(doc, remote, &layer.lemma)?)?;
        }
        if let Some(layer) = doc.dependencies().filter(|_| !self.dependencies) {
            remote.put(column::TOKEN_HEAD, &layer.head)?;
            remote.put(column::TOKEN_DEPREL, &self.strings(doc, remote, &layer.deprel)?)?;
        }
        Ok(())
    }

    /// The ids that strings of a column have in the host's table.
    fn strings(&self, doc: &Document<'_>, remote: &Remote, ids: &[StringId]) -> Result<Vec<u32>, SendError> {
        // New strings of the stage, by their number past those that were lent.
        let mut new = vec![None; doc.strings().len() - self.n_strings];
        let mut host_id = |id: StringId| {
            let Some(string) = doc.string(id) else { return Ok(demarche_core::NONE) };
            let Some(at) = (id.0 as usize).checked_sub(self.n_strings) else { return Ok(id.0) };
            if let Some(known) = new[at] {
                return Ok(known);
            }
            let known = remote.intern(string)?;
            new[at] = Some(known);
            Ok(known)
        };
        ids.iter().map(|&id| host_id(id)).collect()
    }
}
