use std::ops::{Deref, Range};
use std::sync::Arc;

use crate::checksum;

/// Version of the container. What is inside it has a version of its own, its kind's.
pub const FORMAT_VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"demarche";
const HEADER: usize = 40;
const ENTRY: usize = 32;
const NAME: usize = 16;
/// Sections start at multiples of this.
const ALIGN: usize = 16;

/// What a model is for, and the version of its sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// At most eight ASCII letters, such as `syntax`.
    pub name: &'static str,
    /// Raised when a section changes its meaning.
    pub version: u32,
}

/// Why a model cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It does not start as a model does.
    #[error("not a model of demarche: it starts with other bytes")]
    Magic,
    /// It is shorter than its header says.
    #[error("the model is cut off: {len} bytes are too few")]
    Short {
        /// Its length in bytes.
        len: usize,
    },
    /// The container has another version.
    #[error("the model's container has version {found}, this program reads version {FORMAT_VERSION}")]
    Version {
        /// Its version.
        found: u32,
    },
    /// The bytes are not those that were written.
    #[error("the model is damaged: its checksum is {found:016x}, its header says {expected:016x}")]
    Damaged {
        /// Checksum of the bytes.
        found: u64,
        /// What the header says.
        expected: u64,
    },
    /// It is for something else, or of another version.
    #[error("the model is `{found}`, version {found_version}; wanted is `{}`, version {}", wanted.name, wanted.version)]
    Kind {
        /// What it is for.
        found: String,
        /// The version of its sections.
        found_version: u32,
        /// What was asked for.
        wanted: Kind,
    },
    /// A section is missing.
    #[error("the model has no section `{section}`")]
    Missing {
        /// The section.
        section: &'static str,
    },
    /// A section does not have the size or the content that the others call for.
    #[error("section `{section}` of the model does not fit: {problem}")]
    Section {
        /// The section.
        section: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// A model that has been checked: named sections of bytes.
///
/// Little-endian throughout:
///
/// | bytes | what |
/// |---|---|
/// | 0..8 | `demarche` |
/// | 8..12 | version of the container, [`FORMAT_VERSION`] |
/// | 12..16 | number of sections, n |
/// | 16..24 | what the model is for, ASCII, filled up with zeros |
/// | 24..28 | version of its sections |
/// | 28..32 | zero |
/// | 32..40 | XXH64 of bytes 40.., seeded with XXH64 (seed 0) of bytes 0..32 |
/// | 40.. | n entries: name (16 bytes, zeros at its end), start (u64, from the file's first byte), length (u64) |
/// | then | the sections, each at a multiple of 16, zeros between |
#[derive(Clone, Debug)]
pub struct Weights {
    bytes: Bytes,
    sections: Vec<(String, Range<usize>)>,
}

/// The bytes of a model: part of the program, or read from a file and shared by all that use it.
#[derive(Clone, Debug)]
enum Bytes {
    Embedded(&'static [u8]),
    Read(Arc<[u8]>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Embedded(bytes) => bytes,
            Self::Read(bytes) => bytes,
        }
    }
}

/// A section of signed bytes that stays where it lies in the model.
#[derive(Clone, Debug)]
pub struct Section {
    bytes: Bytes,
    range: Range<usize>,
}

impl Deref for Section {
    type Target = [i8];

    fn deref(&self) -> &[i8] {
        bytemuck::cast_slice(&self.bytes[self.range.clone()])
    }
}

impl Weights {
    /// Opens and checks a model that is part of the program, without copying it.
    ///
    /// # Errors
    /// If it is not a whole, undamaged model of this kind and version.
    pub fn open(bytes: &'static [u8], wanted: Kind) -> Result<Self, OpenError> {
        Self::check(Bytes::Embedded(bytes), wanted)
    }

    /// Opens and checks a model that was read from a file.
    ///
    /// # Errors
    /// If it is not a whole, undamaged model of this kind and version.
    pub fn from_file(bytes: Vec<u8>, wanted: Kind) -> Result<Self, OpenError> {
        Self::check(Bytes::Read(bytes.into()), wanted)
    }

    fn check(bytes: Bytes, wanted: Kind) -> Result<Self, OpenError> {
        let short = OpenError::Short { len: bytes.len() };
        if !bytes.starts_with(&MAGIC) {
            return Err(OpenError::Magic);
        }
        let (header, rest) = bytes.split_at_checked(HEADER).ok_or_else(|| short.clone())?;
        let version = u32_at(header, 8);
        if version != FORMAT_VERSION {
            return Err(OpenError::Version { found: version });
        }
        let (found, expected) = (checksum(rest, checksum(&header[..32], 0)), u64_at(header, 32));
        if found != expected {
            return Err(OpenError::Damaged { found, expected });
        }
        let (name, kind_version) = (text(&header[16..24]), u32_at(header, 24));
        if name != wanted.name || kind_version != wanted.version {
            return Err(OpenError::Kind { found: name, found_version: kind_version, wanted });
        }
        let n_sections = u32_at(header, 12) as usize;
        let entries = rest.get(..n_sections.saturating_mul(ENTRY)).ok_or_else(|| short.clone())?;
        let section = |entry: &[u8]| {
            let (start, len) = (u64_at(entry, NAME) as usize, u64_at(entry, NAME + 8) as usize);
            let range = start..start.checked_add(len)?;
            bytes.get(range.clone()).map(|_| (text(&entry[..NAME]), range))
        };
        let sections = entries.chunks_exact(ENTRY).map(section).collect::<Option<_>>().ok_or(short)?;
        Ok(Self { bytes, sections })
    }

    /// The bytes of a section.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn section(&self, name: &'static str) -> Result<&[u8], OpenError> {
        self.range(name).map(|range| &self.bytes[range])
    }

    fn range(&self, name: &'static str) -> Result<Range<usize>, OpenError> {
        let found = self.sections.iter().find(|(known, _)| known == name);
        found.map(|(_, range)| range.clone()).ok_or(OpenError::Missing { section: name })
    }

    /// A section as signed bytes, where it lies.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn bytes(&self, name: &'static str) -> Result<Section, OpenError> {
        Ok(Section { bytes: self.bytes.clone(), range: self.range(name)? })
    }

    /// A section of `len` floating-point numbers.
    ///
    /// # Errors
    /// If there is none of this name and length.
    pub fn floats(&self, name: &'static str, len: usize) -> Result<Vec<f32>, OpenError> {
        self.numbers(name, Some(len), f32::from_le_bytes)
    }

    /// A section of 32-bit numbers.
    ///
    /// # Errors
    /// If there is none of this name, or its length is no multiple of four.
    pub fn u32s(&self, name: &'static str) -> Result<Vec<u32>, OpenError> {
        self.numbers(name, None, u32::from_le_bytes)
    }

    /// A section of 64-bit numbers.
    ///
    /// # Errors
    /// If there is none of this name, or its length is no multiple of eight.
    pub fn u64s(&self, name: &'static str) -> Result<Vec<u64>, OpenError> {
        self.numbers(name, None, u64::from_le_bytes)
    }

    /// A section of lines of UTF-8, each ended by `\n`.
    ///
    /// # Errors
    /// If there is none of this name, or it is not such text.
    pub fn lines(&self, name: &'static str) -> Result<Vec<&str>, OpenError> {
        let problem = || OpenError::Section { section: name, problem: "it is not lines of UTF-8".to_owned() };
        let text = std::str::from_utf8(self.section(name)?).map_err(|_| problem())?;
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(problem());
        }
        Ok(text.lines().collect())
    }

    fn numbers<T, const N: usize>(
        &self,
        name: &'static str,
        len: Option<usize>,
        number: impl Fn([u8; N]) -> T,
    ) -> Result<Vec<T>, OpenError> {
        let (numbers, rest) = self.section(name)?.as_chunks::<N>();
        if !rest.is_empty() || len.is_some_and(|len| len != numbers.len()) {
            let problem = match len {
                Some(len) => format!("it holds {} numbers where {len} are wanted", numbers.len()),
                None => format!("its length is no multiple of {N} bytes"),
            };
            return Err(OpenError::Section { section: name, problem });
        }
        Ok(numbers.iter().map(|&bytes| number(bytes)).collect())
    }
}

