use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage `tokenize`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TokenizeOptions {
    /// Whether a single line break ends a sentence. A blank line always does.
    pub newlines: Newlines,
    /// How the end of a sentence is found within a line.
    pub sentences: Sentences,
    /// More abbreviations that keep their full stop and never end a sentence, each with its stop: `["Cllr."]`.
    pub abbreviations: Vec<String>,
}

/// How the end of a sentence is found within a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sentences {
    /// Weights learned from web text and edited text judge each place: also ends without a mark, as mail and forums
    /// have them.
    #[default]
    Learned,
    /// Rules for marks, abbreviations and capital letters alone; no model is opened.
    Rules,
}

/// What a single line break means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Newlines {
    /// The lines decide: one that was broken because it was full goes on, a headline, byline or list item does not.
    #[default]
    Auto,
    /// It always ends a sentence: one paragraph a line.
    End,
    /// It is a space like any other: text broken at a fixed width.
    Space,
}
