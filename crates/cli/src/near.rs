//! Documents that say nearly the same as one before, in the order of the input.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use demarche::corpus::{Record, RecordError};
use demarche::runner::Duplicates;
use demarche_export::Near;

/// Marks near-duplicates or leaves them out.
pub(crate) struct Distinct<I> {
    records: I,
    duplicates: Duplicates,
    near: Near,
    /// Ids of the documents that are no copies.
    ids: Vec<Box<str>>,
    n_left_out: LeftOut,
}

/// How many documents have been left out, to be looked at from elsewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeftOut(Arc<AtomicU64>);

impl LeftOut {
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Key of the id of the document that a copy is like.
const COPY_OF: &str = "near_duplicate_of";

impl<I> Distinct<I> {
    pub(crate) fn new(records: I, duplicates: Duplicates) -> Self {
        Self { records, duplicates, near: Near::default(), ids: Vec::new(), n_left_out: LeftOut::default() }
    }

    pub(crate) fn left_out(&self) -> LeftOut {
        self.n_left_out.clone()
    }

    /// The id of a document before that says nearly the same.
    fn copied(&mut self, record: &Record) -> Option<&str> {
        if let Some(first) = self.near.first_like(record.document.text()) {
            return self.ids.get(first).map(|id| &**id);
        }
        self.ids.push(record.document.id().into());
        None
    }
}

impl<I: Iterator<Item = Result<Record, RecordError>>> Iterator for Distinct<I> {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut record = match self.records.next()? {
                Ok(record) if self.duplicates != Duplicates::Keep => record,
                other => return Some(other),
            };
            let duplicates = self.duplicates;
            let Some(first) = self.copied(&record) else { return Some(Ok(record)) };
            if duplicates == Duplicates::Mark {
                let mut meta = record.document.meta().clone();
                meta.insert(COPY_OF.to_owned(), first.into());
                record.document = std::mem::take(&mut record.document).with_meta(meta);
                return Some(Ok(record));
            }
            self.n_left_out.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
