//! Places: by the word that leads their name, by a small-letter head, and by the words around an unknown name.

use crate::class::Class;
use crate::label::Label;
use crate::mention::Mention;
use crate::scan::Scan;
use crate::word::Shape;

/// "Lake Palcacocha", "Hotel Anggrek", "Hurricane Katrina".
pub(crate) fn at<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    let label = if words.is(i, Class::LOC_FIRST) {
        Label::LOC
    } else if words.is(i, Class::FAC_FIRST) {
        Label::FAC
    } else if words.is(i, Class::EVENT_FIRST) {
        Label::EVENT
    } else {
        return small_head(scan, i);
    };
    let end = capitals_end(scan, i + 1);
    (end > i + 1).then(|| Mention::new(i, end, label))
}

/// "Mutiara airport", "Toktogul reservoir": an unknown name and a small-letter head.
fn small_head<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    let end = capitals_end(scan, i);
    if end == i || words.is(i, Class::COMMON) || words.is_possessive(end) {
        return None;
    }
    let names_facility = matches!(
        words.text(end),
        "airport"
            | "reservoir"
            | "dam"
            | "building"
            | "prison"
            | "stadium"
            | "airbase"
            | "refinery"
            | "checkpoint"
            | "bridge"
            | "barracks"
            | "mosque"
            | "cathedral"
            | "palace"
    );
    names_facility.then(|| Mention::new(i, end + 1, Label::FAC))
}

/// An unknown name: a city after a word of place, otherwise nothing certain.
pub(crate) fn by_default<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    let word = &words.list[i];
    if word.is(Class::COMMON) || word.has(Shape::INITIAL) || words.text(i).len() < 3 {
        return None;
    }
    let end = capitals_end(scan, i);
    if end == i {
        return None;
    }
    let before = i.checked_sub(1).map_or("", |before| words.text(before));
    if matches!(before, "checkpoint" | "camp") {
        return Some(Mention::new(i, end, Label::FAC));
    }
    let from_to = matches!(before, "from" | "to" | "at" | "of" | "between" | "and" | "toward" | "through");
    if scan.after_place_preposition(i) && !word.has(Shape::UPPER) {
        return Some(Mention::new(i, end, Label::GPE));
    }
    if word.has(Shape::UPPER) && end == i + 1 && !word.has(Shape::LINE_START) {
        return Some(Mention::new(i, end, Label::ORG).weak());
    }
    (from_to && !word.has(Shape::START) && before != "and" && before != "of")
        .then(|| Mention::new(i, end, Label::GPE).weak())
}

/// One past the capitalized words from word `i`, hyphens between them included.
pub(crate) fn capitals_end(scan: &Scan<'_>, i: usize) -> usize {
    /// Longest name of a place, in words.
    const MAX: usize = 8;
    let words = scan.words;
    let Some(sentence) = words.list.get(i).map(|word| word.sentence) else { return i };
    let is_capital = |at: usize| {
        words.within(at, sentence).is_some_and(|word| {
            word.is_capital() && word.has(Shape::WORD) && (at == i || !word.has(Shape::LINE_START))
        })
    };
    let mut at = i;
    while at < i + MAX {
        if is_capital(at) {
            at += 1;
        } else if at > i && words.is_hyphen(at) && is_capital(at + 1) {
            at += 2;
        } else {
            break;
        }
    }
    at
}
