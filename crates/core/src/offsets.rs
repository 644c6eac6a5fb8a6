/// The unit in which a file counts offsets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offsets {
    /// Unicode code points, as Python and R count.
    #[default]
    Char,
    /// Bytes of UTF-8, as Rust and Go count.
    Byte,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
}

/// Bytes between two places whose offset is kept.
const BLOCK: usize = 64;

/// Converts offsets into a text between bytes and another unit; a look-up costs at most one block of the text.
#[derive(Debug)]
pub struct OffsetMap<'a> {
    text: &'a str,
    unit: Offsets,
    /// Units before byte `i * BLOCK`; empty where the two count alike.
    blocks: Vec<u32>,
}

impl<'a> OffsetMap<'a> {
    /// A map of the text.
    pub fn new(text: &'a str, unit: Offsets) -> Self {
        let mut blocks = Vec::new();
        if unit != Offsets::Byte && !text.is_ascii() {
            let mut units = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                blocks.push(units);
                units += block.iter().map(|&byte| Self::units(unit, byte)).sum::<u32>();
            }
            blocks.push(units);
        }
        Self { text, unit, blocks }
    }

    /// Units that a character counts, at its first byte; its other bytes count none.
    fn units(unit: Offsets, byte: u8) -> u32 {
        match byte {
            0x80..=0xBF => 0,
            0xF0.. if unit == Offsets::Utf16 => 2,
            _ => 1,
        }
    }

    /// The offset of a byte that starts a character or ends the text.
    pub fn from_byte(&self, byte: u32) -> u32 {
        let Some(&before) = self.blocks.get(byte as usize / BLOCK) else { return byte };
        let start = byte as usize / BLOCK * BLOCK;
        let bytes = &self.text.as_bytes()[start..byte as usize];
        before + bytes.iter().map(|&byte| Self::units(self.unit, byte)).sum::<u32>()
    }

    /// The byte of an offset; `None` if it is outside of the text or within a character.
    pub fn to_byte(&self, offset: u32) -> Option<u32> {
        if self.blocks.is_empty() {
            return self.text.is_char_boundary(offset as usize).then_some(offset);
        }
        // The last block that starts at or before the offset; a character may reach over its start.
        let block = self.blocks.partition_point(|&units| units <= offset) - 1;
        let mut units = self.blocks[block];
        for (at, &byte) in self.text.as_bytes().iter().enumerate().skip(block * BLOCK) {
            if units >= offset && self.text.is_char_boundary(at) {
                return (units == offset).then_some(at as u32);
            }
            units += Self::units(self.unit, byte);
        }
        (units == offset).then_some(self.text.len() as u32)
    }
}
