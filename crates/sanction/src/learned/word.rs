//! Features of a word that may be a trigger.

use demarche_core::Upos;

use super::alike;
use super::rows::Rows;
use super::sight::Sight;
use crate::factuality::of_word;

/// Whether a word can be a trigger at all.
pub(crate) fn is_candidate(sight: &Sight<'_>, token: usize) -> bool {
    match sight.view.tree.upos(token) {
        Upos::Noun | Upos::Verb | Upos::Adj => true,
        // Names are triggers only where a tagger has taken a word of sanctions for one.
        Upos::Propn | Upos::Adv | Upos::Adp | Upos::Aux | Upos::X => sight.codes(token).next().is_some(),
        _ => false,
    }
}

/// The features of a word as a trigger.
pub(crate) fn features(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let (view, tree) = (sight.view, &sight.view.tree);
    let relation = hash(tree.deprel(token));
    let lemma = sight.lemma(token);
    rows.add("bias", &[]);
    rows.add("lemma", &[lemma, tree.upos(token) as u64]);
    rows.add("lemma relation", &[lemma, relation]);
    rows.add("form", &[hash(&view.doc.token(token).to_lowercase())]);
    rows.add("xpos", &[hash(tree.xpos(token)), relation]);
    for code in sight.codes(token) {
        rows.add("code", &[code]);
        rows.add("code relation", &[code, relation]);
        rows.add("code xpos", &[code, hash(tree.xpos(token))]);
    }
    alike::features(sight, token, rows);
    above(sight, token, rows);
    below(sight, token, rows);
    around(sight, token, rows);
    parties(sight, token, rows);
    by_rule(sight, token, rows);
    sentence(sight, token, rows);
}

fn hash(word: &str) -> u64 {
    super::rows::word_hash(word)
}

/// The words that govern it.
fn above(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let tree = &sight.view.tree;
    let mut path = hash(tree.deprel(token));
    let preposition = hash(sight.view.preposition(token));
    for (depth, head) in tree.ancestors(token).take(3).enumerate() {
        let depth = depth as u64;
        if depth < 2 {
            rows.add("above lemma", &[depth, path, sight.lemma(head)]);
        }
        for code in sight.codes(head) {
            rows.add("above", &[depth, code]);
            rows.add("above path", &[path, code]);
            if depth == 0 {
                rows.add("above preposition", &[preposition, code]);
                for own in sight.codes(token) {
                    rows.add("code above", &[own, code]);
                }
            }
        }
        rows.add("above kind", &[path, tree.upos(head) as u64, preposition]);
        path = path.rotate_left(7) ^ hash(tree.relation(head));
    }
}

/// The words that it governs, and those below them.
fn below(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let (view, tree) = (sight.view, &sight.view.tree);
    for child in tree.children(token).take(MAX_CHILDREN) {
        let relation = hash(tree.deprel(child)) ^ hash(view.preposition(child)).rotate_left(9);
        if tree.upos(child) == Upos::Punct {
            continue;
        }
        rows.add("below lemma", &[relation, sight.lemma(child)]);
        rows.add("below relation", &[relation]);
        for code in sight.codes(child) {
            rows.add("below", &[relation, code]);
            for own in sight.codes(token) {
                rows.add("code below", &[own, code]);
            }
        }
        for grandchild in tree.children(child).take(MAX_CHILDREN) {
            for code in sight.codes(grandchild) {
                rows.add("two below", &[hash(tree.relation(child)), code]);
            }
        }
    }
}

/// Children of a word that are looked at.
const MAX_CHILDREN: usize = 12;

/// The words beside it.
fn around(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let vicinity = sight.view.vicinity(token);
    for offset in [-3_i64, -2, -1, 1, 2, 3] {
        let place = token.checked_add_signed(offset as isize).filter(|place| vicinity.contains(place));
        let Some(place) = place else {
            rows.add("edge", &[offset.cast_unsigned()]);
            continue;
        };
        if offset.abs() <= 2 {
            rows.add("near lemma", &[offset.cast_unsigned(), sight.lemma(place)]);
        }
        for code in sight.codes(place) {
            rows.add("near", &[offset.signum().cast_unsigned(), code]);
        }
        rows.add("near kind", &[offset.cast_unsigned(), sight.kind(place)]);
    }
}

