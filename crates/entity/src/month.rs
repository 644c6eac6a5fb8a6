//! Days of a month, months and holidays. A month without a year is the nearest one, after "since" the last one.

use crate::calendar::{Date, month};
use crate::class::Class;
use crate::date::date;
use crate::mention::Mention;
use crate::number::integer;
use crate::word::{Shape, Words};

/// "March 12", "13 December 1941", "June 2024", "May", "Jan. 31, 2026".
pub(crate) fn month_date(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
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

pub(crate) fn nearest_year(today: Date, month: i32, since: bool) -> i32 {
    let ahead = (month - today.month).rem_euclid(12);
    let is_past = if since { ahead != 0 } else { ahead > 6 };
    let months = if is_past { ahead - 12 } else { ahead };
    today.month_plus(months).0
}

/// "Christmas", "New Year's Eve".
pub(crate) fn holiday(words: &Words<'_>, i: usize, today: Option<Date>) -> Option<Mention<'static>> {
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
