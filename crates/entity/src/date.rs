//! Dates and times of day, with ISO 8601 values where the text and the document's date give them.
//!
//! A weekday is the last one up to the document's date, or the next one where the clause speaks of the future.
//! A month without a year is the nearest one, after "since" the last one. Durations have no value.

use crate::calendar::{Date, month, month_end, weekday};
use crate::class::Class;
use crate::label::Label;
use crate::mention::Mention;
use crate::number::{integer, number_end};
use crate::word::{Shape, Words};

/// How far around a weekday the rule looks for a word of the future, in words.
const TENSE_WINDOW: usize = 20;

/// How many small words may stand before a unit: "half a dozen".
const MAX_WORDS: usize = 6;

/// The date or time that starts at word `i`.
pub(crate) fn find(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    let word = words.list[i];
    if !word.has(Shape::WORD) {
        return None;
    }
    numeric(words, i)
        .or_else(|| clock(words, i))
        .or_else(|| edge_of_period(words, i, today))
        .or_else(|| named_weekday(words, i, today))
        .or_else(|| month_date(words, i, today))
        .or_else(|| relative_day(words, i, today))
        .or_else(|| period(words, i, today))
        .or_else(|| holiday(words, i, today))
        .or_else(|| part_of_day(words, i))
        .or_else(|| year(words, i))
}

fn date(first: usize, end: usize, value: Option<String>) -> Mention<'static> {
    let mention = Mention::new(first, end, Label::DATE);
    match value {
        Some(value) => mention.with_norm(value),
        None => mention,
    }
}

fn time(first: usize, end: usize) -> Mention<'static> {
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

/// "8:10 a.m.", "11 p.m.", "05:47 local time", "three in the morning".
fn clock(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    let text = words.text(i);
    let has_colon = text.len() <= 8
        && text.split(':').count() >= 2
        && text.split(':').all(|part| integer(part).is_some_and(|n| n < 60));
    let mut end = i + 1;
    let hour = has_colon || integer(text).is_some_and(|n| n <= 24) || words.is(i, Class::NUMBER);
    let is_half = |at: usize| {
        matches!(
            words.text(at).to_ascii_lowercase().as_str(),
            "a.m." | "p.m." | "a.m" | "p.m" | "am" | "pm" | "o'clock" | "o’clock"
        )
    };
    if hour && is_half(end) && words.list.get(end).is_some() {
        end += 1;
        // "8:10 a.m." at the end of a sentence may have its stop apart.
        if words.text(end) == "." && words.text(end - 1).len() == 3 {
            end += 1;
        }
    } else if hour && words.eq(end, "in") && words.eq(end + 1, "the") && words.is(end + 2, Class::DAY_PART) {
        return Some(time(i, end + 3));
    } else if !has_colon || text.len() < 4 {
        return None;
    }
    if words.eq(end, "local") && words.eq(end + 1, "time") {
        end += 2;
    } else if matches!(words.text(end), "GMT" | "UTC" | "EST" | "EDT" | "ET" | "CET" | "BST" | "PST") {
        end += 1;
    }
    Some(time(i, end))
}

