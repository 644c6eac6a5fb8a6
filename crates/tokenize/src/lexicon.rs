//! The word lists of `data/`, looked up in lower case without allocating.

use hashbrown::{HashMap, HashSet};

/// Longer words are in no list.
const LONGEST: usize = 24;

/// How an abbreviation behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abbreviation {
    /// Ends no sentence.
    Title,
    /// May end one.
    General,
    /// An abbreviation before a number only.
    Number,
}

#[derive(Debug)]
pub(crate) struct Lexicon {
    abbreviations: HashMap<Box<[u8]>, (Abbreviation, Case)>,
    contractions: HashMap<Box<[u8]>, Vec<u32>>,
    longest_contraction: usize,
    prefixes: WordSet,
    suffixes: WordSet,
    units: WordSet,
    elisions: WordSet,
    starters: WordSet,
    speech_verbs: WordSet,
    emoticons: HashSet<&'static [u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Any,
    Capital,
}

type WordSet = HashSet<&'static [u8]>;

impl Lexicon {
    /// The built-in lists, with more abbreviations of a user's own.
    pub(crate) fn new(more_abbreviations: &[String]) -> Self {
        let built_in = lines(include_str!("../data/abbreviations.tsv")).map(|line| {
            let (word, class) = line.split_once('\t').expect("abbreviations.tsv has two columns");
            let class = match class {
                "title" => Abbreviation::Title,
                "general" => Abbreviation::General,
                _ => Abbreviation::Number,
            };
            (word, class)
        });
        let more = more_abbreviations.iter().map(|word| (word.trim_end_matches('.'), Abbreviation::Title));
        let entry = |(word, class): (&str, Abbreviation)| {
            let case = if word.starts_with(char::is_uppercase) { Case::Capital } else { Case::Any };
            (word.to_lowercase().into_bytes().into_boxed_slice(), (class, case))
        };
        let contractions: HashMap<Box<[u8]>, Vec<u32>> = lines(include_str!("../data/contractions.tsv"))
            .map(|line| {
                let (word, parts) = line.split_once('\t').expect("contractions.tsv has two columns");
                (word.as_bytes().into(), parts.split(' ').map(|part| part.len() as u32).collect())
            })
            .collect();
        Self {
            abbreviations: built_in.chain(more).map(entry).collect(),
            longest_contraction: lines(include_str!("../data/contractions.tsv"))
                .map(|line| line.find('\t').unwrap_or(0))
                .max()
                .unwrap_or(0),
            contractions,
            prefixes: words(include_str!("../data/prefixes.txt")),
            suffixes: words(include_str!("../data/suffixes.txt")),
            units: words(include_str!("../data/units.txt")),
            elisions: words(include_str!("../data/elisions.txt")),
            starters: words(include_str!("../data/starters.txt")),
            speech_verbs: words(include_str!("../data/speech_verbs.txt")),
            emoticons: words(include_str!("../data/emoticons.txt")),
        }
    }

    /// What kind of abbreviation the word is, written as it is, its last stop left out.
    pub(crate) fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        let (class, case) = lower(word, |key| self.abbreviations.get(key).copied())?;
        (case == Case::Any || word.starts_with(char::is_uppercase)).then_some(class)
    }

    /// Lengths in bytes of the parts of a contraction that no apostrophe shows.
    pub(crate) fn contraction(&self, word: &str) -> Option<&[u32]> {
        if word.len() > self.longest_contraction {
            return None;
        }
        lower(word, |key| self.contractions.get(key)).map(Vec::as_slice)
    }

    pub(crate) fn is_prefix(&self, word: &str) -> bool {
        contains(&self.prefixes, word)
    }

    pub(crate) fn is_suffix(&self, word: &str) -> bool {
        contains(&self.suffixes, word)
    }

    pub(crate) fn is_unit(&self, word: &str) -> bool {
        contains(&self.units, word)
    }

    pub(crate) fn is_elision(&self, word: &str) -> bool {
        contains(&self.elisions, word)
    }

    /// Whether the word, with a capital after an abbreviation, starts a sentence.
    pub(crate) fn is_starter(&self, word: &str) -> bool {
        contains(&self.starters, word)
    }

    pub(crate) fn is_speech_verb(&self, word: &str) -> bool {
        contains(&self.speech_verbs, word)
    }

    pub(crate) fn is_emoticon(&self, chunk: &str) -> bool {
        self.emoticons.contains(chunk.as_bytes())
    }
}

/// Whether a user's abbreviation can be looked up: one word that ends in a full stop.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    word.len() <= LONGEST
        && word.strip_suffix('.').is_some_and(|word| !word.is_empty() && !word.contains(char::is_whitespace))
}

fn contains(set: &WordSet, word: &str) -> bool {
    lower(word, |key| set.get(key)).is_some()
}

/// Looks a word up in lower case. Capitals beyond ASCII are kept as they are: the lists have none.
fn lower<T>(word: &str, look_up: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    let mut key = [0; LONGEST];
    let key = key.get_mut(..word.len())?;
    key.copy_from_slice(word.as_bytes());
    key.make_ascii_lowercase();
    look_up(key)
}

fn words(list: &'static str) -> WordSet {
    lines(list).map(str::as_bytes).collect()
}

fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
