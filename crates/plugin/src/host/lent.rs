//! A document in a plugin's hands: columns that it may read, and what it has written so far.

use std::cell::{OnceCell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};

use demarche_core::{Document, Layer, Lists, Span, StageError};

use super::faults;
use super::written::{Refusal, Writing, Written, refuse};
use crate::abi::{self, Doc, Status, View, column, status};

/// What a plugin's `demarche_doc *` points to, for one call of `process`.
///
/// Behind a shared reference, because the plugin may hold the pointer as often as it likes.
pub(super) struct Lent<'a> {
    document: &'a Document<'a>,
    /// Its `meta` as JSON text, made when it is asked for.
    meta: OnceCell<String>,
    writing: RefCell<Writing<'a>>,
    /// Whether the plugin was told that the time is up. Atomic, for any thread may ask.
    told_to_stop: AtomicBool,
}

impl<'a> Lent<'a> {
    pub(super) fn new(document: &'a Document<'_>, writes: &'a [Layer]) -> Self {
        Self {
            document,
            meta: OnceCell::new(),
            writing: RefCell::new(Writing::new(document, writes)),
            told_to_stop: AtomicBool::new(false),
        }
    }

    pub(super) fn as_ptr(&self) -> *mut Doc {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// # Safety
    /// `doc` comes from [`as_ptr`](Self::as_ptr), and what it was made from lives as long as `'d`.
    pub(super) unsafe fn from_ptr<'d>(doc: *const Doc) -> &'d Self {
        // SAFETY: the caller answers for it.
        unsafe { &*doc.cast::<Self>() }
    }

    /// Whether the document's time is up.
    pub(super) fn cancelled(&self) -> bool {
        let cancelled = self.document.cancelled();
        if cancelled {
            self.told_to_stop.store(true, Ordering::Relaxed);
        }
        cancelled
    }

    pub(super) fn was_told_to_stop(&self) -> bool {
        self.told_to_stop.load(Ordering::Relaxed)
    }

    /// Writes something; a refusal is remembered, so that the document fails even if the plugin does not look.
    pub(super) fn write(
        &self,
        function: &'static str,
        write: impl FnOnce(&mut Writing<'a>) -> Result<(), Refusal>,
    ) -> Status {
        let mut writing = self.writing.borrow_mut();
        let written = if faults::is_now() {
            refuse(status::LIMIT, "the conformance kit refuses this call, to see what happens")
        } else {
            write(&mut writing)
        };
        match written {
            Ok(()) => status::OK,
            Err(refusal) => {
                let answer = refusal.status;
                writing.refuse(function, refusal);
                answer
            }
        }
    }

    /// The first thing that was refused.
    pub(super) fn refusal(&self) -> Option<String> {
        self.writing.borrow().refusal()
    }

    /// What was written, if it is sound as a whole.
    pub(super) fn finish(self) -> Result<Written, StageError> {
        self.writing.into_inner().finish()
    }

    /// Name of the open layer at an index.
    pub(super) fn layer_name(&self, index: u32) -> Option<&str> {
        self.document.open_layers().nth(index as usize)
    }

    /// A column, [`status::ABSENT`] or [`status::UNKNOWN`].
    pub(super) fn view(&self, id: u32) -> Result<View, Status> {
        if id >= column::layer_span(0) {
            return self.open_layer(id);
        }
        if !column::ALL.iter().any(|&(_, known, _)| known == id) {
            return Err(status::UNKNOWN);
        }
        self.document_column(id)
            .or_else(|| self.token_column(id))
            .or_else(|| self.entity_column(id))
            .or_else(|| self.chain_column(id))
            .or_else(|| self.quote_column(id))
            .or_else(|| self.sanction_column(id))
            .ok_or(status::ABSENT)
    }

    fn document_column(&self, id: u32) -> Option<View> {
        let (offsets, bytes) = self.document.strings().columns();
        Some(match id {
            column::TEXT => View::of(self.document.text().as_bytes()),
            column::ID => View::of(self.document.id().as_bytes()),
            column::META => {
                let json = || serde_json::to_string(self.document.meta()).unwrap_or_else(|_| "{}".to_owned());
                View::of(self.meta.get_or_init(json).as_bytes())
            }
            column::STRING_OFFSETS => View::of(offsets),
            column::STRING_BYTES => View::of(bytes),
            _ => return None,
        })
    }

    fn token_column(&self, id: u32) -> Option<View> {
        let doc = self.document;
        let (morphology, dependencies) = (doc.morphology(), doc.dependencies());
        Some(match id {
            column::SENTENCE_SPAN if doc.has(&Layer::Sentences) => View::of(doc.sentences()),
            column::TOKEN_SPAN if doc.has(&Layer::Tokens) => View::of(doc.tokens()),
            column::TOKEN_UPOS => View::of(&morphology?.upos),
            column::TOKEN_XPOS => View::of(&morphology?.xpos),
            column::TOKEN_LEMMA => View::of(&morphology?.lemma),
            column::TOKEN_HEAD => View::of(&dependencies?.head),
            column::TOKEN_DEPREL => View::of(&dependencies?.deprel),
            _ => return None,
        })
    }

    fn entity_column(&self, id: u32) -> Option<View> {
        let layer = self.document.entity_columns()?;
        Some(match id {
            column::ENTITY_SPAN => View::of(&layer.span),
            column::ENTITY_LABEL => View::of(&layer.label),
            column::ENTITY_NAME => View::of(&layer.name),
            column::ENTITY_NORM => View::of(&layer.norm),
            column::ENTITY_CHAIN => View::of(&layer.chain),
            _ => return None,
        })
    }

    fn chain_column(&self, id: u32) -> Option<View> {
        let layer = self.document.chain_columns()?;
        Some(match id {
            column::CHAIN_NAME => View::of(&layer.name),
            column::CHAIN_LABEL => View::of(&layer.label),
            column::CHAIN_NORM => View::of(&layer.norm),
            column::CHAIN_MENTION_OFFSETS..=column::CHAIN_MENTION_SPAN => {
                list(&layer.mentions, id - column::CHAIN_MENTION_OFFSETS)
            }
            _ => return None,
        })
    }

    fn quote_column(&self, id: u32) -> Option<View> {
        let layer = self.document.quote_columns()?;
        Some(match id {
            column::QUOTE_KIND => View::of(&layer.kind),
            column::QUOTE_CONTENT_OFFSETS..=column::QUOTE_CONTENT_SPAN => {
                list(&layer.content, id - column::QUOTE_CONTENT_OFFSETS)
            }
            column::QUOTE_CUE_OFFSETS..=column::QUOTE_CUE_SPAN => {
                list(&layer.cue, id - column::QUOTE_CUE_OFFSETS)
            }
            column::QUOTE_SOURCE_OFFSETS..=column::QUOTE_SOURCE_SPAN => {
                list(&layer.source, id - column::QUOTE_SOURCE_OFFSETS)
            }
            column::QUOTE_SPEAKER_NAME => View::of(&layer.speaker_name),
            column::QUOTE_SPEAKER_NORM => View::of(&layer.speaker_norm),
            column::QUOTE_SPEAKER_CHAIN => View::of(&layer.speaker_chain),
            column::QUOTE_TYPE => View::of(&layer.quote_type),
            _ => return None,
        })
    }

    fn sanction_column(&self, id: u32) -> Option<View> {
        let layer = self.document.sanction_columns()?;
        Some(match id {
            column::SANCTION_TRIGGER => View::of(&layer.trigger),
            column::SANCTION_ACTION => View::of(&layer.action),
            column::SANCTION_MEASURES => View::of(&layer.measures),
            column::SANCTION_FACTUALITY => View::of(&layer.factuality),
            column::SANCTION_SENDER_NORM => View::of(&layer.sender_norm),
            column::SANCTION_TARGET_NORM => View::of(&layer.target_norm),
            column::SANCTION_ACTOR_NORM => View::of(&layer.actor_norm),
            column::SANCTION_SENDER_OFFSETS..=column::SANCTION_SENDER_SPAN => {
                list(&layer.sender, id - column::SANCTION_SENDER_OFFSETS)
            }
            column::SANCTION_TARGET_OFFSETS..=column::SANCTION_TARGET_SPAN => {
                list(&layer.target, id - column::SANCTION_TARGET_OFFSETS)
            }
            column::SANCTION_ACTOR_OFFSETS..=column::SANCTION_ACTOR_SPAN => {
                list(&layer.actor, id - column::SANCTION_ACTOR_OFFSETS)
            }
            column::SANCTION_INSTRUMENT => View::of(&layer.instrument),
            column::SANCTION_REASON => View::of(&layer.reason),
            column::SANCTION_DATE => View::of(&layer.date),
            column::SANCTION_QUOTE => View::of(&layer.quote),
            column::SANCTION_CAMEO => View::of(&layer.cameo),
            column::SANCTION_PLOVER => View::of(&layer.plover),
            _ => return None,
        })
    }

    fn open_layer(&self, id: u32) -> Result<View, Status> {
        let index = (id - column::layer_span(0)) / 2;
        let name = self.layer_name(index).ok_or(status::UNKNOWN)?;
        let layer = self.document.open_columns(name).ok_or(status::HOST)?;
        Ok(if id == column::layer_span(index) { View::of(&layer.span) } else { View::of(&layer.value) })
    }
}

/// The offsets of lists, or their items, which follow in the numbering.
fn list(lists: &Lists<'_, Span>, which: u32) -> View {
    if which == 0 { View::of::<u32>(&lists.offsets) } else { View::of::<Span>(&lists.items) }
}

const _: () = assert!(abi::column::QUOTE_CONTENT_SPAN == abi::column::QUOTE_CONTENT_OFFSETS + 1);
