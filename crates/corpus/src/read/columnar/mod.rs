//! Tables stored by columns, Parquet and Arrow IPC: each row is read as the JSON object of its cells would be.
//!
//! What a file states of its sizes is checked against [`MEMORY`] before its library is asked to make room for them, and
//! what the library makes of a damaged file, a panic too, is an error of that file.

mod cell;
mod ipc;
mod pages;
mod parquet;
mod result;
mod thrift;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use demarche_core::{format, panic_message, quietly};

use super::{Origin, Records, row};
use crate::open::Budget;
use crate::source::STDIN;
use crate::{Format, Layers, Problem, ReadOptions, Record, RecordError};
use cell::Object;

/// Most bytes of a file that are in memory at once, about: pages of a Parquet file, a batch of an Arrow file.
const MEMORY: u64 = 512 << 20;
/// Longest description of a file, which is read whole, in bytes: some 10,000 columns and groups of rows.
const FOOTER: u64 = 4 << 20;
/// Deepest nesting of columns; what reads them calls itself.
const DEPTH: usize = 32;

/// Does what a library may panic over, for it is given what a damaged file holds: that is an error too. What `work` was changing is not to be
/// used after one.
fn caught<R>(work: impl FnOnce() -> Result<R, String>) -> Result<R, String> {
    let (result, _) = quietly(|| catch_unwind(AssertUnwindSafe(work)));
    result.unwrap_or_else(|panic| {
        let text = panic_message(panic.as_ref()).unwrap_or("no reason is known");
        Err(format!("its content is inconsistent ({text})"))
    })
}

/// The description at the end of a file, the length of which stands in the last `TAIL` bytes.
fn footer<const TAIL: usize>(
    file: &mut File,
    size: u64,
    length: impl FnOnce([u8; TAIL]) -> Result<u64, String>,
) -> Result<Vec<u8>, String> {
    let mut read = |start, bytes: &mut [u8]| {
        file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(bytes)).map_err(text)
    };
    let mut tail = [0; TAIL];
    let body = size.checked_sub(TAIL as u64).ok_or("it is cut off")?;
    read(body, &mut tail)?;
    let length = length(tail)?;
    if length > FOOTER {
        return Err(format!("its description is longer than the limit, {FOOTER} bytes"));
    }
    let start = body.checked_sub(length).ok_or("its description is longer than it is")?;
    let mut footer = vec![0; length as usize];
    read(start, &mut footer)?;
    Ok(footer)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Stretches of rows, one after the other.
trait Batches: Send {
    /// The next rows, with the bytes of the file that were read for them, or why there are no more.
    fn next(&mut self) -> Result<Option<(RecordBatch, u64)>, String>;
}

/// Checks that each column has a name of its own: the names become keys of an object.
fn check_names(schema: &Schema) -> Result<(), String> {
    let mut names: Vec<_> = schema.fields().iter().map(|field| field.name()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("two columns are named `{}`", pair[0])),
        None => Ok(()),
    }
}

/// The rows of a file.
pub(super) fn open(
    origin: &Origin,
    format: Format,
    budget: Budget,
    read: &Arc<AtomicU64>,
    options: &Arc<ReadOptions>,
) -> Result<Box<dyn Records>, RecordError> {
    let name = if format == Format::Arrow { "Arrow IPC" } else { "Parquet" };
    let broken = |problem| RecordError::new(origin.place(0, 0, 0), problem, None);
    if *origin.path == *Path::new(STDIN) {
        return Err(origin.unsupported("it has its directory at its end, and is read from a file only"));
    }
    let found = File::open(&origin.path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (size, file) = found.map_err(|source| broken(Problem::Read { source }))?;
    let opened = caught(|| -> Result<Box<dyn Batches>, String> {
        Ok(match format {
            Format::Arrow => Box::new(ipc::Ipc::open(file, size)?),
            _ => Box::new(parquet::Groups::open(file, size)?),
        })
    });
    let batches =
        opened.map_err(|message| broken(Problem::Malformed { format: name, message, offset: 0 }))?;
    Ok(Box::new(Rows {
        batches: Some(batches),
        name,
        batch: None,
        is_result: false,
        number: 0,
        size,
        origin: origin.clone(),
        budget,
        read: Arc::clone(read),
        options: Arc::clone(options),
    }))
}

/// The rows of a file.
struct Rows {
    /// None once nothing more can be read.
    batches: Option<Box<dyn Batches>>,
    /// What the format is called.
    name: &'static str,
    /// The rows in memory, and the next one of them.
    batch: Option<(RecordBatch, usize)>,
    /// Whether they are those of documents that this program exported.
    is_result: bool,
    number: u64,
    /// Bytes of the file, where all of its rows are said to stand: they have no place of their own, and what stands before that
    /// one is the description of the file, which is another one if the file is.
    size: u64,
    origin: Origin,
    budget: Budget,
    read: Arc<AtomicU64>,
    options: Arc<ReadOptions>,
}

impl Rows {
    fn malformed(&self, message: String) -> RecordError {
        let problem = Problem::Malformed { format: self.name, message, offset: 0 };
        RecordError::new(self.origin.place(self.number, self.size, 0), problem, None)
    }

    /// A row as a document.
    fn document(&self, batch: &RecordBatch, at: usize) -> Result<Record, RecordError> {
        let limit = self.options.max_record;
        let place = self.origin.place(self.number, self.size, 0);
        let offsets = match self.options.layers {
            Layers::Keep(offsets) if self.is_result => Some(offsets),
            _ => None,
        };
        let is_result = self.is_result;
        let line = caught(|| {
            if is_result {
                return result::line(batch, at, limit, offsets.is_some());
            }
            let mut object = Object::new(limit);
            for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
                object.add(field.name(), column, at);
            }
            Ok(object.finish())
        });
        let Some(line) = line.map_err(|message| self.malformed(message))? else {
            return Err(RecordError::new(place, Problem::TooLong { limit }, None));
        };
        let Some(offsets) = offsets else {
            return row(&self.origin, &self.options, place, self.number, line);
        };
        match format::read(&line, offsets) {
            Ok(document) => Ok(Record::with_line(place, document, line)),
            Err(source) => {
                Err(RecordError::new(place, Problem::Document { source }, Some(line.into_bytes())))
            }
        }
    }
}

impl Records for Rows {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        loop {
            if let Some((batch, row)) = self.batch.take()
                && row < batch.num_rows()
            {
                self.number += 1;
                let document = self.document(&batch, row);
                self.batch = Some((batch, row + 1));
                let length = document.as_ref().map_or(0, |document| document.line().map_or(0, str::len));
                if let Err(source) = self.budget.take(length as u64) {
                    self.batches = None;
                    self.batch = None;
                    return Some(Err(self.origin.broken(self.number, self.size, source)));
                }
                return Some(document);
            }
            let batches = self.batches.as_mut()?;
            match caught(|| batches.next()) {
                Ok(Some((batch, read))) => {
                    self.read.fetch_add(read, Ordering::Relaxed);
                    self.is_result = result::is_result(batch.schema_ref());
                    self.batch = Some((batch, 0));
                }
                Ok(None) => self.batches = None,
                Err(message) => {
                    self.batches = None;
                    self.number += 1;
                    return Some(Err(self.malformed(message)));
                }
            }
        }
    }
}
