use demarche_core::{FilePath, QuoteKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage `quote`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct QuoteOptions {
    /// The kinds of quotations to keep: `direct` (in quotation marks), `indirect` (without), `mixed` (partly).
    pub kinds: Vec<Kind>,
    /// Keep quotations inside the content of another one: "the ministry said *the envoy warned of delays*".
    pub nested: bool,
    /// Also take what somebody thinks, feels, wants or plans ("believes that …", "hopes to …") as a quotation.
    pub beliefs: bool,
    /// A file with cue words of your own: a line a word, with lemma, class and frames between tabs, as the stage's
    /// documentation says. A word that is built in is replaced.
    pub cues: Option<FilePath>,
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
            nested: true,
            beliefs: false,
            cues: None,
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
