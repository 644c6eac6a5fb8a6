//! Text of documents where it must not be taken for anything else.

use std::fmt::{Arguments, Write as _};

/// Adds what is formatted.
pub(crate) fn put(out: &mut String, text: Arguments<'_>) {
    out.write_fmt(text).expect("a string takes all that is written");
}

/// Adds what is formatted as a line.
pub(crate) fn line(out: &mut String, text: Arguments<'_>) {
    put(out, text);
    out.push('\n');
}

/// A character as it may stand in a file or on a screen: control characters as their pictures; those of C1, which steer some terminals,
/// and those that turn the direction of what is around them as U+FFFD.
pub fn visible(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    }
}

/// The text on one line: white space of any kind and length is a blank.
pub(crate) fn flat(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().map(visible));
    }
    line
}

/// Adds text to HTML, in an element or in an attribute.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\r' => {}
            _ => out.push(visible(c)),
        }
    }
}

/// Text as it stands in HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}
