//! Parts of a year: quarters and halves as ISO 8601 intervals of months, "early 2020" and "mid-2019" as their year.

use crate::calendar::Date;
use crate::class::Class;
use crate::date::date;
use crate::mention::Mention;
use crate::number::integer;
use crate::word::Words;

/// "second quarter of 2022", "first half of last year", "Q3 2021", "early 2020", "late 1990s", "mid-2019".
pub(crate) fn year_part(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    stretch(words, i, today).or_else(|| near_edge(words, i))
}

/// Quarters and halves.
fn stretch(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
    let (number, months, end) = numbered(words, i)?;
    let year_at = end + usize::from(words.eq(end, "of"));
    let (year, end) = year(words, year_at, today)?;
    let last = number * months;
    let value = year.map(|year| format!("{year:04}-{:02}/{year:04}-{last:02}", last - months + 1));
    Some(date(i, end, value))
}

/// The number of a part of the year, its length in months, and one past its words: "third quarter", "first half", "Q3".
fn numbered(words: &Words<'_>, i: usize) -> Option<(u32, u32, usize)> {
    let text = words.text(i);
    if let Some(number) = text.strip_prefix('Q').and_then(integer)
        && (1..=4).contains(&number)
    {
        return Some((number, 3, i + 1));
    }
    let (months, parts) = match words.text(i + 1) {
        "quarter" => (3, 4),
        "half" => (6, 2),
        _ => return None,
    };
    let number = match text.to_ascii_lowercase().as_str() {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "last" | "final" => parts,
        _ => return None,
    };
    (number <= parts && words.eq(i + 2, "of")).then_some((number, months, i + 2))
}

/// The year that stands here, if its number is known, and one past its words: "2022", "the year", "last year".
fn year(words: &Words<'_>, at: usize, today: Option<Date>) -> Option<(Option<i32>, usize)> {
    if let Some(year) = year_number(words.text(at)) {
        return Some((Some(year), at + 1));
    }
    let shift = match words.text(at) {
        "the" | "this" => 0,
        "last" => -1,
        "next" => 1,
        _ => return None,
    };
    words.eq(at + 1, "year").then(|| (today.map(|today| today.year + shift), at + 2))
}

fn year_number(text: &str) -> Option<i32> {
    let year = integer(text).filter(|year| text.len() == 4 && (1900..2100).contains(year))?;
    year.try_into().ok()
}

/// "early 2020", "late 1990s", "mid-2019": a decade has no value.
fn near_edge(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
    if !words.is(i, Class::EDGE) && !words.eq(i, "mid") {
        return None;
    }
    let text = words.text(i);
    let glued = text.trim_end_matches('-');
    if !matches!(glued.to_ascii_lowercase().as_str(), "early" | "mid" | "late") {
        return None;
    }
    let at = i + 1 + usize::from(words.is_hyphen(i + 1));
    let text = words.text(at);
    let decade = text.strip_suffix('s').filter(|digits| digits.ends_with('0')).and_then(year_number);
    let year = year_number(text);
    (decade.or(year)).is_some().then(|| date(i, at + 1, year.map(|year| format!("{year:04}"))))
}
