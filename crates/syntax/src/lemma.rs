//! Lemmas by edit scripts: a change of case, letters taken off the end, letters put there.
//!
//! Which script a word takes is looked up by its tags and its whole form as it is written, in small letters, then its
//! last six letters, five, …, none: the first entry found decides. A word with digits has only an entry of its own kind. The trainer writes an entry only where shorter ones would say something else, so the
//! list reads "verbs in -ied: -y; but died: die" (a decision list, as in Plisson et al. 2004).

use demarche_core::Upos;
use demarche_model::{OpenError, Table, Weights, feature_hash};

use crate::feature::{Casing, last, typewriter};

/// The longest ending that has entries, in characters.
pub const LONGEST_ENDING: usize = 6;

/// Level of entries for whole words in small letters.
pub const WHOLE: usize = LONGEST_ENDING + 1;

/// Level of entries for whole words as they are written.
pub const AS_WRITTEN: usize = LONGEST_ENDING + 2;

/// Number of levels; those below [`WHOLE`] are lengths of endings.
pub const LEVELS: usize = LONGEST_ENDING + 3;

/// Whether the word has lemmas by its ending; one with digits (`1,100`, `4th`) has not, whatever its letters.
pub fn has_ending(folded: &str) -> bool {
    !folded.contains('0')
}

/// A change of case of the whole word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recase {
    /// To small letters.
    Lower,
    /// None.
    Keep,
    /// To one capital and small letters.
    Title,
}

impl Recase {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Lower, Self::Keep, Self::Title];

    /// Writes the word in this case, quotation marks and dashes in their typewriter form.
    pub fn write(self, form: &str, out: &mut String) {
        let mut first_letter = true;
        for c in form.chars() {
            let keep = match self {
                Self::Keep => true,
                Self::Lower => false,
                Self::Title => first_letter,
            };
            first_letter &= !c.is_alphabetic();
            match typewriter(c) {
                Some(plain) => out.push_str(plain),
                None if keep => out.push(c),
                None => out.extend(c.to_lowercase()),
            }
        }
    }
}

/// Letters taken off the end, and what is put there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Script {
    /// Characters taken off.
    pub strip: usize,
    /// What is put there.
    pub append: String,
}

impl Script {
    /// The script that leads from one word to the other.
    pub fn between(from: &str, to: &str) -> Self {
        let shared: usize =
            from.chars().zip(to.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
        Self { strip: from[shared..].chars().count(), append: to[shared..].to_owned() }
    }

    /// Does it to the word that starts at `start`.
    pub fn apply(&self, word: &mut String, start: usize) {
        for _ in 0..self.strip {
            if word.len() > start {
                word.pop();
            }
        }
        word.push_str(&self.append);
    }

    /// As a line of the section `lemma.script`: `3 y`.
    pub fn to_line(&self) -> String {
        format!("{} {}", self.strip, self.append)
    }

    fn from_line(line: &str) -> Option<Self> {
        let (strip, append) = line.split_once(' ')?;
        Some(Self { strip: strip.parse().ok()?, append: append.to_owned() })
    }
}

/// A word's tags as the entries know them: UPOS, and the index of XPOS among the model's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tags {
    /// Universal part of speech.
    pub upos: Upos,
    /// Index of the XPOS tag.
    pub xpos: u16,
}

impl Tags {
    const fn kind(self, level: u64) -> u64 {
        level << 32 | (self.upos as u64) << 16 | self.xpos as u64
    }

    /// Key of the script for a word at a [level](LEVELS). `folded` is its [folded](crate::feature::fold) form.
    pub fn script(self, form: &str, folded: &str, level: usize) -> u64 {
        let part = match level {
            0 => "",
            AS_WRITTEN => form,
            WHOLE => folded,
            n => last(folded, n),
        };
        feature_hash(self.kind(level as u64), part.as_bytes())
    }

    /// Key of the entry that says what becomes of a word's case.
    pub fn casing(self, casing: Casing) -> u64 {
        feature_hash(self.kind(LEVELS as u64), &[casing as u8])
    }

    /// What becomes of the case where no entry says it.
    pub fn usual_case(self) -> Recase {
        if self.upos == Upos::Propn { Recase::Keep } else { Recase::Lower }
    }
}

/// The entries and scripts of a model: sections `lemma.key`, `lemma.value` (for endings and whole words the index of
/// a script, for casings that of a [`Recase`]) and `lemma.script`.
#[derive(Debug)]
pub struct Lemmatizer {
    entries: Table,
    scripts: Vec<Script>,
}

impl Lemmatizer {
    /// Makes the lemma rules of a model.
    ///
    /// # Errors
    /// If the model's sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        let keys = weights.u64s("lemma.key")?;
        let values = weights.u32s("lemma.value")?;
        let problem = |section, problem: &str| OpenError::Section { section, problem: problem.to_owned() };
        let scripts =
            weights.lines("lemma.script")?.into_iter().map(Script::from_line).collect::<Option<Vec<_>>>();
        let scripts = scripts.ok_or_else(|| problem("lemma.script", "a line is no script"))?;
        let known = scripts.len().max(Recase::ALL.len());
        if keys.len() != values.len() || values.iter().any(|&value| value as usize >= known) {
            return Err(problem("lemma.value", "it does not fit the keys and scripts"));
        }
        Ok(Self { entries: Table::new(&keys, |i| values[i]), scripts })
    }

    /// Adds the lemma of a word to `out`. `folded` is the word's [folded](crate::feature::fold) form.
    pub fn lemmatize(&self, form: &str, folded: &str, tags: Tags, out: &mut String) {
        let start = out.len();
        let recase = self.entries.get(tags.casing(Casing::of(form)));
        let recase = recase.and_then(|recase| Recase::ALL.get(recase as usize).copied());
        recase.unwrap_or_else(|| tags.usual_case()).write(form, out);
        if !has_ending(folded) {
            number(form, start, out);
            return;
        }
        let script = (0..LEVELS).rev().find_map(|level| self.entries.get(tags.script(form, folded, level)));
        if let Some(script) = script.and_then(|script| self.scripts.get(script as usize)) {
            script.apply(out, start);
        }
        if out.len() == start {
            out.push_str(form);
        }
    }
}

/// The lemma of a number leaves out the commas that part its thousands: `1,100` is `1100`.
fn number(form: &str, start: usize, out: &mut String) {
    if form.contains(',') && form.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.')) {
        out.truncate(start);
        out.extend(form.chars().filter(|&c| c != ','));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_lead_from_form_to_lemma() {
        for (form, lemma) in [("denied", "deny"), ("went", "go"), ("ask", "ask"), ("naïvetés", "naïveté")]
        {
            let script = Script::between(form, lemma);
            let mut word = form.to_owned();
            script.apply(&mut word, 0);
            assert_eq!(word, lemma);
            assert_eq!(Script::from_line(&script.to_line()), Some(script));
        }
    }

    #[test]
    fn case_and_marks() {
        for (recase, form, lemma) in [
            (Recase::Lower, "They’RE", "they're"),
            (Recase::Keep, "McCain", "McCain"),
            (Recase::Title, "BERLIN", "Berlin"),
        ] {
            let mut out = String::new();
            recase.write(form, &mut out);
            assert_eq!(out, lemma);
        }
    }
}
