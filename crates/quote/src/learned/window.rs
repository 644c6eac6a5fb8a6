//! The stretch of text around a cue in which its content and source are looked for, cut into units.

use std::ops::Range;

use crate::reading::Reading;

/// Units before and after the cue at most.
const MAX_UNITS: usize = 90;
/// Quoted stretches beyond the sentence's end or start that may belong to it.
const MAX_BEYOND: usize = 3;

/// A word, or words in quotation marks, marks included: they belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) tokens: Range<usize>,
    pub(crate) is_quoted: bool,
    /// In which sentence it stands: -1 before the cue's, 1 after.
    pub(crate) beyond: i8,
}

/// The units around a cue.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) units: Vec<Unit>,
    /// Which of them is the cue.
    pub(crate) anchor: usize,
}

impl Window {
    /// The units of the cue's sentence on its level of quotation marks, with quoted stretches that stand directly
    /// before and after the sentence or carry on one in it.
    pub(crate) fn around(reading: &Reading<'_>, token: usize) -> Self {
        let level = reading.level(token);
        let sentence = reading.level_sentence(token);
        let limits = match level {
            Some(quoted) => reading.quoted_tokens(quoted),
            None => 0..reading.len(),
        };
        let stretch = |at: usize| reading.quoted_below(at, level);
        let mut after = Vec::new();
        let mut at = token + 1;
        while at < sentence.end && after.len() < MAX_UNITS {
            let unit = unit(reading, stretch(at), at, 0);
            at = unit.tokens.end;
            after.push(unit);
        }
        for _ in 0..MAX_BEYOND {
            if at < sentence.end || at >= limits.end {
                break;
            }
            let Some(quoted) = stretch(at) else { break };
            let continues = reading.quoted[quoted].continues.is_some();
            let is_same = reading.paragraph(at) == reading.paragraph(at - 1);
            if !is_same && !continues && !opens(reading, at - 1) {
                break;
            }
            let unit = unit(reading, Some(quoted), at, 1);
            at = unit.tokens.end;
            after.push(unit);
        }
        let mut before = Vec::new();
        let mut end = token;
        while end > sentence.start && before.len() < MAX_UNITS {
            let unit = unit(reading, stretch(end - 1), end - 1, 0);
            end = unit.tokens.start;
            before.push(unit);
        }
        for _ in 0..MAX_BEYOND {
            if end > sentence.start || end <= limits.start {
                break;
            }
            let Some(quoted) = stretch(end - 1) else { break };
            let is_same = reading.paragraph(end) == reading.paragraph(end - 1);
            let continued = stretch(end).is_some_and(|later| reading.quoted[later].continues == Some(quoted));
            if !is_same && !continued {
                break;
            }
            let unit = unit(reading, Some(quoted), end - 1, -1);
            end = unit.tokens.start;
            before.push(unit);
        }
        before.reverse();
        let anchor = before.len();
        before.push(Unit { tokens: token..token + 1, is_quoted: false, beyond: 0 });
        before.append(&mut after);
        Self { units: before, anchor }
    }
}

fn unit(reading: &Reading<'_>, quoted: Option<usize>, at: usize, beyond: i8) -> Unit {
    match quoted {
        Some(quoted) => Unit { tokens: reading.quoted_tokens(quoted), is_quoted: true, beyond },
        None => Unit { tokens: at..at + 1, is_quoted: false, beyond },
    }
}

/// Whether quoted words in a paragraph of their own may follow this token.
fn opens(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.word(token), ":" | "," | "—" | "–" | "-")
}
