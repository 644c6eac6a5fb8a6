//! What a Parquet file states of its sizes, checked before its library makes room for them.
//!
//! The format: <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift>.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::thrift::{FALSE, LIST, STRUCT, TRUE, Thrift, expect};
use super::{DEPTH, MEMORY};

/// Most values of a column with lists in it, in one group of rows: a single row may have them all.
const LISTED: u64 = 64 << 20;
/// Encodings of texts whose library makes room for as many as a page says to hold, however short it is.
const UNBOUNDED: [(i32, &str); 2] = [(6, "DELTA_LENGTH_BYTE_ARRAY"), (7, "DELTA_BYTE_ARRAY")];
/// Fields of a page's header: those that state sizes, and the headers of the three kinds of pages in it.
const UNCOMPRESSED: i16 = 2;
const COMPRESSED: i16 = 3;
const DATA: i16 = 5;
const DICTIONARY: i16 = 7;
const DATA_2: i16 = 8;
/// Fields of the header of the last kind: the bytes of its two kinds of levels, which are not compressed, and whether the rest is.
const LEVELS: i16 = 5;
const MORE_LEVELS: i16 = 6;
const IS_COMPRESSED: i16 = 7;

/// Checks that columns are not nested too deep, and that none says to have more columns in it than there are.
pub(super) fn check_schema(footer: &[u8]) -> Result<(), String> {
    let mut n_children: Vec<i32> = Vec::new();
    let mut thrift = Thrift::new(Cursor::new(footer), footer.len() as u64);
    let read = thrift.fields(|thrift, id, kind| {
        if id != SCHEMA {
            return Ok(false);
        }
        expect(kind, LIST)?;
        let (length, kind) = thrift.list()?;
        expect(kind, STRUCT)?;
        for _ in 0..length {
            let mut n = 0;
            thrift.fields(|thrift, id, kind| {
                if id == N_CHILDREN {
                    n = thrift.number_of(kind)?;
                }
                Ok(id == N_CHILDREN)
            })?;
            n_children.push(n);
        }
        Ok(true)
    });
    read.map_err(|error| format!("its description is damaged: {error}"))?;
    let mut open: Vec<i32> = Vec::new();
    for &n in &n_children {
        if usize::try_from(n).map_or(true, |n| n > n_children.len()) {
            return Err(format!("a column of {n} columns, where there are {} in all", n_children.len()));
        }
        while open.last() == Some(&0) {
            open.pop();
        }
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        open.push(n);
        if open.len() > DEPTH {
            return Err(format!("columns nested more than {DEPTH} deep"));
        }
    }
    Ok(())
}

const SCHEMA: i16 = 2;
const N_CHILDREN: i16 = 5;

/// Checks each page of a group of rows; gives the bytes that a row may need in memory: a page of each column, or
/// all of them where a row may reach over many, for it has lists.
pub(super) fn check_group(file: &File, size: u64, group: &RowGroupMetaData) -> Result<u64, String> {
    let mut need: u64 = 0;
    for column in group.columns() {
        need = need.saturating_add(check_column(file, size, column)?);
        if need > MEMORY {
            let name = column.column_path().string();
            return Err(format!(
                "a group of rows needs more than the limit in memory, {MEMORY} bytes (column `{name}`): write it with smaller pages or groups"
            ));
        }
    }
    Ok(need)
}

