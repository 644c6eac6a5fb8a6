//! Numbers with what they count: money, percentages, quantities, durations, ages; cardinals and ordinals.

use crate::class::Class;
use crate::label::Label;
use crate::mention::Mention;
use crate::period::unit_mention;
use crate::word::{Shape, Words};

/// Longest number in words that is read as one, in words.
const MAX_NUMBER: usize = 12;

/// The integer that the digits spell, commas apart; `None` for anything else.
pub(crate) fn integer(text: &str) -> Option<u32> {
    let mut value: u32 = 0;
    let mut n_digits = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
                n_digits += 1;
            }
            b',' if n_digits > 0 => {}
            _ => return None,
        }
    }
    (n_digits > 0).then_some(value)
}

/// Where the number that starts at word `i` ends: "2.4 billion", "twenty-one", "three hundred and fifty", "dozens".
pub(crate) fn number_end(words: &Words<'_>, i: usize) -> Option<usize> {
    let is_digits = |at: usize| {
        words.has(at, Shape::DIGIT) && words.text(at).bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b','))
    };
    let is_number = |at: usize| is_digits(at) || words.is(at, Class::NUMBER);
    let is_scale = |at: usize| {
        words.is(at, Class::SCALE)
            && (words.text(at).len() > 2 || words.has(at, Shape::GLUED) && is_digits(at - 1))
    };
    let mut at = i;
    if words.is(i, Class::PLURAL_SCALE) {
        at += 1;
        // "hundreds of thousands", but "thousands of soldiers".
        while at < i + MAX_NUMBER && words.eq(at, "of") && words.is(at + 1, Class::PLURAL_SCALE) {
            at += 2;
        }
        return Some(at);
    }
    if matches!(words.text(i), "a" | "A" | "several")
        && is_scale(i + 1)
        && !words.is(i + 1, Class::PLURAL_SCALE)
    {
        at += 1;
    } else if !is_number(i) {
        return None;
    }
    let first_is_digits = is_digits(at);
    let stop = i + MAX_NUMBER;
    at += 1;
    while at < stop {
        let after_scale = words.is(at - 1, Class::SCALE);
        let is_tail = words.is(at, Class::NUMBER)
            && (after_scale || words.is(at - 1, Class::NUMBER))
            && !first_is_digits;
        let hyphenated = words.is_hyphen(at) && words.is(at - 1, Class::NUMBER);
        let joined = words.eq(at, "and") && after_scale && !first_is_digits;
        if is_scale(at) || is_tail {
            at += 1;
        } else if (hyphenated || joined) && words.is(at + 1, Class::NUMBER) {
            at += 2;
        } else {
            break;
        }
    }
    Some(at)
}

/// The number with its unit that starts at word `i`.
pub(crate) fn find(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    fraction(words, i)
        .or_else(|| prefixed_money(words, i))
        .or_else(|| ordinal(words, i))
        .or_else(|| counted(words, i))
}

/// "half", "a third", "two-thirds".
fn fraction(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let cardinal = |end| Some(Mention::new(i, end, Label::CARDINAL));
    if words.eq(i, "half") {
        let of_something =
            matches!(words.text(i + 1), "of" | "the" | "its" | "their" | "his" | "her" | "those" | "a");
        let is_amount =
            of_something && !words.is(i + 2, Class::TIME_UNIT) && !words.is(i + 2, Class::DATE_UNIT);
        return if is_amount { cardinal(i + 1) } else { None };
    }
    let is_part = |at: usize| {
        matches!(
            words.text(at),
            "third" | "quarter" | "fifth" | "tenth" | "thirds" | "quarters" | "fifths" | "tenths"
        )
    };
    let is_amount = |next: usize| {
        words.eq(next, "of")
            || words.list.get(next).is_none_or(|word| !word.has(Shape::WORD))
            || words.is(next, Class::FUNCTION)
    };
    if matches!(words.text(i), "a" | "A" | "one") && is_part(i + 1) && is_amount(i + 2) {
        return cardinal(i + 2);
    }
    if words.is(i, Class::NUMBER) && words.is_hyphen(i + 1) && is_part(i + 2) {
        return cardinal(i + 3);
    }
    if words.is(i, Class::NUMBER)
        && is_part(i + 1)
        && words.text(i + 1).ends_with('s')
        && words.text(i + 1) != "quarters"
    {
        return cardinal(i + 2);
    }
    None
}

