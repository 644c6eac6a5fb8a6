//! Tables of events as columns: those of the CSV, with a null where a cell there is empty.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::ColumnarError;
use crate::count::Counts;
use crate::event::EventRow;
use crate::table::EVENTS;

/// The text of a column of an event.
type Text = fn(&EventRow) -> &str;

/// The columns of events, in the order of the fields of [`EventRow`]; the one without text is the event's number.
const COLUMNS: [(&str, Option<Text>); 21] = [
    ("document", Some(|row| &row.document)),
    ("published", Some(|row| &row.published)),
    ("event", None),
    ("sentence", Some(|row| &row.sentence)),
    ("trigger", Some(|row| &row.trigger)),
    ("action", Some(|row| &row.action)),
    ("measures", Some(|row| &row.measures)),
    ("factuality", Some(|row| &row.factuality)),
    ("sender", Some(|row| &row.sender)),
    ("target", Some(|row| &row.target)),
    ("actor", Some(|row| &row.actor)),
    ("instrument", Some(|row| &row.instrument)),
    ("reason", Some(|row| &row.reason)),
    ("date", Some(|row| &row.date)),
    ("date_iso", Some(|row| &row.date_iso)),
    ("speaker", Some(|row| &row.speaker)),
    ("speaker_norm", Some(|row| &row.speaker_norm)),
    ("cameo-1.1", Some(|row| &row.cameo)),
    ("plover-manual-2", Some(|row| &row.plover)),
    ("plover_mode", Some(|row| &row.plover_mode)),
    ("plover_auxiliary", Some(|row| &row.plover_auxiliary)),
];

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
