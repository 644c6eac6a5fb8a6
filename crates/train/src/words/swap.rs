//! Sentences with other words of the same class in them.
//!
//! A treebank shows most words in few places: *imposed* as a participle, hardly ever as a past tense. What has learned
//! that by heart reads "The council imposed sanctions" as a noun phrase. So some sentences are shown with other nouns,
//! names, adjectives and verbs in their places, drawn from all that occur, each as likely as any other; regular pasts and
//! participles from one list. The tree stays (cf. Şahin & Steedman 2018 on changing sentences for tagging).

use std::collections::{BTreeMap, BTreeSet};

use demarche_core::Upos;
use demarche_model::Random;
use demarche_syntax::feature::Casing;

use crate::conllu::Token;

/// Of the words of a sentence that is changed, the share that is.
const SWAPPED: f32 = 0.25;

/// The words of the treebanks by class.
#[derive(Debug)]
pub(super) struct Words {
    by_class: BTreeMap<Class, Vec<String>>,
}

/// Words that can stand for each other: UPOS, XPOS, and whether they end as regular pasts and participles do. Those two
/// have one XPOS here.
type Class = (Upos, String, bool);

impl Words {
    /// Those of the sentences.
    pub(super) fn of(sentences: &[Vec<Token>]) -> Self {
        let mut by_class: BTreeMap<Class, BTreeSet<String>> = BTreeMap::new();
        for token in sentences.iter().flatten() {
            if let Some(class) = class(token) {
                by_class.entry(class).or_default().insert(token.form.clone());
            }
        }
        Self {
            by_class: by_class
                .into_iter()
                .map(|(class, words)| (class, words.into_iter().collect()))
                .collect(),
        }
    }

    /// Changes some words of a sentence.
    pub(super) fn swap(&self, sentence: &mut [Token], random: &mut Random) {
        for token in sentence {
            let Some(words) = class(token).and_then(|class| self.by_class.get(&class)) else { continue };
            if random.unit() < SWAPPED {
                token.form.clone_from(&words[random.below(words.len())]);
            }
        }
    }
}

fn class(token: &Token) -> Option<Class> {
    let casing = match token.upos {
        Upos::Noun | Upos::Verb | Upos::Adj => Casing::Lower,
        Upos::Propn => Casing::Title,
        _ => return None,
    };
    let regular = token.upos == Upos::Verb && token.form.ends_with("ed");
    let xpos = if regular && token.xpos == "VBD" { "VBN" } else { &token.xpos };
    (Casing::of(&token.form) == casing).then(|| (token.upos, xpos.to_owned(), regular))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(form: &str, upos: Upos, xpos: &str) -> Token {
        Token {
            form: form.to_owned(),
            lemma: form.to_owned(),
            upos,
            xpos: xpos.to_owned(),
            head: None,
            deprel: "root".to_owned(),
            space_after: true,
        }
    }

    #[test]
    fn words_take_the_places_of_their_class() {
        let train = [vec![
            token("Rain", Upos::Propn, "NNP"),
            token("lifted", Upos::Verb, "VBN"),
            token("imposed", Upos::Verb, "VBD"),
            token("fell", Upos::Verb, "VBD"),
            token("the", Upos::Det, "DT"),
        ]];
        let words = Words::of(&train);
        let mut random = Random::new(1);
        let mut seen = BTreeSet::new();
        for _ in 0..100 {
            let mut sentence = train[0].clone();
            words.swap(&mut sentence, &mut random);
            assert_eq!((sentence[0].form.as_str(), sentence[3].form.as_str()), ("Rain", "fell"));
            assert_eq!((sentence[1].xpos.as_str(), sentence[2].xpos.as_str()), ("VBN", "VBD"));
            assert_eq!(sentence[4], train[0][4]);
            seen.insert((sentence[1].form.clone(), sentence[2].form.clone()));
        }
        assert_eq!(seen.len(), 4, "each of the two in both places");
    }
}
