//! The words that the lists know, by a hash table over one string.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::class::Class;

/// Words in small letters, with their classes. Ids count from 0 in the order of adding.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    bytes: String,
    /// Where each word ends in `bytes`.
    ends: Vec<u32>,
    classes: Vec<Class>,
    slots: HashTable<Slot>,
    hasher: DefaultHashBuilder,
}

/// A word in the table: its hash beside its id, so that growing the table looks at no word.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    id: u32,
}

/// The hash as the table takes it, for its low bits and its high ones.
const fn spread(hash: u32) -> u64 {
    (hash as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Vocabulary {
    /// A vocabulary with room for so many words.
    pub(crate) fn with_capacity(n_words: usize) -> Self {
        Self { slots: HashTable::with_capacity(n_words), ..Self::default() }
    }

    /// The id of a folded word, if it is known.
    pub(crate) fn find(&self, word: &str) -> Option<u32> {
        let hash = self.hash(word);
        self.slots
            .find(spread(hash), |slot| slot.hash == hash && self.word(slot.id) == word)
            .map(|slot| slot.id)
    }

    /// The id of a folded word, which is added if it is new.
    pub(crate) fn add(&mut self, word: &str) -> u32 {
        let hash = self.hash(word);
        let (bytes, ends) = (&self.bytes, &self.ends);
        let is_word = |slot: &Slot| slot.hash == hash && slice(bytes, ends, slot.id) == word;
        let entry = self.slots.entry(spread(hash), is_word, |slot| spread(slot.hash));
        let vacant = match entry {
            Entry::Occupied(known) => return known.get().id,
            Entry::Vacant(vacant) => vacant,
        };
        let id = self.ends.len() as u32;
        vacant.insert(Slot { hash, id });
        self.bytes.push_str(word);
        self.ends.push(self.bytes.len() as u32);
        self.classes.push(Class::default());
        id
    }

    fn hash(&self, word: &str) -> u32 {
        (self.hasher.hash_one(word) >> 32) as u32
    }

    /// Puts a word into a class.
    pub(crate) fn classify(&mut self, word: &str, class: Class) {
        let id = self.add(word) as usize;
        self.classes[id] = self.classes[id].or(class);
    }

    /// The classes of a word.
    pub(crate) fn class(&self, id: u32) -> Class {
        self.classes[id as usize]
    }

    fn word(&self, id: u32) -> &str {
        slice(&self.bytes, &self.ends, id)
    }
}

#[inline]
fn slice<'b>(bytes: &'b str, ends: &[u32], id: u32) -> &'b str {
    let start = if id == 0 { 0 } else { ends[id as usize - 1] };
    &bytes[start as usize..ends[id as usize] as usize]
}

/// A word as the lists write it: small letters, straight apostrophes. `into` is cleared first.
pub(crate) fn fold(word: &str, into: &mut String) {
    into.clear();
    if word.is_ascii() {
        into.push_str(word);
        into.make_ascii_lowercase();
        return;
    }
    for c in word.chars() {
        match c {
            '’' | '‘' | 'ʼ' => into.push('\''),
            _ => into.extend(c.to_lowercase()),
        }
    }
}
