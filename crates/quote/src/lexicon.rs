//! Words that report: what each one is, and which complements of it are what is said.

use demarche_core::{BuildError, QuoteType};
use hashbrown::{HashMap, HashSet};

/// What kind of word a cue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Says something: "said", "noted".
    Statement,
    /// Wants something of somebody: "urged", "vowed".
    Demand,
    /// Says what something is: "called".
    Judgment,
    /// Says what somebody has done: "accused".
    Accusation,
    /// Shows something: "found".
    Finding,
    /// Thinks, feels or wants: "believes".
    Belief,
}

/// A complement that can be what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A clause, before, after or around, in quotation marks or not.
    Clause,
    /// An infinitive: "vowed to fight".
    To,
    /// Object and infinitive: "urged them to go".
    WhomTo,
    /// The infinitive; the object is who is spoken to: "told them to go".
    TellTo,
    /// A gerund: "denied stealing it".
    Ing,
    /// The object: "denied the charge".
    Noun,
    /// The object, only if words of it are in quotation marks.
    Quoted,
    /// The object and what it is called.
    Predicate,
    /// The object and a phrase with "as".
    As,
    /// The object of this preposition: "called for calm".
    Of(Box<str>),
    /// The same, only if words of it are in quotation marks.
    OfQuoted(Box<str>),
    /// The object and the phrase with this preposition: "accused him of lying".
    WhomOf(Box<str>),
    /// The object of this preposition and an infinitive: "called on them to go".
    OfTo(Box<str>),
    /// A clause that belongs to the object: "conveyed the hope that it would end".
    NounClause,
}

/// A word that reports.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// It reports only with a "not": "did not exclude".
    pub(crate) is_negated: bool,
    /// Words that must follow: `out` for "point out"; empty for most.
    pub(crate) rest: Vec<Box<str>>,
    pub(crate) class: Class,
    pub(crate) frames: Vec<Frame>,
}

impl Entry {
    pub(crate) fn has(&self, frame: &Frame) -> bool {
        self.frames.contains(frame)
    }
}

/// The words that report, by the lemma of their verb.
#[derive(Debug)]
pub(crate) struct Lexicon {
    entries: HashMap<Box<str>, Vec<Entry>>,
    /// Lemmas by their forms, for words whose lemma the tagger got wrong.
    lemmas: HashMap<Box<str>, Box<str>>,
    /// Nouns for persons.
    persons: HashSet<Box<str>>,
    /// What somebody does by a cue with this lemma.
    types: HashMap<Box<str>, QuoteType>,
    /// What a verb is taken for that stands beside quoted words like one that reports.
    say: Entry,
}

/// A line of a word list that is not as it should be: its number from 1, and what is wrong.
pub(crate) type LineError = (usize, String);

impl Lexicon {
    /// The built-in words.
    pub(crate) fn built_in() -> Self {
        let say = Entry {
            is_negated: false,
            rest: Vec::new(),
            class: Class::Statement,
            frames: vec![Frame::Clause],
        };
        let mut lexicon =
            Self { entries: HashMap::new(), lemmas: HashMap::new(), persons: persons(), types: types(), say };
        lexicon
            .add(include_str!("../data/cues.tsv"))
            .expect("the built-in list is well formed, see the tests");
        lexicon
    }

    /// Adds the words of a list; those that are there already are replaced.
    pub(crate) fn add(&mut self, tsv: &str) -> Result<(), LineError> {
        for (number, line) in tsv.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (words, entry) = parse(line).map_err(|message| (number + 1, message))?;
            for form in forms(&words) {
                self.lemmas.insert(form.into(), words.clone());
            }
            let entries = self.entries.entry(words).or_default();
            entries.retain(|earlier| earlier.rest != entry.rest || earlier.is_negated != entry.is_negated);
            entries.push(entry);
            // The longest phrase is tried first.
            entries.sort_by_key(|entry| std::cmp::Reverse((entry.rest.len(), entry.is_negated)));
        }
        Ok(())
    }

    /// Adds the words of a user's file.
    pub(crate) fn add_file(&mut self, file: &demarche_core::FilePath) -> Result<(), BuildError> {
        self.add(&file.read()?).map_err(|(line, message)| BuildError::File {
            path: file.as_path().to_owned(),
            line,
            message,
        })
    }

    /// The entry of a verb that is not in the list.
    pub(crate) fn say(&self) -> &Entry {
        &self.say
    }

    /// Whether a noun is one for a person: "analyst".
    pub(crate) fn is_person(&self, lemma: &str) -> bool {
        self.persons.contains(lemma)
    }

    /// What somebody does by a cue with this lemma, where the list says it.
    pub(crate) fn type_of(&self, lemma: &str) -> Option<QuoteType> {
        self.types.get(lemma).copied()
    }

    /// The entries of a word by its lemma, otherwise by its form; the longest phrase first.
    pub(crate) fn entries_of(&self, word: &str, lemma: &str) -> &[Entry] {
        let by_form = || self.lemmas.get(word).and_then(|lemma| self.entries.get(lemma));
        self.entries.get(lemma).or_else(by_form).map_or(&[], Vec::as_slice)
    }
}

