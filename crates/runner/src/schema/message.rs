//! What is said of a value that is wrong.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::toml::{Entry, Node, Toml};

/// What is being checked.
#[derive(Clone, Copy)]
pub(super) struct Subject<'c> {
    /// The table: "stage `quote`".
    pub(super) what: &'c str,
    /// The key in it.
    pub(super) key: Option<&'c str>,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key {
            Some(key) => write!(f, "`{key}` of {}", self.what),
            None => f.write_str(self.what),
        }
    }
}

impl Subject<'_> {
    /// An error for a value that is of none of these types.
    pub(super) fn wrong_type(self, node: &Node, types: &[&str]) -> Diagnostic {
        let expected = types.iter().map(|name| in_words(name)).collect::<Vec<_>>().join(" or ");
        let title = format!("{self} must be {expected}, not {}", node.kind());
        let error = Diagnostic::new(title, node.span.clone(), format!("write {expected}"));
        let instead = match types {
            ["array"] if matches!(node.value, Toml::Plain(_)) => Some(format!("[{}]", node.to_json())),
            ["string"] if matches!(node.value, Toml::Plain(_)) => Some(format!("\"{}\"", node.to_json())),
            ["integer" | "number" | "boolean"] => {
                node.as_str().filter(|text| is_bare(text)).map(str::to_owned)
            }
            _ => None,
        };
        error.instead(instead)
    }
}

/// An error for a key that is not there to be set.
pub(crate) fn unknown_key<'k>(entry: &Entry, what: &str, known: impl Iterator<Item = &'k str>) -> Diagnostic {
    let known: Vec<_> = known.collect();
    let title = format!("{what} has no key `{}`", entry.key);
    let error = Diagnostic::new(title, entry.key_span.clone(), "unknown key");
    let help = match known.as_slice() {
        [] => "it takes no options".to_owned(),
        _ => format!("its keys are `{}`", known.join("`, `")),
    };
    error.help(help).instead(nearest(&entry.key, known))
}

/// Whether a string is a number or a truth value in quotation marks.
fn is_bare(text: &str) -> bool {
    matches!(text, "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn in_words(type_name: &str) -> &str {
    match type_name {
        "string" => "a string",
        "boolean" => "true or false",
        "number" => "a number",
        "integer" => "a whole number",
        "array" => "a list",
        "object" => "a table",
        other => other,
    }
}
