//! Names that are known beforehand: the longest match, by a table over the hashes of the names' words.

use demarche_core::NONE;
use hashbrown::HashTable;

use crate::class::Class;
use crate::label::Label;
use crate::vocabulary::{Vocabulary, fold};
use crate::word::{Shape, Word, Words, cut};

/// What kind of list a name is from; the earlier wins where two lists have the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    User,
    State,
    Capital,
    People,
    Body,
    Government,
    Leader,
    Other,
}

/// A person, place or body of the lists: its names share its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thing<'g> {
    pub(crate) label: Label,
    /// Its code; empty if it has none.
    pub(crate) norm: &'g str,
    pub(crate) source: Source,
    /// Years in office, ends inclusive; none: always.
    pub(crate) years: &'g [(u16, u16)],
}

/// A thing as it is kept: a list of a million has no allocation of its own for each.
#[derive(Clone, Copy, Debug)]
struct Kept {
    label: Label,
    source: Source,
    /// Where its code ends among the codes; it starts where that of the thing before ends.
    norm_end: u32,
    years_end: u32,
}

/// One spelling of a thing's name.
#[derive(Clone, Copy, Debug)]
struct Entry {
    thing: u32,
    /// Bit `i`: word `i` is written with a capital.
    capitals: u32,
    /// Bit `i`: word `i` is written in capitals throughout.
    uppers: u32,
    /// The name is a common word or a person's name too.
    weak: bool,
    /// The next spelling of the same words, [`NONE`] at the end.
    next: u32,
}

/// The words of a name, by 64 bits that tell them from any other name's.
#[derive(Clone, Copy, Debug)]
struct Name {
    key: u64,
    /// Its first entry.
    entry: u32,
}

/// A name found in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) thing: u32,
    pub(crate) weak: bool,
    /// The list writes its first word in small letters.
    pub(crate) small_first: bool,
}

/// Longest name that is looked for, in words; longer ones are refused.
pub(crate) const MAX_WORDS: usize = 24;

/// The names of the lists.
#[derive(Debug, Default)]
pub(crate) struct Gazetteer {
    things: Vec<Kept>,
    /// The codes of all things, one after the other.
    norms: String,
    years: Vec<(u16, u16)>,
    entries: Vec<Entry>,
    /// By word: bit `i` is set where a name of `i + 1` words starts with it.
    lengths: Vec<u32>,
    /// One for each row of words that is a name.
    names: HashTable<Name>,
}

impl Gazetteer {
    /// Makes room for so many names more, so that the table need not grow often.
    pub(crate) fn reserve(&mut self, n_names: usize) {
        self.things.reserve(n_names);
        self.entries.reserve(n_names);
        self.names.reserve(n_names, |name| name.key);
    }

    /// Adds a thing without names, whose number is returned.
    pub(crate) fn add_thing(&mut self, thing: Thing<'_>) -> u32 {
        self.norms.push_str(thing.norm);
        self.years.extend_from_slice(thing.years);
        self.things.push(Kept {
            label: thing.label,
            source: thing.source,
            norm_end: self.norms.len() as u32,
            years_end: self.years.len() as u32,
        });
        self.things.len() as u32 - 1
    }

    /// Adds a name of a thing. A `?` at its end marks it as weak. False if it has no word or too many.
    pub(crate) fn add_name(&mut self, vocabulary: &mut Vocabulary, thing: u32, name: &str) -> bool {
        let (name, weak) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
        let (mut name_key, mut first, mut n_words, mut capitals, mut uppers) = (0, NONE, 0, 0, 0);
        let mut key = String::new();
        for part in name.split_whitespace() {
            cut(part, |start, end| {
                let word = &part[start..end];
                fold(word, &mut key);
                let id = vocabulary.add(&key);
                if n_words < MAX_WORDS {
                    let has_capital = word.chars().next().is_some_and(char::is_uppercase);
                    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
                    let is_upper = has_capital && letters > 1 && !word.chars().any(char::is_lowercase);
                    capitals |= u32::from(has_capital) << n_words;
                    uppers |= u32::from(is_upper) << n_words;
                }
                name_key = longer(name_key, id);
                first = if n_words == 0 { id } else { first };
                n_words += 1;
            });
        }
        if n_words == 0 || n_words > MAX_WORDS {
            return false;
        }
        let entry = Entry { thing, capitals, uppers, weak, next: NONE };
        self.add_entry(name_key, entry);
        if self.lengths.len() <= first as usize {
            self.lengths.resize(first as usize + 1, 0);
        }
        self.lengths[first as usize] |= 1 << (n_words - 1);
        true
    }

