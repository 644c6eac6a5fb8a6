//! The words the stage knows, from the tables in `data/` and from a user's own.

mod class;
mod entry;
mod table;
mod things;

use std::borrow::Cow;

use demarche_core::{Measure, Measures};
use hashbrown::HashMap;

pub(crate) use class::{Class, Pos};
pub(crate) use entry::{Entry, Sense};
pub(crate) use things::Things;

use table::{inflected, rows, word_lists};

/// What is wrong with a line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LexiconError {
    /// Line, from 1.
    pub(crate) line: usize,
    /// What is wrong and what to write instead.
    pub(crate) message: String,
}

/// The words, by their lemma in small letters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    entries: HashMap<String, Entry>,
    /// Inflected forms of the triggers, with their lemma: taggers err in the words that matter most.
    forms: HashMap<String, String>,
    readings: HashMap<String, Reading>,
}

/// The code that a name has among senders of sanctions.
#[derive(Clone, Debug)]
struct Reading {
    norm: String,
    instead_of: Instead,
}

/// The code that a reading takes the place of.
#[derive(Clone, Debug)]
enum Instead {
    /// Whatever the name has.
    Any,
    /// This one; `None` where the name has none.
    Of(Option<String>),
}

/// In a governor's column: only a clause below it counts.
pub(crate) const CLAUSE: &str = "x";
/// In a governor's column of prepositions: an object counts too.
pub(crate) const OBJECT: &str = "obj";

const TRIGGERS: [&str; 3] = [
    include_str!("../../data/seeds.tsv"),
    include_str!("../../data/penalties.tsv"),
    include_str!("../../data/governors.tsv"),
];
const READINGS: &str = include_str!("../../data/readings.tsv");
const FORMS: &str = include_str!("../../data/forms.tsv");
const THINGS: &str = include_str!("../../data/things.tsv");
const MEASURES: &str = include_str!("../../data/measures.tsv");
const FAMILIES: &str = include_str!("../../data/families.tsv");

impl Lexicon {
    /// The built-in words.
    pub(crate) fn built_in() -> Self {
        let mut lexicon = Self::default();
        for table in TRIGGERS {
            lexicon.add_triggers(table).expect("the built-in tables are tested");
        }
        for (_, row) in rows(READINGS) {
            let mut columns = row.split('\t').map(str::to_owned);
            let mut column = || columns.next().expect("the built-in tables are tested");
            let (name, norm, instead_of) = (column(), column(), Some(column()).filter(|code| code != "-"));
            lexicon.readings.insert(name, Reading { norm, instead_of: Instead::Of(instead_of) });
        }
        for (lemma, forms) in word_lists(FORMS) {
            lexicon.forms.extend(forms.map(|form| (form.to_owned(), lemma.to_owned())));
        }
        for (kind, words) in word_lists(THINGS) {
            let kind = Things::named(kind).expect("the built-in tables are tested");
            for word in words {
                let entry = lexicon.entry(word);
                entry.things = entry.things.and(kind);
            }
        }
        for (measure, words) in word_lists(MEASURES) {
            let measure = Measure::named(measure).expect("the built-in tables are tested");
            words.for_each(|word| lexicon.entry(word).measures.insert(measure));
        }
        for (family, (_, words)) in word_lists(FAMILIES).enumerate() {
            words.for_each(|word| lexicon.entry(word).families |= 1 << family);
        }
        lexicon
    }

    /// Adds a user's table of triggers, whose words the learned part leaves as they are.
    pub(crate) fn add_own_triggers(&mut self, table: &str) -> Result<(), LexiconError> {
        self.add_triggers(table)?;
        for (_, row) in rows(table) {
            let word = row.split(['\t', ' ']).next().unwrap_or(row).to_lowercase();
            self.entry(&word).own = true;
        }
        Ok(())
    }

    /// Adds a user's table of bodies: name, code.
    pub(crate) fn add_bodies(&mut self, table: &str) -> Result<(), LexiconError> {
        for (line, row) in rows(table) {
            let columns: Vec<_> = row.split('\t').map(str::trim).collect();
            let [name, code] = columns[..] else {
                let message =
                    format!("{} columns, where 2 should be, parted by tabs: name, code", columns.len());
                return Err(LexiconError { line, message });
            };
            self.readings
                .insert(name.to_lowercase(), Reading { norm: code.to_owned(), instead_of: Instead::Any });
        }
        Ok(())
    }

