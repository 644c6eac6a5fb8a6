use demarche_core::{Action, BuildError, FilePath};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::lexicon::{Lexicon, LexiconError};

/// Options of the stage `sanction`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SanctionOptions {
    /// A table of trigger words of your own, read after the built-in ones: tab-separated columns `lemma`, `part of
    /// speech` (`noun`, `verb`, `adj`), `class` (`measure`, `penalty`, `ease`, `oppose`, …), `with` (prepositions, or for
    /// a penalty what it must hit), `measures`; `-` where a column is empty, `#` before a comment. Default: none.
    pub lexicon: Option<FilePath>,
    /// A table of bodies of your own, which impose sanctions or are hit by them: tab-separated columns `name` and `code`,
    /// `#` before a comment. The name gets this code wherever the entities have it, whatever code it has otherwise.
    /// Default: none.
    pub bodies: Option<FilePath>,
    /// Events that are less sure than this are left out: between 0 and 1. It is the confidence that there is an event of this
    /// kind at all, not that each of its fields is right. Default: 0.5, the point at which precision and recall of the
    /// learned part were balanced; lower values keep nothing more.
    pub min_confidence: f64,
    /// Whether to say for each event why it was found: an item of the open layer `sanction-why` on its trigger, with its
    /// confidence, whether the rules found it too (`by_rule`), the word it started from (`seed`) and the words on the way
    /// from there to the trigger (`way`). Default: `false`.
    pub explain: bool,
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
        Self { lexicon: None, bodies: None, min_confidence: 0.5, explain: false, actions, codes: true }
    }
}

impl SanctionOptions {
    /// The confidence from which on an event is kept.
    pub(crate) fn confidence(&self) -> Result<f32, BuildError> {
        if !(0.0..=1.0).contains(&self.min_confidence) {
            return Err(BuildError::Option {
                key: Some("min_confidence".to_owned()),
                message: format!(
                    "`{}` is no confidence: write a number between 0 and 1",
                    self.min_confidence
                ),
            });
        }
        Ok(self.min_confidence as f32)
    }

    /// The words, with those of the files of the options.
    pub(crate) fn lexicon(&self) -> Result<Lexicon, BuildError> {
        let mut lexicon = Lexicon::built_in();
        let place = |file: &FilePath, error: LexiconError| BuildError::File {
            path: file.as_path().to_owned(),
            line: error.line,
            message: error.message,
        };
        if let Some(file) = &self.lexicon {
            lexicon.add_own_triggers(&file.read()?).map_err(|error| place(file, error))?;
        }
        if let Some(file) = &self.bodies {
            lexicon.add_bodies(&file.read()?).map_err(|error| place(file, error))?;
        }
        Ok(lexicon)
    }

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
