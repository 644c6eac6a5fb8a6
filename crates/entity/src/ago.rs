//! Times before today: "two years ago".

use crate::calendar::Date;
use crate::label::Label;
use crate::mention::Mention;
use crate::number::integer;
use crate::period::{iso_week, year_month};
use crate::word::Words;

/// The duration with the day, week, month or year that it leads back to if "ago" follows; the word is no part of it.
pub(crate) fn with_ago(
    words: &Words<'_>,
    duration: Mention<'static>,
    today: Option<Date>,
) -> Mention<'static> {
    let Mention { first, end, label, .. } = duration;
    if !words.eq(end, "ago") || label != Label::DATE {
        return duration;
    }
    duration.with_date(today.and_then(|today| before(words, first, end - 1, today)))
}

/// The time so many units before today; none of rough numbers, hours and decades.
fn before(words: &Words<'_>, first: usize, unit: usize, today: Date) -> Option<String> {
    let count = if unit == first + 1 { count(words.text(first))? } else { return None };
    let back = match words.text(unit) {
        "day" | "days" => today.plus(-count.min(MOST_DAYS)).to_string(),
        "week" | "weeks" => iso_week(today.plus(-7 * count.min(MOST_DAYS / 7))),
        "month" | "months" => year_month(today.month_plus(-count.min(MOST_DAYS))),
        "year" | "years" if count < today.year => format!("{:04}", today.year - count),
        _ => return None,
    };
    Some(back)
}

/// Of more days nobody speaks; the calendar has years up to four digits.
const MOST_DAYS: i32 = 20_000;

/// "a", "three", "40": the numbers that news spells out end at twelve.
fn count(word: &str) -> Option<i32> {
    const SPELLED: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    if word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("an") {
        return Some(1);
    }
    let spelled = (1..).zip(SPELLED).find(|(_, spelled)| word.eq_ignore_ascii_case(spelled));
    spelled.map(|(number, _)| number).or_else(|| integer(word)?.try_into().ok())
}
