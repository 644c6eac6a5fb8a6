//! Documents in, Parquet and Arrow out, read back by their own library.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Seek, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use demarche_core::{Document, Offsets, format};
use demarche_export::{Form, Shape, Table};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

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
        parquet(&table).metadata().row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(sizes, [65_536, 4_464]);
}
