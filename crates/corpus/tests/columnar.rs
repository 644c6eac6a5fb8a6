//! Parquet and Arrow IPC files: rows as documents, and damaged and hostile files.
#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::fs;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use common::archive::gzip;
use common::{check, read, records, shown};
use demarche_corpus::{Corpus, Fields, ReadOptions};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};

/// A column of each kind that corpora have.
fn table() -> RecordBatch {
    let mut topics = ListBuilder::new(StringBuilder::new());
    topics.append_value([Some("trade"), None]);
    topics.append_null();
    let outlet: ArrayRef = Arc::new(StringArray::from(vec!["Post", "Times"]));
    let page: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), None]));
    let source = StructArray::try_from(vec![("outlet", outlet), ("page", page)]).unwrap();
    let language: DictionaryArray<Int32Type> = vec!["en", "en"].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("key", Arc::new(Int64Array::from(vec![7, 8]))),
        ("body", Arc::new(StringArray::from(vec!["Seoul “protested”.", "Caf\u{e9}\n"]))),
        ("day", Arc::new(Date32Array::from(vec![Some(19_895), None]))),
        (
            "seen",
            Arc::new(TimestampMicrosecondArray::from(vec![1_718_958_600_000_000, 0]).with_timezone("UTC")),
        ),
        ("score", Arc::new(Float64Array::from(vec![0.5, f64::NAN]))),
        ("raw", Arc::new(BinaryArray::from(vec![&b"text"[..], &[0xff]]))),
        ("topics", Arc::new(topics.finish())),
        ("source", Arc::new(source)),
        ("language", Arc::new(language)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

const ROWS: [&str; 2] = [
    r#"7 "Seoul “protested”." {"date":"2024-06-21","seen":"2024-06-21T08:30:00Z","score":0.5,"raw":"text","topics":["trade",null],"source":{"outlet":"Post","page":3},"language":"en"}"#,
    r#"8 "Café\n" {"seen":"1970-01-01T00:00:00Z","score":null,"raw":"/w==","source":{"outlet":"Times","page":null},"language":"en"}"#,
];

fn named() -> ReadOptions {
    let [id, text, day] = ["key", "body", "day"].map(str::to_owned);
    ReadOptions {
        fields: Fields { id, text, date: Some(day), ..Fields::default() },
        ..ReadOptions::default()
    }
}

fn texts(texts: &[&str]) -> RecordBatch {
    let texts: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    RecordBatch::try_from_iter([("text", texts)]).unwrap()
}

fn parquet(table: &RecordBatch, properties: WriterPropertiesBuilder) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties.build())).unwrap();
    writer.write(table).unwrap();
    writer.into_inner().unwrap()
}

fn arrow(table: &RecordBatch, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &table.schema(), options).unwrap();
    writer.write(table).unwrap();
    writer.into_inner().unwrap()
}

const COMPRESSIONS: [Option<CompressionType>; 3] =
    [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)];

#[test]
fn rows_of_parquet() {
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            // The second version's other encodings of texts are refused.
            let properties =
                WriterProperties::builder().set_writer_version(version).set_encoding(Encoding::PLAIN);
            let bytes = parquet(&table(), properties.set_compression(compression));
            assert_eq!(read("a.parquet", &bytes, &named()), ROWS, "{compression:?}");
        }
    }
}

#[test]
fn rows_of_arrow() {
    for compression in COMPRESSIONS {
        let bytes = arrow(&table(), compression);
        assert_eq!(read("a.feather", &bytes, &named()), ROWS, "{compression:?}");
        // What it is, is told by its first bytes.
        assert_eq!(read("a.parquet", &bytes, &named()), ROWS);
    }
}

