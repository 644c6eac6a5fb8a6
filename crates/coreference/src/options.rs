use schemars::JsonSchema;
use serde::Deserialize;

/// Options of the stage `coreference`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct CoreferenceOptions {
    /// How many mentions back an antecedent is looked for.
    pub window: usize,
    /// Whether things ("the agreement", "it") get chains too. Persons, bodies, states and places always do.
    pub things: bool,
}

impl Default for CoreferenceOptions {
    fn default() -> Self {
        Self { window: 50, things: false }
    }
}
