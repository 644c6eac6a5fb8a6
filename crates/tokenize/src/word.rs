//! How far a word reaches, and which words hide in it.

use crate::class::Class;
use crate::piece::{Gap, Kind};
use crate::scan::Scanner;

/// Clitics that an apostrophe parts from their word; `n't` is apart.
const CLITICS: [&str; 6] = ["s", "m", "d", "re", "ve", "ll"];
/// More clitics on one word are noise ("I'd've" has two).
const MAX_CLITICS: usize = 3;
/// Digits in a group of a telephone number or date ("2024-06-21", "555-0134").
const MAX_GROUP: usize = 5;
/// Groups in a telephone number ("1-800-555-0134").
const MAX_GROUPS: usize = 4;
/// Longest ending after a hyphen that is looked up.
const MAX_SUFFIX: usize = 8;

impl Scanner<'_> {
    /// Takes the word that starts here, with what belongs to it, and gives its end.
    pub(crate) fn word(&mut self, at: usize) -> usize {
        let extent = self.extent(at);
        let end = extent.end;
        if self.text.as_bytes().get(end) == Some(&b'.') {
            if self.is_list_number(at, end) {
                self.push(at, end + 1, Kind::ListNumber);
                return end + 1;
            }
            if let Some(kind) = self.stop_belongs(at, end) {
                self.push(at, end + 1, kind);
                return end + 1;
            }
        }
        if extent.has_apostrophe && self.push_clitics(at, end) {
            return end;
        }
        if !self.push_with_unit(at, end) {
            self.letters(at, end);
        }
        end
    }

    /// Adds a word without apostrophes, in its parts if it is a contraction all the same.
    pub(crate) fn letters(&mut self, start: usize, end: usize) {
        let Some(lengths) = self.lexicon.contraction(&self.text[start..end]) else {
            return self.push_word(start, end);
        };
        let mut at = start;
        for &length in lengths {
            self.push_word(at, at + length as usize);
            at += length as usize;
        }
    }

    fn extent(&self, at: usize) -> Extent {
        let mut extent = Extent { end: self.digit_groups(at), has_apostrophe: false };
        // Where the part after the last stop or hyphen starts.
        let (mut after_stop, mut after_hyphen) = (at, at);
        loop {
            extent.end = self.run(extent.end, |c| Class::of(c).is_word());
            let end = extent.end;
            let Some(joiner) = self.char_at(end) else { return extent };
            let next = end + joiner.len_utf8();
            let (before, after) = (self.class_before(end), self.class_at(next));
            let joins = match joiner {
                '$' if end > at && end - at <= 3 => {
                    if self.text[at..end].bytes().all(|byte| byte.is_ascii_uppercase()) {
                        extent.end = next;
                    }
                    return extent;
                }
                _ if !after.is_word() => false,
                '.' => self.stop_joins(after_stop, end),
                ',' | ':' => before == Class::Digit && after == Class::Digit,
                '&' => before == Class::Letter && after == Class::Letter,
                '/' => self.slash_joins(at, end),
                _ => match Class::of(joiner) {
                    Class::Apostrophe => before == Class::Letter || self.is_decade_ending(next),
                    Class::Hyphen => self.hyphen_joins(after_hyphen, end, next),
                    _ => false,
                },
            };
            if !joins {
                return extent;
            }
            match Class::of(joiner) {
                Class::Apostrophe => extent.has_apostrophe = true,
                Class::Hyphen => after_hyphen = next,
                Class::Stop => after_stop = next,
                _ => {}
            }
            extent.end = next;
        }
    }

    fn class_before(&self, end: usize) -> Class {
        match self.text.as_bytes()[end - 1] {
            byte if byte.is_ascii() => Class::of(byte as char),
            _ => Class::Letter,
        }
    }

    /// End of groups of digits that hyphens join to one token: dates and telephone numbers, but not ranges.
    /// Gives `at` where there is none.
    fn digit_groups(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut lengths = [0; MAX_GROUPS];
        let mut end = at;
        for (group, length) in lengths.iter_mut().enumerate() {
            let start = if group == 0 { at } else { end + 1 };
            if group > 0 && bytes.get(end) != Some(&b'-') {
                break;
            }
            *length = bytes[start.min(bytes.len())..]
                .iter()
                .take(MAX_GROUP + 1)
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if *length == 0 || *length > MAX_GROUP {
                return at;
            }
            end = start + *length;
        }
        let is_phone = matches!(lengths, [3, 4, 0, 0]);
        let ends = !self.class_at(end).is_word() && self.class_at(end) != Class::Hyphen;
        if (lengths[2] > 0 || is_phone) && ends { end } else { at }
    }

    /// `1990's`: the ending of a decade is no clitic.
    fn is_decade_ending(&self, at: usize) -> bool {
        self.text.as_bytes().get(at) == Some(&b's') && !self.class_at(at + 1).is_word()
    }

    /// Fractions, dates and short forms (`1/2`, `9/11/2001`, `w/o`, `c/o`); other slashes part words.
    fn slash_joins(&self, at: usize, end: usize) -> bool {
        let left = &self.text.as_bytes()[at..end];
        let right_end = self.run(end + 1, |c| Class::of(c).is_word());
        let right = &self.text.as_bytes()[end + 1..right_end];
        let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        let last_group = left.rsplit(|&byte| byte == b'/').next().unwrap_or(left);
        if digits(last_group) && digits(right) {
            return last_group.len() <= 2 && right.len() <= 4;
        }
        left.len() == 1 && right.len() <= 2 && left[0].is_ascii_alphabetic() && right[0].is_ascii_alphabetic()
    }

    /// Prefixes and a few endings stay with their word (`anti-corruption`); other hyphens part words, as in UD.
    fn hyphen_joins(&self, part: usize, hyphen: usize, next: usize) -> bool {
        if self.class_before(hyphen) != Class::Letter {
            return false;
        }
        if self.lexicon.is_prefix(&self.text[part..hyphen]) {
            return true;
        }
        let word_end =
            self.text[next..].char_indices().take(MAX_SUFFIX + 1).find(|&(_, c)| !Class::of(c).is_word());
        let suffix_end = word_end.map_or(self.text.len(), |(length, _)| next + length);
        self.lexicon.is_suffix(&self.text[next..suffix_end])
    }

    /// `1.` at the start of a line, with text after it.
    fn is_list_number(&self, at: usize, stop: usize) -> bool {
        let is_number = stop - at <= 3 && self.text[at..stop].bytes().all(|byte| byte.is_ascii_digit());
        let followed = matches!(self.text.as_bytes().get(stop + 1), Some(b' ' | b'\t'));
        self.gap >= Gap::Newline && is_number && followed
    }

    /// Adds the word and its clitics (`do|n't`, `Putin|'s`, `I|'d|'ve`); false if no apostrophe in it marks one.
    fn push_clitics(&mut self, start: usize, end: usize) -> bool {
        let mut cuts = [end; MAX_CLITICS + 1];
        let mut n_cuts = 0;
        while n_cuts < MAX_CLITICS {
            let Some(cut) = self.clitic(start, cuts[n_cuts]) else { break };
            n_cuts += 1;
            cuts[n_cuts] = cut;
        }
        if n_cuts == 0 {
            return false;
        }
        self.letters(start, cuts[n_cuts]);
        for clitic in (0..n_cuts).rev() {
            self.push(cuts[clitic + 1], cuts[clitic], Kind::Lower);
        }
        true
    }

    /// Where the last clitic of `start..end` begins.
    fn clitic(&self, start: usize, end: usize) -> Option<usize> {
        let word = &self.text[start..end];
        let (at, apostrophe) = word.char_indices().rev().find(|&(_, c)| Class::of(c) == Class::Apostrophe)?;
        let after = &word[at + apostrophe.len_utf8()..];
        let before = &word[..at];
        if after.eq_ignore_ascii_case("t") && before.len() > 1 && before.ends_with(['n', 'N']) {
            return Some(start + at - 1);
        }
        let is_decade = before.ends_with('0') && before.bytes().all(|byte| byte.is_ascii_digit());
        let is_clitic = CLITICS.iter().any(|clitic| after.eq_ignore_ascii_case(clitic));
        (is_clitic && !before.is_empty() && !is_decade).then_some(start + at)
    }

    /// Adds a number and the unit written right after it (`2.5|bn`, `6|am`); false if it is none.
    fn push_with_unit(&mut self, start: usize, end: usize) -> bool {
        let bytes = &self.text.as_bytes()[start..end];
        if !bytes[0].is_ascii_digit() {
            return false;
        }
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit() || b".,:".contains(byte)).count();
        let unit = start + digits;
        let after_currency = self.gap == Gap::None
            && self
                .pieces
                .last()
                .is_some_and(|piece| self.text[piece.span.start as usize..].starts_with(is_currency));
        let is_unit = unit < end && {
            let unit = &self.text[unit..end];
            self.lexicon.is_unit(unit) || (after_currency && matches!(unit, "b" | "B" | "t" | "T"))
        };
        if is_unit {
            self.push(start, unit, Kind::Number);
            self.push(unit, end, Kind::Lower);
        }
        is_unit
    }
}

struct Extent {
    end: usize,
    has_apostrophe: bool,
}

pub(crate) fn is_currency(c: char) -> bool {
    matches!(c, '$' | '\u{A2}'..='\u{A5}' | '\u{20A0}'..='\u{20CF}' | '\u{0E3F}' | '\u{FDFC}')
}

pub(crate) fn is_clitic(word: &str) -> bool {
    CLITICS.iter().any(|clitic| word.eq_ignore_ascii_case(clitic))
}