/// "end of the year", "start of June".
fn edge_of_period(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
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

/// "March 12", "13 December 1941", "June 2024", "May", "Jan. 31, 2026".
fn month_date(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    let day_number = |at: usize| {
        let text = words.text(at);
        let digits = text.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
        integer(digits)
            .filter(|day| (1..=31).contains(day) && text.len() - digits.len() != 1)
            .map(u32::cast_signed)
    };
    let year_number =
        |at: usize| integer(words.text(at)).filter(|year| (1000..2200).contains(year)).map(u32::cast_signed);
    let is_month =
        |at: usize| words.list.get(at).is_some_and(|word| word.is(Class::MONTH) && word.is_capital());
    let mut first_day = day_number(i);
    let mut at = i;
    if first_day.is_some() {
        at = i + 1 + usize::from(words.eq(i + 1, "of"));
        if !is_month(at) || is_month(i) {
            return None;
        }
    }
    let edge =
        i == at && words.is(i, Class::PERIOD_MODIFIER) && is_month(i + 1) && !words.has(i, Shape::CAPITAL);
    let early = i == at
        && matches!(words.text(i), "early" | "late" | "mid")
        && is_month(i + 1 + usize::from(words.is_hyphen(i + 1)));
    if edge || early {
        at = i + 1 + usize::from(words.is_hyphen(i + 1));
    }
    if !is_month(at) {
        return None;
    }
    let number = month(words.text(at))?;
    let mut end = at + 1;
    // "Sept ." where the stop is a token of its own.
    if words.text(end) == "."
        && words.has(end, Shape::GLUED)
        && words.text(at).len() <= 4
        && day_number(end + 1).is_some()
    {
        end += 1;
    }
    if first_day.is_none()
        && let Some(day) = day_number(end)
    {
        first_day = Some(day);
        end += 1;
        if words.is_hyphen(end) && day_number(end + 1).is_some() {
            end += 2;
        }
    }
    let comma = usize::from(first_day.is_some() && words.text(end) == ",");
    let mut given_year = year_number(end + comma);
    if given_year.is_some() {
        end += comma + 1;
    } else if words.eq(end, "last") && words.eq(end + 1, "year") {
        given_year = today.map(|today| today.year - 1);
        end += 2;
    }
    if first_day.is_none() && given_year.is_none() && !is_bare_month(words, at) {
        return None;
    }
    let since = i > 0 && (words.eq(i - 1, "since") || words.eq(i, "last"));
    let until = i > 0 && matches!(words.text(i - 1), "until" | "till");
    let year = given_year.or_else(|| {
        today.map(|today| {
            if until {
                today.year + i32::from(number < today.month)
            } else {
                nearest_year(today, number, since)
            }
        })
    });
    let value = year.and_then(|year| match first_day {
        Some(day) => Date::new(year, number, day).map(|day| day.to_string()),
        None => Some(format!("{year:04}-{number:02}")),
    });
    Some(date(i, end, value))
}

/// "May" and "March" are months only after a preposition or the like; the other names are nothing else.
fn is_bare_month(words: &Words<'_>, at: usize) -> bool {
    let text = words.text(at);
    if text.len() <= 4 && !text.ends_with('.') && !matches!(text, "May" | "June" | "July" | "Sept") {
        return false;
    }
    if matches!(text, "August" | "April" | "June")
        && words.list.get(at + 1).is_some_and(|next| next.is_capital() && next.is(Class::SURNAME))
    {
        return false;
    }
    if !matches!(text, "May" | "March" | "MAY" | "MARCH") {
        return true;
    }
    at > 0
        && matches!(
            words.text(at - 1).to_ascii_lowercase().as_str(),
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "from"
                | "of"
                | "last"
                | "next"
                | "this"
                | "early"
                | "late"
                | "during"
                | "before"
                | "after"
                | "and"
                | "to"
                | "through"
                | "for"
                | "mid"
                | "-"
                | "every"
                | "each"
        )
}

fn nearest_year(today: Date, month: i32, since: bool) -> i32 {
    let ahead = (month - today.month).rem_euclid(12);
    let is_past = if since { ahead != 0 } else { ahead > 6 };
    let months = if is_past { ahead - 12 } else { ahead };
    today.month_plus(months).0
}

/// "today", "tomorrow morning", "tonight".
fn relative_day(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
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
fn period(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
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

fn year_month((year, month): (i32, i32)) -> String {
    format!("{year:04}-{month:02}")
}

fn iso_week(day: Date) -> String {
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

/// "Christmas", "New Year's Eve".
fn holiday(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    let day = |number, day| {
        today
            .and_then(|today| Date::new(nearest_year(today, number, false), number, day))
            .map(|day| day.to_string())
    };
    match words.text(i) {
        "Christmas" if words.text(i + 1) == "Eve" => Some(date(i, i + 2, day(12, 24))),
        "Christmas" if words.text(i + 1) == "Day" => Some(date(i, i + 2, day(12, 25))),
        "Christmas" => Some(date(i, i + 1, day(12, 25))),
        "Easter" if !words.text(i + 1).starts_with("Island") => {
            Some(date(i, i + 1 + usize::from(words.is(i + 1, Class::WEEKDAY)), None))
        }
        "Ramadan" | "Thanksgiving" | "Hanukkah" | "Passover" | "Nowruz" | "Halloween" => {
            Some(date(i, i + 1 + usize::from(words.text(i + 1) == "Day"), None))
        }
        "New" if words.text(i + 1) == "Year" && words.is_possessive(i + 2) => {
            let eve = words.text(i + 3) == "Eve";
            let is_day = eve || words.text(i + 3) == "Day";
            is_day.then(|| date(i, i + 4, if eve { day(12, 31) } else { day(1, 1) }))
        }
        "Independence" | "Memorial" | "Labor" | "Veterans" if words.text(i + 1) == "Day" => {
            Some(date(i, i + 2, None))
        }
        _ => None,
    }
}

/// "midnight", "noon", "at night", "in the morning".
fn part_of_day(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    if !words.is(i, Class::DAY_PART) || words.has(i, Shape::CAPITAL) && !words.has(i, Shape::START) {
        return None;
    }
    if matches!(
        words.text(i),
        "midnight" | "noon" | "midday" | "tonight" | "overnight" | "Tonight" | "Overnight"
    ) {
        return Some(time(i, i + 1));
    }
    let before = |n: usize| i.checked_sub(n).map_or("", |at| words.text(at));
    let is_time = matches!(before(1), "at" | "by")
        || (before(1) == "the" && matches!(before(2), "in" | "In" | "during" | "for" | "through"));
    is_time.then(|| time(i, i + 1))
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
