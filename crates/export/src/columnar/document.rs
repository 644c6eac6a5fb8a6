//! Documents as rows, their layers as lists of records: the document format, column by column.

use std::sync::Arc;

use arrow_array::{ArrayRef, ListArray, RecordBatch, StringArray, StructArray, UInt32Array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use demarche_core::{Document, Offsets, format};
use serde_json::{Map, Value, json};

use super::{Arrow, ColumnarError, Parquet};

/// Documents as a Parquet or Arrow IPC file, which grows as they come.
pub struct DocumentTable {
    schema: SchemaRef,
    file: File,
    offsets: Offsets,
    /// Documents that are not yet in the file.
    waiting: Vec<Value>,
    /// Bytes of those as JSON.
    n_waiting: usize,
}

/// How a table of documents is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnarForm {
    /// Parquet, compressed with Snappy.
    Parquet,
    /// An Arrow IPC file, not compressed.
    Arrow,
}

enum File {
    Parquet(Box<Parquet>),
    Arrow(Box<Arrow>),
}

/// Bytes of documents, as JSON, that become rows together: in memory they take some ten times as much.
const BATCH: usize = 4 << 20;

impl DocumentTable {
    /// A file without documents, which counts offsets in this unit.
    ///
    /// # Errors
    /// If the library does not take the schema.
    pub fn new(form: ColumnarForm, offsets: Offsets) -> Result<Self, ColumnarError> {
        let schema = Arc::new(Schema::new(columns()));
        let file = match form {
            ColumnarForm::Parquet => File::Parquet(Box::new(Parquet::new(Arc::clone(&schema))?)),
            ColumnarForm::Arrow => File::Arrow(Box::new(Arrow::new(&schema)?)),
        };
        Ok(Self { schema, file, offsets, waiting: Vec::new(), n_waiting: 0 })
    }

    /// Adds a document; gives the bytes of the file that are ready, often none.
    ///
    /// # Errors
    /// If the rows cannot be written, or `meta` or an open layer is nested more than some 120 levels deep.
    pub fn add(&mut self, doc: &Document<'_>) -> Result<Vec<u8>, ColumnarError> {
        let json = format::to_vec(doc, self.offsets);
        let mut row: Value =
            serde_json::from_slice(&json).map_err(|error| ArrowError::JsonError(error.to_string()))?;
        flatten(&mut row);
        self.waiting.push(row);
        self.n_waiting += json.len();
        if self.n_waiting < BATCH { Ok(Vec::new()) } else { self.write() }
    }

    /// The last bytes of the file.
    ///
    /// # Errors
    /// If the rows cannot be written.
    pub fn finish(mut self) -> Result<Vec<u8>, ColumnarError> {
        let mut bytes = if self.waiting.is_empty() { Vec::new() } else { self.write()? };
        bytes.extend(match self.file {
            File::Parquet(file) => file.finish()?,
            File::Arrow(file) => file.finish()?,
        });
        Ok(bytes)
    }

