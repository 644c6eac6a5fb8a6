use schemars::JsonSchema;
use serde::Deserialize;

/// Options of the stage `syntax`. There are none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SyntaxOptions {}
