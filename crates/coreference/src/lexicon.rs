//! The word lists of `data/`.

use hashbrown::{HashMap, HashSet};

/// How a person is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Masculine,
    Feminine,
}

/// Word lists: nouns for persons and bodies, first names, verbs of speech.
#[derive(Debug)]
pub struct Lexicon {
    roles: HashMap<&'static str, Option<Gender>>,
    synonyms: HashMap<&'static str, &'static str>,
    hypernyms: HashMap<&'static str, Vec<&'static str>>,
    bodies: HashSet<&'static str>,
    body_kinds: HashMap<&'static str, Vec<&'static str>>,
    states: HashSet<&'static str>,
    governments: HashSet<&'static str>,
    capitals: HashSet<&'static str>,
    motion: HashSet<&'static str>,
    speech: HashSet<&'static str>,
    first_names: HashMap<&'static str, Gender>,
}

impl Lexicon {
    /// Those of this crate.
    pub fn built_in() -> Self {
        let gender = |letter: &str| match letter {
            "m" => Some(Gender::Masculine),
            "f" => Some(Gender::Feminine),
            _ => None,
        };
        Self {
            roles: pairs(include_str!("../data/roles.tsv"))
                .map(|(word, letter)| (word, gender(letter)))
                .collect(),
            synonyms: pairs(include_str!("../data/synonyms.tsv")).collect(),
            hypernyms: lists(include_str!("../data/hypernyms.tsv")),
            bodies: lines(include_str!("../data/bodies.txt")).collect(),
            body_kinds: lists(include_str!("../data/body_kinds.tsv")),
            states: lines(include_str!("../data/states.txt")).collect(),
            governments: lines(include_str!("../data/governments.txt")).collect(),
            capitals: lines(include_str!("../data/capitals.txt")).collect(),
            motion: lines(include_str!("../data/motion.txt")).collect(),
            speech: lines(include_str!("../data/speech.txt")).collect(),
            first_names: pairs(include_str!("../data/first_names.tsv"))
                .filter_map(|(name, letter)| Some((name, gender(letter)?)))
                .collect(),
        }
    }

    pub(crate) fn is_role(&self, word: &str) -> bool {
        lower(word, |word| self.roles.contains_key(word))
    }

    /// What a noun for a person says of the gender.
    pub(crate) fn gender_of_role(&self, word: &str) -> Option<Gender> {
        lower(word, |word| self.roles.get(word).copied().flatten())
    }

    pub(crate) fn gender_of_name(&self, first_name: &str) -> Option<Gender> {
        self.first_names.get(first_name).copied()
    }

    /// Whether two words say the same of a person or body, whatever their case.
    pub(crate) fn same(&self, a: &str, b: &str) -> bool {
        a.eq_ignore_ascii_case(b) || {
            let stands_for = |word: &str| lower(word, |word| self.synonyms.get(word).copied());
            match (stands_for(a), stands_for(b)) {
                (Some(a), Some(b)) => a == b,
                (Some(a), None) => a.eq_ignore_ascii_case(b),
                (None, Some(b)) => b.eq_ignore_ascii_case(a),
                (None, None) => false,
            }
        }
    }

    /// Whether the noun may take up a more special one.
    pub(crate) fn takes_up(&self, noun: &str, special: &str) -> bool {
        lower(noun, |noun| self.hypernyms.get(noun))
            .is_some_and(|specials| specials.iter().any(|known| self.same(known, special)))
    }

    pub(crate) fn is_body(&self, noun: &str) -> bool {
        lower(noun, |noun| self.bodies.contains(noun))
    }

    /// Words of names that the noun takes up though they do not hold it; `*`: any body without code.
    pub(crate) fn body_kinds(&self, noun: &str) -> &[&'static str] {
        lower(noun, |noun| self.body_kinds.get(noun)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_state(&self, noun: &str) -> bool {
        lower(noun, |noun| self.states.contains(noun))
    }

    pub(crate) fn is_government(&self, noun: &str) -> bool {
        lower(noun, |noun| self.governments.contains(noun))
    }

    pub(crate) fn is_capital(&self, name: &str) -> bool {
        self.capitals.contains(name)
    }

    pub(crate) fn is_speech(&self, lemma: &str) -> bool {
        self.speech.contains(lemma)
    }

    pub(crate) fn is_motion(&self, lemma: &str) -> bool {
        lower(lemma, |lemma| self.motion.contains(lemma))
    }
}

/// Longer words are in no list.
const LONGEST: usize = 24;

/// Looks a word up in lower case without allocating.
fn lower<T: Default>(word: &str, look_up: impl FnOnce(&str) -> T) -> T {
    let mut key = [0; LONGEST];
    let Some(key) = key.get_mut(..word.len()) else { return T::default() };
    key.copy_from_slice(word.as_bytes());
    key.make_ascii_lowercase();
    std::str::from_utf8(key).map_or_else(|_| T::default(), look_up)
}

fn lists(list: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    pairs(list).map(|(word, words)| (word, words.split(' ').collect())).collect()
}

fn pairs(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(list).map(|line| line.split_once('\t').unwrap_or((line, "")))
}

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
