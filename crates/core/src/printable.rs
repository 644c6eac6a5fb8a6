/// A text as messages show it: what a terminal would obey stands there as it is written, such as `\u{1b}`.
pub fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}
