use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of the stage `coreference`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct CoreferenceOptions {
    /// Who decides. Default: `learned`.
    pub resolver: Resolver,
    /// How many mentions back the sieves look for an antecedent. Default: 50.
    pub window: usize,
    /// Whether things ("the agreement", "it") get chains too. Persons, bodies, states and places always do. Default: true.
    pub things: bool,
    /// Least chance, from 0 to 1, of a link that the ranker makes. Default: 0.55, below which links of things do more harm
    /// than good in news.
    pub confidence: f32,
    /// Adds an open layer `chain-evidence`: for each mention its chain, and what put it there (`by`: the name of a sieve, or
    /// `ranker` with its `confidence`, a chance from 0 to 1). Default: false.
    pub explain: bool,
}

/// Who decides which mentions are of the same thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Resolver {
    /// The sieves, and for what they leave open a network that was trained on annotated texts.
    #[default]
    Learned,
    /// Rules alone, which link persons, bodies, states and places.
    Sieves,
}

impl Default for CoreferenceOptions {
    fn default() -> Self {
        Self { resolver: Resolver::Learned, window: 50, things: true, confidence: 0.55, explain: false }
    }
}
