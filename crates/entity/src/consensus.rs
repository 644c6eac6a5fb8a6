//! One name, one kind: what a document says of a form in one place counts in the others.
//!
//! "Coron" after "in" is a place; before "has grown" it could be anybody. The scores of a form's kinds are moved towards their
//! mean over the document, which is the one-sense-per-discourse of Gale, Church & Yarowsky 1992 applied softly.

use hashbrown::{HashMap, HashSet};

use crate::class::Class;
use crate::combine::kind_of;
use crate::feature::Features;
use crate::label::Label;
use crate::mention::{Evidence, Mention};
use crate::tag::{KINDS, N_TAGS, OUTSIDE};
use crate::word::{Shape, Words};

/// How far the scores are moved: 0 not at all, 1 to the mean. Chosen on the development parts of UNER and GUM.
const PULL: f32 = 0.7;

/// Sums of a form's scores: outside, then the kinds.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    n: f32,
    scores: [f32; 1 + KINDS.len()],
}

/// Moves the scores of the tags (rows of [`N_TAGS`]).
/// Listed names are not moved to other kinds, but for those that a person of the document has for a last name: a Paris Hilton does
/// not make a person of Paris, a Michael Jordan may make one of Jordan.
pub(crate) fn agree(words: &Words<'_>, features: &[Features], rules: &[Mention<'_>], scores: &mut [f32]) {
    let counts = |i: usize| {
        let word = &words.list[i];
        word.is_capital() && !word.has(Shape::INITIAL) && !word.is(Class::FUNCTION) && !words.in_headline(i)
    };
    let mut sums: HashMap<u64, Sums> = HashMap::new();
    for (i, row) in scores.chunks_exact(N_TAGS).enumerate().filter(|&(i, _)| counts(i)) {
        let sums = sums.entry(features[i][0]).or_default();
        sums.n += 1.0;
        for (sum, score) in sums.scores.iter_mut().zip(by_kind(row)) {
            *sum += score;
        }
    }
    let full = |rule: &&Mention<'_>| rule.label == Label::PERSON && rule.n_words() > 1;
    let last_names: HashSet<u64> = rules.iter().filter(full).map(|rule| features[rule.end - 1][0]).collect();
    let mut listed = rules.iter().filter(|rule| rule.evidence == Evidence::Listed).peekable();
    for (i, row) in scores.chunks_exact_mut(N_TAGS).enumerate().filter(|&(i, _)| counts(i)) {
        while listed.next_if(|rule| rule.end <= i).is_some() {}
        let listed = listed.peek().filter(|rule| rule.first <= i && !last_names.contains(&features[i][0]));
        let listed = listed.and_then(|rule| kind_of(rule.label));
        let Some(sums) = sums.get(&features[i][0]).filter(|sums| sums.n > 1.0) else { continue };
        let own = by_kind(row);
        for (at, (sum, own)) in sums.scores.iter().zip(own).enumerate() {
            let by = PULL * (sum / sums.n - own);
            match at.checked_sub(1) {
                None => row[OUTSIDE] += by,
                Some(kind) if listed.is_some_and(|listed| listed != kind) => {}
                Some(kind) => row[1 + 4 * kind..][..4].iter_mut().for_each(|score| *score += by),
            }
        }
    }
}

/// The score of no name, and the best of each kind.
fn by_kind(row: &[f32]) -> [f32; 1 + KINDS.len()] {
    let mut scores = [row[OUTSIDE]; 1 + KINDS.len()];
    for (score, places) in scores[1..].iter_mut().zip(row[1..].chunks_exact(4)) {
        *score = places.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    }
    scores
}
