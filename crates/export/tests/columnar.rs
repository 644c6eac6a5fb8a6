//! Documents in, Parquet and Arrow out, read back by their own library.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../core/tests/common/draw.rs"]
mod draw;

use std::io::{Seek, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use demarche_core::{Document, Offsets, format};
use demarche_corpus::{Corpus, Layers, ReadOptions, Rows as _};
use demarche_export::{ColumnarForm, DocumentTable, Form, Shape, Table};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// A text with an event of two senders, in a document of this name.
fn doc(id: &str) -> Document<'static> {
    let json = serde_json::json!({
        "id": id, "meta": {"date": "2031-10-04"}, "text": "Ghana and Mali froze aid.", "sentences": [[0, 25]],
        "sanctions": [{
            "trigger": [15, 20], "action": "impose", "measures": ["aid"], "factuality": "actual",
            "sender": [{"span": [0, 5], "norm": "GHA"}, {"span": [10, 14], "norm": "MLI"}], "target": [], "actor": [],
            "instrument": null, "reason": null, "date": null, "quote": null, "cameo": "162",
        }],
    });
    format::read(&json.to_string(), Offsets::Char).unwrap()
}

fn of_parquet(bytes: &[u8]) -> ParquetRecordBatchReaderBuilder<std::fs::File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
}

fn parquet(table: &Table) -> ParquetRecordBatchReaderBuilder<std::fs::File> {
    let mut bytes = Vec::new();
    table.write(Form::Parquet, &mut bytes).unwrap();
    of_parquet(&bytes)
}

/// Names of columns, then each row, as the CSV has them.
fn rows(file: ParquetRecordBatchReaderBuilder<std::fs::File>) -> Vec<Vec<String>> {
    let names = file.schema().fields().iter().map(|field| field.name().clone()).collect();
    let cell = |column: &dyn Array, row: usize| match column.as_string_opt::<i32>() {
        Some(texts) if texts.is_null(row) => String::new(),
        Some(texts) => texts.value(row).to_owned(),
        None => column.as_primitive::<Int64Type>().value(row).to_string(),
    };
    let of_batch = |batch: RecordBatch| {
        let row = |row| batch.columns().iter().map(|column| cell(column, row)).collect();
        (0..batch.num_rows()).map(row).collect::<Vec<_>>()
    };
    let batches = file.build().unwrap();
    std::iter::once(names).chain(batches.flat_map(|batch| of_batch(batch.unwrap()))).collect()
}

#[test]
fn a_parquet_table_has_the_columns_and_cells_of_the_csv() {
    for (shape, n_rows) in [
        (Shape::Events, 2),
        (Shape::Dyads, 4),
        (Shape::Counts(vec!["month".parse().unwrap(), "sender".parse().unwrap()]), 2),
    ] {
        let mut table = Table::new(shape);
        for id in ["a", ""] {
            table.add(&doc(id));
        }
        let mut csv = Vec::new();
        table.write(Form::Csv, &mut csv).unwrap();
        let csv: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(csv.as_slice())
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(csv.len(), 1 + n_rows);
        assert_eq!(rows(parquet(&table)), csv);
    }
}

#[test]
fn a_parquet_table_without_events_has_its_columns() {
    let rows = rows(parquet(&Table::new(Shape::Events)));
    assert_eq!((rows.len(), rows[0].len()), (1, 21));
}

#[test]
fn row_groups_are_of_bounded_size() {
    let mut table = Table::new(Shape::Events);
    let doc = doc("a");
    for _ in 0..70_000 {
        table.add(&doc);
    }
    let sizes: Vec<_> =
        parquet(&table).metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    assert_eq!(sizes, [65_536, 4_464]);
}

/// Documents as a file in this form.
fn table(form: ColumnarForm, docs: &[Document<'_>]) -> Vec<u8> {
    let mut table = DocumentTable::new(form).unwrap();
    let json = |doc| format::to_vec(doc, Offsets::Char);
    let mut bytes: Vec<u8> = docs.iter().flat_map(|doc| table.add(&json(doc)).unwrap()).collect();
    bytes.extend(table.finish().unwrap());
    bytes
}

fn of_arrow(bytes: &[u8]) -> Vec<RecordBatch> {
    let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(bytes), None).unwrap();
    reader.map(Result::unwrap).collect()
}

/// A document with all layers.
fn whole() -> Document<'static> {
    let json = serde_json::json!({
        "id": "a", "meta": {"date": "2031-10-04", "page": 3}, "text": "“No,” said Ž of Mali.",
        "sentences": [[0, 21]],
        "tokens": [
            {"span": [0, 1], "lemma": "\"", "upos": "PUNCT", "xpos": "``", "head": 1, "deprel": "punct"},
            {"span": [1, 3], "lemma": "no", "upos": "INTJ", "xpos": "UH", "head": null, "deprel": "root"},
        ],
        "entities": [{"span": [16, 20], "label": "GPE", "name": "Mali", "norm": "MLI", "chain": 0}, {"span": [11, 12], "label": "PERSON"}],
        "chains": [{"name": "Mali", "label": "GPE", "norm": "MLI", "mentions": [[16, 20]]}],
        "quotes": [
            {"kind": "direct", "type": "statement", "content": [[0, 5]], "cue": [[6, 10]], "source": [[11, 12]],
             "speaker": {"name": "Ž", "chain": 0, "norm": null}},
            {"kind": "direct", "type": "statement", "content": [[0, 5]], "cue": [], "source": [], "speaker": null},
        ],
        "sanctions": [{
            "trigger": [6, 10], "action": "impose", "measures": ["aid", "arms"], "factuality": "actual",
            "sender": [{"span": [16, 20], "norm": "MLI"}], "target": [], "actor": [{"span": [11, 12], "norm": null}],
            "instrument": null, "reason": [0, 5], "date": null, "quote": 0, "plover": "SANCTION",
        }],
        "layers": {"headline": [{"span": [0, 5], "value": {"words": 1}}]},
    });
    format::read(&json.to_string(), Offsets::Char).unwrap()
}

