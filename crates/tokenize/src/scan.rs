//! The one pass over the text: stretches without white space, and within them words and marks.

use demarche_core::Span;

use crate::address;
use crate::class::Class;
use crate::lexicon::Lexicon;
use crate::piece::{Gap, Kind, Piece};

/// Bytes of text a token, as news has it: what the list of tokens is made for at first.
const BYTES_PER_TOKEN: usize = 5;
/// No address is as short as this.
const MIN_ADDRESS: usize = 4;

/// The tokens of the text.
pub(crate) fn pieces(text: &str, lexicon: &Lexicon) -> Vec<Piece> {
    let pieces = Vec::with_capacity(text.len() / BYTES_PER_TOKEN);
    let mut scanner = Scanner { text, lexicon, pieces, gap: Gap::Blank, limit: text.len() };
    let mut at = 0;
    while let Some(start) = scanner.skip_space(at) {
        at = scanner.chunk(start);
    }
    scanner.pieces
}

pub(crate) struct Scanner<'t> {
    pub(crate) text: &'t str,
    pub(crate) lexicon: &'t Lexicon,
    pub(crate) pieces: Vec<Piece>,
    /// What stands before the next token.
    pub(crate) gap: Gap,
    /// Where no word of the marks before an address reaches any more, in bytes.
    pub(crate) limit: usize,
}

impl Scanner<'_> {
    /// The character at a byte.
    pub(crate) fn char_at(&self, at: usize) -> Option<char> {
        match self.text.as_bytes().get(at) {
            Some(&byte) if byte.is_ascii() => Some(byte as char),
            Some(_) => self.text[at..].chars().next(),
            None => None,
        }
    }

    /// The class of the character at a byte; the end of the text is white space.
    pub(crate) fn class_at(&self, at: usize) -> Class {
        self.char_at(at).map_or(Class::Space, Class::of)
    }

    /// End of the run of characters from `at` that satisfy `belongs`.
    pub(crate) fn run(&self, at: usize, belongs: impl Fn(char) -> bool) -> usize {
        let mut end = at;
        while let Some(c) = self.char_at(end).filter(|&c| belongs(c)) {
            end += c.len_utf8();
        }
        end
    }

    pub(crate) fn push(&mut self, start: usize, end: usize, kind: Kind) {
        let span = Span::new(start as u32, end as u32);
        self.pieces.push(Piece { span, kind, gap: std::mem::replace(&mut self.gap, Gap::None) });
    }

    /// Adds a word; its kind is that of its first letter.
    pub(crate) fn push_word(&mut self, start: usize, end: usize) {
        let kind = match self.char_at(start) {
            Some(c) if c.is_ascii_lowercase() => Kind::Lower,
            Some(c) if c.is_uppercase() => Kind::Upper,
            Some(c) if c.is_numeric() => Kind::Number,
            _ => Kind::Lower,
        };
        self.push(start, end, kind);
    }

    /// Start of the next token; remembers what stands before it.
    fn skip_space(&mut self, mut at: usize) -> Option<usize> {
        let mut breaks = 0;
        let mut previous = ' ';
        let start = at;
        loop {
            let c = self.char_at(at)?;
            if Class::of(c) != Class::Space {
                break;
            }
            match c {
                '\n' if previous == '\r' => {}
                '\n' | '\r' | '\u{85}' | '\u{2028}' => breaks += 1,
                '\u{2029}' => breaks += 2,
                _ => {}
            }
            previous = c;
            at += c.len_utf8();
        }
        let gap = match breaks {
            0 if at == start => Gap::None,
            0 => Gap::Space,
            1 => Gap::Newline,
            _ => Gap::Blank,
        };
        self.gap = self.gap.max(gap);
        Some(at)
    }

    /// Takes the tokens of the stretch without white space that starts here, and gives its end.
    fn chunk(&mut self, start: usize) -> usize {
        let letters = self.run(start, |c| c.is_ascii_alphabetic());
        if self.class_at(letters) == Class::Space {
            self.letters(start, letters);
            return letters;
        }
        let end = self.run(letters, |c| Class::of(c) != Class::Space);
        let chunk = &self.text[start..end];
        let may_be_address = chunk.len() > MIN_ADDRESS
            && (chunk.bytes().any(|byte| matches!(byte, b'@' | b'/')) || chunk.contains("www."));
        if let Some(address) = may_be_address.then(|| address::find(chunk)).flatten() {
            self.limit = start + address.start;
            self.marks_and_words(start, start + address.start);
            self.limit = self.text.len();
            self.push(start + address.start, start + address.end, Kind::Lower);
            self.marks_and_words(start + address.end, end);
        } else if self.lexicon.is_emoticon(chunk) {
            self.push(start, end, Kind::Mark);
        } else {
            self.marks_and_words(start, end);
        }
        end
    }

    fn marks_and_words(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            at = if self.class_at(at).is_word() { self.word(at) } else { self.symbol(at) };
        }
    }
}