    /// Adds a spelling. Of the same one twice the first counts.
    fn add_entry(&mut self, key: u64, entry: Entry) {
        let new = self.entries.len() as u32;
        let found = self.names.entry(key, |name| name.key == key, |name| name.key);
        let mut at = found.or_insert(Name { key, entry: new }).get().entry;
        while at != new {
            let known = &mut self.entries[at as usize];
            if known.capitals == entry.capitals && known.uppers == entry.uppers {
                return;
            }
            if known.next == NONE {
                known.next = new;
            }
            at = known.next;
        }
        self.entries.push(entry);
    }

    /// The thing of this number.
    pub(crate) fn thing(&self, thing: u32) -> Thing<'_> {
        let at = thing as usize;
        let before = at.checked_sub(1).map(|before| self.things[before]);
        let (norm, years) = before.map_or((0, 0), |before| (before.norm_end, before.years_end));
        let Kept { label, source, norm_end, years_end } = self.things[at];
        Thing {
            label,
            norm: &self.norms[norm as usize..norm_end as usize],
            source,
            years: &self.years[years as usize..years_end as usize],
        }
    }

    /// The longest name that starts at each word where one does, in text order. A name may lie within another.
    pub(crate) fn matches(&self, words: &Words<'_>) -> Vec<Match> {
        (0..words.len()).filter_map(|first| self.longest(words, first, true)).collect()
    }

    /// The longest name at each word in small letters that starts with a word that is no common one, whatever capitals the
    /// list has.
    pub(crate) fn small_matches<'w>(&'w self, words: &'w Words<'_>) -> impl Iterator<Item = Match> + 'w {
        let starts = words.list.iter().enumerate().filter(|(_, word)| {
            word.id != NONE && !word.is_capital() && !word.is(Class::COMMON.or(Class::FUNCTION))
        });
        starts.filter_map(|(first, _)| self.longest(words, first, false))
    }

    /// At most [`MAX_WORDS`] steps, so that all matches together cost linear time.
    fn longest(&self, words: &Words<'_>, first: usize, cased: bool) -> Option<Match> {
        let start = &words.list[first];
        let lengths = self.lengths.get(start.id as usize).copied().unwrap_or(0);
        let n_words = (u32::BITS - lengths.leading_zeros()) as usize;
        let (mut key, mut found, mut capitals, mut uppers) = (0, None, 0_u32, 0_u32);
        for (i, word) in words.list[first..].iter().take(n_words).enumerate() {
            if word.sentence != start.sentence || word.id == NONE {
                break;
            }
            key = longer(key, word.id);
            capitals |= u32::from(word.is_capital()) << i;
            uppers |= u32::from(is_upper(word)) << i;
            if lengths & 1 << i == 0 {
                continue;
            }
            let name = self.names.find(key, |name| name.key == key);
            let (capitals, uppers) = if cased { (capitals, uppers) } else { (!0, !0) };
            if let Some(entry) = name.and_then(|name| self.fitting(name.entry, capitals, uppers)) {
                found = Some(Match {
                    first,
                    end: first + i + 1,
                    thing: entry.thing,
                    weak: entry.weak,
                    small_first: entry.capitals & 1 == 0,
                });
            }
        }
        found
    }

    /// The first entry whose capitals the text has: "Turkey", not "turkey"; "WHO", not "Who"; but "MANILA" for "Manila".
    fn fitting(&self, entry: u32, capitals: u32, uppers: u32) -> Option<&Entry> {
        let mut at = entry;
        while at != NONE {
            let entry = &self.entries[at as usize];
            if entry.capitals & !capitals == 0 && entry.uppers & !uppers == 0 {
                return Some(entry);
            }
            at = entry.next;
        }
        None
    }
}

fn is_upper(word: &Word) -> bool {
    word.has(Shape::UPPER)
}

/// The key of a name with one more word: a hash as the table takes it, for its low bits and its high ones are spread.
const fn longer(key: u64, word: u32) -> u64 {
    let product = (key ^ word as u64 ^ 0x9e37_79b9_7f4a_7c15) as u128 * 0xd1b5_4a32_d192_ed03;
    (product >> 64) as u64 ^ product as u64
}