    fn write(&mut self) -> Result<Vec<u8>, ColumnarError> {
        let rows: Vec<_> = self.waiting.iter().map(Some).collect();
        let columns = self.schema.fields().iter().map(|field| column(field, &rows)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.waiting.clear();
        self.n_waiting = 0;
        match &mut self.file {
            File::Parquet(file) => file.write(&batch),
            File::Arrow(file) => file.write(&batch),
        }
    }
}

/// What has no columns of its own in the format: `meta` is JSON text beside its date and title, and open layers, whose
/// values are anything, are one list.
fn flatten(row: &mut Value) {
    let Value::Object(row) = row else { return };
    if let Some(meta) = row.get("meta") {
        let (text, [date, title]) = (meta.to_string(), ["date", "title"].map(|key| meta[key].clone()));
        row.extend([
            ("meta".to_owned(), text.into()),
            ("date".to_owned(), date),
            ("title".to_owned(), title),
        ]);
    }
    if let Some(Value::Object(layers)) = row.get("layers") {
        let layers = open_layers(layers);
        row.insert("layers".to_owned(), layers);
    }
}

fn open_layers(layers: &Map<String, Value>) -> Value {
    let items = |(name, items): (&String, &Value)| {
        let item =
            |item: &Value| json!({"layer": name, "span": item["span"], "value": item["value"].to_string()});
        items.as_array().into_iter().flatten().map(item).collect::<Vec<_>>()
    };
    layers.iter().flat_map(items).collect()
}

/// The column of a field: what the rows have under its name, null where they have nothing or something else.
fn column(field: &FieldRef, rows: &[Option<&Value>]) -> ArrayRef {
    let cells =
        rows.iter().map(|row| row.and_then(|row| row.get(field.name())).filter(|cell| !cell.is_null()));
    array(field.data_type(), &cells.collect::<Vec<_>>())
}

fn array(kind: &DataType, cells: &[Option<&Value>]) -> ArrayRef {
    let is_there = || cells.iter().map(Option::is_some).collect::<NullBuffer>();
    match kind {
        DataType::UInt32 => {
            let number =
                |cell: Option<&Value>| cell.and_then(Value::as_u64).and_then(|number| number.try_into().ok());
            Arc::new(cells.iter().copied().map(number).collect::<UInt32Array>())
        }
        DataType::List(item) => {
            let lists: Vec<_> = cells.iter().map(|cell| cell.and_then(Value::as_array)).collect();
            let lengths = OffsetBuffer::from_lengths(lists.iter().map(|list| list.map_or(0, Vec::len)));
            let items: Vec<_> = lists.iter().copied().flatten().flatten().map(Some).collect();
            Arc::new(ListArray::new(
                Arc::clone(item),
                lengths,
                array(item.data_type(), &items),
                Some(is_there()),
            ))
        }
        DataType::Struct(fields) if *fields == span_fields() => {
            let ends = [0, 1].map(|end| {
                let end = cells.iter().map(|cell| cell.and_then(|span| span.get(end)));
                // Where the span is null, its numbers stand for nothing.
                let end = end.map(|end| end.and_then(Value::as_u64).unwrap_or_default() as u32);
                Arc::new(end.collect::<UInt32Array>()) as ArrayRef
            });
            Arc::new(StructArray::new(fields.clone(), ends.to_vec(), Some(is_there())))
        }
        DataType::Struct(fields) => {
            let columns = fields.iter().map(|field| column(field, cells)).collect();
            Arc::new(StructArray::new(fields.clone(), columns, Some(is_there())))
        }
        _ => Arc::new(cells.iter().map(|cell| cell.and_then(Value::as_str)).collect::<StringArray>()),
    }
}

fn span_fields() -> Fields {
    ["start", "end"].map(|name| Field::new(name, DataType::UInt32, false)).to_vec().into()
}

/// The columns, as `docs/document-format.md` has them.
fn columns() -> Vec<Field> {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let texts = |names: &[&str]| names.iter().map(|name| text(name)).collect::<Vec<_>>();
    let number = |name: &str| Field::new(name, DataType::UInt32, true);
    let record = |name: &str, fields: Vec<Field>| Field::new(name, DataType::Struct(fields.into()), true);
    let list = |name: &str, item: DataType| {
        let item = Field::new("item", item, false);
        Field::new(name, DataType::List(Arc::new(item)), true)
    };
    let records = |name: &str, fields: Vec<Field>| list(name, DataType::Struct(fields.into()));
    let span = |name: &str| Field::new(name, DataType::Struct(span_fields()), true);
    let spans = |name: &str| list(name, DataType::Struct(span_fields()));
    let parties = |name: &str| records(name, vec![span("span"), text("norm")]);
    let with = |first: Vec<Field>, more: Vec<Field>| [first, more].concat();

    let tokens = with(
        vec![span("span")],
        with(texts(&["lemma", "upos", "xpos"]), vec![number("head"), text("deprel")]),
    );
    let entities = with(vec![span("span")], with(texts(&["label", "name", "norm"]), vec![number("chain")]));
    let chains = with(texts(&["name", "label", "norm"]), vec![spans("mentions")]);
    let speaker = record("speaker", vec![text("name"), number("chain"), text("norm")]);
    let quotes =
        with(texts(&["kind", "type"]), vec![spans("content"), spans("cue"), spans("source"), speaker]);
    let sanctions = vec![
        span("trigger"),
        text("action"),
        list("measures", DataType::Utf8),
        text("factuality"),
        parties("sender"),
        parties("target"),
        parties("actor"),
        span("instrument"),
        span("reason"),
        span("date"),
        number("quote"),
        text("cameo"),
        text("plover"),
    ];
    vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("text", DataType::Utf8, false),
        text("date"),
        text("title"),
        text("meta"),
        spans("sentences"),
        records("tokens", tokens),
        records("entities", entities),
        records("chains", chains),
        records("quotes", quotes),
        records("sanctions", sanctions),
        records("layers", vec![text("layer"), span("span"), text("value")]),
    ]
}
