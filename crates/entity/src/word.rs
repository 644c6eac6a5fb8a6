//! The words that the rules look at: the document's tokens, cut once more where names and numbers need it.

use std::ops::Range;

use demarche_core::{Document, Span, Upos};

use crate::class::Class;
use crate::vocabulary::{Vocabulary, fold};

/// A word or mark: a token, or a part of one ("Eze-Lindqvist" is three).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) span: Span,
    /// Its id in the vocabulary, [`demarche_core::NONE`] for a word that no list has.
    pub(crate) id: u32,
    pub(crate) class: Class,
    pub(crate) shape: Shape,
    /// Index of its sentence.
    pub(crate) sentence: u32,
    /// Its word class, if a tagger has run.
    pub(crate) upos: Upos,
}

/// What can be seen from the letters and the place of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape(u16);

impl Shape {
    /// Starts with a capital.
    pub(crate) const CAPITAL: Self = Self(1);
    /// Two letters or more, all of them capitals.
    pub(crate) const UPPER: Self = Self(2);
    /// Starts with a digit.
    pub(crate) const DIGIT: Self = Self(4);
    /// First of its sentence, or first inside quotation marks or after a colon.
    pub(crate) const START: Self = Self(8);
    /// No white space before it.
    pub(crate) const GLUED: Self = Self(16);
    /// First of its line.
    pub(crate) const LINE_START: Self = Self(32);
    /// "J." or "J".
    pub(crate) const INITIAL: Self = Self(64);
    /// Has a letter or a digit.
    pub(crate) const WORD: Self = Self(128);

    /// Whether the two share a property.
    pub(crate) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Of the letters alone.
    fn of(word: &str) -> Self {
        let mut shape = Self::default();
        let first = word.chars().next().unwrap_or(' ');
        if first.is_ascii_digit() {
            shape = shape.or(Self::DIGIT);
        }
        if first.is_uppercase() {
            shape = shape.or(Self::CAPITAL);
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            if letters >= 2 && !word.chars().any(char::is_lowercase) {
                shape = shape.or(Self::UPPER);
            }
            if letters == 1
                && word.len() <= first.len_utf8() + 1
                && word[first.len_utf8()..].chars().all(|c| c == '.')
            {
                shape = shape.or(Self::INITIAL);
            }
        }
        if word.chars().any(char::is_alphanumeric) {
            shape = shape.or(Self::WORD);
        }
        shape
    }
}

impl Word {
    pub(crate) const fn is(&self, class: Class) -> bool {
        self.class.any(class)
    }

    pub(crate) const fn has(&self, shape: Shape) -> bool {
        self.shape.any(shape)
    }

    /// Whether a tagger has run and takes it for no name, noun or adjective.
    pub(crate) const fn is_tagged_as_word(&self) -> bool {
        !matches!(
            self.upos,
            Upos::None | Upos::Propn | Upos::Noun | Upos::Adj | Upos::X | Upos::Num | Upos::Sym
        )
    }

    /// Whether no tagger has run, or one takes it for a name.
    pub(crate) const fn may_be_name(&self) -> bool {
        matches!(self.upos, Upos::None | Upos::Propn)
    }

    /// Whether it starts with a capital.
    pub(crate) const fn is_capital(&self) -> bool {
        self.has(Shape::CAPITAL)
    }
}

/// The words of a document.
#[derive(Debug)]
pub(crate) struct Words<'t> {
    pub(crate) text: &'t str,
    pub(crate) list: Vec<Word>,
    /// For each sentence without an end mark, how many more of its common words have a capital than have not, but for its
    /// first word; 0 for the others.
    capital_surplus: Vec<i32>,
}

impl<'t> Words<'t> {
    /// Cuts the document's tokens and looks every word up.
    pub(crate) fn of(doc: &'t Document<'_>, vocabulary: &Vocabulary) -> Self {
        let text = doc.text();
        let mut list: Vec<Word> = Vec::with_capacity(doc.tokens().len() + doc.tokens().len() / 8);
        let mut key = String::new();
        let sentences = doc.sentences();
        let upos = doc.morphology().map(|morphology| &morphology.upos[..]);
        let mut capital_surplus = vec![0; sentences.len().max(1)];
        let (mut sentence, mut new_sentence) = (0, true);
        for (i, &token) in doc.tokens().iter().enumerate() {
            while sentence + 1 < sentences.len() && sentences[sentence + 1].start <= token.start {
                sentence += 1;
                new_sentence = true;
            }
            let token_text = token.of(text);
            let upos = upos.map_or(Upos::None, |upos| upos[i]);
            cut(token_text, |start, end| {
                let span = Span::new(token.start + start as u32, token.start + end as u32);
                let word = span.of(text);
                fold(word, &mut key);
                let id = vocabulary.find(&key);
                let mut shape = Shape::of(word).or(place(text, span, list.last()));
                if new_sentence || list.last().is_none_or(|last| opens(last.span.of(text))) {
                    shape = shape.or(Shape::START);
                }
                new_sentence &= !shape.any(Shape::WORD);
                let class = id.map_or(Class::default(), |id| vocabulary.class(id));
                if class.any(Class::COMMON) && !class.any(Class::FUNCTION) && !shape.any(Shape::START) {
                    capital_surplus[sentence] += if shape.any(Shape::CAPITAL) { 1 } else { -1 };
                }
                let id = id.unwrap_or(demarche_core::NONE);
                list.push(Word { span, id, class, shape, sentence: sentence as u32, upos });
            });
        }
        // A sentence of the text ends with a mark, a headline does not.
        for (surplus, sentence) in capital_surplus.iter_mut().zip(sentences) {
            if sentence.of(text).trim_end().ends_with(['.', '!', '?', '”', '"', '’', ':', ';', ')']) {
                *surplus = 0;
            }
        }
        Self { text, list, capital_surplus }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Ranges of words, one a sentence that has words.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences: Vec<Range<usize>> = Vec::with_capacity(self.capital_surplus.len());
        for (i, word) in self.list.iter().enumerate() {
            match sentences.last_mut() {
                Some(last) if self.list[last.start].sentence == word.sentence => last.end = i + 1,
                _ => sentences.push(i..i + 1),
            }
        }
        sentences
    }

