//! Times of day.

use crate::class::Class;
use crate::date::time;
use crate::mention::Mention;
use crate::number::integer;
use crate::word::{Shape, Words};

/// "8:10 a.m.", "11 p.m.", "05:47 local time", "three in the morning".
pub(crate) fn clock(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
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

/// "midnight", "noon", "at night", "in the morning".
pub(crate) fn part_of_day(words: &Words<'_>, i: usize) -> Option<Mention<'static>> {
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
