//! The tables that can be made of events, and how they are written.

use std::borrow::Cow;
use std::io::Write;

use demarche_core::Document;
use serde_json::{Map, Value};

use crate::count::{By, Counts};
use crate::event::{COLUMNS, EventRow, PARTING};
use crate::text::visible;

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An event.
    Events,
    /// A sender and a target of an event.
    Dyads,
    /// A number of events that have these in common.
    Counts(Vec<By>),
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values with a line of names (RFC 4180).
    Csv,
    /// A JSON object a row.
    JsonLines,
    /// Parquet: columns of text, those of numbers of 64 bits; what is empty in CSV is null.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// A table could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// As CSV.
    #[error("the table cannot be written: {source}")]
    Csv {
        /// Why.
        source: csv::Error,
    },
    /// As JSON Lines.
    #[error("the table cannot be written: {source}")]
    Write {
        /// Why.
        source: std::io::Error,
    },
    /// As Parquet.
    #[cfg(feature = "parquet")]
    #[error("the table cannot be written: {source}")]
    Columnar {
        /// Why.
        source: crate::ColumnarError,
    },
}

/// A table of sanction events that grows document by document.
#[derive(Clone, Debug)]
pub struct Table {
    rows: Vec<EventRow>,
    dyads: bool,
    counts: Option<Counts>,
}

impl Table {
    /// An empty table.
    pub fn new(shape: Shape) -> Self {
        let dyads = shape == Shape::Dyads;
        let counts = match shape {
            Shape::Counts(keys) => Some(Counts::new(keys)),
            Shape::Events | Shape::Dyads => None,
        };
        Self { rows: Vec::new(), dyads, counts }
    }

    /// Adds the events of a document.
    pub fn add(&mut self, doc: &Document<'_>) {
        for row in EventRow::of(doc) {
            match &mut self.counts {
                Some(counts) => counts.add(&row),
                None if self.dyads => self.rows.extend(row.dyads()),
                None => self.rows.push(row),
            }
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.counts.as_ref().map_or(self.rows.len(), |counts| counts.counts.len())
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the table.
    ///
    /// # Errors
    /// If `out` does not take it.
    pub fn write(&self, form: Form, out: &mut impl Write) -> Result<(), ExportError> {
        match form {
            Form::Csv => self.csv(out).map_err(|source| ExportError::Csv { source }),
            Form::JsonLines => self.json_lines(out).map_err(|source| ExportError::Write { source }),
            #[cfg(feature = "parquet")]
            Form::Parquet => self.parquet(out),
        }
    }

    fn csv(&self, out: &mut impl Write) -> Result<(), csv::Error> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
        if let Some(Counts { keys, counts }) = &self.counts {
            writer.write_record(keys.iter().map(|key| key.name()).chain([EVENTS]))?;
            for (values, count) in counts {
                let cells = values.iter().map(|value| cell(value));
                writer.write_record(cells.chain([Cow::from(count.to_string())]).map(Cow::into_owned))?;
            }
        } else {
            // The names stand there even if there is no event.
            writer.write_record(COLUMNS.iter().map(|(name, _)| name))?;
            for row in &self.rows {
                let cells = COLUMNS.iter().map(|(_, text)| match text {
                    Some(text) => cell(text(row)),
                    None => row.event.to_string().into(),
                });
                writer.write_record(cells.map(Cow::into_owned))?;
            }
        }
        Ok(writer.flush()?)
    }

    fn json_lines(&self, out: &mut impl Write) -> std::io::Result<()> {
        if let Some(Counts { keys, counts }) = &self.counts {
            for (values, count) in counts {
                let mut row: Map<String, Value> = keys
                    .iter()
                    .zip(values)
                    .map(|(key, value)| (key.name().to_owned(), value.as_str().into()))
                    .collect();
                row.insert(EVENTS.to_owned(), (*count).into());
                writeln!(out, "{}", Value::Object(row))?;
            }
        }
        for row in &self.rows {
            serde_json::to_writer(&mut *out, row)?;
            writeln!(out)?;
        }
        Ok(())
    }

    #[cfg(feature = "parquet")]
    fn parquet(&self, out: &mut impl Write) -> Result<(), ExportError> {
        use crate::columnar::{Parquet, ROWS, count_rows, event_rows, table_schema};

        let made = |source| ExportError::Columnar { source };
        let schema = table_schema(self.counts.as_ref());
        let counts: Vec<_> = self.counts.iter().flat_map(|counts| &counts.counts).collect();
        let counts = counts.chunks(ROWS).map(|rows| count_rows(&schema, rows));
        let events = self.rows.chunks(ROWS).map(|rows| event_rows(&schema, rows));
        let mut file = Parquet::new(std::sync::Arc::clone(&schema)).map_err(made)?;
        let mut write =
            |bytes: Vec<u8>| out.write_all(&bytes).map_err(|source| ExportError::Write { source });
        for batch in counts.chain(events) {
            write(batch.and_then(|batch| file.write(&batch)).map_err(made)?)?;
        }
        write(file.finish().map_err(made)?)
    }
}

/// What a formula begins with in spreadsheets, in full width too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell as text: spreadsheets run what begins like a formula, and `=cmd()` may be a name in a document. Some of them take `;` for the
/// end of a cell. Terminals obey control characters.
fn cell(text: &str) -> Cow<'_, str> {
    let is_plain = |part: &str| !part.starts_with(FORMULA);
    if text.chars().all(|c| c == visible(c)) && text.split(PARTING).all(is_plain) {
        return text.into();
    }
    let part = |part: &str| {
        let guard = if is_plain(part) { "" } else { "'" };
        guard.chars().chain(part.chars().map(visible)).collect::<String>()
    };
    text.split(PARTING).map(part).collect::<Vec<_>>().join(";").into()
}

/// The column of counts.
pub(crate) const EVENTS: &str = "events";
