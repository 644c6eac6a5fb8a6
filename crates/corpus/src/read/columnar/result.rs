//! Rows that are documents which this program exported: the document format column by column, and back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::Schema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::cell::Object;
use crate::json::LAYER_KEYS;

/// The column that is a JSON object as text.
const META: &str = "meta";
/// The column of the open layers, one list of all their items.
const OPEN_LAYERS: &str = "layers";

/// Whether the columns are those of documents that this program exported, among them one for each layer.
pub(super) fn is_result(schema: &Schema) -> bool {
    LAYER_KEYS.iter().chain([&META]).all(|name| schema.column_with_name(name).is_some())
}

/// A row of them as a line of the document format, with its layers or to be annotated anew; `None` if it is longer than
/// so many bytes.
pub(super) fn line(
    batch: &RecordBatch,
    row: usize,
    limit: u64,
    with_layers: bool,
) -> Result<Option<String>, String> {
    let mut object = Object::new(limit);
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        match field.name().as_str() {
            META => object.add_object(META, column, row),
            name if !with_layers && LAYER_KEYS.contains(&name) => {}
            OPEN_LAYERS => match open_layers(column, row, limit)? {
                Some(layers) => object.add_json(OPEN_LAYERS, &layers),
                None => return Ok(None),
            },
            name if LAYER_KEYS.contains(&name) => object.add_layer(name, column, row),
            // What else there is stands in `meta` too, or is no part of the format.
            name if with_layers && !["id", "text"].contains(&name) => {}
            name => object.add(name, column, row),
        }
    }
    Ok(object.finish())
}

/// The object of the open layers, by name.
fn open_layers(column: &ArrayRef, row: usize, limit: u64) -> Result<Option<String>, String> {
    #[derive(Deserialize)]
    struct Column<'a> {
        #[serde(borrow, default)]
        layers: Vec<Item<'a>>,
    }
    #[derive(Deserialize)]
    struct Item<'a> {
        #[serde(borrow)]
        layer: Cow<'a, str>,
        span: [u32; 2],
        /// JSON as text.
        #[serde(borrow)]
        value: Cow<'a, str>,
    }
    #[derive(Serialize)]
    struct Annotation {
        span: [u32; 2],
        value: Box<RawValue>,
    }
    let error = |error: serde_json::Error| format!("column `{OPEN_LAYERS}`: {error}");
    let mut items = Object::new(limit);
    items.add_layer(OPEN_LAYERS, column, row);
    let Some(items) = items.finish() else { return Ok(None) };
    let column: Column<'_> = serde_json::from_str(&items).map_err(error)?;
    let mut layers = BTreeMap::<_, Vec<_>>::new();
    for Item { layer, span, value } in column.layers {
        let value = RawValue::from_string(value.into_owned()).map_err(error)?;
        layers.entry(layer).or_default().push(Annotation { span, value });
    }
    serde_json::to_string(&layers).map(Some).map_err(error)
}
