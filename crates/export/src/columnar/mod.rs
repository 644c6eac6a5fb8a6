//! Parquet and Arrow IPC: record batches as bytes of a file, handed on as soon as they are ready.

mod document;
mod events;

use arrow_array::RecordBatch;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

pub use document::{ColumnarForm, DocumentTable};
pub(crate) use events::{count_rows, event_rows, table_schema};

/// Rows of a row group at most: a reader holds one row group of a column in memory, and skips them by their statistics.
pub(crate) const ROWS: usize = 64 * 1024;
/// Bytes of a row group at most, about, encoded but not yet compressed; the one being written is in memory.
const BYTES: usize = 32 << 20;

/// A columnar file could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnarError {
    /// As Parquet.
    #[error("{source}")]
    Parquet {
        /// Why.
        #[from]
        source: ParquetError,
    },
    /// The columns do not fit together.
    #[error("{source}")]
    Arrow {
        /// Why.
        #[from]
        source: ArrowError,
    },
}

/// A Parquet file that grows batch by batch.
pub(crate) struct Parquet(ArrowWriter<Vec<u8>>);

impl Parquet {
    pub(crate) fn new(schema: SchemaRef) -> Result<Self, ColumnarError> {
        // Snappy is what every reader of Parquet knows.
        let properties = WriterProperties::builder()
            .set_created_by(concat!("demarche ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROWS))
            .set_max_row_group_bytes(Some(BYTES))
            .build();
        Ok(Self(ArrowWriter::try_new(Vec::new(), schema, Some(properties))?))
    }

    /// Adds rows; gives the bytes that are ready.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, ColumnarError> {
        self.0.write(batch)?;
        Ok(std::mem::take(self.0.inner_mut()))
    }

    /// Bytes of the row group that is being written, about.
    fn held(&self) -> usize {
        self.0.in_progress_size()
    }

    /// The last bytes.
    pub(crate) fn finish(self) -> Result<Vec<u8>, ColumnarError> {
        Ok(self.0.into_inner()?)
    }
}

/// An Arrow IPC file that grows batch by batch.
struct Arrow(FileWriter<Vec<u8>>);

impl Arrow {
    fn new(schema: &Schema) -> Result<Self, ColumnarError> {
        Ok(Self(FileWriter::try_new(Vec::new(), schema)?))
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, ColumnarError> {
        self.0.write(batch)?;
        Ok(std::mem::take(self.0.get_mut()))
    }

    fn finish(mut self) -> Result<Vec<u8>, ColumnarError> {
        self.0.finish()?;
        Ok(std::mem::take(self.0.get_mut()))
    }
}
