//! Punctuation and symbols: single marks, runs of one mark, and words that start with a mark.

use crate::class::{Class, is_combining};
use crate::piece::{Gap, Kind};
use crate::scan::Scanner;
use crate::word::{is_clitic, is_currency};

impl Scanner<'_> {
    /// Takes the token that starts with the mark here, and gives its end.
    pub(crate) fn symbol(&mut self, at: usize) -> usize {
        let Some(c) = self.char_at(at) else { return at + 1 };
        let next = at + c.len_utf8();
        let (end, kind) = match c {
            '.' if self.is_decimal_point(next) => return self.word_from(at, next),
            '.' => {
                let end = self.run(at, |c| c == '.');
                (end, if end > next { Kind::Ellipsis } else { Kind::Stop })
            }
            '…' => (self.run(at, |c| c == '…'), Kind::Ellipsis),
            '。' => (next, Kind::Stop),
            '!' | '?' | '‽' | '！' | '？' => (self.run(at, is_ask), Kind::Ask),
            '"' | '\u{FF02}' => (next, Kind::Straight),
            '(' | '[' | '{' | '‘' | '„' | '‚' | '「' | '『' => (next, Kind::Open),
            ')' | ']' | '}' | '」' | '』' => (next, Kind::Close),
            '“' | '«' | '‹' => (next, self.quotation_mark(next, Kind::Open)),
            '”' | '»' | '›' => (next, self.quotation_mark(next, Kind::Close)),
            '@' | '#' if self.class_at(next) == Class::Letter => return self.word_from(at, next),
            '+' if self.gap != Gap::None && self.class_at(next) == Class::Digit => {
                return self.word_from(at, next);
            }
            _ if Class::of(c) == Class::Apostrophe => return self.apostrophe(at, c),
            _ if is_bullet(c) && self.gap >= Gap::Newline => {
                let end = self.run(at, |other| other == c);
                (end, if end == next { Kind::Bullet } else { Kind::Mark })
            }
            _ if repeats(c) => (self.run(at, |other| other == c), Kind::Mark),
            _ => (self.cluster_end(next), Kind::Mark),
        };
        self.push(at, end, kind);
        end
    }

    /// Some languages turn their marks outwards (`»So«`, `„So“`): white space at one side only tells.
    fn quotation_mark(&self, next: usize, usual: Kind) -> Kind {
        match (self.gap != Gap::None, self.class_at(next)) {
            (true, after) if after.is_word() => Kind::Open,
            (false, Class::Space) => Kind::Close,
            _ => usual,
        }
    }

    /// A word with a mark in front: `.5`, `+3`, `#vote`, `@reader`.
    fn word_from(&mut self, at: usize, next: usize) -> usize {
        let is_number = self.class_at(next) == Class::Digit;
        let belongs = |c: char| Class::of(c).is_word() || (is_number && c == ',');
        let mut end = self.run(next, belongs);
        // `@example.org`, `+1.5`; a stop at the end is the sentence's.
        while self.text.as_bytes().get(end) == Some(&b'.') && self.class_at(end + 1).is_word() {
            end = self.run(end + 1, belongs);
        }
        if self.text.as_bytes()[end - 1] == b',' {
            end -= 1;
        }
        self.push(at, end, if is_number { Kind::Number } else { Kind::Upper });
        end
    }

    /// `.5`, after white space or a currency sign.
    fn is_decimal_point(&self, next: usize) -> bool {
        let after_currency =
            |span: demarche_core::Span| self.text[span.start as usize..].starts_with(is_currency);
        self.class_at(next) == Class::Digit
            && (self.gap != Gap::None || self.pieces.last().is_some_and(|piece| after_currency(piece.span)))
    }

    /// An apostrophe outside of a word: a clitic of the token before (`"Hamlet"|'s`), the start of a word
    /// (`'tis`, `'90s`), or a quotation mark.
    fn apostrophe(&mut self, at: usize, c: char) -> usize {
        let next = at + c.len_utf8();
        let end = self.run(next, |c| Class::of(c).is_word());
        // In `('90s@example.org)` it is a quotation mark.
        let word = if end <= self.limit { &self.text[next..end] } else { "" };
        let after_opening =
            self.pieces.last().is_some_and(|piece| matches!(piece.kind, Kind::Open | Kind::Straight));
        let starts = self.gap != Gap::None || after_opening;
        if !starts && is_clitic(word) {
            self.push(at, end, Kind::Lower);
            return end;
        }
        if starts && (self.lexicon.is_elision(word) || is_short_year(word)) {
            self.push_elision(at, end, word.starts_with(|c: char| c.is_ascii_digit()));
            return end;
        }
        if self.char_at(next) == Some(c) && c != '’' {
            let kind = if c == '`' { Kind::Open } else { Kind::Straight };
            self.push(at, next + c.len_utf8(), kind);
            return next + c.len_utf8();
        }
        let kind = match c {
            '\'' => Kind::Straight,
            '`' => Kind::Open,
            _ => Kind::Close,
        };
        self.push(at, next, kind);
        next
    }

    fn push_elision(&mut self, at: usize, end: usize, is_number: bool) {
        self.push(at, end, if is_number { Kind::Number } else { Kind::Lower });
    }

    /// End of what is seen as one character: marks, variation selectors and joined emoji go along.
    fn cluster_end(&self, mut end: usize) -> usize {
        while let Some(c) = self.char_at(end) {
            if is_combining(c) || is_modifier(c) {
                end += c.len_utf8();
            } else if c == JOINER {
                end += c.len_utf8();
                end += self.char_at(end).filter(|&c| Class::of(c) == Class::Mark).map_or(0, char::len_utf8);
            } else {
                break;
            }
        }
        end
    }
}

const JOINER: char = '\u{200D}';

fn is_modifier(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{20D0}'..='\u{20F0}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

fn is_ask(c: char) -> bool {
    matches!(c, '!' | '?' | '‽' | '！' | '？')
}

fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '‣' | '◦' | '▪' | '■' | '●' | '·' | '*' | '-' | '–' | '—')
}

/// Marks that make one token with more of the same: rules, dashes of hyphens.
fn repeats(c: char) -> bool {
    matches!(c, '-' | '*' | '=' | '~' | '+' | '#' | '<' | '>' | '|' | '$' | '^' | '/' | '\\' | '—')
}

/// `90s` or `98` of `'90s`, `'98`.
fn is_short_year(word: &str) -> bool {
    let digits = word.strip_suffix('s').unwrap_or(word);
    digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
