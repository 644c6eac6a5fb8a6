//! From a noun of sanctions up to the word that speaks for it: the noun itself, a word above it, a participle below it, or none.

use super::rows::{Rows, word_hash as hash};
use super::sight::Sight;
use super::word;
use crate::lexicon::{Class, Pos};

/// The words one of which is the trigger of the noun's event, the noun first.
pub(crate) fn options(sight: &Sight<'_>, noun: usize) -> Vec<usize> {
    let (view, tree) = (sight.view, &sight.view.tree);
    let mut options = vec![noun];
    for head in tree.ancestors(noun).take(MAX_UP) {
        if word::is_candidate(sight, head) {
            options.push(head);
        }
        // The next clause is somebody else's.
        if matches!(tree.relation(head), "advcl" | "parataxis" | "root") && view.pos(head) == Some(Pos::Verb)
        {
            break;
        }
    }
    let participles =
        tree.children_by(noun, &["acl", "amod"]).filter(|&child| view.pos(child) == Some(Pos::Verb));
    options.extend(participles.take(MAX_PARTICIPLES));
    options
}

/// Words above a noun that may speak for it.
const MAX_UP: usize = 4;
/// Participles that may.
const MAX_PARTICIPLES: usize = 2;

/// Whether the token is a noun of sanctions that some word must speak for.
pub(crate) fn is_start(sight: &Sight<'_>, token: usize) -> bool {
    let view = sight.view;
    let named = |class: Class| matches!(class, Class::Sanction | Class::Measure | Class::Weak);
    let noun = view.entry(token).senses.iter().any(|sense| sense.pos == Pos::Noun && named(sense.class));
    noun && view.pos(token) == Some(Pos::Noun)
        && (sight.is_strong(token) || sight.told.seed(token).is_some_and(named))
}

/// The features of an option; `None` for the option that no word speaks for the noun.
pub(crate) fn features(sight: &Sight<'_>, noun: usize, option: Option<usize>, rows: &mut Rows) {
    let tree = &sight.view.tree;
    let Some(token) = option else {
        rows.of(NOBODY);
        word::features(sight, noun, rows);
        return;
    };
    rows.of(SOMEBODY);
    word::features(sight, token, rows);
    let depth = if token == noun {
        0
    } else if tree.head(token) == Some(noun) {
        9
    } else {
        1 + tree.ancestors(noun).take(MAX_UP).position(|above| above == token).unwrap_or(MAX_UP) as u64
    };
    rows.add("depth", &[depth]);
    let found = sight.told.finding(token);
    rows.add("depth rule", &[depth, u64::from(found.is_some())]);
    let own = found.is_some_and(|finding| finding.reading.draft.seed.token == noun);
    rows.add("own rule", &[u64::from(own), depth]);
    rows.add("noun", &[sight.lemma(noun), depth]);
    let relation = hash(tree.deprel(noun)) ^ hash(sight.view.preposition(noun)).rotate_left(9);
    rows.add("link", &[depth, relation]);
    for code in sight.codes(token) {
        rows.add("depth code", &[depth, code]);
        rows.add("depth link code", &[depth, relation, code]);
    }
}

/// Salts of the features.
const NOBODY: u64 = 1;
const SOMEBODY: u64 = 2;