/// Puts a model together.
#[derive(Debug)]
pub struct Writer {
    kind: Kind,
    sections: Vec<(&'static str, Vec<u8>)>,
}

impl Writer {
    /// An empty model of a kind.
    ///
    /// # Panics
    /// If the kind's name is longer than eight bytes.
    pub fn new(kind: Kind) -> Self {
        assert!(kind.name.len() <= 8, "at most eight bytes");
        Self { kind, sections: Vec::new() }
    }

    /// Adds a section of bytes.
    ///
    /// # Panics
    /// If its name is longer than sixteen bytes.
    pub fn section(&mut self, name: &'static str, bytes: impl Into<Vec<u8>>) {
        assert!(name.len() <= NAME, "at most sixteen bytes");
        self.sections.push((name, bytes.into()));
    }

    /// Adds a section of signed bytes.
    pub fn bytes(&mut self, name: &'static str, bytes: &[i8]) {
        self.section(name, bytemuck::cast_slice::<i8, u8>(bytes));
    }

    /// Adds a section of floating-point numbers.
    pub fn floats(&mut self, name: &'static str, numbers: &[f32]) {
        self.section(name, numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Adds a section of 32-bit numbers.
    pub fn u32s(&mut self, name: &'static str, numbers: &[u32]) {
        self.section(name, numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Adds a section of 64-bit numbers.
    pub fn u64s(&mut self, name: &'static str, numbers: &[u64]) {
        self.section(name, numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    }

    /// Adds a section of lines.
    pub fn lines<'l>(&mut self, name: &'static str, lines: impl IntoIterator<Item = &'l str>) {
        self.section(name, lines.into_iter().flat_map(|line| [line, "\n"]).collect::<String>());
    }

    /// The model's bytes.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(MAGIC);
        out.extend(FORMAT_VERSION.to_le_bytes());
        out.extend((self.sections.len() as u32).to_le_bytes());
        out.extend(padded::<8>(self.kind.name));
        out.extend(self.kind.version.to_le_bytes());
        out.resize(HEADER, 0);
        let mut start = HEADER + ENTRY * self.sections.len();
        for (name, bytes) in &self.sections {
            start = start.next_multiple_of(ALIGN);
            out.extend(padded::<NAME>(name));
            out.extend((start as u64).to_le_bytes());
            out.extend((bytes.len() as u64).to_le_bytes());
            start += bytes.len();
        }
        for (_, bytes) in &self.sections {
            out.resize(out.len().next_multiple_of(ALIGN), 0);
            out.extend(bytes);
        }
        let sum = checksum(&out[HEADER..], checksum(&out[..32], 0));
        out[32..HEADER].copy_from_slice(&sum.to_le_bytes());
        out
    }
}

fn padded<const N: usize>(name: &str) -> [u8; N] {
    let mut field = [0; N];
    field[..name.len()].copy_from_slice(name.as_bytes());
    field
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}
