//! Lemmas that were found before, by form and tags.

use demarche_model::feature_hash;

use crate::lemma::Tags;

/// Places, a power of two.
const PLACES: usize = 1 << 14;

/// Longer lemmas are not kept, in bytes.
const LONGEST: usize = 22;

/// Lemmas by a key of form and tags. Two keys may have the same place: the later one takes it.
#[derive(Debug, Default)]
pub(crate) struct LemmaMemo {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    key: u64,
    tags: Option<Tags>,
    len: u8,
    bytes: [u8; LONGEST],
}

impl LemmaMemo {
    /// Key of a form for a model, named by its [number](crate::network::Network::id).
    pub(crate) fn key(model: u64, form: &str) -> u64 {
        feature_hash(model, form.as_bytes())
    }

    /// The lemma of the form with this key, if it is remembered.
    pub(crate) fn get(&self, key: u64, tags: Tags) -> Option<&str> {
        let entry = self.entries.get(place(key, tags))?;
        if entry.key != key || entry.tags != Some(tags) {
            return None;
        }
        std::str::from_utf8(&entry.bytes[..usize::from(entry.len)]).ok()
    }

    /// Remembers a lemma.
    pub(crate) fn put(&mut self, key: u64, tags: Tags, lemma: &str) {
        if lemma.len() > LONGEST {
            return;
        }
        self.entries.resize(PLACES, Entry::default());
        let mut bytes = [0; LONGEST];
        bytes[..lemma.len()].copy_from_slice(lemma.as_bytes());
        self.entries[place(key, tags)] = Entry { key, tags: Some(tags), len: lemma.len() as u8, bytes };
    }
}

fn place(key: u64, tags: Tags) -> usize {
    // Forms with two or three readings are common: each has a place of its own.
    (key as usize ^ usize::from(tags.xpos) << 6) & (PLACES - 1)
}

#[cfg(test)]
mod tests {
    use demarche_core::Upos;

    use super::*;

    #[test]
    fn keeps_lemmas_by_form_and_tags() {
        let mut memo = LemmaMemo::default();
        let (noun, verb) = (Tags { upos: Upos::Noun, xpos: 1 }, Tags { upos: Upos::Verb, xpos: 2 });
        memo.put(9, noun, "saw");
        memo.put(9, verb, "see");
        memo.put(9, Tags { xpos: 3, ..noun }, "a word that is longer than that");
        assert_eq!((memo.get(9, noun), memo.get(9, verb)), (Some("saw"), Some("see")));
        assert_eq!((memo.get(8, noun), memo.get(9, Tags { xpos: 3, ..noun })), (None, None));
    }
}
