//! Text made to hurt: what costs a careless program time that grows faster than the text, or its stack.

/// A text of any length: something repeated.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What it is called.
    pub name: &'static str,
    /// What stands before it, once.
    head: &'static str,
    /// What is repeated; each [`NUMBER`] in it is how often it has been there before, in letters.
    unit: &'static str,
}

/// What becomes a number in letters, so that each time there is another name.
const NUMBER: char = '#';

const fn family(name: &'static str, unit: &'static str) -> Family {
    Family { name, head: "", unit }
}

/// All of them.
pub const FAMILIES: &[Family] = &[
    family("letters", "a"),
    family("no-spaces", "Seoulprotested,thetreaty.Itdidnothing"),
    family("spaces", " "),
    family("open-brackets", "("),
    family("open-quotes", "“"),
    family("quoted-letters", "\"a\" "),
    family("capitals", "MINISTRY OF TRADE THREATENS OSLO WITH SANCTIONS "),
    family("said", "said "),
    family(
        "one-sentence",
        "the envoy of the old state met traders from the port who sold it cheap coal and ",
    ),
    family("one-word-sentences", "Stop. "),
    Family { name: "combining-marks", head: "e", unit: "\u{301}" },
    family("initials", "A. B. C. "),
    family("one-name", "Anna Berg met Berg. "),
    family("near-misses", "United Nation "),
    // Marks.
    family("all-brackets", "()[]{}<>"),
    family("mixed-open-brackets", "([{<"),
    family("close-brackets", ")"),
    family("straight-quotes", "\""),
    family("close-quotes", "”"),
    family("single-quotes", "‘"),
    family("apostrophes", "'"),
    family("nested-quotes", "“a ‘b "),
    family("low-quotes", "„a «b "),
    family("open-quoted-words", "“We agree "),
    family("full-stops", "."),
    family("commas", "a, "),
    family("semicolons", "a; "),
    family("colons", "a: "),
    family("dashes", "a – "),
    family("hyphens", "a-"),
    family("digits", "1,"),
    family("currency", "$1 "),
    family("clitics", "'s "),
    family("addresses", "http://a.b/"),
    family("mail-addresses", "a@b."),
    family("emoji", "👍🏽\u{200D}"),
    family("joiners", "\u{200D}"),
    family("right-to-left", "\u{202e}שלום "),
    family("zero-bytes", "\0"),
    // Lines.
    family("newlines", "\n"),
    family("short-lines", "x\ny "),
    family("short-paragraphs", "Yes, he did.\n\n"),
    family("open-paragraphs", "“We agree.\n\n"),
    family("list", "- a\n"),
    // Sentences.
    family("short-sentences", "It is. "),
    family("that", "Kim said that "),
    family("which", "the house which "),
    family("of-the", "the minister of the "),
    family("and", "Kim and "),
    family("pronouns", "he told her that they saw it. "),
    family("said-after", "“Yes,” he said. "),
    family("said-names", "“Yes,” Anna B# said. "),
    family("according-to", "according to Kim, "),
    family("sanctioning", "sanctions imposed against "),
    family("sanctions", "Oslo imposed sanctions on Seoul. "),
    family("sanctions-of-many", "imposed sanctions on Seoul, Oslo, Lima and "),
    // Names.
    family("new-names", "Anna B# met Carl D#. "),
    family("new-names-only", "B# "),
    family("names-of-a-name", "Anna B# Berg "),
    family("family-names", "Anna Berg, Carl Berg, Berg. "),
    family("new-bodies", "the Ministry of B# said. "),
    family("titles", "President "),
    family("minister", "the foreign minister met the deputy foreign minister. "),
    family("states", "Norway, "),
    family("dates", "12 March 2024, "),
    family("numbers", "one hundred "),
    family("new-words", "b# "),
];

impl Family {
    /// Its text, of about so many bytes.
    pub fn text(&self, bytes: usize) -> String {
        [self.head, &repeated(self.unit, bytes)].concat()
    }
}

/// So many bytes of something that is repeated.
pub fn repeated(unit: &str, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + unit.len());
    let mut number = 0;
    while text.len() < bytes {
        if unit.contains(NUMBER) {
            text.push_str(&unit.replace(NUMBER, &letters(number)));
        } else {
            text.push_str(unit);
        }
        number += 1;
    }
    text
}

/// A number in letters: `a`, …, `z`, `ba`, …
fn letters(mut number: u32) -> String {
    let mut digits = Vec::new();
    while number >= 26 {
        digits.push(b'a' + (number % 26) as u8);
        number /= 26;
    }
    digits.push(b'a' + number as u8);
    digits.iter().rev().map(|&digit| char::from(digit)).collect()
}
