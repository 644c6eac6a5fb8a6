//! Arrow IPC files, also called Feather (version 2), one batch after the other.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::{Buffer, MutableBuffer};
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{Block, FieldNode, root_as_footer, root_as_message};

use super::{Batches, MEMORY, check_names, footer, text};

/// Most items of a column in a batch: each takes a bit at least, but the column of nulls none.
const ITEMS: i64 = 256 << 20;
/// What stands before a message where it is not its length.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// A file, its description in memory.
pub(super) struct Ipc {
    file: File,
    size: u64,
    blocks: std::vec::IntoIter<Block>,
    decoder: FileDecoder,
}

impl Ipc {
    pub(super) fn open(mut file: File, size: u64) -> Result<Self, String> {
        // The length of the description, and the mark.
        let length = |tail: [u8; 10]| read_footer_length(tail).map(|length| length as u64).map_err(text);
        let footer = footer(&mut file, size, length)?;
        let footer =
            root_as_footer(&footer).map_err(|error| format!("its description is damaged: {error}"))?;
        let schema = footer.schema().ok_or("its description has no columns")?;
        if !schema.endianness().equals_to_target_endianness() {
            return Err("its numbers are of the other byte order than this machine's".to_owned());
        }
        let schema = Arc::new(try_fb_to_schema(schema).map_err(text)?);
        check_names(&schema)?;
        let mut decoder = FileDecoder::new(schema, footer.version());
        let mut sum = 0;
        for block in footer.dictionaries().iter().flatten() {
            let (bytes, need) = read(&mut file, size, block)?;
            sum += need;
            if sum > MEMORY {
                return Err(too_large("its dictionaries"));
            }
            decoder.read_dictionary(block, &bytes).map_err(text)?;
        }
        let blocks: Vec<Block> = footer.recordBatches().iter().flatten().copied().collect();
        Ok(Self { file, size, blocks: blocks.into_iter(), decoder })
    }
}

impl Batches for Ipc {
    fn next(&mut self) -> Result<Option<(RecordBatch, u64)>, String> {
        for block in self.blocks.by_ref() {
            let (bytes, _) = read(&mut self.file, self.size, &block)?;
            let length = bytes.len() as u64;
            if let Some(batch) = self.decoder.read_record_batch(&block, &bytes).map_err(text)? {
                return Ok(Some((batch, length)));
            }
        }
        Ok(None)
    }
}

/// The bytes of a batch, and those that it needs in memory, which are within the limit.
fn read(file: &mut File, size: u64, block: &Block) -> Result<(Buffer, u64), String> {
    let stated = (block.offset(), i64::from(block.metaDataLength()), block.bodyLength());
    let (Ok(start), Ok(head), Ok(body)) =
        (u64::try_from(stated.0), u64::try_from(stated.1), u64::try_from(stated.2))
    else {
        return Err("a batch of a length below zero".to_owned());
    };
    let length = head.saturating_add(body);
    if start.checked_add(length).is_none_or(|end| end > size) {
        return Err("a batch reaches beyond the end of the file".to_owned());
    }
    if length > MEMORY {
        return Err(too_large("a batch"));
    }
    let mut bytes = MutableBuffer::from_len_zeroed(length as usize);
    file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes)).map_err(text)?;
    let (message, body) = bytes.split_at(head as usize);
    let need = length.saturating_add(check(message, body)?);
    if need > MEMORY {
        return Err(too_large("a batch"));
    }
    Ok((bytes.into(), need))
}

/// Checks what a message states; gives the bytes that come out of what is compressed in its body.
fn check(message: &[u8], body: &[u8]) -> Result<u64, String> {
    let message = message.get(if message.starts_with(&CONTINUATION) { 8 } else { 4 }..).unwrap_or_default();
    let message = root_as_message(message).map_err(|error| format!("a batch is damaged: {error}"))?;
    let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
    let Some(batch) = message.header_as_record_batch().or(dictionary) else { return Ok(0) };
    let lengths = batch.nodes().into_iter().flatten().map(FieldNode::length);
    if let Some(length) = lengths.chain([batch.length()]).find(|length| !(0..=ITEMS).contains(length)) {
        return Err(format!("a batch of {length} rows, where {ITEMS} is the limit"));
    }
    if batch.compression().is_none() {
        return Ok(0);
    }
    let mut sum: u64 = 0;
    for buffer in batch.buffers().into_iter().flatten() {
        let start = usize::try_from(buffer.offset()).ok();
        let prefix = start.and_then(|start| body.get(start..)).and_then(<[u8]>::first_chunk);
        match prefix.map(|prefix| i64::from_le_bytes(*prefix)) {
            _ if buffer.length() == 0 => {}
            None => return Err("a batch reaches beyond its end".to_owned()),
            // It is not compressed, after all.
            Some(-1) => {}
            Some(length) => {
                sum = sum.saturating_add(u64::try_from(length).map_err(|_| "a length below zero")?);
            }
        }
    }
    Ok(sum)
}

fn too_large(what: &str) -> String {
    format!("{what} needs more than the limit in memory, {MEMORY} bytes: write it in smaller batches")
}
