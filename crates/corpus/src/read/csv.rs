//! Tables as CSV (RFC 4180) or with tabs: the first row names the columns, and each other row is read as the JSON object of its
//! cells would be.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use serde_json::{Map, Value};

use super::{ENCODING, Records, Stream, row};
use crate::encoding::{Decoder, Reason};
use crate::{Place, Problem, Record, RecordError};

/// The rows of a table.
pub(crate) struct Rows {
    stream: Stream,
    decoder: Decoder,
    delimiter: Option<u8>,
    splitter: Option<Splitter>,
    names: Vec<String>,
    number: u64,
    done: bool,
}

/// A row: where it stands, its cells, and the encoding that they were converted from.
type Cells = (Place, Vec<String>, Option<&'static str>);

/// What may part columns where nothing says so: the one that is most often in the first line.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl Rows {
    pub(crate) fn new(stream: Stream, delimiter: Option<u8>) -> Self {
        let delimiter = stream.options.delimiter.or(delimiter);
        let names = stream.options.columns.clone();
        let decoder = stream.decoder();
        Self { stream, decoder, delimiter, splitter: None, names, number: 0, done: false }
    }

    /// The next row.
    fn row(&mut self) -> Option<Result<Cells, RecordError>> {
        let number = self.number + u64::from(!self.names.is_empty());
        let splitter = match &mut self.splitter {
            Some(splitter) => splitter,
            none => {
                let delimiter = match self.delimiter {
                    Some(delimiter) => delimiter,
                    None => match self.stream.input.fill_buf() {
                        Ok(start) => delimiter(start),
                        Err(source) => return Some(Err(self.stream.origin.broken(0, 0, source))),
                    },
                };
                none.insert(Splitter::new(delimiter, self.stream.offset))
            }
        };
        let limit = self.stream.options.max_record;
        let row = match splitter.next(&mut self.stream.input, limit) {
            Ok(row) => row?,
            Err(source) => {
                self.done = true;
                return Some(Err(self.stream.origin.broken(number, splitter.offset, source)));
            }
        };
        let place = self.stream.origin.place(number, row.offset, row.length);
        if row.too_long {
            return Some(Err(RecordError::new(place, Problem::TooLong { limit }, None)));
        }
        if row.too_wide {
            let message = format!("more than {MAX_COLUMNS} columns");
            let problem = Problem::Malformed { format: "CSV", message, offset: row.offset };
            return Some(Err(RecordError::new(place, problem, None)));
        }
        let mut from = self.stream.from;
        let mut cells = Vec::with_capacity(row.cells.len());
        for cell in row.cells {
            match self.decoder.decode(cell, None) {
                Ok(decoded) => {
                    from = from.or(decoded.from);
                    cells.push(decoded.text);
                }
                Err(error) => return Some(Err(undecoded(place, row.bytes, error.reason))),
            }
        }
        Some(Ok((place, cells, from)))
    }

    fn document(&self, place: Place, cells: Vec<String>, from: Option<&str>) -> Result<Record, RecordError> {
        let n_cells = cells.len();
        let mut object = Map::new();
        for (name, cell) in self.names.iter().zip(cells) {
            // An empty cell says nothing, but an empty text is one.
            if !cell.is_empty() || *name == self.stream.options.fields.text {
                object.insert(name.clone(), cell.into());
            }
        }
        if let Some(from) = from {
            object.entry(ENCODING).or_insert(from.into());
        }
        let line = Value::Object(object).to_string();
        if n_cells != self.names.len() {
            let problem = Problem::Columns { found: n_cells, expected: self.names.len() };
            return Err(RecordError::new(place, problem, Some(line.into_bytes())));
        }
        row(&self.stream.origin, &self.stream.options, place, self.number, line)
    }
}

impl Records for Rows {
    fn next(&mut self) -> Option<Result<Record, RecordError>> {
        while !self.done {
            let row = self.row()?;
            let named = !self.names.is_empty();
            self.number += u64::from(named);
            match row {
                Err(error) => {
                    // Without names nothing can be made of what follows.
                    self.done |= !named;
                    return Some(Err(error));
                }
                Ok((place, cells, from)) if named => return Some(self.document(place, cells, from)),
                Ok((_, names, _)) => self.names = distinct(names),
            }
        }
        None
    }
}

