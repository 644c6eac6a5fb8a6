//! Features of an event's factuality and of its measures.

use demarche_core::{Action, Factuality};

use super::rows::{Rows, word_hash as hash};
use super::sight::Sight;
use crate::factuality::{factuality, mood, of_word};
use crate::governor::Draft;
use crate::measure::measures;

/// What the rules say of an event's factuality; the learned part weighs it.
pub(crate) fn ruled(sight: &Sight<'_>, draft: &Draft, action: Action) -> Factuality {
    factuality(draft, mood(sight.view, draft), action)
}

/// The features of an event's factuality.
pub(crate) fn factuality_features(sight: &Sight<'_>, draft: &Draft, action: Action, rows: &mut Rows) {
    let (view, tree) = (sight.view, &sight.view.tree);
    let token = draft.trigger;
    let own = action as u64;
    let ruled = ruled(sight, draft, action) as u64;
    rows.add("bias", &[]);
    rows.add("action", &[own]);
    rows.add("ruled", &[ruled]);
    rows.add("ruled action", &[ruled, own]);
    rows.add("form", &[hash(tree.xpos(token)), hash(tree.deprel(token)), own]);
    rows.add("lemma", &[sight.lemma(token)]);
    let mood = mood(view, draft);
    let mood = [
        mood.negated,
        mood.open,
        mood.due,
        mood.conditional,
        mood.on_condition,
        draft.supposed,
        draft.negated,
    ];
    for (at, _) in mood.iter().enumerate().filter(|(_, bit)| **bit) {
        rows.add("mood", &[at as u64]);
        rows.add("mood action", &[at as u64, own]);
    }
    // The trigger, and the words above it as far as its clause goes and one more.
    let mut path = 0;
    for (depth, word) in std::iter::once(token).chain(tree.ancestors(token)).take(4).enumerate() {
        let depth = depth as u64;
        let bits = of_word(view, word);
        let bits = [bits.negated, bits.open, bits.due, bits.conditional, bits.on_condition];
        for (at, _) in bits.iter().enumerate().filter(|(_, bit)| **bit) {
            rows.add("word mood", &[depth, at as u64]);
            rows.add("word mood path", &[path, at as u64]);
            rows.add("word mood action", &[depth, at as u64, own]);
        }
        if depth > 0 {
            rows.add("above", &[depth, sight.lemma(word)]);
            rows.add("above path", &[path, sight.lemma(word)]);
            for code in sight.codes(word) {
                rows.add("above code", &[depth, code]);
                rows.add("above code action", &[depth, code, own]);
            }
        }
        for child in tree.children_by(word, &["aux", "mark", "advmod", "det", "cop"]).take(MAX_CHILDREN) {
            rows.add("function", &[depth.min(2), sight.lemma(child)]);
            rows.add("function action", &[depth.min(2), sight.lemma(child), own]);
        }
        path = path.rotate_left(7) ^ hash(tree.relation(word));
    }
    for offset in 1..=4_usize {
        if let Some(before) =
            token.checked_sub(offset).filter(|&before| view.vicinity(token).contains(&before))
        {
            rows.add("before", &[sight.lemma(before)]);
            rows.add("before near", &[offset.min(2) as u64, sight.lemma(before)]);
        }
    }
    let said = view.quote(view.doc.tokens()[token]).is_some();
    rows.add("said", &[u64::from(said), own, ruled]);
}

/// Children of a word that are looked at.
const MAX_CHILDREN: usize = 8;

/// The features of an event's measures.
pub(crate) fn measure_features(sight: &Sight<'_>, draft: &Draft, action: Action, rows: &mut Rows) {
    let (view, tree) = (sight.view, &sight.view.tree);
    let token = draft.trigger;
    let ruled = measures(view, draft);
    rows.add("bias", &[]);
    rows.add("action", &[action as u64]);
    rows.add("ruled", &[u64::from(ruled.0)]);
    for measure in ruled.iter() {
        rows.add("ruled measure", &[measure as u64]);
    }
    rows.add("lemma", &[sight.lemma(token)]);
    for code in sight.codes(token) {
        rows.add("code", &[code]);
    }
    if draft.seed.token != token {
        rows.add("seed", &[sight.lemma(draft.seed.token)]);
        for code in sight.codes(draft.seed.token) {
            rows.add("seed code", &[code]);
        }
    }
    // What stands below trigger and seed, near first.
    for top in [token, draft.seed.token] {
        let is_seed = u64::from(top != token);
        for child in tree.children(top).take(MAX_PHRASE) {
            let relation = hash(tree.relation(child)) ^ hash(view.preposition(child)).rotate_left(9);
            rows.add("child", &[is_seed, sight.lemma(child)]);
            for code in sight.codes(child) {
                rows.add("child code", &[is_seed, code]);
                rows.add("child relation code", &[is_seed, relation, code]);
            }
            for inside in tree.reach(child).take(MAX_PHRASE) {
                for code in sight.codes(inside) {
                    rows.add("inside", &[hash(tree.relation(child)), code]);
                }
                rows.add("inside lemma", &[sight.lemma(inside)]);
            }
        }
        if draft.seed.token == token {
            break;
        }
    }
    if let Some(head) = tree.head(token) {
        rows.add("above", &[hash(tree.relation(token)), sight.lemma(head)]);
        for code in sight.codes(head) {
            rows.add("above code", &[hash(tree.relation(token)), code]);
        }
        for child in tree.children(head).filter(|&child| child != token).take(MAX_PHRASE) {
            for code in sight.codes(child) {
                rows.add("beside", &[hash(tree.relation(child)), code]);
            }
        }
    }
    for inside in view.vicinity(token) {
        let near = inside.abs_diff(token) <= MAX_NEAR;
        for code in sight.codes(inside) {
            if near {
                rows.add("near", &[code, u64::from(inside < token)]);
            }
            rows.add("sentence", &[code]);
        }
    }
}

/// Tokens of a phrase that are looked through.
const MAX_PHRASE: usize = 24;
/// Words beside the trigger.
const MAX_NEAR: usize = 5;
