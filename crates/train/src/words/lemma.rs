//! Learns the lemma rules: what becomes of the case, then the decision list of endings.

use std::collections::BTreeMap;

use demarche_model::Writer;
use demarche_syntax::feature::{Casing, fold};
use demarche_syntax::lemma::{LONGEST_ENDING, Recase, Script, Tags};

use super::examples::Inventory;
use crate::conllu::Token;

/// What is learned: keys and values as the model has them, and the scripts.
#[derive(Debug, Default)]
pub struct Lemmas {
    entries: BTreeMap<u64, u32>,
    scripts: Vec<Script>,
}

impl Lemmas {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds the sections to a model.
    pub fn write(&self, writer: &mut Writer) {
        writer.u64s("lemma.key", &self.entries.keys().copied().collect::<Vec<_>>());
        writer.u32s("lemma.value", &self.entries.values().copied().collect::<Vec<_>>());
        let lines: Vec<String> = self.scripts.iter().map(Script::to_line).collect();
        writer.lines("lemma.script", lines.iter().map(String::as_str));
    }
}

/// A word with its tags and the script that makes its lemma.
struct Example {
    tags: Tags,
    folded: String,
    script: Script,
}

/// An ending must have been seen so often; a whole word once.
const RARE_ENDING: u32 = 2;

/// Learns from the sentences.
pub fn learn(sentences: &[Vec<Token>], inventory: &Inventory) -> Lemmas {
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
    let examples: Vec<_> = tagged
        .iter()
        .map(|&(token, tags)| {
            let mut cased = String::new();
            recases[&(tags, Casing::of(&token.form))].write(&token.form, &mut cased);
            let mut folded = String::new();
            fold(&token.form, &mut folded);
            Example { tags, folded, script: Script::between(&cased, &token.lemma) }
        })
        .collect();
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
    /// From the shortest endings to whole words: an entry wherever the most frequent script is not the one that the
    /// shorter endings lead to.
    fn learn_scripts(&mut self, examples: &[Example]) {
        let mut script_ids: BTreeMap<&Script, u32> = BTreeMap::new();
        for level in 0..=LONGEST_ENDING + 1 {
            let mut counts: BTreeMap<u64, (&Example, BTreeMap<&Script, u32>)> = BTreeMap::new();
            for example in examples {
                let (_, scripts) = counts.entry(key(example, level)).or_insert((example, BTreeMap::new()));
                *scripts.entry(&example.script).or_default() += 1;
            }
            let mut new = Vec::new();
            for (key, (example, scripts)) in counts {
                let total: u32 = scripts.values().sum();
                let Some((script, _)) = scripts.into_iter().rev().max_by_key(|&(_, count)| count) else {
                    continue;
                };
                let enough = level > LONGEST_ENDING || total >= RARE_ENDING;
                if enough && self.script_before(example, level) != Some(script) {
                    new.push((key, script));
                }
            }
            for (key, script) in new {
                let next = script_ids.len() as u32;
                let id = *script_ids.entry(script).or_insert(next);
                if id == next {
                    self.scripts.push(script.clone());
                }
                self.entries.insert(key, id);
            }
        }
    }

    /// What the entries for shorter endings say.
    fn script_before(&self, example: &Example, level: usize) -> Option<&Script> {
        let id = (0..level).rev().find_map(|level| self.entries.get(&key(example, level)));
        id.map(|&id| &self.scripts[id as usize])
    }
}

fn key(example: &Example, level: usize) -> u64 {
    if level > LONGEST_ENDING {
        example.tags.whole(&example.folded)
    } else {
        example.tags.ending(&example.folded, level)
    }
}
