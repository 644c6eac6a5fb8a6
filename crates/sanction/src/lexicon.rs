//! The words the stage knows, from the tables in `data/` and from a user's own.

use std::borrow::Cow;

use demarche_core::{Action, Measure, Measures};
use hashbrown::HashMap;

/// What a word is to a sanction event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// `sanction`, which may also mean approval.
    Sanction,
    /// A noun that names a sanction by itself.
    Measure,
    /// A noun that may name one.
    Weak,
    /// A noun that names an easing.
    Relief,
    /// A noun that names a penalty below a verb of threatening.
    Threat,
    /// A verb of answering: a threat where it is still to come.
    Answer,
    /// A verb of threatening whose penalty is not named.
    Menace,
    /// A noun of evading, by itself.
    Breach,
    /// A noun that stands for a sanction named before.
    Anaphor,
    /// A rule that can be violated or observed: `resolution`.
    Rule,
    /// An adjective whose noun is under sanctions.
    State,
    /// An adjective whose subject is spared.
    Exempt,
    /// A verb or noun that is a penalty if it hits the right thing.
    Penalty,
    /// The same for an easing.
    Release,
    /// The same for applying existing sanctions.
    Seizure,
    /// Above a sanction: imposes, and leaves the trigger below.
    Light,
    /// Above a sanction: imposes again, and is the trigger.
    Reimpose,
    /// Above a sanction: its subject is whom it hits.
    Suffer,
    /// Above a sanction: imposes it on its object.
    Inflict,
    /// Above a sanction: keeps it as it is.
    Hold,
    /// Above a sanction: takes part in it, and leaves the trigger below.
    Partake,
    /// Above a sanction: eases it.
    Ease,
    /// As subject's verb: the sanction ends.
    Expire,
    /// Above a sanction: renews, widens, tightens it.
    Expand,
    /// Above a sanction: breaks it.
    Violate,
    /// Above a sanction: applies it.
    Enforce,
    /// Above a sanction: is against it.
    Oppose,
    /// Above a sanction: somebody asks for it.
    Ask,
    /// Above a sanction: somebody thinks about it.
    Consider,
    /// Above a sanction: somebody threatens with it.
    Threaten,
    /// Above a sanction: it does not happen.
    Negate,
    /// Above a violation: somebody is charged with it.
    Prosecute,
    /// A noun that leaves what is below it as it is: `package`.
    Through,
    /// A noun that makes it a name of something else: `sanctions committee`.
    Name,
}

impl Class {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("sanction", Self::Sanction),
        ("measure", Self::Measure),
        ("weak", Self::Weak),
        ("relief", Self::Relief),
        ("threat", Self::Threat),
        ("answer", Self::Answer),
        ("menace", Self::Menace),
        ("breach", Self::Breach),
        ("anaphor", Self::Anaphor),
        ("rule", Self::Rule),
        ("state", Self::State),
        ("exempt", Self::Exempt),
        ("penalty", Self::Penalty),
        ("release", Self::Release),
        ("seizure", Self::Seizure),
        ("light", Self::Light),
        ("reimpose", Self::Reimpose),
        ("suffer", Self::Suffer),
        ("inflict", Self::Inflict),
        ("hold", Self::Hold),
        ("partake", Self::Partake),
        ("ease", Self::Ease),
        ("expire", Self::Expire),
        ("expand", Self::Expand),
        ("violate", Self::Violate),
        ("enforce", Self::Enforce),
        ("oppose", Self::Oppose),
        ("ask", Self::Ask),
        ("consider", Self::Consider),
        ("threaten", Self::Threaten),
        ("negate", Self::Negate),
        ("prosecute", Self::Prosecute),
        ("through", Self::Through),
        ("name", Self::Name),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, class)| class)
    }

    /// Whether an event can start from a word of this class.
    pub(crate) const fn is_seed(self) -> bool {
        matches!(
            self,
            Self::Sanction
                | Self::Measure
                | Self::Weak
                | Self::Relief
                | Self::Threat
                | Self::Answer
                | Self::Breach
                | Self::Menace
                | Self::Anaphor
                | Self::Rule
                | Self::State
                | Self::Exempt
                | Self::Penalty
                | Self::Release
                | Self::Seizure
        )
    }

    /// The action of a seed of this class by itself.
    pub(crate) const fn action(self) -> Option<Action> {
        match self {
            Self::Penalty => Some(Action::Impose),
            Self::Relief | Self::Release | Self::Exempt => Some(Action::Ease),
            Self::Seizure => Some(Action::Enforce),
            Self::State => Some(Action::InForce),
            Self::Menace => Some(Action::Threaten),
            Self::Breach => Some(Action::Violate),
            _ => None,
        }
    }
}

/// A kind of word by its part of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pos {
    Noun,
    Verb,
    Adj,
}

