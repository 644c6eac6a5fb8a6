/// What a character is to the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Space,
    Letter,
    Digit,
    Apostrophe,
    Hyphen,
    Stop,
    Mark,
}

const ASCII: [Class; 128] = ascii();

const fn ascii() -> [Class; 128] {
    let mut table = [Class::Mark; 128];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            0..=b' ' | 0x7F => Class::Space,
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'`' => Class::Apostrophe,
            b'-' => Class::Hyphen,
            b'.' => Class::Stop,
            _ => Class::Mark,
        };
        byte += 1;
    }
    table
}

impl Class {
    pub(crate) fn of(c: char) -> Self {
        ASCII.get(c as usize).copied().unwrap_or_else(|| Self::beyond_ascii(c))
    }

    fn beyond_ascii(c: char) -> Self {
        match c {
            '\u{2019}' | '\u{00B4}' | '\u{02BC}' => Self::Apostrophe,
            '\u{2010}' | '\u{2011}' => Self::Hyphen,
            // Zero-width space and byte order mark: nothing to see, yet they part words.
            '\u{200B}' | '\u{FEFF}' | '\u{80}'..='\u{9F}' => Self::Space,
            '\u{00AD}' | '\u{200C}' | '\u{200D}' => Self::Letter,
            c if c.is_alphanumeric() || is_combining(c) => Self::Letter,
            c if c.is_whitespace() => Self::Space,
            _ => Self::Mark,
        }
    }

    pub(crate) fn is_word(self) -> bool {
        matches!(self, Self::Letter | Self::Digit)
    }
}

/// Marks that belong to the letter before them and are no letters by themselves.
pub(crate) fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{093C}' | '\u{094D}' | '\u{09CD}' | '\u{0E47}'..='\u{0E4E}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}
