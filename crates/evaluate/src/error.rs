use std::fmt;

use demarche_core::Offsets;

/// Why documents cannot be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A line is no document: not JSON, or a field is missing or of the wrong type.
    #[error("{place}: not a document: {}", without_place(source))]
    Document {
        /// Where it stands.
        place: String,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A document's name is neither a string nor a number.
    #[error("{place}: the `id` of a document must be a string or a number, and is {found}")]
    Id {
        /// Where it stands.
        place: String,
        /// What it is.
        found: &'static str,
    },
    /// Two documents of one set have the same name.
    #[error("{place}: the id `{id}` occurs twice, first at {first}")]
    Twice {
        /// The second document.
        place: String,
        /// The first one.
        first: String,
        /// Their name.
        id: String,
    },
    /// A layer is not made as the document format says.
    #[error("{at}: `{field}`: {}", without_place(source))]
    Layer {
        /// The document.
        at: Box<At>,
        /// Where in the document.
        field: String,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A span that is not a stretch of the text in the unit that was named.
    #[error("{at}: `{field}`: [{}, {}] is not a stretch of the text{}", span[0], span[1], unit_hint(*length, *unit, *fits))]
    Span {
        /// The document.
        at: Box<At>,
        /// Where in the document.
        field: String,
        /// The span as it stands in the file.
        span: [u64; 2],
        /// Length of the text in that unit.
        length: u64,
        /// The unit in which it was read.
        unit: Offsets,
        /// Another unit in which it would be one.
        fits: Option<Offsets>,
    },
    /// A token's head is no token.
    #[error("{at}: `tokens[{token}].head`: {head} is not the index of a token; there are {n_tokens}")]
    Head {
        /// The document.
        at: Box<At>,
        /// The token.
        token: usize,
        /// Its head.
        head: u64,
        /// Tokens of the document.
        n_tokens: usize,
    },
    /// A chain has other heads than mentions.
    #[error("{at}: `chains[{chain}].heads`: there are {n_heads} for {n_mentions} mentions")]
    Heads {
        /// The document.
        at: Box<At>,
        /// The chain.
        chain: usize,
        /// Its heads.
        n_heads: usize,
        /// Its mentions.
        n_mentions: usize,
    },
    /// A label is in two groups.
    #[error("the label `{label}` is in two groups, `{first}` and `{second}`")]
    LabelTwice {
        /// The label.
        label: String,
        /// The group that had it first.
        first: String,
        /// The group that has it too.
        second: String,
    },
}

/// A document in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// Where it stands.
    pub place: String,
    /// Its name.
    pub id: String,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: document `{}`", self.place, self.id)
    }
}

/// What the parser says, without its line and column: they are those of a part of the line.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.as_str(), |(said, _)| said).to_owned()
}

fn unit_hint(length: u64, unit: Offsets, fits: Option<Offsets>) -> String {
    let unit = unit_name(unit);
    match fits {
        Some(fits) => format!(" when counted in {unit}; in {} it is", unit_name(fits)),
        None => format!(", which is {length} {unit} long"),
    }
}

/// The unit in words.
pub(crate) const fn unit_name(unit: Offsets) -> &'static str {
    match unit {
        Offsets::Char => "code points",
        Offsets::Byte => "bytes",
        Offsets::Utf16 => "UTF-16 units",
    }
}