    /// Adds a table of triggers: lemma, part of speech, class, with, measures.
    pub(crate) fn add_triggers(&mut self, table: &str) -> Result<(), LexiconError> {
        for (line, row) in rows(table) {
            let error = |message: String| LexiconError { line, message };
            let columns: Vec<_> = row.split('\t').map(str::trim).collect();
            let [lemma, pos, class, with, measures] = columns[..] else {
                return Err(error(format!(
                    "{} columns, where 5 should be, parted by tabs: lemma, part of speech, class, with, measures",
                    columns.len()
                )));
            };
            let sense = sense(lemma, pos, class, with, measures).map_err(error)?;
            let word = lemma.split(' ').next().unwrap_or(lemma).to_lowercase();
            for form in inflected(&word, sense.pos) {
                self.forms.entry(form).or_insert_with(|| word.clone());
            }
            self.entry(&word).senses.push(sense);
        }
        Ok(())
    }

    /// What is known of a lemma, whatever its capitals.
    pub(crate) fn get(&self, lemma: &str) -> Option<&Entry> {
        self.entries.get(small(lemma).as_ref())
    }

    /// What is known of the lemma of an inflected form, whatever its capitals.
    pub(crate) fn get_form(&self, form: &str) -> Option<&Entry> {
        self.entries.get(self.forms.get(small(form).as_ref())?)
    }

    /// The code of a name among senders of sanctions, where it differs from `norm`, the one that it has.
    pub(crate) fn reading(&self, name: &str, norm: Option<&str>) -> Option<&str> {
        let reading = self.readings.get(small(name).as_ref())?;
        let fits = match &reading.instead_of {
            Instead::Any => true,
            Instead::Of(code) => code.as_deref() == norm,
        };
        fits.then_some(&reading.norm)
    }

    fn entry(&mut self, word: &str) -> &mut Entry {
        self.entries.entry_ref(word).or_default()
    }
}

fn sense(lemma: &str, pos: &str, class: &str, with: &str, measures: &str) -> Result<Sense, String> {
    let pos = match pos {
        "noun" => Pos::Noun,
        "verb" => Pos::Verb,
        "adj" => Pos::Adj,
        _ => return Err(format!("`{pos}` is no part of speech: write `noun`, `verb` or `adj`")),
    };
    let class = Class::named(class).ok_or_else(|| {
        let known: Vec<_> = Class::NAMES.iter().map(|(name, _)| *name).collect();
        format!("`{class}` is no class: write one of {}", known.join(", "))
    })?;
    if lemma.is_empty() {
        return Err("the lemma is missing".to_owned());
    }
    let hits_things = matches!(class, Class::Penalty | Class::Release | Class::Seizure);
    let mut sense = Sense {
        pos,
        class,
        particle: lemma.split_once(' ').map(|(_, particle)| particle.into()),
        prepositions: Vec::new(),
        hits: Things::default(),
        measures: Measures::default(),
    };
    for word in with.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "-") {
        if hits_things {
            let things = Things::named(word).ok_or_else(|| format!("`{word}` is no kind of thing to hit"))?;
            sense.hits = sense.hits.and(things);
        } else {
            sense.prepositions.push(word.into());
        }
    }
    for name in measures.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "-") {
        let known = || Measure::ALL.iter().map(|measure| measure.name()).collect::<Vec<_>>().join(", ");
        let measure = Measure::named(name)
            .ok_or_else(|| format!("`{name}` is no measure: write one of {}", known()))?;
        sense.measures.insert(measure);
    }
    Ok(sense)
}

fn small(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_tables_are_sound() {
        let lexicon = Lexicon::built_in();
        assert!(lexicon.get("Embargo").is_some_and(Entry::is_seed));
        assert!(lexicon.get("oil").is_some_and(|entry| entry.measures.contains(Measure::Energy)));
    }

    #[test]
    fn a_bad_line_says_what_to_write() {
        let message = |table: &str| Lexicon::default().add_triggers(table).unwrap_err();
        let error = message("# own words\nshun\tverb\toppos\t-\t-\n");
        assert_eq!(error.line, 2);
        assert!(error.message.starts_with("`oppos` is no class: write one of sanction, measure"));
        let error = message("shun verb oppose\n");
        assert!(error.message.starts_with("1 columns, where 5 should be"));
    }
}