/// Who and what fills the places around it.
fn parties(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    for filler in sight.fillers(token) {
        let (place, kind) = (filler.place.code(), sight.kind(filler.token));
        rows.add("party", &[place, kind]);
        rows.add("party lemma", &[place, kind, sight.lemma(token)]);
        for own in sight.codes(token) {
            rows.add("party code", &[place, kind, own]);
        }
        let named =
            sight.view.tree.reach(filler.token).take(MAX_PHRASE).any(|inside| sight.view.is_power(inside));
        rows.add("party named", &[place, u64::from(named)]);
        for own in sight.codes(token) {
            rows.add("party named code", &[place, u64::from(named), own]);
        }
    }
}

/// Tokens of a phrase that are looked through for a name.
const MAX_PHRASE: usize = 12;

/// What the rules make of it.
fn by_rule(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let told = &sight.told;
    let lemma = sight.lemma(token);
    let found = told.finding(token).map_or(0, |finding| 1 + finding.reading.action as u64);
    let seed = told.seed(token).map_or(0, |class| 1 + class as u64);
    let (step, of) = told.step(token).map_or((0, 0), |(class, action)| (1 + class as u64, 1 + action as u64));
    rows.add("rule", &[found]);
    rows.add("rule seed", &[found, seed]);
    rows.add("rule step", &[found, step, of]);
    rows.add("rule all", &[found, seed, step]);
    rows.add("rule lemma", &[found, lemma]);
    rows.add("rule relation", &[found, hash(sight.view.tree.deprel(token))]);
    if let Some(finding) = told.finding(token) {
        let draft = &finding.reading.draft;
        rows.add("rule seed is trigger", &[u64::from(draft.seed.token == token), draft.seed.class as u64]);
        for step in draft.steps.iter().take(MAX_STEPS) {
            rows.add("rule passes", &[found, step.class as u64]);
        }
        rows.add("rule steps", &[draft.steps.len().min(MAX_STEPS) as u64, found]);
    }
    let mood = of_word(sight.view, token);
    let mood = [mood.negated, mood.open, mood.due, mood.conditional, mood.on_condition];
    let mood = mood.iter().fold(0, |bits, &bit| bits << 1 | u64::from(bit));
    rows.add("mood", &[mood, found]);
    for own in sight.codes(token) {
        rows.add("mood code", &[mood, own]);
    }
    // A rule event beside it in the tree may be the same one.
    for head in sight.view.tree.ancestors(token).take(2) {
        if let Some(finding) = told.finding(head) {
            rows.add("rule above", &[found, 1 + finding.reading.action as u64]);
        }
    }
    for child in sight.view.tree.children(token).take(MAX_CHILDREN) {
        if let Some(finding) = told.finding(child) {
            rows.add(
                "rule below",
                &[found, 1 + finding.reading.action as u64, hash(sight.view.tree.relation(child))],
            );
        }
    }
}

/// Steps of a way that are looked at.
const MAX_STEPS: usize = 4;

/// What the sentence and the text are about.
fn sentence(sight: &Sight<'_>, token: usize, rows: &mut Rows) {
    let context = &sight.told.context;
    let vicinity = sight.view.vicinity(token);
    let strong =
        vicinity.clone().filter(|&other| other != token && sight.is_strong(other)).count().min(3) as u64;
    let powers = vicinity.clone().filter(|&other| sight.view.is_power(other)).count().min(3) as u64;
    let events = vicinity.filter(|&other| sight.told.finding(other).is_some()).count().min(3) as u64;
    let text = context.sanctions.min(7) as u64;
    let text = if text > 3 { 4 + (text - 4) / 2 } else { text };
    rows.add("sentence", &[strong, powers]);
    let lemma = sight.lemma(token);
    for topic in sight.topics(token) {
        rows.add("topic", &[topic, strong.min(1)]);
        rows.add("topic lemma", &[topic, lemma]);
        for own in sight.codes(token) {
            rows.add("topic code", &[topic, own]);
        }
    }
    rows.add("sentence events", &[events, u64::from(sight.told.finding(token).is_some())]);
    rows.add("text", &[text, context.powers as u64]);
    rows.add("foreign", &[u64::from(context.is_foreign())]);
    for own in sight.codes(token) {
        rows.add("code text", &[own, text, context.powers as u64]);
        rows.add("code sentence", &[own, strong]);
        rows.add("code powers", &[own, powers]);
    }
    rows.add("lemma text", &[sight.lemma(token), text.min(2)]);
}
