//! Text as it is counted here: code points, white space, words, and strings that are the same but for their case.

use demarche_core::{OffsetMap, Offsets};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// A stretch of the text in code points, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) const fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub(crate) const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the other lies within this one.
    pub(crate) const fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Code points that both have.
    pub(crate) fn overlap(self, other: Self) -> u32 {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }

    /// What both have over what either has: 0 apart, 1 if they are the same.
    pub(crate) fn jaccard(self, other: Self) -> f64 {
        match self.overlap(other) {
            0 => 0.0,
            both => f64::from(both) / f64::from(self.len() + other.len() - both),
        }
    }
}

/// All pairs of a span of `left` and one of `right` that share a character, by their places, in ascending order.
pub(crate) fn overlapping(left: &[Span], right: &[Span]) -> Vec<(usize, usize)> {
    let mut order: Vec<_> = (0..right.len()).collect();
    order.sort_by_key(|&j| right[j]);
    // The furthest end so far: what comes before the first that reaches a span cannot overlap it.
    let mut reach = Vec::with_capacity(order.len());
    for &j in &order {
        reach.push(right[j].end.max(reach.last().copied().unwrap_or(0)));
    }
    let mut pairs = Vec::new();
    for (i, &span) in left.iter().enumerate() {
        let first = reach.partition_point(|&end| end <= span.start);
        let last = order.partition_point(|&j| right[j].start < span.end);
        let near = order.get(first..last).unwrap_or_default();
        let start = pairs.len();
        pairs.extend(near.iter().filter(|&&j| span.overlap(right[j]) > 0).map(|&j| (i, j)));
        pairs[start..].sort_unstable();
    }
    pairs
}

/// A text by code points.
pub(crate) struct Text<'a> {
    string: &'a str,
    chars: Vec<char>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(string: &'a str) -> Self {
        Self { string, chars: string.chars().collect() }
    }

    pub(crate) fn slice(&self, span: Span) -> &[char] {
        &self.chars[span.start as usize..span.end as usize]
    }

    /// The span without white space at its ends; of white space alone, nothing is left at its end.
    pub(crate) fn trim(&self, Span { mut start, mut end }: Span) -> Span {
        while start < end && is_space(self.chars[start as usize]) {
            start += 1;
        }
        while start < end && is_space(self.chars[end as usize - 1]) {
            end -= 1;
        }
        Span { start, end }
    }

    /// Spans of a discontinuous stretch in text order, trimmed, none empty; those that touch, overlap or have only
    /// white space between them are joined.
    pub(crate) fn joined(&self, spans: &[Span]) -> Vec<Span> {
        let mut trimmed: Vec<_> = spans.iter().map(|&span| self.trim(span)).collect();
        trimmed.retain(|span| !span.is_empty());
        trimmed.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(trimmed.len());
        for span in trimmed {
            match joined.last_mut() {
                Some(last) if span.start <= last.end || self.is_space_between(*last, span) => {
                    last.end = last.end.max(span.end);
                }
                _ => joined.push(span),
            }
        }
        joined
    }

    fn is_space_between(&self, left: Span, right: Span) -> bool {
        self.slice(Span { start: left.end, end: right.start }).iter().copied().all(is_space)
    }

    /// Joined spans without anything but letters and digits at the ends of the whole.
    pub(crate) fn bare(&self, joined: &[Span]) -> Vec<Span> {
        let is_mark = |c| !is_alphanumeric(c);
        let drop_start = |span: Span| {
            let kept = self.slice(span).iter().position(|&c| !is_mark(c));
            kept.map(|n| Span { start: span.start + n as u32, ..span })
        };
        let drop_end = |span: Span| {
            let kept = self.slice(span).iter().rposition(|&c| !is_mark(c));
            kept.map(|n| Span { end: span.start + n as u32 + 1, ..span })
        };
        let Some(first) = joined.iter().position(|&span| drop_start(span).is_some()) else {
            return Vec::new();
        };
        let mut bare = joined[first..].to_vec();
        bare[0] = drop_start(bare[0]).unwrap_or(bare[0]);
        while let Some(last) = bare.last_mut() {
            match drop_end(*last) {
                Some(kept) => {
                    *last = kept;
                    break;
                }
                None => bare.truncate(bare.len() - 1),
            }
        }
        bare
    }

    /// The words and marks, in text order: `\w+|[^\w\s]`.
    pub(crate) fn words(&self) -> Vec<Span> {
        let mut words = Vec::new();
        let mut at = 0;
        while let Some(&c) = self.chars.get(at) {
            let start = at;
            at += 1;
            if is_word(c) {
                while self.chars.get(at).is_some_and(|&c| is_word(c)) {
                    at += 1;
                }
            } else if is_space(c) {
                continue;
            }
            words.push(Span { start: start as u32, end: at as u32 });
        }
        words
    }

    /// The character before a place.
    pub(crate) fn before(&self, at: u32) -> Option<char> {
        self.chars.get((at as usize).checked_sub(1)?).copied()
    }

    /// The character after a place.
    pub(crate) fn after(&self, at: u32) -> Option<char> {
        self.chars.get(at as usize).copied()
    }

    pub(crate) fn len(&self) -> u32 {
        self.chars.len() as u32
    }

    /// How offsets in this unit are converted to code points.
    pub(crate) fn offsets(&self, unit: Offsets) -> ToChars<'a> {
        ToChars {
            n_chars: self.len(),
            convert: (unit != Offsets::Char)
                .then(|| (OffsetMap::new(self.string, unit), OffsetMap::new(self.string, Offsets::Char))),
        }
    }
}

/// Converts offsets of a file to code points.
pub(crate) struct ToChars<'a> {
    n_chars: u32,
    /// From the file's unit to bytes, and from bytes to code points.
    convert: Option<(OffsetMap<'a>, OffsetMap<'a>)>,
}

impl ToChars<'_> {
    /// `None` if it is outside of the text or within a character.
    pub(crate) fn offset(&self, offset: u64) -> Option<u32> {
        let offset = u32::try_from(offset).ok()?;
        match &self.convert {
            None => (offset <= self.n_chars).then_some(offset),
            Some((bytes, chars)) => bytes.to_byte(offset).map(|byte| chars.from_byte(byte)),
        }
    }

    pub(crate) fn span(&self, [start, end]: [u64; 2]) -> Option<Span> {
        let (start, end) = self.offset(start).zip(self.offset(end))?;
        (start <= end).then_some(Span { start, end })
    }
}

/// White space as Python has it: Unicode's, and the four separators of ASCII.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Letters and numbers by their general category, as Python has it. (Rust's own takes combining vowel signs along.)
pub(crate) fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

fn is_word(c: char) -> bool {
    is_alphanumeric(c) || c == '_'
}

/// A name or code as it is compared: white space as single spaces, case folded as Unicode says.
pub(crate) fn fold(string: &str) -> String {
    let words: Vec<_> = string.split(is_space).filter(|word| !word.is_empty()).collect();
    unicase::UniCase::unicode(words.join(" ")).to_folded_case()
}

/// Whether two codes are the same but for case and white space; nothing is the same as no code.
pub(crate) fn same_norm(gold: Option<&str>, predicted: Option<&str>) -> bool {
    gold.zip(predicted).is_some_and(|(gold, predicted)| gold == predicted || fold(gold) == fold(predicted))
}
