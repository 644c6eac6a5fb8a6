//! Places: by the word that leads their name, by a small-letter head, and by the words around an unknown name.

use crate::class::Class;
use crate::gazetteer::Match;
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

/// "Kabul airport", "Bamako-Sénou airport": a city and a small-letter head.
pub(crate) fn airport<'a>(scan: &Scan<'a>, i: usize, listed: Option<&Match>) -> Option<Mention<'a>> {
    let words = scan.words;
    if scan.label(listed?) != Label::GPE {
        return None;
    }
    let end = capitals_end(scan, i);
    matches!(words.text(end), "airport" | "airbase" | "reservoir" | "refinery")
        .then(|| Mention::new(i, end + 1, Label::FAC))
}

/// "the village of Dougui", "checkpoint Verkhny Lars", "from El Geneina": the word before, or the first, says that it is a place.
pub(crate) fn named_by_noun<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    if i < 2 || words.has(i, Shape::START) || words.is(i, Class::FUNCTION) {
        return None;
    }
    let noun = i - 1 - usize::from(words.eq(i - 1, "of"));
    let end = capitals_end(scan, i);
    if words.is(noun, Class::PLACE_NOUN) && !words.is_possessive(i - 1) && end > i && scan.listed(i).is_none()
    {
        let label = if words.is(noun, Class::LOC_HEAD) {
            Label::LOC
        } else if words.is(noun, Class::FAC_HEAD) {
            Label::FAC
        } else {
            Label::GPE
        };
        // "of" after "camp" or "port" may mean anything, after "city" only its name.
        let sure = label != Label::FAC || noun + 1 == i;
        return (sure && !words.has(noun, Shape::CAPITAL)).then(|| Mention::new(i, end, label));
    }
    let from_to = scan.after_place_preposition(i) || matches!(words.text(i - 1), "from" | "to");
    let is_city = words.is(i, Class::PLACE_FIRST) && end > i + 1 && scan.listed(i).is_none() && from_to;
    is_city.then(|| Mention::new(i, end, Label::GPE))
}

/// "KOTOR, Montenegro —", "TARSK, March 3": an unknown city that opens a dateline.
pub(crate) fn of_dateline<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    if !words.has(i, Shape::LINE_START) || !words.has(i, Shape::UPPER) || scan.listed(i).is_some() {
        return None;
    }
    let end = capitals_end(scan, i);
    let shouted = (i..end).all(|at| words.has(at, Shape::UPPER) || !words.has(at, Shape::WORD));
    let place = scan.listed(end + 1).is_some_and(|listed| scan.label(listed) == Label::GPE);
    let dated = words.text(end) == "," && (place || words.is(end + 1, Class::MONTH));
    (shouted && dated).then(|| Mention::new(i, end, Label::GPE))
}

/// "Austin, TX": a federal state by its postal code.
pub(crate) fn state_code<'a>(scan: &Scan<'a>, i: usize, last: Option<&Mention<'a>>) -> Option<Mention<'a>> {
    let words = scan.words;
    let coded = words.is(i, Class::STATE_CODE) && words.has(i, Shape::UPPER) && words.text(i).len() == 2;
    let near = last.is_some_and(|last| {
        last.label == Label::GPE && (last.end == i || last.end + 1 == i && words.text(last.end) == ",")
    });
    (coded && near).then(|| Mention::new(i, i + 1, Label::GPE))
}

/// An unknown name: a city after a word of place, a body in capitals, otherwise nothing certain.
pub(crate) fn by_default<'a>(scan: &Scan<'a>, i: usize, last: Option<&Mention<'a>>) -> Option<Mention<'a>> {
    let words = scan.words;
    let word = &words.list[i];
    if !word.may_be_name()
        || word.is(Class::COMMON.or(Class::MORE_THAN_A_NAME))
        || words.text(i).len() < 3 && words.text(i) != "X"
    {
        return None;
    }
    let end = capitals_end(scan, i);
    if word.has(Shape::UPPER) {
        return is_acronym(scan, i, end).then(|| Mention::new(i, end, Label::ORG).weak());
    }
    let before_noun =
        matches!(words.text(end), "region" | "province" | "district" | "county" | "governorate" | "oblast");
    if before_noun || scan.after_place_preposition(i) {
        return Some(Mention::new(i, end, Label::GPE).weak());
    }
    let before = i.checked_sub(1).map_or("", |before| words.text(before));
    if before == "on" && words.text(i) == "X" && !words.is_hyphen(end) {
        return Some(Mention::new(i, end, Label::ORG));
    }
    let from_to = matches!(before, "at" | "from" | "to" | "toward" | "through")
        && !words.is_hyphen(end)
        && !words.text(i).contains('.');
    let in_row = last.is_some_and(|last| last.label == Label::GPE && last.end + 1 == i)
        && matches!(before, "and" | ",");
    ((from_to || in_row) && !word.has(Shape::START)).then(|| Mention::new(i, end, Label::GPE).weak())
}

/// Capitals that name a body: after an article, in parentheses, or with an ending.
fn is_acronym(scan: &Scan<'_>, i: usize, end: usize) -> bool {
    /// Longest acronym, in bytes.
    const LONGEST: usize = 7;
    let words = scan.words;
    let plain = words.is(i, Class::PLAIN_ACRONYM.or(Class::COMMON))
        || words.text(i).len() > LONGEST
        || words.has(i, Shape::LINE_START);
    let before = i.checked_sub(1).map_or("", |before| words.text(before));
    let is_body = matches!(before, "the" | "The")
        || before == "(" && words.text(end) == ")"
        || words.is_possessive(end)
        || words.is(end, Class::SAY);
    end == i + 1 && !plain && is_body && !words.is_hyphen(end)
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
