//! Dates and times of day, with ISO 8601 values where the text and the document's date give them: what starts at a word, and
//! weekdays, years, and dates in digits.
//!
//! A weekday is the last one up to the document's date, or the next one where the clause speaks of the future.

use crate::calendar::{Date, weekday};
use crate::class::Class;
use crate::clock::{clock, part_of_day};
use crate::label::Label;
use crate::mention::Mention;
use crate::month::{holiday, month_date};
use crate::number::integer;
use crate::period::{edge_of_period, period, relative_day};
use crate::word::{Shape, Words};
use crate::year_part::year_part;

/// How far around a weekday the rule looks for a word of the future, in words.
const TENSE_WINDOW: usize = 20;

/// The date or time that starts at word `i`.
pub(crate) fn find(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    let word = words.list[i];
    if !word.has(Shape::WORD) {
        return None;
    }
    numeric(words, i)
        .or_else(|| clock(words, i))
        .or_else(|| edge_of_period(words, i, today))
        .or_else(|| year_part(words, i, today))
        .or_else(|| named_weekday(words, i, today))
        .or_else(|| month_date(words, i, today))
        .or_else(|| relative_day(words, i, today))
        .or_else(|| period(words, i, today))
        .or_else(|| holiday(words, i, today))
        .or_else(|| part_of_day(words, i))
        .or_else(|| year(words, i))
}

pub(crate) fn date(first: usize, end: usize, value: Option<String>) -> Mention<'static> {
    Mention::new(first, end, Label::DATE).with_date(value)
}

pub(crate) fn time(first: usize, end: usize) -> Mention<'static> {
    Mention::new(first, end, Label::TIME)
}

/// "2024-06-21", "21/06/2024".
fn numeric(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let parted = |at: usize| matches!(words.text(at), "-" | "/") && words.has(at, Shape::GLUED);
    if !(words.has(i, Shape::DIGIT) && parted(i + 1) && parted(i + 3) && words.has(i + 4, Shape::DIGIT)) {
        return None;
    }
    let number = |at: usize| words.text(at).parse::<i32>().ok();
    let (a, b, c) = (number(i)?, number(i + 2)?, number(i + 4)?);
    let day = if a > 31 { Date::new(a, b, c) } else { Date::new(c, b, a).or_else(|| Date::new(c, a, b)) };
    day.map(|day| date(i, i + 5, Some(day.to_string())))
}

/// "Friday", "Tuesday night", "Friday, June 21", "late on Monday".
fn named_weekday(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    if (words.eq(i, "late") || words.eq(i, "early"))
        && words.is(i + 1 + usize::from(words.eq(i + 1, "on")), Class::WEEKDAY)
    {
        let day = i + 1 + usize::from(words.eq(i + 1, "on"));
        return Some(time(i, day + 1 + usize::from(words.is(day + 1, Class::DAY_PART))));
    }
    let modifier = words.is(i, Class::PERIOD_MODIFIER);
    let day = i + usize::from(modifier);
    let word = words.list.get(day)?;
    if !word.is(Class::WEEKDAY) || !word.is_capital() {
        return None;
    }
    let text = words.text(day);
    if text.len() <= 4 && !text.ends_with('.') && !words.is(day + 1, Class::MONTH) && text != "Mon" {
        // "Sun" and "Sat" are words of their own.
        if matches!(text, "Sun" | "Sat" | "Wed" | "Mon") {
            return None;
        }
    }
    if words.is(day + 1, Class::DAY_PART) {
        return Some(time(i, day + 2));
    }
    let comma = usize::from(words.text(day + 1) == ",");
    if let Some(whole) =
        words.list.get(day + 1 + comma).and_then(|_| month_date(words, day + 1 + comma, today))
        && whole.n_words() > 1
    {
        return Some(Mention { first: i, ..whole });
    }
    let recurring = text.ends_with("days") || words.eq(i, "every") || words.eq(i, "each");
    let value = today.zip(weekday(text)).filter(|_| !recurring).map(|(today, wanted)| {
        let back = (today.weekday() - wanted).rem_euclid(7);
        let next = words.eq(i, "next") || words.eq(i, "coming");
        let last = words.eq(i, "last") || words.eq(i, "past");
        if next || (!last && is_future(words, day, back == 0)) {
            today.plus(if back == 0 && !next { 0 } else { 7 - back })
        } else {
            today.plus(if last && back == 0 { -7 } else { -back })
        }
    });
    Some(date(i, day + 1, value.map(|day| day.to_string())))
}