#[test]
fn rows_of_many_groups_and_batches_are_numbered_through() {
    let numbers: Vec<_> = (1..=5000).map(|number| format!("Text {number}.")).collect();
    let table = texts(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
    let bytes = parquet(&table, WriterProperties::builder().set_max_row_group_row_count(Some(1500)));
    let records = records("a.parquet", &bytes, &ReadOptions::default());
    assert_eq!(records.len(), 5000);
    for (at, record) in records.iter().enumerate() {
        let record = record.as_ref().unwrap();
        assert_eq!(record.place.record, at as u64 + 1);
        assert_eq!(record.document.text(), numbers[at]);
        assert_eq!(record.document.id(), format!("a.parquet:{}", at + 1));
    }
}

#[test]
fn a_row_that_is_no_document_fails_and_the_others_go_on() {
    let texts: ArrayRef =
        Arc::new(StringArray::from(vec![Some("one"), None, Some("a text that is too long"), Some("")]));
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c", "d"]));
    let table = RecordBatch::try_from_iter([("id", ids), ("text", texts)]).unwrap();
    let options = ReadOptions { max_record: 30, ..ReadOptions::default() };
    for (name, bytes) in
        [("a.parquet", parquet(&table, WriterProperties::builder())), ("a.arrow", arrow(&table, None))]
    {
        // Rows are in pieces all over a file: the end of it is their place.
        let end = bytes.len();
        let expected = [
            "a \"one\" {}".to_owned(),
            format!(
                "missing at {end}: no field `text`; the record has `id`: name the one that holds the text"
            ),
            format!("too_long at {end}: longer than the limit for one record, 30 bytes (`max_record`)"),
            "d \"\" {}".to_owned(),
        ];
        assert_eq!(read(name, &bytes, &options), expected);
    }
}

#[test]
fn exported_documents_are_read_as_their_texts_and_metadata() {
    let column = |cell: &str| Arc::new(StringArray::from(vec![cell])) as ArrayRef;
    let layers = ["sentences", "tokens", "entities", "chains", "quotes", "sanctions", "layers"];
    let columns = [
        ("id", "a"),
        ("text", "one"),
        ("date", "2024-06-21"),
        ("meta", "{\"date\":\"2024-06-21\",\"page\":3}"),
    ]
    .into_iter()
    .chain(layers.map(|layer| (layer, "x")))
    .map(|(name, cell)| (name, column(cell)));
    let table = RecordBatch::try_from_iter(columns).unwrap();
    let expected = [r#"a "one" {"date":"2024-06-21","page":3}"#];
    check("a.parquet", parquet(&table, WriterProperties::builder()), &expected);
    check("a.arrow", arrow(&table, None), &expected);
}

#[test]
fn what_comes_out_of_a_file_is_limited() {
    let table = texts(&["Seoul protested."; 100]);
    let options = ReadOptions { max_input: 1000, ..ReadOptions::default() };
    let rows = read("a.parquet", &parquet(&table, WriterProperties::builder()), &options);
    assert!(rows.len() < 60, "{}", rows.len());
    assert!(rows.last().unwrap().contains("more than the limit for one file, 1000 bytes"));
}

#[test]
fn what_is_not_read_says_so() {
    let bytes = parquet(&texts(&["one"]), WriterProperties::builder());
    let packed = "io at 0: cannot read the file: a Parquet or Arrow file that is compressed or in an archive is not read: unpack it first";
    check("a.parquet.gz", gzip(&bytes), &[packed]);
    check("a.zip", common::archive::zip(&[("a.parquet", &bytes)]), &[packed]);
    let other = "io at 0: cannot read the file: it does not start as a Parquet or Arrow IPC file does";
    check("a.parquet", "id,text\n1,one\n", &[other]);
    check("a.arrow", "", &[other]);
    check("a.txt", "PAR1 is a mark.", &["a.txt \"PAR1 is a mark.\" {}"]);
    let twice: ArrayRef = Arc::new(StringArray::from(vec!["one"]));
    let twice = RecordBatch::try_from_iter([("text", Arc::clone(&twice)), ("text", twice)]).unwrap();
    check(
        "a.arrow",
        arrow(&twice, None),
        &["malformed at 0: not well-formed Arrow IPC at byte 0 of the file: two columns are named `text`"],
    );
}

/// What is wrong with a file of these bytes.
#[track_caller]
fn refused(name: &str, bytes: &[u8], why: &str) {
    let rows = read(name, bytes, &ReadOptions::default());
    assert!(rows.len() == 1 && rows[0].contains(why), "{rows:?}");
}

#[test]
fn r_an_encoding_that_makes_room_for_what_a_page_says() {
    for encoding in [Encoding::DELTA_BYTE_ARRAY, Encoding::DELTA_LENGTH_BYTE_ARRAY] {
        let properties = WriterProperties::builder().set_dictionary_enabled(false).set_encoding(encoding);
        let why = format!("column `text` is encoded as {encoding}, which is not read: write it plain");
        refused("a.parquet", &parquet(&texts(&["one"]), properties), &why);
    }
}

#[test]
fn r_a_page_that_says_to_be_large() {
    let text = "Seoul protested. ".repeat(20);
    let properties = WriterProperties::builder().set_dictionary_enabled(false);
    let mut bytes = parquet(&texts(&[&text]), properties);
    // A header starts with its kind, then the size of the page as it is and as it is stored, all as numbers of a field.
    let number = |at: usize| (0..5).find(|&n| bytes[at + n] < 0x80).map(|n| at..at + n + 1).unwrap();
    let size = number(7);
    let stored = number(size.end + 1);
    assert_eq!((bytes[4], bytes[6], bytes[size.end], size.len(), stored.len()), (0x15, 0x15, 0x15, 2, 2));
    // 1 GiB takes five bytes: three of the page itself make way for them.
    let stored_before = u32::from(bytes[stored.start] & 0x7f) | u32::from(bytes[stored.start + 1]) << 7;
    let stored_now = stored_before - 2 * 3;
    let page: Vec<u8> = [0x15, 0, 0x15, 0x80, 0x80, 0x80, 0x80, 0x08, 0x15]
        .into_iter()
        .chain([(stored_now & 0x7f) as u8 | 0x80, (stored_now >> 7) as u8])
        .collect();
    let rest = bytes[stored.end..].to_vec();
    let end = 4 + page.len() + rest.len();
    bytes.truncate(4);
    bytes.extend(page);
    bytes.extend(&rest);
    // The last three bytes of the page.
    let page_end = end - rest.len() + header_rest(&rest) + stored_before as usize / 2;
    bytes.drain(page_end - 3..page_end);
    refused(
        "a.parquet",
        &bytes,
        "a group of rows needs more than the limit in memory, 536870912 bytes (column `text`)",
    );
}

/// Bytes of the header of a data page after its sizes: a structure of four numbers, and what ends both.
fn header_rest(rest: &[u8]) -> usize {
    rest.windows(2).position(|pair| pair == [0, 0]).unwrap() + 2
}

#[test]
fn r_a_dictionary_that_says_to_have_more_values_than_bytes() {
    let mut bytes = parquet(&texts(&["one", "two"]), WriterProperties::builder());
    // The header of the first page: its kind, two sizes, and in a structure the number of its values.
    assert_eq!(bytes[4..6], [0x15, 0x04]);
    let values = bytes.windows(3).position(|three| three == [0x4c, 0x15, 0x04]).unwrap() + 2;
    bytes[values] = 0x7e;
    refused("a.parquet", &bytes, "a dictionary of 63 values in");
}

#[test]
fn r_a_column_compressed_in_the_old_way() {
    let properties = WriterProperties::builder().set_compression(Compression::LZ4);
    let bytes = parquet(&texts(&["one"]), properties);
    refused("a.parquet", &bytes, "column `text` is compressed as LZ4 of the old kind, which is not read");
}

/// Its library makes room for all that comes out of a page, whatever the page states.
#[test]
fn r_a_page_that_holds_more_than_it_states() {
    let text = "Seoul protested. ".repeat(1000);
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_compression(Compression::GZIP(GzipLevel::default()));
    let mut bytes = parquet(&texts(&[&text]), properties);
    // The header of the page: its kind, and the number of bytes in it, of which the lowest seven bits come first.
    assert_eq!(bytes[4..7], [0x15, 0x00, 0x15]);
    bytes[7] ^= 0x40;
    refused("a.parquet", &bytes, "a page of column `text` is damaged: it holds more than it states");
}

#[test]
fn r_a_batch_that_says_to_be_large_once_decompressed() {
    let text = "Seoul protested. ".repeat(1000);
    for compression in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        let mut bytes = arrow(&texts(&[&text]), Some(compression));
        let length = (text.len() as u64).to_le_bytes();
        let places: Vec<_> = (0..bytes.len() - 8).filter(|&at| bytes[at..at + 8] == length).collect();
        for at in places {
            bytes[at..at + 8].copy_from_slice(&(1_u64 << 40).to_le_bytes());
        }
        refused("a.arrow", &bytes, "a batch needs more than the limit in memory");
    }
}

/// A file of a few rows of all kinds, in each format.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let snappy = || WriterProperties::builder().set_compression(Compression::SNAPPY);
    let mut files = vec![
        ("a.parquet", parquet(&table(), snappy())),
        ("a.parquet", parquet(&table(), snappy().set_compression(Compression::GZIP(GzipLevel::default())))),
        ("a.parquet", parquet(&texts(&["one", "two", "two"]), snappy().set_dictionary_enabled(false))),
    ];
    files.extend(COMPRESSIONS.map(|compression| ("a.arrow", arrow(&table(), compression))));
    files
}