/// What is wrong with a row of which a cell cannot be decoded; a cell does not know where in the row it stands.
fn undecoded(place: Place, row: Vec<u8>, mut reason: Reason) -> RecordError {
    if let Reason::Utf8 { offset } = &mut reason {
        *offset = std::str::from_utf8(&row).map_or_else(|error| error.valid_up_to(), str::len) as u64;
    }
    let problem = reason.at(place.offset);
    RecordError::new(place, problem, Some(row))
}

/// Names of columns, each of its own: the second `url` is `url_2`, one without a name is `column_3`.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut known: HashSet<String> = HashSet::with_capacity(names.len());
    // How often each has come, so that a thousand columns of one name are not all tried for each of them.
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut own_name = |(at, name): (usize, String)| {
        let name = if name.is_empty() { format!("column_{}", at + 1) } else { name };
        let mut own = name.clone();
        if known.contains(&own) {
            let count = counts.entry(name.clone()).or_insert(1);
            while known.contains(&own) {
                *count += 1;
                own = format!("{name}_{count}");
            }
        }
        known.insert(own.clone());
        own
    };
    names.into_iter().enumerate().map(&mut own_name).collect()
}

fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let mut best = (DELIMITERS[0], 0);
    for delimiter in DELIMITERS {
        let count = memchr::memchr_iter(delimiter, line).count();
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

/// A row of the table.
struct Row {
    offset: u64,
    length: u64,
    too_long: bool,
    too_wide: bool,
    cells: Vec<Vec<u8>>,
    /// The row as it stands in the file.
    bytes: Vec<u8>,
}

/// Finds rows and cells.
struct Splitter {
    reader: Reader,
    offset: u64,
    output: Vec<u8>,
    ends: Vec<usize>,
}

/// Most columns of a table.
const MAX_COLUMNS: usize = 4096;

impl Splitter {
    fn new(delimiter: u8, offset: u64) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, offset, output: Vec::new(), ends: vec![0; MAX_COLUMNS] }
    }

    /// The next row that is not blank; over the limit, or with too many columns, it is passed over.
    fn next(&mut self, input: &mut dyn BufRead, limit: u64) -> std::io::Result<Option<Row>> {
        self.blank(input)?;
        let offset = self.offset;
        let (mut n_output, mut n_ends) = (0, 0);
        let (mut too_long, mut too_wide) = (false, false);
        let mut last = b'\n';
        let mut bytes = Vec::new();
        loop {
            let available = input.fill_buf()?;
            // The parser is told of the end by an empty input, once.
            let (result, used, written, ended) =
                self.reader.read_record(available, &mut self.output[n_output..], &mut self.ends[n_ends..]);
            let at_end = available.is_empty();
            if used > 0 {
                last = available[used - 1];
            }
            if !too_long {
                bytes.extend_from_slice(&available[..used]);
            }
            input.consume(used);
            self.offset += used as u64;
            n_output += written;
            n_ends += ended;
            if self.offset - offset > limit + 2 {
                too_long = true;
            }
            match result {
                ReadRecordResult::InputEmpty if at_end => return Ok(None),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if too_long => n_output = 0,
                ReadRecordResult::OutputFull => self.output.resize((self.output.len() * 2).max(1024), 0),
                ReadRecordResult::OutputEndsFull => (n_ends, too_wide) = (0, true),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => break,
            }
        }
        let length = self.offset - offset - u64::from(matches!(last, b'\n' | b'\r'));
        too_long |= length > limit;
        bytes.truncate(length as usize);
        let cells = if too_long || too_wide { Vec::new() } else { self.cells(n_ends) };
        if self.output.len() > KEPT_OUTPUT {
            self.output = Vec::new();
        }
        Ok(Some(Row { offset, length, too_long, too_wide, cells, bytes }))
    }

    fn cells(&self, n: usize) -> Vec<Vec<u8>> {
        let mut start = 0;
        let cell = |&end: &usize| self.output[std::mem::replace(&mut start, end)..end].to_vec();
        self.ends[..n].iter().map(cell).collect()
    }

    /// Passes over line breaks, so that a row starts where it stands.
    fn blank(&mut self, input: &mut dyn BufRead) -> std::io::Result<()> {
        loop {
            let available = input.fill_buf()?;
            let blank = available.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let more = blank > 0 && blank == available.len();
            input.consume(blank);
            self.offset += blank as u64;
            if !more {
                return Ok(());
            }
        }
    }
}

/// The memory of a row is let go when it has grown past this.
const KEPT_OUTPUT: usize = 4 << 20;
