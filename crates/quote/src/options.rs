use demarche_core::{BuildError, FilePath, QuoteKind, QuoteType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage `quote`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct QuoteOptions {
    /// The kinds of quotations to keep: `direct` (in quotation marks), `indirect` (without), `mixed` (partly).
    pub kinds: Vec<Kind>,
    /// The types of quotations to keep: `statement` (says), `belief` (thinks, feels, judges), `intention` (wants, plans,
    /// promises, refuses), `question` (asks), `order` (wants somebody else to do something). Default: all of them.
    pub types: Vec<Type>,
    /// How quotations are found: `learned`, by a model that has the rules among its evidence, or `rules` alone.
    pub method: Method,
    /// Quotations that the model is less sure of are left out: between 0 and 1. Lower values find more, higher ones err
    /// less.
    pub min_confidence: f64,
    /// Keep quotations inside the content of another one: "the ministry said *the envoy warned of delays*".
    pub nested: bool,
    /// With `method = "rules"`: also take what somebody thinks, feels, wants or plans ("believes that …", "hopes to …") as a
    /// quotation. The model takes the surer ones anyway.
    pub beliefs: bool,
    /// A file with cue words of your own: a line a word, with lemma, class and frames between tabs, as the stage's
    /// documentation says. A word that is built in is replaced.
    pub cues: Option<FilePath>,
    /// Whether to say for each quotation what found it: an item of the open layer `quote-evidence` on the first piece of its
    /// content, with what found it (`by`: `model`, `rules` or `both`) and how sure the model is (`confidence`).
    pub explain: bool,
}

/// How quotations are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By a model that has the rules among its evidence.
    #[default]
    Learned,
    /// By rules alone.
    Rules,
}

/// A kind of quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Wholly inside quotation marks.
    Direct,
    /// Reported without quotation marks.
    Indirect,
    /// Partly inside quotation marks.
    Mixed,
}

impl Default for QuoteOptions {
    fn default() -> Self {
        Self {
            kinds: vec![Kind::Direct, Kind::Indirect, Kind::Mixed],
            types: vec![Type::Statement, Type::Belief, Type::Intention, Type::Question, Type::Order],
            method: Method::Learned,
            min_confidence: 0.4,
            nested: true,
            beliefs: false,
            cues: None,
            explain: false,
        }
    }
}

impl QuoteOptions {
    /// The confidence from which on a quotation is kept.
    pub(crate) fn confidence(&self) -> Result<f32, BuildError> {
        if (0.0..=1.0).contains(&self.min_confidence) {
            return Ok(self.min_confidence as f32);
        }
        Err(BuildError::Option {
            key: Some("min_confidence".to_owned()),
            message: format!("`{}` is no confidence: write a number between 0 and 1", self.min_confidence),
        })
    }
}

/// What somebody does by what is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// States something.
    Statement,
    /// Thinks, feels or judges something.
    Belief,
    /// Wants or plans to do something, promises or refuses it.
    Intention,
    /// Asks something.
    Question,
    /// Wants somebody else to do something.
    Order,
}

impl From<Type> for QuoteType {
    fn from(quote_type: Type) -> Self {
        match quote_type {
            Type::Statement => Self::Statement,
            Type::Belief => Self::Belief,
            Type::Intention => Self::Intention,
            Type::Question => Self::Question,
            Type::Order => Self::Order,
        }
    }
}

impl From<Kind> for QuoteKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Direct => Self::Direct,
            Kind::Indirect => Self::Indirect,
            Kind::Mixed => Self::Mixed,
        }
    }
}
