//! A row as a JSON object.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{
    date32_to_datetime, date64_to_datetime, time32ms_to_time, time32s_to_time, time64ns_to_time,
    time64us_to_time, timestamp_ms_to_datetime, timestamp_ns_to_datetime, timestamp_s_to_datetime,
    timestamp_us_to_datetime,
};
use arrow_array::types as of;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Fields, TimeUnit};
use serde_json::{Map, Value};

use crate::encode::base64;

/// An object that grows cell by cell, and stops to where it is longer than a record may be.
pub(super) struct Object {
    json: String,
    limit: usize,
    is_too_long: bool,
    /// Whether a cell is written as the document format has it: spans as lists, and no fields without values.
    is_layer: bool,
}

impl Object {
    pub(super) fn new(limit: u64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { json: "{".to_owned(), limit, is_too_long: false, is_layer: false }
    }

    /// Adds a cell, unless there is nothing in it.
    pub(super) fn add(&mut self, name: &str, column: &ArrayRef, row: usize) {
        if is_null(column, row) {
            return;
        }
        self.key(self.json.len() == 1, name);
        self.value(column, row);
    }

    /// Adds the cell of a layer, as the document format has it, unless there is nothing in it.
    pub(super) fn add_layer(&mut self, name: &str, column: &ArrayRef, row: usize) {
        self.is_layer = true;
        self.add(name, column, row);
        self.is_layer = false;
    }

    /// Adds what is JSON already.
    pub(super) fn add_json(&mut self, name: &str, json: &str) {
        self.key(self.json.len() == 1, name);
        self.json.push_str(json);
    }

