//! Reads the lists in `data/` and a user's own into vocabulary and gazetteer.

use std::path::Path;

use demarche_core::{BuildError, printable};

use crate::class::Class;
use crate::gazetteer::{Gazetteer, MAX_WORDS, Source, Thing};
use crate::label::{Label, Labels};
use crate::vocabulary::{Vocabulary, fold};

const WORDS: &str = include_str!("../data/words.tsv");
const COMMON_WORDS: &str = include_str!("../data/common-words.txt");
const FIRST_NAMES: &str = include_str!("../data/first-names.txt");
const SURNAMES: &str = include_str!("../data/surnames.txt");
const STATES: &str = include_str!("../data/states.tsv");

/// The lists of the format "names, label, code, years", the stronger first.
const NAMES: [(&str, Source); 9] = [
    (include_str!("../data/bodies.tsv"), Source::Body),
    (include_str!("../data/government.tsv"), Source::Government),
    (include_str!("../data/leaders.tsv"), Source::Leader),
    (include_str!("../data/places.tsv"), Source::Other),
    (include_str!("../data/groups.tsv"), Source::Other),
    (include_str!("../data/events.tsv"), Source::Other),
    (include_str!("../data/organizations.tsv"), Source::Other),
    (include_str!("../data/regions.tsv"), Source::Other),
    (include_str!("../data/cities.tsv"), Source::Other),
];

/// Rough count of words in all lists, so that the table need not grow.
const N_WORDS: usize = 80_000;

/// What the stage knows beforehand.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) gazetteer: Gazetteer,
    pub(crate) labels: Labels,
    /// The codes of all states, sorted.
    states: Vec<&'static str>,
}

impl Lists {
    /// The built-in lists alone.
    pub(crate) fn built_in() -> Self {
        let mut lists = Self::empty();
        lists.add_built_in();
        lists
    }

    /// A user's lists, whose names win, and the built-in ones.
    pub(crate) fn with<'p>(files: impl Iterator<Item = (&'p Path, String)>) -> Result<Self, BuildError> {
        let mut lists = Self::empty();
        for (path, text) in files {
            lists.add_file(path, &text)?;
        }
        lists.add_built_in();
        Ok(lists)
    }

    /// Whether the code is that of a state.
    pub(crate) fn is_state(&self, code: &str) -> bool {
        self.states.binary_search(&code).is_ok()
    }

    fn empty() -> Self {
        let vocabulary = Vocabulary::with_capacity(N_WORDS);
        Self { vocabulary, gazetteer: Gazetteer::default(), labels: Labels::default(), states: Vec::new() }
    }

    fn add_built_in(&mut self) {
        self.add_words();
        self.add_states();
        for (text, source) in NAMES {
            for line in lines(text) {
                self.add_row(line, source).expect("the lists in data/ are well-formed, as a test makes sure");
            }
        }
    }

    fn add_words(&mut self) {
        for line in lines(WORDS) {
            let (class, words) = line.split_once('\t').expect("a line of words.tsv is a class and its words");
            let class = Class::named(class).expect("every class of words.tsv is known");
            words.split(' ').for_each(|word| self.vocabulary.classify(word, class));
        }
        lines(COMMON_WORDS).for_each(|word| self.vocabulary.classify(word, Class::COMMON));
        for (text, strong, weak) in [
            (FIRST_NAMES, Class::FIRST_NAME, Class::WEAK_FIRST_NAME),
            (SURNAMES, Class::SURNAME, Class::WEAK_SURNAME),
        ] {
            let mut key = String::new();
            for name in lines(text) {
                let (name, class) = name.strip_suffix('?').map_or((name, strong), |name| (name, weak));
                fold(name, &mut key);
                // "Judge" and "Park" are names too, but first of all words of titles and places.
                let is_word = self
                    .vocabulary
                    .find(&key)
                    .is_some_and(|id| self.vocabulary.class(id).any(Class::MORE_THAN_A_NAME));
                self.vocabulary.classify(&key, if is_word { weak } else { class });
            }
        }
    }

    fn add_states(&mut self) {
        for line in lines(STATES) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (code, names, capitals, peoples) = (next(), next(), next(), next());
            self.states.push(code);
            let mut add = |label, source, names: &mut dyn Iterator<Item = &str>| {
                let thing = Thing { label, norm: code, source, years: &[] };
                let thing = self.gazetteer.add_thing(thing);
                names.for_each(|name| {
                    self.gazetteer.add_name(&mut self.vocabulary, thing, name);
                });
            };
            add(Label::GPE, Source::State, &mut variants(names));
            variants(capitals).for_each(|name| add(Label::GPE, Source::Capital, &mut std::iter::once(name)));
            variants(peoples).for_each(|name| add(Label::NORP, Source::People, &mut std::iter::once(name)));
        }
        self.states.sort_unstable();
    }

    /// Adds a row "names, label, code, years"; or says what is wrong with it.
    fn add_row(&mut self, line: &str, source: Source) -> Result<(), String> {
        let mut columns = line.split('\t').map(str::trim);
        let (names, label) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let (norm, years) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        if columns.next().is_some() {
            return Err(
                "there are more than four columns: write name, label, code and years, parted by tabs"
                    .to_owned(),
            );
        }
        if label.is_empty() {
            let names = printable(names);
            return Err(format!("`{names}` has no label: write the label after the name and a tab"));
        }
        let years = read_years(years)?;
        let label = if source == Source::User {
            self.labels.add(label)
        } else {
            self.labels.find(label).ok_or_else(|| format!("`{label}` is no label"))?
        };
        let thing = self.gazetteer.add_thing(Thing { label, norm, source, years: &years });
        let mut n_names = 0;
        for name in variants(names) {
            if !self.gazetteer.add_name(&mut self.vocabulary, thing, name) {
                return Err(format!("`{}` has more than {MAX_WORDS} words", printable(name)));
            }
            n_names += 1;
        }
        if n_names == 0 {
            return Err("there is no name in the first column".to_owned());
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path, text: &str) -> Result<(), BuildError> {
        self.gazetteer.reserve(text.lines().count());
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            self.add_row(line, Source::User).map_err(|message| BuildError::File {
                path: path.to_owned(),
                line: at + 1,
                message,
            })?;
        }
        Ok(())
    }
}

/// "1999-2008,2012-" as years, ends inclusive.
pub(crate) fn read_years(text: &str) -> Result<Vec<(u16, u16)>, String> {
    let year = |text: &str, open: u16| if text.is_empty() { Some(open) } else { text.parse().ok() };
    let stretch = |stretch: &str| {
        let (from, to) = stretch.split_once('-')?;
        Some((year(from, 0)?, year(to, u16::MAX)?))
    };
    let stretches = text.split(',').filter(|stretch| !stretch.is_empty());
    stretches
        .map(|text| {
            stretch(text).ok_or_else(|| {
                let text = printable(text);
                format!("`{text}` is no stretch of years: write `2010-2016` or `2019-`")
            })
        })
        .collect()
}

pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

pub(crate) fn variants(names: &str) -> impl Iterator<Item = &str> {
    names.split('|').map(str::trim).filter(|name| !name.is_empty())
}
