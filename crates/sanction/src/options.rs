use demarche_core::{Action, BuildError, FilePath};
use schemars::JsonSchema;
use serde::Deserialize;

/// Options of the stage `sanction`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SanctionOptions {
    /// A table of trigger words of your own, read after the built-in ones: tab-separated columns `lemma`, `part of
    /// speech` (`noun`, `verb`, `adj`), `class` (`measure`, `penalty`, `ease`, `oppose`, …), `with` (prepositions, or for
    /// a penalty what it must hit), `measures`; `-` where a column is empty, `#` before a comment. Default: none.
    pub lexicon: Option<FilePath>,
    /// The actions to keep: any of `impose`, `expand`, `ease`, `threaten`, `propose`, `urge_relief`, `oppose`, `enforce`,
    /// `violate`, `in_force`. Default: all of them.
    pub actions: Vec<String>,
    /// Whether events get foreign codes: `cameo` by the profile `cameo-1.1`, `plover` by the profile `plover-manual-2`.
    /// Default: `true`.
    pub codes: bool,
}

impl Default for SanctionOptions {
    fn default() -> Self {
        let actions = Action::ALL.iter().map(|action| action.name().to_owned()).collect();
        Self { lexicon: None, actions, codes: true }
    }
}

impl SanctionOptions {
    /// The actions to keep.
    pub(crate) fn actions(&self) -> Result<Vec<Action>, BuildError> {
        let action = |name: &String| {
            Action::named(name).ok_or_else(|| {
                let known: Vec<_> = Action::ALL.iter().map(|action| action.name()).collect();
                BuildError::Option {
                    key: Some("actions".to_owned()),
                    message: format!("`{name}` is no action: write any of {}", known.join(", ")),
                }
            })
        };
        self.actions.iter().map(action).collect()
    }
}
