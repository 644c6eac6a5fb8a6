//! A stage for demarche that marks long words. Change what it does in `MyStage::process`.

use demarche_plugin::serde_json::json;
use demarche_plugin::{BuildError, Component, Document, Layer, Span, Stage, StageError};
use schemars::JsonSchema;
use serde::Deserialize;

/// The layer that this stage writes: JSON values on stretches of the text.
const LAYER: &str = "my-stage";

/// Marks long words.
pub struct MyStage {
    letters: usize,
}

/// What a pipeline file can say. The comments are what `demarche stages` shows.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MyStageOptions {
    /// Least length of a long word, in letters.
    pub letters: usize,
}

impl Default for MyStageOptions {
    fn default() -> Self {
        Self { letters: 12 }
    }
}

impl Component for MyStage {
    const NAME: &'static str = "my-stage";
    const SUMMARY: &'static str = "Marks long words";
    const READS: &'static [Layer] = &[Layer::Tokens];
    const WRITES: &'static [Layer] = &[Layer::open(LAYER)];
    type Options = MyStageOptions;

    /// Runs once. Files that options name are read here.
    fn build(options: MyStageOptions) -> Result<Self, BuildError> {
        if options.letters == 0 {
            let message = "every word has more than 0 letters: write how many make it long, such as 12".to_owned();
            return Err(BuildError::Option { key: Some("letters".to_owned()), message });
        }
        Ok(Self { letters: options.letters })
    }
}

impl Stage for MyStage {
    /// Runs for every document, on many threads at once.
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let letters = |token: Span| doc.slice(token).chars().filter(|c| c.is_alphabetic()).count();
        let words = doc.tokens().iter().map(|&token| (token, letters(token)));
        let long: Vec<_> = words.filter(|&(_, letters)| letters >= self.letters).collect();
        for (token, letters) in long {
            doc.annotate(LAYER, token, &json!({"letters": letters}));
        }
        Ok(())
    }
}

demarche_plugin::export!(MyStage);