/// Whether the clause around word `i` speaks of what is still to come.
fn is_future(words: &Words<'_>, i: usize, is_today: bool) -> bool {
    if is_today {
        return false;
    }
    let sentence = words.list[i].sentence;
    let is_break = |j: usize| {
        matches!(words.text(j), "," | ";" | "\"" | "“" | "”" | "’" | "‘")
            || words.is(j, Class::SAY)
            || matches!(words.text(j), "after" | "and" | "but")
    };
    // "On Monday the mathematician, a Swede, becomes …": what opens a sentence holds for all of it.
    let opens = i >= 1 && words.has(i - 1, Shape::START);
    let inside =
        |&j: &usize| words.within(j, sentence).is_some() && (!is_break(j) || opens && words.text(j) == ",");
    let mut around = (i.saturating_sub(TENSE_WINDOW)..i)
        .rev()
        .take_while(inside)
        .chain((i + 1..i + TENSE_WINDOW).take_while(inside));
    around.any(|j| {
        let text = words.text(j);
        let is_present = |j: usize| matches!(words.text(j), "is" | "are" | "'s" | "’s");
        matches!(
            text,
            "will"
                | "shall"
                | "Will"
                | "becomes"
                | "begins"
                | "starts"
                | "opens"
                | "meets"
                | "takes"
                | "until"
                | "'ll"
                | "’ll"
        ) || (matches!(text, "due" | "expected" | "scheduled" | "set" | "planned" | "to")
            && j > 0
            && is_present(j - 1))
    })
}

/// "1991", "the 1970s", "2012-2020".
fn year(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let text = words.text(i);
    let digits = text.strip_suffix("'s").or_else(|| text.strip_suffix('s')).unwrap_or(text);
    if digits.len() == 2
        && digits != text
        && digits.ends_with('0')
        && integer(digits).is_some()
        && i > 0
        && words.eq(i - 1, "the")
    {
        return Some(date(i, i + 1, None));
    }
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = integer(digits)?;
    if digits != text {
        return Some(date(i, i + 1, None));
    }
    let before = i.checked_sub(1).map_or(String::new(), |before| words.text(before).to_ascii_lowercase());
    let after_preposition = matches!(
        before.as_str(),
        "in" | "since"
            | "of"
            | "from"
            | "until"
            | "by"
            | "during"
            | "after"
            | "before"
            | "the"
            | "and"
            | "to"
            | "("
            | "between"
            | "year"
            | "early"
            | "late"
            | "mid"
    );
    let counted = words.is(i + 1, Class::UNIT)
        || words.is(i + 1, Class::CURRENCY)
        || words.is(i + 1, Class::SCALE)
        || words.is(i + 1, Class::PERCENT)
        || words.eq(i + 1, "people")
        || words.is(i + 1, Class::DATE_UNIT)
        || words.is(i + 1, Class::TIME_UNIT);
    let is_number_of = matches!(
        before.as_str(),
        "$" | "€" | "£" | "no." | "number" | "resolution" | "#" | "order" | "room" | "flight" | "article"
    );
    if counted
        || is_number_of
        || !(1000..2200).contains(&number)
        || (!(1900..2100).contains(&number) && !after_preposition)
    {
        return None;
    }
    let second = words.text(i + 2);
    if words.is_hyphen(i + 1) && matches!(second.len(), 2 | 4) && integer(second).is_some() {
        return Some(date(i, i + 3, None));
    }
    Some(date(i, i + 1, Some(digits.to_owned())))
}
