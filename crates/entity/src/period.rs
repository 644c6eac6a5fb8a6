//! Periods and durations. Durations have no value.

use crate::calendar::{Date, month_end};
use crate::class::Class;
use crate::date::{date, time};
use crate::mention::Mention;
use crate::number::{integer, number_end};
use crate::word::{Shape, Words};

/// How many small words may stand before a unit: "half a dozen".
const MAX_WORDS: usize = 6;

/// "end of the year", "start of June".
pub(crate) fn edge_of_period(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    if !words.is(i, Class::EDGE) || !words.eq(i + 1, "of") {
        return None;
    }
    let mut at = i + 2;
    let modifier = words.text(at).to_ascii_lowercase();
    if matches!(modifier.as_str(), "the" | "this" | "next" | "last") {
        at += 1;
    }
    let is_end = words.eq(i, "end");
    if words.is(at, Class::MONTH) && words.list[at].is_capital() {
        let year = integer(words.text(at + 1)).filter(|year| (1000..2200).contains(year));
        return Some(date(i, at + 1 + usize::from(year.is_some()), None));
    }
    if !words.is(at, Class::DATE_UNIT) || words.is(i, Class::APPROXIMATOR) {
        return None;
    }
    let value = today.and_then(|today| {
        let shift = match modifier.as_str() {
            "next" => 1,
            "last" => -1,
            _ => 0,
        };
        match (words.text(at), is_end) {
            ("year", true) => Date::new(today.year + shift, 12, 31),
            ("year", false) => Date::new(today.year + shift, 1, 1),
            ("month", _) => {
                let (year, month) = today.month_plus(shift);
                if is_end { Some(month_end(year, month)) } else { Date::new(year, month, 1) }
            }
            ("week", true) => Some(today.plus(6 - today.weekday() + 7 * shift)),
            ("week", false) => Some(today.plus(7 * shift - today.weekday())),
            _ => None,
        }
    });
    Some(date(i, at + 1, value.map(|day| day.to_string())))
}

/// "today", "tomorrow morning", "tonight".
pub(crate) fn relative_day(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    if !words.is(i, Class::RELATIVE_DATE)
        || words.eq(i + 1, "'s") && words.has(i, Shape::START) && words.eq(i + 2, "the")
    {
        return None;
    }
    if words.is(i + 1, Class::DAY_PART) {
        return Some(time(i, i + 2));
    }
    let days = match words.text(i).to_ascii_lowercase().as_str() {
        "tomorrow" => 1,
        "yesterday" => -1,
        _ => 0,
    };
    Some(date(i, i + 1, today.map(|today| today.plus(days).to_string())))
}

