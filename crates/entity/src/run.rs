//! Where one name ends and the next begins in a run of names with nothing between, as attendees and signatures are listed:
//! "Lisa Gillett Kristen Queen", "Debra Perling Kathleen,".

use std::ops::Range;

use crate::class::Class;
use crate::scan::Scan;
use crate::word::{Shape, Words};

const SURNAME: Class = Class::SURNAME.or(Class::WEAK_SURNAME);
const NO_END: Class = Class::FIRST_NAME.or(Class::PARTICLE);

/// Cuts a run of persons' names: `each` gets the words of one name.
pub(crate) fn persons(scan: &Scan<'_>, run: Range<usize>, mut each: impl FnMut(Range<usize>)) {
    let mut first = run.start;
    for i in run.start + 1..run.end {
        if starts_another(scan.words, first, i, run.end) {
            each(first..i);
            first = i;
        }
    }
    each(first..run.end);
}

/// Whether the word at `i` starts another name after one that started at `first`.
fn starts_another(words: &Words<'_>, first: usize, i: usize, end: usize) -> bool {
    if words.text(i) == words.text(i - 1) && words.has(i, Shape::WORD) {
        return true;
    }
    let is_first = words.is(i, Class::FIRST_NAME) && !words.has(i - 1, Shape::INITIAL);
    let full = i >= first + 2 && !words.is(i - 1, NO_END) && words.has(i - 1, Shape::CAPITAL);
    // A last word alone is a salutation, or the surname that it looks less like.
    let goes_on = i + 1 < end && words.has(i + 1, Shape::CAPITAL)
        || i + 1 == end && !words.is(i, SURNAME) && words.text(end) == ",";
    is_first && full && goes_on
}
