use std::borrow::Cow;

use crate::printable;

/// A layer of a document: a built-in one, or an open one by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// Words and marks.
    Tokens,
    /// Sentences.
    Sentences,
    /// UPOS, XPOS and lemma, along the tokens.
    Morphology,
    /// Head and relation, along the tokens.
    Dependencies,
    /// Who and what is named.
    Entities,
    /// Mentions of the same thing.
    Chains,
    /// Who said what.
    Quotes,
    /// Who sanctions whom.
    Sanctions,
    /// A layer of named JSON values on spans, as plugins write.
    Open(Cow<'static, str>),
}

impl Layer {
    /// The built-in layers, in the order of the document format.
    pub const BUILT_IN: [Self; 8] = [
        Self::Tokens,
        Self::Sentences,
        Self::Morphology,
        Self::Dependencies,
        Self::Entities,
        Self::Chains,
        Self::Quotes,
        Self::Sanctions,
    ];

    /// An open layer.
    pub const fn open(name: &'static str) -> Self {
        Self::Open(Cow::Borrowed(name))
    }

    /// The layer of this name: a built-in one, otherwise an open one.
    pub fn named(name: &str) -> Self {
        Self::BUILT_IN
            .into_iter()
            .find(|layer| layer.name() == name)
            .unwrap_or_else(|| Self::Open(Cow::Owned(name.to_owned())))
    }

    /// Its name in pipelines, manifests and messages.
    pub fn name(&self) -> &str {
        match self {
            Self::Tokens => "tokens",
            Self::Sentences => "sentences",
            Self::Morphology => "morphology",
            Self::Dependencies => "dependencies",
            Self::Entities => "entities",
            Self::Chains => "chains",
            Self::Quotes => "quotes",
            Self::Sanctions => "sanctions",
            Self::Open(name) => name,
        }
    }

    /// Whether a second stage may add to it. Tokens, sentences and what runs along the tokens are written once.
    pub fn is_appendable(&self) -> bool {
        !matches!(self, Self::Tokens | Self::Sentences | Self::Morphology | Self::Dependencies)
    }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open(name) => f.write_str(&printable(name)),
            built_in => f.write_str(built_in.name()),
        }
    }
}