/// "$2.4 billion", "US$5", "€90bn".
fn prefixed_money(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let is_sign = |at: usize| {
        matches!(words.text(at), "$" | "€" | "£" | "¥" | "₩" | "₹" | "US$" | "A$" | "C$" | "HK$" | "NT$")
    };
    let prefix = matches!(words.text(i), "US" | "A" | "C" | "HK" | "NT" | "S" | "NZ" | "R" | "AU" | "CA")
        && is_sign(i + 1)
        && words.has(i + 1, Shape::GLUED);
    let sign = i + usize::from(prefix);
    if !is_sign(sign) {
        return None;
    }
    words.list.get(sign + 1)?;
    let mut end = number_end(words, sign + 1)?;
    if words.is_hyphen(end)
        && let Some(upper) = number_end(words, end + 1 + usize::from(is_sign(end + 1)))
    {
        end = upper;
    } else if words.is_hyphen(end) && words.is(end + 1, Class::SCALE) {
        end += 2;
    }
    Some(Mention::new(i, end, Label::MONEY))
}

/// "20th", "third", "twenty-first".
fn ordinal(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let is_ordinal = |at: usize| {
        words.is(at, Class::ORDINAL) && !words.eq(at, "seconds") || {
            let text = words.text(at);
            let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
            integer(digits).is_some() && matches!(&text[digits.len()..], "st" | "nd" | "rd" | "th")
        }
    };
    if words.is(i, Class::NUMBER) && words.is_hyphen(i + 1) && is_ordinal(i + 2) {
        return Some(Mention::new(i, i + 3, Label::ORDINAL));
    }
    let before = i.checked_sub(1).map_or("", |at| words.text(at));
    let is_adverb = matches!(before, "at" | "At")
        || (words.eq(i, "first") && words.text(i + 1) == "," && words.has(i, Shape::START));
    if !is_ordinal(i) || is_adverb || words.is(i + 1, Class::PRONOUN) && words.has(i, Shape::START) {
        return None;
    }
    // "First Lady" and other names that start with an ordinal are not counted.
    if words.has(i, Shape::CAPITAL) && (!words.has(i, Shape::START) || words.text(i + 1) == ",") {
        return None;
    }
    if words.has(i, Shape::DIGIT) && words.text(i + 1) == "century" || words.eq(i + 1, "century") {
        return Some(Mention::new(i, i + 2, Label::DATE));
    }
    if words.is(i + 1, Class::DATE_UNIT) && words.eq(i, "second") {
        return Some(Mention::new(i, i + 2, Label::DATE));
    }
    Some(Mention::new(i, i + 1, Label::ORDINAL))
}

/// A number and the unit after it.
fn counted(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let mut end = number_end(words, i)?;
    let label = |end, label| Some(Mention::new(i, end, label));
    // "10-15%": one range of what follows.
    if words.is_hyphen(end)
        && words.has(end + 1, Shape::DIGIT)
        && let Some(upper) = number_end(words, end + 1)
        && (words.is(upper, Class::PERCENT)
            || words.is(upper, Class::UNIT)
            || words.is(upper, Class::CURRENCY))
    {
        end = upper;
    }
    let is_hyphen = words.is_hyphen(end);
    let unit = end + usize::from(is_hyphen);
    if words.is(unit, Class::PERCENT)
        || words.eq(unit, "percentage") && words.text(unit + 1).starts_with("point")
    {
        return label(unit + 1 + usize::from(words.eq(unit, "percentage")), Label::PERCENT);
    }
    if words.eq(unit, "per") && words.eq(unit + 1, "cent") {
        return label(unit + 2, Label::PERCENT);
    }
    if let Some(money_end) = money_end(words, unit) {
        return label(money_end, Label::MONEY);
    }
    if is_hyphen
        && matches!(words.text(unit), "year" | "month" | "day" | "week")
        && words.is_hyphen(unit + 1)
        && words.eq(unit + 2, "old")
    {
        return label(unit + 3, Label::DATE);
    }
    if words.is(unit, Class::DATE_UNIT) && words.eq(unit + 1, "old")
        || words.eq(unit + 1, "of") && words.eq(unit + 2, "age") && words.is(unit, Class::DATE_UNIT)
    {
        return label(unit + if words.eq(unit + 1, "old") { 2 } else { 3 }, Label::DATE);
    }
    if let Some(duration) = unit_mention(words, i, unit) {
        return Some(duration);
    }
    let mut measure = unit;
    while measure < unit + MAX_NUMBER
        && words.is(measure, Class::UNIT_MODIFIER)
        && (words.is(measure + 1, Class::UNIT) || words.is(measure + 1, Class::UNIT_MODIFIER))
    {
        measure += 1;
    }
    if words.is(measure, Class::UNIT)
        && (words.text(measure).len() > 2 || words.has(i, Shape::DIGIT))
        && !words.eq(measure, "in")
    {
        return label(measure + 1, Label::QUANTITY);
    }
    if is_age(words, i, end) {
        return label(end, Label::DATE);
    }
    is_cardinal(words, i, end).then(|| Mention::new(i, end, Label::CARDINAL))
}

