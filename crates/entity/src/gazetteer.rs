//! Names that are known beforehand, found by the longest match in a trie over words.

use demarche_core::NONE;
use hashbrown::HashMap;

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
#[derive(Debug)]
pub(crate) struct Thing {
    pub(crate) label: Label,
    /// Its code; empty if it has none.
    pub(crate) norm: Box<str>,
    pub(crate) source: Source,
    /// Years in office, ends inclusive; none: always.
    pub(crate) years: Vec<(u16, u16)>,
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
    pub(crate) things: Vec<Thing>,
    entries: Vec<Entry>,
    /// From a node and a word to the next node.
    edges: HashMap<(u32, u32), u32>,
    /// First entry that ends at a node, [`NONE`] if none does.
    ends: Vec<u32>,
}

impl Gazetteer {
    pub(crate) fn new() -> Self {
        Self { ends: vec![NONE], edges: HashMap::with_capacity(1 << 15), ..Self::default() }
    }

    /// Adds a thing without names, whose number is returned.
    pub(crate) fn add_thing(&mut self, thing: Thing) -> u32 {
        self.things.push(thing);
        self.things.len() as u32 - 1
    }

    /// Adds a name of a thing. A `?` at its end marks it as weak. False if it has no word or too many.
    pub(crate) fn add_name(&mut self, vocabulary: &mut Vocabulary, thing: u32, name: &str) -> bool {
        let (name, weak) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
        let (mut node, mut n_words, mut capitals, mut uppers) = (0, 0, 0, 0);
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
                let new = self.ends.len() as u32;
                node = *self.edges.entry((node, id)).or_insert(new);
                if node == new {
                    self.ends.push(NONE);
                }
                n_words += 1;
            });
        }
        if n_words == 0 || n_words > MAX_WORDS {
            return false;
        }
        let last = self.last_entry(node);
        let new = self.entries.len() as u32;
        self.entries.push(Entry { thing, capitals, uppers, weak, next: NONE });
        match last {
            Some(last) => self.entries[last as usize].next = new,
            None => self.ends[node as usize] = new,
        }
        true
    }

    fn last_entry(&self, node: u32) -> Option<u32> {
        let mut entry = self.ends[node as usize];
        let mut last = None;
        while entry != NONE {
            last = Some(entry);
            entry = self.entries[entry as usize].next;
        }
        last
    }

    /// The thing of this number.
    pub(crate) fn thing(&self, thing: u32) -> &Thing {
        &self.things[thing as usize]
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
        let sentence = words.list[first].sentence;
        let (mut node, mut found, mut capitals, mut uppers) = (0, None, 0_u32, 0_u32);
        for (n_words, word) in words.list[first..].iter().take(MAX_WORDS).enumerate() {
            if word.sentence != sentence || word.id == NONE {
                break;
            }
            let Some(&next) = self.edges.get(&(node, word.id)) else { break };
            node = next;
            capitals |= u32::from(word.is_capital()) << n_words;
            uppers |= u32::from(is_upper(word)) << n_words;
            if self.ends[node as usize] != NONE
                && let Some(entry) =
                    if cased { self.fitting(node, capitals, uppers) } else { self.fitting(node, !0, !0) }
            {
                found = Some(Match {
                    first,
                    end: first + n_words + 1,
                    thing: entry.thing,
                    weak: entry.weak,
                    small_first: entry.capitals & 1 == 0,
                });
            }
        }
        found
    }

    /// The first entry whose capitals the text has: "Turkey", not "turkey"; "WHO", not "Who"; but "MANILA" for "Manila".
    fn fitting(&self, node: u32, capitals: u32, uppers: u32) -> Option<&Entry> {
        let mut at = self.ends[node as usize];
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