    /// The word's text; empty beyond the ends.
    pub(crate) fn text(&self, i: usize) -> &'t str {
        self.list.get(i).map_or("", |word| word.span.of(self.text))
    }

    /// The word, if it is in sentence `sentence`.
    pub(crate) fn within(&self, i: usize, sentence: u32) -> Option<&Word> {
        self.list.get(i).filter(|word| word.sentence == sentence)
    }

    /// Whether word `i` is in a headline that has its words in capitals, so that a capital says little.
    pub(crate) fn in_headline(&self, i: usize) -> bool {
        /// Surplus of capitals that makes a headline.
        const MANY: i32 = 2;
        self.list.get(i).is_some_and(|word| self.capital_surplus[word.sentence as usize] >= MANY)
    }

    /// Whether word `i` is of the class; no beyond the ends.
    pub(crate) fn is(&self, i: usize, class: Class) -> bool {
        self.list.get(i).is_some_and(|word| word.is(class))
    }

    /// Whether word `i` has the shape; no beyond the ends.
    pub(crate) fn has(&self, i: usize, shape: Shape) -> bool {
        self.list.get(i).is_some_and(|word| word.has(shape))
    }

    /// Whether word `i` is this one, in whatever letters.
    pub(crate) fn eq(&self, i: usize, word: &str) -> bool {
        self.text(i).eq_ignore_ascii_case(word)
    }

    /// Whether word `i` is a possessive ending.
    pub(crate) fn is_possessive(&self, i: usize) -> bool {
        matches!(self.text(i), "'s" | "’s" | "'S" | "’S" | "'" | "’") && self.has(i, Shape::GLUED)
    }

    /// Whether word `i` is a hyphen without space around.
    pub(crate) fn is_hyphen(&self, i: usize) -> bool {
        matches!(self.text(i), "-" | "‐" | "‑" | "–")
            && self.has(i, Shape::GLUED)
            && self.has(i + 1, Shape::GLUED)
    }

    /// The text from word `first` to before word `end`.
    pub(crate) fn span(&self, first: usize, end: usize) -> Span {
        Span::new(self.list[first].span.start, self.list[end - 1].span.end)
    }
}

/// Whether a capital after this mark may be that of a sentence.
fn opens(mark: &str) -> bool {
    matches!(mark, "“" | "‘" | "\"" | "«" | "„" | ":" | "``" | "–" | "—" | "--" | "•" | "*")
}

fn place(text: &str, span: Span, last: Option<&Word>) -> Shape {
    let Some(last) = last else { return Shape::LINE_START };
    let gap = &text[last.span.end as usize..span.start as usize];
    if gap.is_empty() {
        Shape::GLUED
    } else if gap.contains('\n') {
        Shape::LINE_START
    } else {
        Shape::default()
    }
}

/// Cuts a word at hyphens, slashes, signs, possessive endings and between digits and a unit: `each(start, end)` in bytes.
pub(crate) fn cut(word: &str, mut each: impl FnMut(usize, usize)) {
    let bytes = word.as_bytes();
    if bytes.iter().all(u8::is_ascii_alphabetic) {
        each(0, bytes.len());
        return;
    }
    let digit_at = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut start = 0;
    for (i, c) in word.char_indices() {
        if i < start {
            continue;
        }
        let end = i + c.len_utf8();
        let splits = match c {
            ',' | ':' | '.' if i > 0 && digit_at(i - 1) && digit_at(end) => false,
            '-' | '‐' | '‑' | '–' | '—' | '/' | '(' | ')' | ',' | ':' | ';' | '!' | '?' | '"' | '“' | '”'
            | '%' | '$' | '€' | '£' | '¥' | '[' | ']' => true,
            '\'' | '’' => matches!(&word[end..], "" | "s" | "S"),
            _ => false,
        };
        let is_unit = c.is_ascii_lowercase()
            && i > start
            && digit_at(start)
            && digit_at(i - 1)
            && !matches!(&word[i..], "s" | "st" | "nd" | "rd" | "th");
        if is_unit {
            each(start, i);
            start = i;
        } else if splits {
            if i > start {
                each(start, i);
            }
            let stop = if matches!(c, '\'' | '’') { word.len() } else { end };
            each(i, stop);
            start = stop;
        }
    }
    if start < word.len() {
        each(start, word.len());
    }
}