/// "last month", "this year", "next week", "every evening", "a month", "several months", "for decades".
pub(crate) fn period(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    if words.is(i, Class::PERIOD_MODIFIER) && !words.eq(i, "that") {
        return modified_period(words, i, today);
    }
    let text = words.text(i);
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "several" | "many" | "few" | "recent") {
        return unit_mention(words, i, i + 1);
    }
    if matches!(lower.as_str(), "a" | "an" | "half") {
        let mut at = i + 1;
        while at < i + MAX_WORDS
            && matches!(
                words.text(at),
                "a" | "an" | "half" | "few" | "couple" | "of" | "full" | "whole" | "dozen"
            )
        {
            at += 1;
        }
        // "a day" after a number of things is a rate, "a second" may be an ordinal.
        let is_rate = i > 0
            && (words.is(i - 1, Class::UNIT)
                || words.is(i - 1, Class::CURRENCY)
                || words.is(i - 1, Class::PERCENT)
                || words.eq(i - 1, "times"));
        if is_rate || words.eq(at, "second") || words.eq(at, "quarter") || words.is(at + 1, Class::DATE_UNIT)
        {
            return None;
        }
        return unit_mention(words, i, at);
    }
    if matches!(
        lower.as_str(),
        "decades" | "centuries" | "years" | "months" | "weeks" | "days" | "hours" | "minutes"
    ) {
        let before = i.checked_sub(1).map_or("", |before| words.text(before));
        let is_bare = matches!(before, "for" | "in" | "over" | "after" | "within" | "took" | "takes")
            || words.eq(i + 1, "ago")
            || words.eq(i + 1, "later")
            || words.eq(i + 1, "of");
        return if is_bare && !words.is_hyphen(i + 1) { unit_mention(words, i, i) } else { None };
    }
    if matches!(text, "weekly" | "daily" | "monthly" | "annual" | "yearly") {
        return Some(date(i, i + 1, None));
    }
    if words.is(i, Class::SEASON) && !words.has(i, Shape::CAPITAL) {
        let before = i.checked_sub(1).map_or("", |before| words.text(before));
        let is_season = matches!(before, "in" | "since" | "by" | "until" | "during")
            || (matches!(before, "the" | "this") && lower != "fall");
        return is_season.then(|| date(i, i + 1, None));
    }
    if lower == "year" && i > 1 && words.eq(i - 1, "the") && words.eq(i - 2, "for") {
        return Some(date(i, i + 1, today.map(|today| format!("{:04}", today.year))));
    }
    // "the week after that"
    if lower == "week" && words.eq(i + 1, "after") && words.eq(i + 2, "that") {
        return Some(date(i, i + 3, today.map(|today| iso_week(today.plus(14)))));
    }
    None
}

fn modified_period(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    let lower = words.text(i).to_ascii_lowercase();
    let is_verb = i > 0
        && matches!(words.text(i - 1), "to" | "will" | "would" | "could" | "may" | "might" | "not" | "can");
    if is_verb && lower == "last" {
        return None;
    }
    let mut at = i + 1;
    if let Some(end) = words.list.get(at).and_then(|_| number_end(words, at)) {
        at = end;
    } else if matches!(words.text(at), "few" | "several" | "couple") {
        at += 1;
    }
    let counted = at > i + 1;
    let word = words.list.get(at)?;
    let recurring = matches!(lower.as_str(), "every" | "each");
    if word.is(Class::DAY_PART) && !counted {
        return Some(time(i, at + 1));
    }
    if word.is(Class::SEASON) && !word.is_capital() && !counted {
        return Some(date(i, at + 1, None));
    }
    if word.is(Class::TIME_UNIT) && (counted || !words.eq(at, "second") && !words.eq(at, "minute")) {
        return Some(time(i, at + 1));
    }
    if !word.is(Class::DATE_UNIT) {
        return None;
    }
    let shift = match lower.as_str() {
        "last" | "past" | "previous" => -1,
        "next" | "coming" | "following" => 1,
        _ => 0,
    };
    let value =
        today.filter(|_| !counted && !recurring && lower != "same").and_then(|today| match words.text(at) {
            "year" => Some(format!("{:04}", today.year + shift)),
            "month" => Some(year_month(today.month_plus(shift))),
            "week" | "weekend" => Some(iso_week(today.plus(7 * shift))),
            _ => None,
        });
    Some(date(i, at + 1, value))
}

pub(crate) fn year_month((year, month): (i32, i32)) -> String {
    format!("{year:04}-{month:02}")
}

pub(crate) fn iso_week(day: Date) -> String {
    let (year, week) = day.week();
    format!("{year:04}-W{week:02}")
}

/// A duration from word `first` whose unit is word `unit`.
pub(crate) fn unit_mention(words: &Words<'_>, first: usize, unit: usize) -> Option<Mention<'static>> {
    let word = words.list.get(unit).filter(|word| !word.is_capital())?;
    if word.is(Class::DATE_UNIT) {
        Some(date(first, unit + 1, None))
    } else if word.is(Class::TIME_UNIT) {
        Some(time(first, unit + 1))
    } else {
        None
    }
}
