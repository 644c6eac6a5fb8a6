//! Tables of events as columns: those of the CSV, with a null where a cell there is empty.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::ColumnarError;
use crate::count::Counts;
use crate::event::{COLUMNS, EventRow};
use crate::table::EVENTS;

/// The columns of a table of counts, or else of events.
pub(crate) fn table_schema(counts: Option<&Counts>) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str| Field::new(name, DataType::Int64, false);
    let fields: Vec<_> = match counts {
        Some(counts) => counts.keys.iter().map(|key| text(key.name())).chain([number(EVENTS)]).collect(),
        None => COLUMNS.iter().map(|(name, of)| of.map_or_else(|| number(name), |_| text(name))).collect(),
    };
    Arc::new(Schema::new(fields))
}

/// Events as rows of such a table.
pub(crate) fn event_rows(schema: &SchemaRef, rows: &[EventRow]) -> Result<RecordBatch, ColumnarError> {
    let numbers =
        || Arc::new(rows.iter().map(|row| i64::try_from(row.event).ok()).collect::<Int64Array>()) as ArrayRef;
    let columns = COLUMNS.iter().map(|(_, of)| match of {
        Some(of) => texts(rows.iter().map(of)),
        None => numbers(),
    });
    Ok(RecordBatch::try_new(Arc::clone(schema), columns.collect())?)
}

/// Counts as rows of such a table.
pub(crate) fn count_rows(
    schema: &SchemaRef,
    rows: &[(&Vec<String>, &u64)],
) -> Result<RecordBatch, ColumnarError> {
    let n_keys = schema.fields().len() - 1;
    let keys = (0..n_keys).map(|key| texts(rows.iter().map(|(values, _)| values[key].as_str())));
    let counts: Int64Array = rows.iter().map(|(_, count)| i64::try_from(**count).ok()).collect();
    let columns = keys.chain([Arc::new(counts) as ArrayRef]).collect();
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// Cells of text; nothing is null.
fn texts<'r>(cells: impl Iterator<Item = &'r str>) -> ArrayRef {
    Arc::new(cells.map(|cell| (!cell.is_empty()).then_some(cell)).collect::<StringArray>())
}
