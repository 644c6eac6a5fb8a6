//! Ships and types of machines: "USS Nimitz", "F-16", "EUV-7".

use crate::class::Class;
use crate::label::Label;
use crate::mention::Mention;
use crate::place::capitals_end;
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// The product whose name starts at word `i`.
pub(crate) fn at<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    if words.is(i, Class::SHIP_PREFIX) && words.has(i, Shape::UPPER) {
        let end = capitals_end(scan, i);
        return (end > i + 1).then(|| Mention::new(i, end, Label::PRODUCT));
    }
    is_designation(words, i).then(|| Mention::new(i, i + 3, Label::PRODUCT))
}

/// Letters, a hyphen and a number: "S-400"; not "COVID-19".
fn is_designation(words: &Words<'_>, i: usize) -> bool {
    /// Longest letters of a type, in bytes.
    const LONGEST: usize = 4;
    let text = words.text(i);
    let letters = text.len() <= LONGEST
        && text.bytes().all(|b| b.is_ascii_alphabetic())
        && !words.is(i, Class::PLAIN_ACRONYM);
    let plain = words.has(i, Shape::UPPER) || text.len() <= 2;
    letters
        && plain
        && words.is_hyphen(i + 1)
        && words.has(i + 2, Shape::DIGIT)
        && words.text(i + 2).len() <= LONGEST
}