/// Each byte of a small file, of others some.
fn places(bytes: &[u8]) -> impl Iterator<Item = usize> + use<> {
    let n = bytes.len();
    // What says how the rest is to be read stands at the ends.
    (0..n).filter(move |at| n < 1_000 || at % 29 == 0 || n - at < 16)
}

/// Reads a damaged file, and a good one after it; gives the rows before that, good or not.
#[track_caller]
fn goes_on(folder: &std::path::Path, name: &str, bytes: &[u8]) -> Vec<String> {
    fs::write(folder.join(name), bytes).unwrap();
    fs::write(folder.join("z.txt"), "good").unwrap();
    let options = ReadOptions { max_input: 1 << 20, ..named() };
    let records = Corpus::find([folder], None).unwrap().read(options);
    let mut rows: Vec<_> =
        records.map(|row| row.as_ref().map_or_else(ToString::to_string, |_| shown(&row))).collect();
    assert_eq!(rows.pop().unwrap(), "z.txt \"good\" {}");
    fs::remove_file(folder.join(name)).unwrap();
    rows
}

#[test]
fn r_every_prefix_is_an_error_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files() {
        for length in places(&bytes) {
            let rows = goes_on(folder.path(), name, &bytes[..length]);
            let start = format!("{}:", folder.path().join(name).display());
            assert!(rows.len() == 1 && rows[0].starts_with(&start), "{length} bytes of {name}: {rows:?}");
        }
    }
}

#[test]
fn r_every_byte_changed_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    for (name, mut bytes) in files() {
        for at in places(&bytes) {
            let byte = bytes[at];
            for changed in [0xff, byte ^ 1] {
                bytes[at] = changed;
                goes_on(folder.path(), name, &bytes);
            }
            bytes[at] = byte;
        }
    }
}
