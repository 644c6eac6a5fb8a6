use demarche_core::FilePath;
use schemars::JsonSchema;
use serde::Deserialize;

/// Options of the stages `syntax` and `tags`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SyntaxOptions {
    /// A model of your own, made by `demarche-train words`. Default: none; the one that is part of the program is used.
    pub model: Option<FilePath>,
}