    /// Adds a cell of text that is an object itself, or as it is if it is none.
    pub(super) fn add_object(&mut self, name: &str, column: &ArrayRef, row: usize) {
        let text =
            column.as_string_view_opt().filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row));
        let text = text.or_else(|| {
            let texts = column.as_string_opt::<i32>().filter(|texts| texts.is_valid(row))?;
            Some(texts.value(row))
        });
        match text {
            Some(text)
                if text.len() <= self.limit && serde_json::from_str::<Map<String, Value>>(text).is_ok() =>
            {
                self.add_json(name, text);
            }
            _ => self.add(name, column, row),
        }
    }

    /// The object; `None` if it is too long.
    pub(super) fn finish(mut self) -> Option<String> {
        self.json.push('}');
        (!self.is_full()).then_some(self.json)
    }

    fn is_full(&self) -> bool {
        self.is_too_long || self.json.len() > self.limit
    }

    fn key(&mut self, is_first: bool, name: &str) {
        if !is_first {
            self.json.push(',');
        }
        self.string(name);
        self.json.push(':');
    }

    fn string(&mut self, text: &str) {
        // A text that is too long is not copied.
        if text.len() > self.limit {
            self.is_too_long = true;
            return;
        }
        self.json.push_str(&Value::from(text).to_string());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.string(text),
            Err(_) if bytes.len() > self.limit => self.is_too_long = true,
            Err(_) => self.string(&base64(bytes)),
        }
    }

    /// What can be shown, as a number that is JSON already.
    fn number(&mut self, number: impl std::fmt::Display) {
        let _ = write!(self.json, "{number}");
    }

    fn float(&mut self, number: f64) {
        // There is no other number than finite ones in JSON.
        self.json.push_str(&Value::from(number).to_string());
    }

    fn time(&mut self, time: Option<impl std::fmt::Display>, zone: &str) {
        match time {
            Some(time) => self.string(&format!("{time}{zone}")),
            None => self.json.push_str("null"),
        }
    }

    fn list(&mut self, items: &ArrayRef) {
        self.json.push('[');
        for item in 0..items.len() {
            if self.is_full() {
                return;
            }
            if item > 0 {
                self.json.push(',');
            }
            self.value(items, item);
        }
        self.json.push(']');
    }

    fn value(&mut self, column: &dyn Array, row: usize) {
        if self.is_full() {
            return;
        }
        if is_null(column, row) {
            self.json.push_str("null");
            return;
        }
        macro_rules! number {
            ($kind:ty) => {
                self.number(column.as_primitive::<$kind>().value(row))
            };
        }
        macro_rules! decimal {
            ($kind:ty) => {
                self.number(column.as_primitive::<$kind>().value_as_string(row))
            };
        }
        match column.data_type() {
            DataType::Boolean => self.number(column.as_boolean().value(row)),
            DataType::Int8 => number!(of::Int8Type),
            DataType::Int16 => number!(of::Int16Type),
            DataType::Int32 => number!(of::Int32Type),
            DataType::Int64 => number!(of::Int64Type),
            DataType::UInt8 => number!(of::UInt8Type),
            DataType::UInt16 => number!(of::UInt16Type),
            DataType::UInt32 => number!(of::UInt32Type),
            DataType::UInt64 => number!(of::UInt64Type),
            DataType::Float16 => self.float(column.as_primitive::<of::Float16Type>().value(row).to_f64()),
            DataType::Float32 => self.float(column.as_primitive::<of::Float32Type>().value(row).into()),
            DataType::Float64 => self.float(column.as_primitive::<of::Float64Type>().value(row)),
            DataType::Decimal32(..) => decimal!(of::Decimal32Type),
            DataType::Decimal64(..) => decimal!(of::Decimal64Type),
            DataType::Decimal128(..) => decimal!(of::Decimal128Type),
            DataType::Decimal256(..) => decimal!(of::Decimal256Type),
            DataType::Utf8 => self.string(column.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => self.string(column.as_string::<i64>().value(row)),
            DataType::Utf8View => self.string(column.as_string_view().value(row)),
            DataType::Binary => self.bytes(column.as_binary::<i32>().value(row)),
            DataType::LargeBinary => self.bytes(column.as_binary::<i64>().value(row)),
            DataType::BinaryView => self.bytes(column.as_binary_view().value(row)),
            DataType::FixedSizeBinary(_) => self.bytes(column.as_fixed_size_binary().value(row)),
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => self.date(column, row),
            DataType::Time32(_) | DataType::Time64(_) => self.time_of_day(column, row),
            DataType::Duration(TimeUnit::Second) => number!(of::DurationSecondType),
            DataType::Duration(TimeUnit::Millisecond) => number!(of::DurationMillisecondType),
            DataType::Duration(TimeUnit::Microsecond) => number!(of::DurationMicrosecondType),
            DataType::Duration(TimeUnit::Nanosecond) => number!(of::DurationNanosecondType),
            DataType::List(_) => self.list(&column.as_list::<i32>().value(row)),
            DataType::LargeList(_) => self.list(&column.as_list::<i64>().value(row)),
            DataType::ListView(_) => self.list(&column.as_list_view::<i32>().value(row)),
            DataType::LargeListView(_) => self.list(&column.as_list_view::<i64>().value(row)),
            DataType::FixedSizeList(..) => self.list(&column.as_fixed_size_list().value(row)),
            DataType::Map(..) => {
                let entries: ArrayRef = std::sync::Arc::new(column.as_map().value(row));
                self.list(&entries);
            }
            DataType::Struct(fields) if self.is_layer && is_span(fields) => {
                let [start, end] = [0, 1].map(|end| column.as_struct().column(end));
                self.json.push('[');
                self.value(start, row);
                self.json.push(',');
                self.value(end, row);
                self.json.push(']');
            }
            DataType::Struct(fields) => {
                self.json.push('{');
                let mut is_first = true;
                for (field, column) in fields.iter().zip(column.as_struct().columns()) {
                    if self.is_layer && is_null(column, row) {
                        continue;
                    }
                    self.key(is_first, field.name());
                    self.value(column, row);
                    is_first = false;
                }
                self.json.push('}');
            }
            DataType::Dictionary(..) => match dictionary_key(column, row) {
                Some(key) => self.value(column.as_any_dictionary().values(), key),
                None => self.json.push_str("null"),
            },
            // Intervals, unions and runs are in no corpus that we know.
            _ => self.json.push_str("null"),
        }
    }

    /// A day as `2024-06-21`, an instant as `2024-06-21T08:30:00`, with `Z` where the zone is known.
    fn date(&mut self, column: &dyn Array, row: usize) {
        macro_rules! value {
            ($kind:ty) => {
                column.as_primitive::<$kind>().value(row)
            };
        }
        let (instant, zone) = match column.data_type() {
            DataType::Date32 => {
                return self.time(date32_to_datetime(value!(of::Date32Type)).map(|date| date.date()), "");
            }
            DataType::Date64 => (date64_to_datetime(value!(of::Date64Type)), ""),
            DataType::Timestamp(unit, zone) => {
                let instant = match unit {
                    TimeUnit::Second => timestamp_s_to_datetime(value!(of::TimestampSecondType)),
                    TimeUnit::Millisecond => timestamp_ms_to_datetime(value!(of::TimestampMillisecondType)),
                    TimeUnit::Microsecond => timestamp_us_to_datetime(value!(of::TimestampMicrosecondType)),
                    TimeUnit::Nanosecond => timestamp_ns_to_datetime(value!(of::TimestampNanosecondType)),
                };
                (instant, if zone.is_some() { "Z" } else { "" })
            }
            _ => (None, ""),
        };
        self.time(instant.map(|instant| instant.format("%Y-%m-%dT%H:%M:%S%.f").to_string()), zone);
    }

    fn time_of_day(&mut self, column: &dyn Array, row: usize) {
        macro_rules! value {
            ($kind:ty) => {
                column.as_primitive::<$kind>().value(row)
            };
        }
        let time = match column.data_type() {
            DataType::Time32(TimeUnit::Second) => time32s_to_time(value!(of::Time32SecondType)),
            DataType::Time32(_) => time32ms_to_time(value!(of::Time32MillisecondType)),
            DataType::Time64(TimeUnit::Nanosecond) => time64ns_to_time(value!(of::Time64NanosecondType)),
            _ => time64us_to_time(value!(of::Time64MicrosecondType)),
        };
        self.time(time, "");
    }
}

fn is_span(fields: &Fields) -> bool {
    matches!(&**fields, [start, end] if start.name() == "start" && end.name() == "end")
}

fn is_null(column: &dyn Array, row: usize) -> bool {
    column.is_null(row) || *column.data_type() == DataType::Null
}

/// Where the value of a row stands in the dictionary of its column.
fn dictionary_key(column: &dyn Array, row: usize) -> Option<usize> {
    macro_rules! key {
        ($kind:ty) => {
            column.as_dictionary::<$kind>().key(row)
        };
    }
    match column.data_type() {
        DataType::Dictionary(key, _) => match **key {
            DataType::Int8 => key!(of::Int8Type),
            DataType::Int16 => key!(of::Int16Type),
            DataType::Int32 => key!(of::Int32Type),
            DataType::Int64 => key!(of::Int64Type),
            DataType::UInt8 => key!(of::UInt8Type),
            DataType::UInt16 => key!(of::UInt16Type),
            DataType::UInt32 => key!(of::UInt32Type),
            DataType::UInt64 => key!(of::UInt64Type),
            _ => None,
        },
        _ => None,
    }
}