fn persons() -> HashSet<Box<str>> {
    let lines = include_str!("../data/persons.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(Into::into).collect()
}

fn types() -> HashMap<Box<str>, QuoteType> {
    let lines = include_str!("../data/types.tsv").lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('\t'));
    pairs.filter_map(|(lemma, name)| Some((lemma.into(), QuoteType::named(name)?))).collect()
}

/// The regular forms of a verb, small: "denies", "denied", "denying".
fn forms(lemma: &str) -> Vec<String> {
    let is_vowel = |c: char| "aeiou".contains(c);
    let last = lemma.chars().next_back();
    let (stem, s, ed) = match lemma.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel)) {
        Some(stem) => (stem, "ies", "ied"),
        None if lemma.ends_with('e') => (&lemma[..lemma.len() - 1], "es", "ed"),
        None if lemma.ends_with(['s', 'x', 'z']) || lemma.ends_with("sh") || lemma.ends_with("ch") => {
            (lemma, "es", "ed")
        }
        None => (lemma, "s", "ed"),
    };
    let ing = if lemma.ends_with('e') && !lemma.ends_with("ee") { stem } else { lemma };
    let mut forms = vec![format!("{stem}{s}"), format!("{stem}{ed}"), format!("{ing}ing")];
    // "admitted": a short vowel and one consonant.
    let doubles = last.is_some_and(|c| "bdgmnprt".contains(c)) && !lemma[..lemma.len() - 1].is_empty();
    if let Some(last) = last.filter(|_| doubles) {
        forms.push(format!("{lemma}{last}ed"));
        forms.push(format!("{lemma}{last}ing"));
    }
    forms
}

fn parse(line: &str) -> Result<(Box<str>, Entry), String> {
    let mut columns = line.split('\t');
    let (Some(words), Some(class), Some(frames), None) =
        (columns.next(), columns.next(), columns.next(), columns.next())
    else {
        return Err("a line has three columns between tabs: words, class, frames".to_owned());
    };
    let mut words = words.split_whitespace().peekable();
    let is_negated = words.next_if_eq(&"not").is_some();
    let lemma = words.next().ok_or("the first column is empty: write the lemma of a verb")?;
    let class = match class.trim() {
        "statement" => Class::Statement,
        "demand" => Class::Demand,
        "judgment" => Class::Judgment,
        "accusation" => Class::Accusation,
        "finding" => Class::Finding,
        "belief" => Class::Belief,
        other => {
            return Err(format!(
                "`{other}` is no class: write statement, demand, judgment, accusation, finding or belief"
            ));
        }
    };
    let frames = frames.split_whitespace().map(frame).collect::<Result<Vec<_>, _>>()?;
    Ok((lemma.into(), Entry { is_negated, rest: words.map(Into::into).collect(), class, frames }))
}

fn frame(name: &str) -> Result<Frame, String> {
    Ok(match name {
        "clause" => Frame::Clause,
        "to" => Frame::To,
        "whom-to" => Frame::WhomTo,
        "tell-to" => Frame::TellTo,
        "ing" => Frame::Ing,
        "noun" => Frame::Noun,
        "quoted" => Frame::Quoted,
        "predicate" => Frame::Predicate,
        "as" => Frame::As,
        "noun-clause" => Frame::NounClause,
        _ => match name.split_once('+') {
            Some(("whom", preposition)) if !preposition.is_empty() => Frame::WhomOf(preposition.into()),
            Some(("", preposition)) if !preposition.is_empty() => {
                if let Some(preposition) = preposition.strip_suffix("-to") {
                    Frame::OfTo(preposition.into())
                } else if let Some(preposition) = preposition.strip_suffix(":quoted") {
                    Frame::OfQuoted(preposition.into())
                } else {
                    Frame::Of(preposition.into())
                }
            }
            _ => {
                return Err(format!(
                    "`{name}` is no frame: write clause, to, whom-to, tell-to, ing, noun, quoted, predicate, as, \
                     noun-clause, +of, +of:quoted, whom+of or +on-to (with any preposition)"
                ));
            }
        },
    })
}
