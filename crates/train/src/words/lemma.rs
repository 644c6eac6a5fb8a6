//! Learns the lemma rules: what becomes of the case, then the decision list of endings and words.

use std::collections::{BTreeMap, BTreeSet};

use demarche_model::Writer;
use demarche_syntax::feature::{Casing, fold};
use demarche_syntax::lemma::{LEVELS, Recase, Script, Tags, WHOLE, has_ending};

use super::examples::Inventory;
use crate::conllu::Token;

/// What is learned: keys and values as the model has them, and the scripts.
#[derive(Debug, Default)]
pub(super) struct Lemmas {
    entries: BTreeMap<u64, u32>,
    scripts: Vec<Script>,
}

/// A word with its tags and the script that makes its lemma.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Example<'t> {
    tags: Tags,
    folded: String,
    script: Script,
    form: &'t str,
}

/// So many different words must have an ending for it to be an entry.
const RARE_ENDING: u32 = 2;

/// Endings change words by no more letters than this; what changes more is a word of its own.
const LARGEST_CHANGE: usize = 4;

/// Learns from the sentences.
pub(super) fn learn(sentences: &[Vec<Token>], inventory: &Inventory) -> Lemmas {
    let tagged: Vec<_> = sentences
        .iter()
        .flatten()
        .filter(|token| token.lemma != "_")
        .filter_map(|token| {
            let xpos = inventory.xpos_index(&token.xpos)? as u16;
            Some((token, Tags { upos: token.upos, xpos }))
        })
        .collect();
    let mut lemmas = Lemmas::default();
    let recases = usual_cases(&tagged);
    for (&(tags, casing), &recase) in &recases {
        if recase != tags.usual_case() {
            lemmas.entries.insert(tags.casing(casing), recase as u32);
        }
    }
    let example = |&(token, tags): &(&'_ Token, Tags)| {
        let mut cased = String::new();
        recases[&(tags, Casing::of(&token.form))].write(&token.form, &mut cased);
        let mut folded = String::new();
        fold(&token.form, &mut folded);
        let script = Script::between(&cased, &token.lemma);
        (token.form.clone(), Example { tags, folded, script, form: "" })
    };
    let examples: Vec<_> =
        tagged.iter().map(example).filter(|(_, example)| has_ending(&example.folded)).collect();
    let examples: Vec<_> =
        examples.iter().map(|(form, example)| Example { form, ..example.clone() }).collect();
    lemmas.learn_scripts(&examples);
    lemmas
}

/// What becomes of the case, by tags and casing: the change after which most lemmas begin as the word does.
fn usual_cases(tagged: &[(&Token, Tags)]) -> BTreeMap<(Tags, Casing), Recase> {
    let mut counts: BTreeMap<(Tags, Casing), [usize; Recase::ALL.len()]> = BTreeMap::new();
    for (token, tags) in tagged {
        let counts = counts.entry((*tags, Casing::of(&token.form))).or_default();
        for recase in Recase::ALL {
            let mut cased = String::new();
            recase.write(&token.form, &mut cased);
            let shared = cased.chars().zip(token.lemma.chars()).take_while(|(a, b)| a == b).count();
            counts[recase as usize] += usize::from(2 * shared >= token.lemma.chars().count().max(1));
        }
    }
    let best = |tags: Tags, counts: [usize; Recase::ALL.len()]| {
        let usual = tags.usual_case();
        Recase::ALL.into_iter().fold(usual, |best, recase| {
            if counts[recase as usize] > counts[best as usize] { recase } else { best }
        })
    };
    counts.into_iter().map(|(key, counts)| (key, best(key.0, counts))).collect()
}

impl Lemmas {
    /// Number of entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds the sections to a model.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.u64s("lemma.key", &self.entries.keys().copied().collect::<Vec<_>>());
        writer.u32s("lemma.value", &self.entries.values().copied().collect::<Vec<_>>());
        let lines: Vec<String> = self.scripts.iter().map(Script::to_line).collect();
        writer.lines("lemma.script", lines.iter().map(String::as_str));
    }

    /// From the shortest endings to words as they are written: an entry wherever the most frequent script is not the
    /// one that the levels below lead to. Endings count each word once, whole words as often as they occur.
    fn learn_scripts(&mut self, examples: &[Example<'_>]) {
        let mut script_ids: BTreeMap<Script, u32> = BTreeMap::new();
        let different: BTreeSet<Example<'_>> =
            examples.iter().map(|example| Example { form: "", ..example.clone() }).collect();
        for level in 0..LEVELS {
            let entries = if level < WHOLE {
                let regular = different.iter().filter(|example| is_regular(&example.script));
                self.entries_of(regular, level, RARE_ENDING)
            } else {
                self.entries_of(examples.iter(), level, 1)
            };
            for (key, script) in entries {
                let next = script_ids.len() as u32;
                let id = *script_ids.entry(script.clone()).or_insert(next);
                if id == next {
                    self.scripts.push(script);
                }
                self.entries.insert(key, id);
            }
        }
    }

    /// The entries that a level needs.
    fn entries_of<'e>(
        &self,
        examples: impl Iterator<Item = &'e Example<'e>>,
        level: usize,
        rare: u32,
    ) -> Vec<(u64, Script)> {
        let mut counts: BTreeMap<u64, (&Example<'_>, BTreeMap<&Script, u32>)> = BTreeMap::new();
        for example in examples {
            let (_, scripts) = counts.entry(key(example, level)).or_insert((example, BTreeMap::new()));
            *scripts.entry(&example.script).or_default() += 1;
        }
        let entry = |(key, (example, scripts)): (u64, (&Example<'_>, BTreeMap<&Script, u32>))| {
            let total: u32 = scripts.values().sum();
            let (script, _) = scripts.into_iter().rev().max_by_key(|&(_, count)| count)?;
            let needed = total >= rare && self.script_below(example, level) != Some(script);
            needed.then(|| (key, script.clone()))
        };
        counts.into_iter().filter_map(entry).collect()
    }

    /// What the entries of the levels below say.
    fn script_below(&self, example: &Example<'_>, level: usize) -> Option<&Script> {
        let id = (0..level).rev().find_map(|level| self.entries.get(&key(example, level)));
        id.map(|&id| &self.scripts[id as usize])
    }
}

/// Whether words that nobody has seen may change in this way.
fn is_regular(script: &Script) -> bool {
    script.strip <= LARGEST_CHANGE
        && script.append.chars().count() <= LARGEST_CHANGE
        && script.append.chars().all(char::is_lowercase)
}

fn key(example: &Example<'_>, level: usize) -> u64 {
    example.tags.script(example.form, &example.folded, level)
}