macro_rules! things {
    ($($(#[$doc:meta])* $name:ident = $bit:literal => $text:literal,)*) => {
        /// A set of kinds of things, one bit a kind.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Things(u64);

        impl Things {
            $($(#[$doc])* pub(crate) const $name: Self = Self(1 << $bit);)*

            fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

things! {
    /// Accounts, funds, property.
    ASSET = 0 => "asset",
    /// Ties, talks, agreements.
    RELATION = 1 => "relation",
    /// Ambassadors.
    ENVOY = 2 => "envoy",
    /// Embassy staff.
    DIPLOMAT = 3 => "diplomat",
    /// Embassies.
    MISSION = 4 => "mission",
    /// Borders, ports, airspace.
    BORDER = 5 => "border",
    /// Ships, planes, flights, carriers.
    VEHICLE = 6 => "vehicle",
    /// Aid money.
    AID = 7 => "aid",
    /// Visas, entry.
    VISA = 8 => "visa",
    /// Loans, credit.
    LOAN = 9 => "loan",
    /// Licenses, privileges.
    LICENSE = 10 => "license",
    /// Membership, seats, voting rights.
    MEMBERSHIP = 11 => "membership",
    /// Imports, exports, transactions.
    TRADE = 12 => "trade",
    /// Cargoes, goods.
    GOODS = 13 => "goods",
    /// Lists of names.
    LIST = 32 => "list",
    /// Persons, firms, groups.
    PARTY = 14 => "party",
    /// Offices that stand for their state.
    ORGAN = 15 => "organ",
    /// What carries its state's code: goods, sectors.
    BELONGING = 17 => "belonging",
    /// What one approves.
    APPROVAL = 18 => "approval",
    /// Sport.
    SPORT = 19 => "sport",
    /// `persona non grata`.
    PERSONA = 20 => "persona",
    /// Bodies of states, as a description.
    BODY = 21 => "body",
    /// States, as a description.
    COUNTRY = 16 => "country",
    /// Modifiers that make a weak noun a sanction.
    SHARP = 23 => "sharp",
    /// Culture and sport that crosses borders.
    CULTURE = 31 => "culture",
    /// Words of quantity: `most`, `dozens`, `number`.
    COUNT = 22 => "count",
    /// In a penalty's column: a named state or body.
    STATE = 24 => "state",
    /// In a penalty's column: whatever it hits.
    ANY = 25 => "any",
    /// In a penalty's column: no context is needed.
    STRONG = 26 => "strong",
    /// In a penalty's column: nothing need be hit.
    NONE = 27 => "none",
    /// In a penalty's column: put on a list.
    ON_LIST = 28 => "on:list",
    /// In a penalty's column: taken off a list.
    OFF_LIST = 29 => "off:list",
    /// In a penalty's column: a relief noun is its object.
    RELIEF = 30 => "relief",
}

impl Things {
    /// Whether the two share a kind.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The numbers of its kinds.
    pub(crate) fn iter(self) -> impl Iterator<Item = u16> {
        (0..u64::BITS as u16).filter(move |bit| self.0 >> bit & 1 == 1)
    }

    /// Both sets together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One use of a word.
#[derive(Clone, Debug)]
pub(crate) struct Sense {
    pub(crate) pos: Pos,
    pub(crate) class: Class,
    /// The particle that must follow a verb: `cut off`.
    pub(crate) particle: Option<Box<str>>,
    /// A governor's prepositions; empty where any link will do.
    pub(crate) prepositions: Vec<Box<str>>,
    /// What a penalty must hit.
    pub(crate) hits: Things,
    /// What it says of the measures.
    pub(crate) measures: Measures,
}

/// All that is known of a word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) senses: Vec<Sense>,
    /// The kinds of things it names.
    pub(crate) things: Things,
    /// The measures it says as a modifier or as what is hit.
    pub(crate) measures: Measures,
    /// The families of words near in meaning, by their place in the table.
    pub(crate) families: u64,
    /// A user has said what the word is.
    pub(crate) own: bool,
}

impl Entry {
    /// The entry of a word of which nothing is known.
    pub(crate) const UNKNOWN: Self =
        Self { senses: Vec::new(), things: Things(0), measures: Measures(0), families: 0, own: false };

    /// Whether an event may start from the word.
    pub(crate) fn is_seed(&self) -> bool {
        self.senses.iter().any(|sense| sense.class.is_seed())
    }

    /// Whether the word is of one of these kinds.
    pub(crate) const fn is(&self, things: Things) -> bool {
        self.things.meets(things)
    }
}

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
    include_str!("../data/seeds.tsv"),
    include_str!("../data/penalties.tsv"),
    include_str!("../data/governors.tsv"),
];
const READINGS: &str = include_str!("../data/readings.tsv");
const FORMS: &str = include_str!("../data/forms.tsv");
const THINGS: &str = include_str!("../data/things.tsv");
const MEASURES: &str = include_str!("../data/measures.tsv");
const FAMILIES: &str = include_str!("../data/families.tsv");

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

/// The regular forms of a word, and some that do not exist, which does no harm.
fn inflected(word: &str, pos: Pos) -> Vec<String> {
    let stem = word.strip_suffix('e').unwrap_or(word);
    let soft = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    let third = match (soft, word.ends_with(['s', 'x', 'z']) || word.ends_with("sh") || word.ends_with("ch"))
    {
        (Some(soft), _) => format!("{soft}ies"),
        (None, true) => format!("{word}es"),
        (None, false) => format!("{word}s"),
    };
    let mut forms = vec![word.to_owned(), third];
    if pos == Pos::Verb {
        forms.push(soft.map_or_else(|| format!("{stem}ed"), |soft| format!("{soft}ied")));
        forms.push(format!("{stem}ing"));
        if let Some(last) = word.chars().last().filter(|last| !"aeiouwxy".contains(*last)) {
            forms.push(format!("{word}{last}ed"));
            forms.push(format!("{word}{last}ing"));
        }
    }
    forms
}

/// The rows of a table with their line numbers from 1; empty lines and `#` lines are passed over.
fn rows(table: &str) -> impl Iterator<Item = (usize, &str)> {
    let rows = table.lines().enumerate().map(|(at, row)| (at + 1, row));
    rows.filter(|(_, row)| !row.trim().is_empty() && !row.starts_with('#'))
}

/// The rows `name TAB words`.
fn word_lists(table: &str) -> impl Iterator<Item = (&str, std::str::SplitWhitespace<'_>)> {
    rows(table)
        .filter_map(|(_, row)| row.split_once('\t'))
        .map(|(name, words)| (name, words.split_whitespace()))
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