fn check_column(file: &File, size: u64, column: &ColumnChunkMetaData) -> Result<u64, String> {
    let (start, length) = column.byte_range();
    let name = || column.column_path().string();
    if start.checked_add(length).is_none_or(|end| end > size) {
        return Err(format!("column `{}` reaches beyond the end of the file", name()));
    }
    if column.compression() == Compression::LZ4 {
        // Three formats have that name, and for one the library makes room for whatever comes out.
        return Err(format!(
            "column `{}` is compressed as LZ4 of the old kind, which is not read: write it as LZ4_RAW or Zstandard",
            name()
        ));
    }
    let mut file = BufReader::new(file);
    file.seek(SeekFrom::Start(start)).map_err(|error| error.to_string())?;
    let mut thrift = Thrift::new(file, length);
    let has_lists = column.column_descr().max_rep_level() > 0;
    let (mut largest, mut sum, mut n_values) = (0, 0_u64, 0_u64);
    while thrift.left() > 0 {
        let page = Page::read(&mut thrift, column.compression())
            .map_err(|error| format!("a page of column `{}` is damaged: {error}", name()))?;
        if let Some((_, encoding)) = UNBOUNDED.iter().find(|(encoding, _)| *encoding == page.encoding) {
            return Err(format!(
                "column `{}` is encoded as {encoding}, which is not read: write it plain",
                name()
            ));
        }
        if page.is_dictionary && page.n_values > page.size {
            return Err(format!(
                "a dictionary of {} values in {} bytes, in column `{}`",
                page.n_values,
                page.size,
                name()
            ));
        }
        largest = page.size.max(largest);
        sum = sum.saturating_add(page.size);
        n_values = n_values.saturating_add(page.n_values);
        if has_lists && n_values > LISTED {
            return Err(format!("column `{}` has more than {LISTED} values in a group of rows", name()));
        }
    }
    Ok(if has_lists { sum } else { largest })
}

/// What a page states.
#[derive(Default)]
struct Page {
    /// Bytes, compressed or not, whichever is more.
    size: u64,
    n_values: u64,
    encoding: i32,
    is_dictionary: bool,
    /// Bytes before those that are compressed; all, if none are.
    plain: u64,
}

impl Page {
    /// Reads the header of a page and passes over the rest of it.
    fn read(thrift: &mut Thrift<BufReader<&File>>, compression: Compression) -> io::Result<Self> {
        let mut page = Self::default();
        let (mut compressed, mut n_kinds) = (0, 0);
        let unsigned =
            |number: i32| u64::try_from(number).map_err(|_| io::Error::from(io::ErrorKind::InvalidData));
        thrift.fields(|thrift, id, kind| {
            match id {
                UNCOMPRESSED => page.size = unsigned(thrift.number_of(kind)?)?,
                COMPRESSED => compressed = unsigned(thrift.number_of(kind)?)?,
                DATA | DICTIONARY | DATA_2 => {
                    expect(kind, STRUCT)?;
                    n_kinds += 1;
                    page.is_dictionary |= id == DICTIONARY;
                    // The encoding is the second number of the first two kinds, the fourth of the last.
                    let is_last = id == DATA_2;
                    let encoding = if is_last { 4 } else { 2 };
                    thrift.fields(|thrift, id, kind| {
                        match id {
                            1 => page.n_values = unsigned(thrift.number_of(kind)?)?,
                            _ if id == encoding => page.encoding = thrift.number_of(kind)?,
                            LEVELS | MORE_LEVELS if is_last => {
                                page.plain = page.plain.saturating_add(unsigned(thrift.number_of(kind)?)?);
                            }
                            IS_COMPRESSED if is_last && kind == FALSE => page.plain = u64::MAX,
                            IS_COMPRESSED if is_last => expect(kind, TRUE)?,
                            _ => return Ok(false),
                        }
                        Ok(true)
                    })?;
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        if n_kinds > 1 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is of two kinds"));
        }
        match compression {
            Compression::GZIP(_) => page.unpack(thrift, compressed)?,
            _ => thrift.pass(compressed)?,
        }
        page.size = page.size.max(compressed);
        Ok(page)
    }

    /// Passes over the bytes of a page whose library makes room for whatever comes out of them, not for what is stated: they are
    /// decompressed here to see how much that is.
    fn unpack(&self, thrift: &mut Thrift<BufReader<&File>>, compressed: u64) -> io::Result<()> {
        let plain = self.plain.min(compressed);
        thrift.pass(plain)?;
        let mut packed = thrift.take(compressed - plain)?;
        if packed.limit() > 0 {
            let mut unpacked = MultiGzDecoder::new(&mut packed).take(self.size + 1);
            if io::copy(&mut unpacked, &mut io::sink())? > self.size {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "it holds more than it states"));
            }
        }
        io::copy(&mut packed, &mut io::sink()).map(drop)
    }
}
