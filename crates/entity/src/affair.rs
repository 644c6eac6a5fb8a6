//! The state in whose affairs the text stands.

use crate::class::Class;
use crate::label::Label;
use crate::mention::{Code, Mention};
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// How many mentions back the state of the affair is looked for.
const CONTEXT_WINDOW: usize = 40;

/// The state in whose affairs the text stands before mention `at`: in the same sentence, else in the nearest one before,
/// the first that no preposition governs; a leader where no state is named.
pub(crate) fn context<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    let words = scan.words;
    let code = |mention: &Mention<'a>| {
        mention.norm.clone().or_else(|| mention.fullest.and_then(|full| mentions[full].norm.clone()))
    };
    let (mut best, mut leader) = (None, None);
    let mut sentence = words.list[mentions[at].first].sentence;
    for mention in mentions[..at].iter().rev().take(CONTEXT_WINDOW) {
        if words.list[mention.first].sentence != sentence {
            if best.is_some() || leader.is_some() {
                break;
            }
            sentence = words.list[mention.first].sentence;
        }
        let Some(code) = code(mention).filter(|code| scan.lists.is_state(code)) else {
            continue;
        };
        match mention.label {
            Label::PERSON => leader = Some(code),
            Label::GPE | Label::NORP | Label::ORG if !is_governed(words, mention) => best = Some(code),
            _ => {}
        }
    }
    best.or(leader)
}

/// "against Belarus", "of the Russian": a preposition stands before; not "In Moscow," at the start of a sentence.
fn is_governed(words: &Words<'_>, mention: &Mention<'_>) -> bool {
    let sentence = words.list[mention.first].sentence;
    let before = (mention.first.saturating_sub(2)..mention.first)
        .rev()
        .filter(|&i| words.list[i].sentence == sentence)
        .find(|&i| !words.is(i, Class::ARTICLE));
    before.is_some_and(|i| {
        is_preposition(words.text(i)) && !(words.has(i, Shape::START) && words.text(i) == "In")
    })
}

pub(crate) fn is_preposition(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "in" | "with"
            | "against"
            | "on"
            | "to"
            | "of"
            | "from"
            | "between"
            | "for"
            | "at"
            | "over"
            | "after"
            | "by"
            | "near"
            | "into"
            | "toward"
            | "towards"
            | "about"
            | "outside"
            | "inside"
            | "around"
    )
}
