//! Features of words by what they are used like: a verb that was never seen may stand among words of one's own kind.

use super::rows::{Rows, word_hash as hash};
use super::sight::Sight;

/// The clusters of the word, of the one above it and of those below it, together and with what the lexicon knows of the others.
pub(super) fn features(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let (view, tree) = (sight.view, &sight.view.tree);
    let relation = hash(tree.deprel(token));
    let [coarse, medium, fine] = sight.alike(token);
    rows.add("alike coarse", &[coarse]);
    rows.add("alike medium", &[medium]);
    rows.add("alike fine", &[fine]);
    rows.add("alike coarse relation", &[coarse, relation]);
    rows.add("alike medium relation", &[medium, relation]);
    if let Some(head) = tree.head(token) {
        let [head_coarse, head_medium, _] = sight.alike(head);
        rows.add("above coarse", &[head_coarse, relation]);
        rows.add("above medium", &[head_medium, relation]);
        rows.add("coarse above coarse", &[coarse, head_coarse]);
        rows.add("medium above medium", &[medium, head_medium]);
        for own in sight.codes(token) {
            rows.add("code above coarse", &[own, head_coarse]);
        }
        for code in sight.codes(head) {
            rows.add("coarse above code", &[coarse, code]);
            rows.add("medium above code", &[medium, code]);
        }
    }
    for child in tree.children(token).take(MAX_CHILDREN) {
        let relation = hash(tree.relation(child)) ^ hash(view.preposition(child)).rotate_left(9);
        let [child_coarse, child_medium, _] = sight.alike(child);
        rows.add("below coarse", &[child_coarse, relation]);
        rows.add("below medium", &[child_medium, relation]);
        rows.add("coarse below coarse", &[coarse, child_coarse]);
        rows.add("medium below medium", &[medium, child_medium]);
        for own in sight.codes(token) {
            rows.add("code below coarse", &[own, child_coarse]);
        }
        for code in sight.codes(child) {
            rows.add("coarse below code", &[coarse, code]);
            rows.add("medium below code", &[medium, code]);
        }
    }
}

/// Children of a word that are looked at.
const MAX_CHILDREN: usize = 12;
