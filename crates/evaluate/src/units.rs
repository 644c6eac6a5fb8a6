//! Whether the offsets of a file are in the unit that they are said to be in.

use std::fmt;

use demarche_core::Offsets;
use serde_json::Value;

use crate::error::unit_name;
use crate::text::{Text, is_alphanumeric};
use crate::{Document, Documents, Key};

/// Ends of spans that are looked at, at most: enough to be sure, and a blink of time.
const LOOKED_AT: usize = 2000;
/// Ends within words that are too few to say anything.
const FEW: usize = 8;
/// A unit is doubted where more than one in so many ends is within a word, and another has less than one in so many of
/// these.
const SHARE: usize = 4;

/// Offsets that cut words apart as they are counted, and would not if they were counted in another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The unit in which they were said to be.
    pub unit: Offsets,
    /// Ends of spans within words, when counted in it.
    pub cut: usize,
    /// The unit in which they seem to be.
    pub likelier: Offsets,
    /// Ends of spans within words, when counted in that.
    pub likelier_cut: usize,
    /// All ends of spans that were looked at: of the first documents, after their first letter that is not ASCII.
    pub of: usize,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { unit, cut, likelier, likelier_cut, of } = *self;
        let (unit, likelier) = (unit_name(unit), unit_name(likelier));
        write!(
            f,
            "counted in {unit}, {cut} of {of} ends of spans are within words; in {likelier}, {likelier_cut}"
        )
    }
}

impl Documents {
    /// Whether the offsets seem to be in another unit than the one they were read in.
    ///
    /// Nothing in a document says in which unit it counts, and where a text is all ASCII it does not matter; elsewhere the
    /// wrong unit shifts spans by a few characters, so that they start and end anywhere.
    pub fn doubt(&self) -> Option<Doubt> {
        let unit = self.iter().next()?.offsets();
        let units = [Offsets::Char, Offsets::Byte, Offsets::Utf16];
        let mut cut = [0; 3];
        let mut of = 0;
        for document in self {
            if of >= LOOKED_AT {
                break;
            }
            of += count(document, units, &mut cut);
        }
        let cut_in =
            |wanted: Offsets| units.iter().zip(cut).find(|(unit, _)| **unit == wanted).map(|(_, cut)| cut);
        let own = cut_in(unit)?;
        let (likelier, likelier_cut) =
            units.into_iter().zip(cut).filter(|(other, _)| *other != unit).min_by_key(|(_, cut)| *cut)?;
        let is_doubtful = own > FEW && own * SHARE > of && likelier_cut * SHARE < own;
        is_doubtful.then_some(Doubt { unit, cut: own, likelier, likelier_cut, of })
    }
}

/// Adds the ends of spans that are within words in each of the units, and says how many there are.
fn count(document: &Document, units: [Offsets; 3], cut: &mut [usize; 3]) -> usize {
    let string = document.text();
    let Some(first) = string.find(|c: char| !c.is_ascii()) else { return 0 };
    let text = Text::new(string);
    let mut ends = Vec::new();
    for key in Key::ALL {
        // What is malformed is told of when it is scored.
        for item in document.items::<Value>(key).unwrap_or_default() {
            collect(&item, &mut ends);
        }
    }
    ends.retain(|&end| end > first as u64);
    for (unit, cut) in units.into_iter().zip(cut) {
        let to_chars = text.offsets(unit);
        // An offset that the text does not have is as wrong as one within a word.
        let is_cut = |&&end: &&u64| to_chars.offset(end).is_none_or(|end| is_within_word(&text, end));
        *cut += ends.iter().filter(is_cut).count();
    }
    ends.len()
}

/// All pairs of numbers in a value: nothing else in a layer is one.
fn collect(value: &Value, ends: &mut Vec<u64>) {
    match value {
        Value::Array(items) => match items.as_slice() {
            [Value::Number(start), Value::Number(end)] => {
                ends.extend(start.as_u64().into_iter().chain(end.as_u64()));
            }
            items => items.iter().for_each(|item| collect(item, ends)),
        },
        Value::Object(fields) => fields.values().for_each(|field| collect(field, ends)),
        _ => {}
    }
}

fn is_within_word(text: &Text<'_>, at: u32) -> bool {
    text.before(at).zip(text.after(at)).is_some_and(|(a, b)| is_alphanumeric(a) && is_alphanumeric(b))
}
