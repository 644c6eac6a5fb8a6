use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::Column;

/// A string of a document's own table; [`StringId::NONE`] where there is none.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringId(pub u32);

impl StringId {
    /// No string.
    pub const NONE: Self = Self(u32::MAX);
}

/// The strings of one document: `offsets` (one more than there are strings) into `bytes`.
///
/// For `["KOR", "GPE"]`: offsets `[0, 3, 6]`, bytes `KORGPE`; the string `i` is `bytes[offsets[i]..offsets[i + 1]]`.
/// The table belongs to the document and goes with it: nothing that the process shares grows.
#[derive(Clone)]
pub struct Strings<'a> {
    offsets: Column<'a, u32>,
    bytes: Cow<'a, str>,
    /// Ids by the hash of their string; filled when the first string is interned. Never iterated.
    known: Option<HashTable<u32>>,
    hasher: DefaultHashBuilder,
}

impl Default for Strings<'_> {
    fn default() -> Self {
        Self {
            offsets: Cow::Owned(vec![0]),
            bytes: Cow::Borrowed(""),
            known: None,
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<'a> Strings<'a> {
    /// A table over columns that somebody else owns, as the plugin boundary lends them.
    ///
    /// `None` if the offsets do not rise from 0 to the length of `bytes` on character boundaries.
    pub fn borrowed(offsets: &'a [u32], bytes: &'a str) -> Option<Self> {
        let whole =
            offsets.first() == Some(&0) && offsets.last().is_some_and(|&end| end as usize == bytes.len());
        let sound = offsets.is_sorted() && offsets.iter().all(|&at| bytes.is_char_boundary(at as usize));
        (whole && sound).then(|| Self {
            offsets: Cow::Borrowed(offsets),
            bytes: Cow::Borrowed(bytes),
            ..Self::default()
        })
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no string.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The string of `id`; `None` for [`StringId::NONE`] and for an id of another document.
    pub fn get(&self, id: StringId) -> Option<&str> {
        let at = id.0 as usize;
        let end = *self.offsets.get(at.checked_add(1)?)?;
        self.bytes.get(self.offsets[at] as usize..end as usize)
    }

    /// The id of `string`; the same string has one id in a document.
    ///
    /// # Panics
    /// If the table would pass 4 GiB; the limits on documents are far below.
    pub fn intern(&mut self, string: &str) -> StringId {
        let Self { offsets, bytes, known, hasher } = self;
        let at = |offsets: &[u32], id: u32| offsets[id as usize] as usize..offsets[id as usize + 1] as usize;
        let known = known.get_or_insert_with(|| {
            let mut table = HashTable::with_capacity(offsets.len());
            for id in 0..offsets.len() as u32 - 1 {
                let hash = |&id: &u32| hasher.hash_one(&bytes[at(offsets, id)]);
                table.insert_unique(hash(&id), id, hash);
            }
            table
        });
        let hash = hasher.hash_one(string);
        if let Some(&id) = known.find(hash, |&id| &bytes[at(offsets, id)] == string) {
            return StringId(id);
        }
        let id = offsets.len() as u32 - 1;
        let end = u32::try_from(bytes.len() + string.len()).expect("a document's strings stay below 4 GiB");
        bytes.to_mut().push_str(string);
        offsets.to_mut().push(end);
        known.insert_unique(hash, id, |&id| hasher.hash_one(&bytes[at(offsets, id)]));
        StringId(id)
    }

    /// The id of `string` if there is one, [`StringId::NONE`] otherwise.
    pub fn intern_some(&mut self, string: Option<&str>) -> StringId {
        string.map_or(StringId::NONE, |string| self.intern(string))
    }

    /// The columns, as the plugin boundary lends them: offsets and bytes.
    pub fn columns(&self) -> (&[u32], &[u8]) {
        (&self.offsets, self.bytes.as_bytes())
    }
}

impl std::fmt::Debug for Strings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries((0..self.len() as u32).map(|id| self.get(StringId(id)))).finish()
    }
}
