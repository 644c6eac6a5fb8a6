//! Rows of the tables, and forms of their words.

use super::Pos;

/// The rows of a table with their line numbers from 1; empty lines and `#` lines are passed over.
pub(super) fn rows(table: &str) -> impl Iterator<Item = (usize, &str)> {
    let rows = table.lines().enumerate().map(|(at, row)| (at + 1, row));
    rows.filter(|(_, row)| !row.trim().is_empty() && !row.starts_with('#'))
}

/// The rows `name TAB words`.
pub(super) fn word_lists(table: &str) -> impl Iterator<Item = (&str, std::str::SplitWhitespace<'_>)> {
    rows(table)
        .filter_map(|(_, row)| row.split_once('\t'))
        .map(|(name, words)| (name, words.split_whitespace()))
}

/// The regular forms of a word, and some that do not exist, which does no harm.
pub(super) fn inflected(word: &str, pos: Pos) -> Vec<String> {
    let stem = word.strip_suffix('e').unwrap_or(word);
    let soft = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    let third = match (soft, word.ends_with(['s', 'x', 'z']) || word.ends_with("sh") || word.ends_with("ch"))
    {
        (Some(soft), _) => format!("{soft}ies"),
        (None, true) => format!("{word}es"),
        (None, false) => format!("{word}s"),
    };
    let mut forms = vec![word.to_owned(), third];
    if pos == Pos::Verb {
        forms.push(soft.map_or_else(|| format!("{stem}ed"), |soft| format!("{soft}ied")));
        forms.push(format!("{stem}ing"));
        if let Some(last) = word.chars().last().filter(|last| !"aeiouwxy".contains(*last)) {
            forms.push(format!("{word}{last}ed"));
            forms.push(format!("{word}{last}ing"));
        }
    }
    forms
}