/// Where "euros", "Australian dollars" or "U.S. dollars" at word `i` ends.
fn money_end(words: &Words<'_>, i: usize) -> Option<usize> {
    let is_currency = |at: usize| {
        words.is(at, Class::CURRENCY) && (!words.has(at, Shape::CAPITAL) || words.has(at, Shape::UPPER))
    };
    if is_currency(i) {
        return Some(i + 1);
    }
    let is_qualifier = words.has(i, Shape::CAPITAL);
    if is_qualifier && is_currency(i + 1) {
        return Some(i + 2);
    }
    (is_qualifier && words.has(i + 1, Shape::CAPITAL) && is_currency(i + 2)).then_some(i + 3)
}

/// ", 67," after a name; "aged 12"; "was seven when".
fn is_age(words: &Words<'_>, i: usize, end: usize) -> bool {
    if i == 0 || end != i + 1 {
        return false;
    }
    let fits =
        words.is(i, Class::NUMBER) || integer(words.text(i)).is_some_and(|years| (1..=120).contains(&years));
    let before = words.text(i - 1);
    let after = words.text(end);
    let is_years = words.has(i, Shape::DIGIT) && before == "," && i >= 2;
    let after_name = is_years && words.has(i - 2, Shape::CAPITAL) && matches!(after, "," | "." | ")" | ";");
    let after_noun = is_years
        && words.has(i - 2, Shape::WORD)
        && !words.has(i - 2, Shape::DIGIT)
        && after == ","
        && words.is(i.saturating_sub(3), Class::ARTICLE);
    let of_child =
        before == "of" && i >= 2 && matches!(words.text(i - 2), "boy" | "girl" | "man" | "woman" | "child");
    let apposed = after_name || after_noun || of_child;
    let aged = matches!(before, "aged" | "age");
    let is_person = i >= 2 && matches!(words.text(i - 2), "he" | "she" | "He" | "She" | "who");
    let was = matches!(before, "was" | "turned" | "is" | "turns")
        && (words.eq(end, "when") || is_person && matches!(after, "" | "," | "." | "and"));
    let at = before == "at"
        && words.has(i, Shape::DIGIT)
        && integer(words.text(i)).is_some_and(|years| years > 12)
        && i >= 2
        && matches!(words.text(i - 2), "who" | "died" | ",")
        && !words.is(end, Class::DAY_PART);
    fits && (apposed || aged || was || at)
}

fn is_cardinal(words: &Words<'_>, i: usize, end: usize) -> bool {
    // "Grace 1", "Channel 4", "Ground Zero": part of a name, unless a headline has all its words in capitals.
    let names = i > 0
        && words.has(i - 1, Shape::CAPITAL)
        && !words.has(i, Shape::START)
        && words.list[i - 1].sentence == words.list[i].sentence;
    let is_label = names
        && (!words.is(i - 1, Class::COMMON.or(Class::MONTH).or(Class::WEEKDAY)) && end == i + 1
            || is_label(words.text(i - 1)));
    if is_label || names && words.has(i, Shape::CAPITAL) {
        return false;
    }
    if words.is_hyphen(i.wrapping_sub(1))
        && i > 0
        && !words.has(i - 1, Shape::LINE_START)
        && words.list.get(i.wrapping_sub(2)).is_some_and(|word| !word.has(Shape::DIGIT))
    {
        // "Covid-19", "EUV-7", "G-20": part of a name.
        return false;
    }
    if !words.eq(i, "one") || end != i + 1 {
        return true;
    }
    let before = i.checked_sub(1).map_or(String::new(), |at| words.text(at).to_ascii_lowercase());
    let pronoun_before = matches!(
        before.as_str(),
        "the"
            | "this"
            | "that"
            | "which"
            | "another"
            | "no"
            | "each"
            | "every"
            | "any"
            | "some"
            | "an"
            | "a"
            | "was"
            | "such"
            | "only"
            | "me"
            | "is"
    );
    let next = words.text(end);
    if words.list[i].upos == demarche_core::Upos::Pron {
        return false;
    }
    if before == "not" {
        return true;
    }
    let counts = next == "of"
        || words.has(i, Shape::START)
        || words.list.get(end).is_some_and(|word| word.has(Shape::WORD) && !word.is(Class::FUNCTION));
    counts
        && (!pronoun_before || next == "of")
        && !words.is_hyphen(end)
        && !matches!(next, "another" | "day" | "that" | "who")
}

/// Words that are numbered, not counted.
fn is_label(word: &str) -> bool {
    matches!(
        word,
        "Section"
            | "Article"
            | "Title"
            | "Chapter"
            | "License"
            | "Level"
            | "Channel"
            | "Class"
            | "Phase"
            | "Case"
            | "Flight"
            | "Room"
            | "Annex"
            | "Appendix"
            | "Table"
            | "Figure"
            | "Part"
            | "Category"
            | "Highway"
            | "Route"
            | "Type"
            | "Page"
    )
}
