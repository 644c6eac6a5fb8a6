//! Whether a full stop is part of the word before it.

use crate::class::Class;
use crate::lexicon::Abbreviation;
use crate::piece::{Gap, Kind};
use crate::scan::Scanner;

impl Scanner<'_> {
    /// Whether the stop at `stop`, with a letter or digit after it, joins the two sides to one word:
    /// `3.5`, `U.S`, `example.com`. `part` is where the part before it starts.
    pub(crate) fn stop_joins(&self, part: usize, stop: usize) -> bool {
        let Some(next) = self.char_at(stop + 1) else { return false };
        let Some(last) = self.text[part..stop].chars().next_back() else { return false };
        let second = self.char_at(stop + 1 + next.len_utf8());
        let next_is_capitalized = next.is_uppercase() && second.is_some_and(char::is_lowercase);
        if last.is_ascii_digit() {
            return next.is_ascii_digit() || !next.is_uppercase();
        }
        let before = &self.text[part..stop];
        if before.chars().nth(1).is_none() {
            // An acronym goes on with its next letter; `K.Jones` lacks a space.
            let is_numbered = next.is_numeric() && self.lexicon.abbreviation(before).is_some();
            return !(next_is_capitalized || is_numbered);
        }
        if next.is_numeric() || next.is_uppercase() {
            if self.lexicon.abbreviation(before).is_some() && second != Some('.') {
                return false;
            }
            // `office.The` lacks a space, `Ph.D.` and `NODE.JS` do not.
            let starts_word =
                next_is_capitalized || !second.is_some_and(|c| Class::of(c).is_word() || c == '.');
            return next.is_numeric() || !(last.is_lowercase() && starts_word);
        }
        true
    }

    /// What the word is together with the stop right after it; `None` if that stop is a mark of its own.
    pub(crate) fn stop_belongs(&self, start: usize, stop: usize) -> Option<Kind> {
        if self.text.as_bytes().get(stop + 1) == Some(&b'.') {
            return None;
        }
        let word = &self.text[start..stop];
        let next = self.next_word(stop + 1);
        if word.chars().nth(1).is_none() && word.starts_with(char::is_uppercase) {
            return self.is_initial(word, &next).then_some(Kind::Initial);
        }
        match self.lexicon.abbreviation(word) {
            Some(Abbreviation::Title) => Some(Kind::Title),
            Some(Abbreviation::General) => Some(Kind::Abbreviation),
            Some(Abbreviation::Number) => {
                next.word.starts_with(|c: char| c.is_ascii_digit()).then_some(Kind::Abbreviation)
            }
            None => is_acronym(word).then_some(Kind::Abbreviation),
        }
    }

    fn is_initial(&self, letter: &str, next: &Next<'_>) -> bool {
        if next.is_closing_quote {
            return false;
        }
        if next.word.is_empty() {
            // `Robert C., who …`, but not `plan B.` at the end of a paragraph.
            return !next.is_end;
        }
        let is_name = next.is_initial || !self.lexicon.is_starter(next.word);
        if letter == "I" {
            // "than I. Then": a pronoun, unless other initials or a name stand before it.
            let after_name =
                self.pieces.last().is_some_and(|piece| matches!(piece.kind, Kind::Upper | Kind::Initial));
            return is_name && (self.gap >= Gap::Newline || after_name);
        }
        // "She wrote on X. Belgium answered": the platform's name, which no first name starts with.
        let is_platform = letter == "X" && self.pieces.last().is_some_and(|piece| piece.kind == Kind::Lower);
        is_name && !is_platform
    }

    /// What stands after a stop at `at - 1`, on the same line or the next one.
    fn next_word(&self, at: usize) -> Next<'_> {
        let mut start = at;
        let mut breaks = 0;
        while let Some(c) = self.char_at(start).filter(|&c| Class::of(c) == Class::Space) {
            breaks += usize::from(c == '\n');
            if start - at > MAX_SPACE || breaks > 1 {
                return Next { is_end: true, ..Next::default() };
            }
            start += c.len_utf8();
        }
        let letters = self.text[start..].chars().take(MAX_WORD).take_while(|&c| Class::of(c).is_word());
        let word = &self.text[start..start + letters.map(char::len_utf8).sum::<usize>()];
        Next {
            word,
            is_initial: word.len() == 1 && self.text[start + 1..].starts_with('.'),
            is_closing_quote: start == at && matches!(self.char_at(at), Some('"' | '\'' | '”' | '’' | '»')),
            is_end: start >= self.text.len(),
        }
    }
}

/// More white space after a stop ends what belongs together.
const MAX_SPACE: usize = 16;
/// A longer word is no word that matters to the word before it.
const MAX_WORD: usize = 40;

#[derive(Default)]
struct Next<'t> {
    /// Empty where no word follows.
    word: &'t str,
    /// A single letter with a stop.
    is_initial: bool,
    is_closing_quote: bool,
    /// The end of the paragraph.
    is_end: bool,
}

/// Single letters with stops between them: `U.S`, `a.m`.
fn is_acronym(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| {
            let mut chars = part.chars();
            chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
        })
}
