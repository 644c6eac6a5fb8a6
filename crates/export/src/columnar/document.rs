//! Documents as rows, their layers as lists of records: the document format, column by column.

use std::io;
use std::sync::Arc;

use arrow_array::{ArrayRef, ListArray, RecordBatch, StringArray, StructArray, UInt32Array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use demarche_corpus::Rows;
use serde_json::{Map, Value, json};

use super::{Arrow, ColumnarError, Parquet};

/// Documents as Parquet or Arrow IPC files, which grow as they come.
pub struct DocumentTable {
    schema: SchemaRef,
    form: ColumnarForm,
    file: File,
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
const BATCH: usize = 1 << 20;

impl DocumentTable {
    /// A file without documents.
    ///
    /// # Errors
    /// If the library does not take the schema.
    pub fn new(form: ColumnarForm) -> Result<Self, ColumnarError> {
        let schema = Arc::new(Schema::new(columns()));
        let file = File::new(form, &schema)?;
        Ok(Self { schema, form, file, waiting: Vec::new(), n_waiting: 0 })
    }

    fn rows(&mut self) -> Result<Vec<u8>, ColumnarError> {
        if self.waiting.is_empty() {
            return Ok(Vec::new());
        }
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

    fn end(&mut self) -> Result<Vec<u8>, ColumnarError> {
        let mut bytes = self.rows()?;
        bytes.extend(match std::mem::replace(&mut self.file, File::new(self.form, &self.schema)?) {
            File::Parquet(file) => file.finish()?,
            File::Arrow(file) => file.finish()?,
        });
        Ok(bytes)
    }
}

impl Rows for DocumentTable {
    /// Its `meta` and open layers may be nested some 120 levels deep.
    fn add(&mut self, document: &[u8]) -> io::Result<Vec<u8>> {
        // With its line break or without, it is the same document.
        let document = document.trim_ascii_end();
        let mut row: Value = serde_json::from_slice(document)?;
        flatten(&mut row);
        self.waiting.push(row);
        self.n_waiting += document.len();
        if self.n_waiting < BATCH { Ok(Vec::new()) } else { self.rows().map_err(io::Error::other) }
    }

    fn held(&self) -> u64 {
        let encoded = match &self.file {
            File::Parquet(file) => file.held(),
            File::Arrow(_) => 0,
        };
        (encoded + self.n_waiting) as u64
    }

    fn finish(&mut self) -> io::Result<Vec<u8>> {
        self.end().map_err(io::Error::other)
    }
}

impl File {
    fn new(form: ColumnarForm, schema: &SchemaRef) -> Result<Self, ColumnarError> {
        Ok(match form {
            ColumnarForm::Parquet => Self::Parquet(Box::new(Parquet::new(Arc::clone(schema))?)),
            ColumnarForm::Arrow => Self::Arrow(Box::new(Arrow::new(schema)?)),
        })
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