#[test]
fn both_forms_have_the_same_rows() {
    let docs = [whole(), Document::new("b", ""), doc("c")];
    let [arrow] = &of_arrow(&table(ColumnarForm::Arrow, &docs))[..] else { panic!("one batch") };
    let parquet: Vec<_> =
        of_parquet(&table(ColumnarForm::Parquet, &docs)).build().unwrap().map(Result::unwrap).collect();
    assert_eq!(parquet.len(), 1);
    assert_eq!(parquet[0].columns(), arrow.columns());
}

#[test]
fn a_document_has_all_its_layers() {
    let [rows] = &of_arrow(&table(ColumnarForm::Arrow, &[whole(), Document::new("b", "")]))[..] else {
        panic!("one batch")
    };
    let column = |name: &str| rows.column_by_name(name).unwrap();
    assert_eq!(column("id").as_string::<i32>().value(1), "b");
    assert_eq!(column("date").as_string::<i32>().value(0), "2031-10-04");
    assert_eq!(column("meta").as_string::<i32>().value(0), r#"{"date":"2031-10-04","page":3}"#);
    for layer in ["sentences", "tokens", "entities", "chains", "quotes", "sanctions", "layers"] {
        assert!(column(layer).is_valid(0) && column(layer).is_null(1), "{layer}");
    }
    let list = |name: &str| column(name).as_list::<i32>().value(0);
    let field = |list: &dyn Array, name: &str| list.as_struct().column_by_name(name).unwrap().clone();
    let numbers =
        |array: &dyn Array| array.as_primitive::<arrow_array::types::UInt32Type>().iter().collect::<Vec<_>>();
    assert_eq!(numbers(&field(&list("tokens"), "head")), [Some(1), None]);
    // Offsets count code points, as in JSON.
    assert_eq!(numbers(&field(&field(&list("entities"), "span"), "start")), [Some(16), Some(11)]);
    assert_eq!(field(&list("quotes"), "speaker").null_count(), 1);
    let events = list("sanctions");
    assert_eq!(field(&events, "measures").as_list::<i32>().value(0).as_string::<i32>().value(0), "arms");
    assert_eq!(numbers(&field(&field(&events, "reason"), "end")), [Some(5)]);
    assert!(
        field(&events, "instrument").is_null(0)
            && field(&events, "target").as_list::<i32>().value(0).is_empty()
    );
    assert_eq!(field(&list("layers"), "value").as_string::<i32>().value(0), r#"{"words":1}"#);
}

#[test]
fn layers_that_found_nothing_are_empty() {
    let doc = format::read(r#"{"id": "a", "text": "A", "quotes": []}"#, Offsets::Char).unwrap();
    let rows = &of_arrow(&table(ColumnarForm::Arrow, &[doc]))[0];
    let quotes = rows.column_by_name("quotes").unwrap();
    assert!(quotes.is_valid(0) && quotes.as_list::<i32>().value(0).is_empty());
}

/// Without what a table cannot tell from what is absent: nulls, and open layers that found nothing.
fn without_nothing(value: Value) -> Value {
    let is_something = |value: &Value| !value.is_null();
    match value {
        Value::Object(object) => {
            let fields = object.into_iter().map(|(key, value)| match (key.as_str(), value) {
                ("layers", Value::Object(mut layers)) => {
                    layers.retain(|_, items| *items != Value::Array(Vec::new()));
                    (key, Value::Object(layers))
                }
                (_, value) => (key, without_nothing(value)),
            });
            Value::Object(fields.filter(|(_, value)| is_something(value)).collect())
        }
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        other => other,
    }
}

/// A document as it is read back.
fn content(doc: &Document<'_>) -> Value {
    let mut content: Value = serde_json::from_slice(&format::to_vec(doc, Offsets::Char)).unwrap();
    // Anything at all, as text: it is what it was.
    let meta = content.as_object_mut().unwrap().remove("meta");
    let layers = content.as_object_mut().unwrap().remove("layers");
    let layers = without_nothing(serde_json::json!({"layers": layers}));
    serde_json::json!([without_nothing(content), layers, meta])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_was_written_reads_back_as_the_same(draws in vec(draw::draws(), 0..4)) {
        let docs: Vec<_> = draws.iter().map(draw::Draw::document).collect();
        let folder = tempfile::tempdir().unwrap();
        for (form, name) in [(ColumnarForm::Parquet, "a.parquet"), (ColumnarForm::Arrow, "a.arrow")] {
            let path = folder.path().join(name);
            std::fs::write(&path, table(form, &docs)).unwrap();
            let options = ReadOptions { layers: Layers::Keep(Offsets::Char), ..ReadOptions::default() };
            let back = Corpus::find([path], None).unwrap().read(options);
            let back: Vec<_> = back.map(|record| content(&record.unwrap().document)).collect();
            prop_assert_eq!(back, docs.iter().map(content).collect::<Vec<_>>());
        }
    }
}
