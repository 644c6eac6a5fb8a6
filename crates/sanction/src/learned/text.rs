//! Features of a whole text: whether it tells of sanctions or of what only sounds like them.

use demarche_core::Upos;

use super::rows::Rows;
use super::sight::Sight;
use crate::lexicon::Class;

/// The features of a text.
pub(crate) fn features(sight: &Sight<'_>, rows: &mut Rows) {
    // A single sentence says less of what it is about.
    rows.of(if sight.view.len() < SHORT { SHORT_TEXT } else { LONG_TEXT });
    all(sight, rows);
}

/// Texts of fewer tokens are a sentence or two.
const SHORT: usize = 50;
/// Salts of the features that depend on length.
const SHORT_TEXT: u64 = 1;
const LONG_TEXT: u64 = 2;

fn all(sight: &Sight<'_>, rows: &mut Rows) {
    let view = sight.view;
    let context = &sight.told.context;
    rows.add("bias", &[]);
    rows.add("foreign", &[u64::from(context.is_foreign())]);
    rows.add("sanctions", &[context.sanctions.min(6) as u64]);
    rows.add("nouns", &[context.nouns.min(4) as u64, context.powers as u64]);
    rows.add("concrete", &[u64::from(context.concrete), context.powers as u64]);
    rows.add("findings", &[sight.told.findings.len().min(6) as u64]);
    rows.add(
        "findings named",
        &[sight
            .told
            .findings
            .iter()
            .filter(|finding| {
                finding.roles.sender.iter().chain(&finding.roles.target).any(|party| party.norm.is_some())
            })
            .count()
            .min(4) as u64],
    );
    let mut strong: usize = 0;
    let mut counts: Vec<(u64, u32)> = Vec::new();
    for token in 0..view.len() {
        if sight.is_strong(token) {
            strong += 1;
            let plural = matches!(view.tree.xpos(token), "NNS" | "NNPS");
            rows.add("strong", &[sight.lemma(token), u64::from(plural), view.tree.upos(token) as u64]);
            for filler in sight.fillers(token) {
                rows.add("strong party", &[filler.place.code(), sight.kind(filler.token)]);
            }
        }
        if matches!(view.tree.upos(token), Upos::Noun | Upos::Verb | Upos::Adj) {
            for code in sight.codes(token) {
                match counts.binary_search_by_key(&code, |&(code, _)| code) {
                    Ok(at) => counts[at].1 += 1,
                    Err(at) => counts.insert(at, (code, 1)),
                }
            }
        }
        if let Some(class) = sight
            .told
            .seed(token)
            .filter(|class| matches!(class, Class::Penalty | Class::Weak | Class::Sanction))
        {
            rows.add("seed", &[class as u64, sight.lemma(token)]);
        }
    }
    rows.add("strong words", &[strong.min(5) as u64]);
    let per = (view.len() / LONG).max(1) as u32;
    for (code, count) in counts {
        rows.add("code", &[code]);
        if count / per >= MANY {
            rows.add("many", &[code]);
        }
    }
}

/// Tokens of a text after which a class counts as frequent only if there is more of it.
const LONG: usize = 150;
/// So many words of a class are many.
const MANY: u32 = 3;
