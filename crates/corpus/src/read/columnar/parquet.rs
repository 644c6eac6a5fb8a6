//! Parquet, one group of rows after the other.

use std::fs::File;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaDataReader;

use super::pages::{check_group, check_schema};
use super::{Batches, MEMORY, check_names, footer, text};

/// What a file ends with, as it starts.
const MAGIC: &[u8] = b"PAR1";
/// Rows that are read at once, where a page is no larger than what that many may take.
const ROWS: u64 = 1024;

/// A file, its description in memory.
pub(super) struct Groups {
    file: File,
    size: u64,
    metadata: ArrowReaderMetadata,
    /// The next group.
    next: usize,
    current: Option<ParquetRecordBatchReader>,
}

impl Groups {
    pub(super) fn open(mut file: File, size: u64) -> Result<Self, String> {
        let footer = footer(&mut file, size, described)?;
        check_schema(&footer)?;
        let metadata = Arc::new(ParquetMetaDataReader::decode_metadata(&footer).map_err(text)?);
        // What Arrow's own writers add about types is one more thing that can be hostile, and tells nothing that is needed.
        let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let known = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options()).map_err(text)?;
        check_names(known.schema())?;
        let views = Schema::new(known.schema().fields().iter().map(as_views).collect::<Fields>());
        let metadata =
            ArrowReaderMetadata::try_new(metadata, options().with_schema(Arc::new(views))).map_err(text)?;
        Ok(Self { file, size, metadata, next: 0, current: None })
    }

    /// A reader of the next group, and the bytes of it in the file.
    fn group(&mut self) -> Result<Option<(ParquetRecordBatchReader, u64)>, String> {
        let at = self.next;
        let Some(group) = self.metadata.metadata().row_groups().get(at) else { return Ok(None) };
        self.next += 1;
        let need = check_group(&self.file, self.size, group)?;
        let n_rows = (MEMORY / need.max(1)).clamp(1, ROWS);
        let length = group.columns().iter().map(|column| column.byte_range().1).sum();
        let file = self.file.try_clone().map_err(text)?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![at])
            .with_batch_size(n_rows as usize)
            .build();
        Ok(Some((reader.map_err(text)?, length)))
    }
}

impl Batches for Groups {
    fn next(&mut self) -> Result<Option<(RecordBatch, u64)>, String> {
        let mut read = 0;
        loop {
            if let Some(batch) = self.current.as_mut().and_then(Iterator::next) {
                return batch.map(|batch| Some((batch, read))).map_err(text);
            }
            let Some((reader, length)) = self.group()? else { return Ok(None) };
            self.current = Some(reader);
            read += length;
        }
    }
}

/// The length of the description, before the mark at the end.
fn described(tail: [u8; 8]) -> Result<u64, String> {
    if !tail.ends_with(MAGIC) {
        return Err("it is cut off, or no Parquet file: its end is not `PAR1`".to_owned());
    }
    let [length @ .., _, _, _, _] = tail;
    Ok(u64::from(u32::from_le_bytes(length)))
}

/// The same column with its texts as views of the pages, so that a long text which many rows have is in memory once.
fn as_views(field: &FieldRef) -> FieldRef {
    let inner = |fields: &Fields| fields.iter().map(as_views).collect::<Fields>();
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::List(item) => DataType::List(as_views(item)),
        DataType::LargeList(item) => DataType::LargeList(as_views(item)),
        DataType::Struct(fields) => DataType::Struct(inner(fields)),
        DataType::Map(entries, sorted) => DataType::Map(as_views(entries), *sorted),
        _ => return Arc::clone(field),
    };
    Arc::new(Field::clone(field).with_data_type(kind))
}
