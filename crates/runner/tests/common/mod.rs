//! Stages for tests: small, and as good or bad as their options say.
#![allow(dead_code, reason = "each test file uses a part of them")]

use std::path::Path;
use std::time::Duration;

use demarche_core::{
    BuildError, Component, Document, FilePath, Layer, Registry, Span, Stage, StageError, StageKind,
};
use demarche_runner::{LoadedPipeline, parse_pipeline};
use schemars::JsonSchema;
use serde::Deserialize;

/// Kinds with the names and layers of real ones, and some more.
pub(crate) fn registry() -> Registry {
    let mut registry = Registry::default();
    registry.add(StageKind::of::<Tokenize>()).unwrap();
    let mut syntax = StageKind::new("syntax", |_| Ok(Box::new(Nothing)));
    syntax.reads = vec![Layer::Tokens, Layer::Sentences];
    syntax.writes = vec![Layer::Morphology, Layer::Dependencies];
    registry.add(syntax).unwrap();
    let mut quote = StageKind::new("quote", |_| Ok(Box::new(Nothing)));
    quote.reads = vec![Layer::Tokens, Layer::Dependencies];
    quote.writes = vec![Layer::Quotes];
    registry.add(quote).unwrap();
    let mut orphan = StageKind::new("orphan", |_| Ok(Box::new(Nothing)));
    orphan.reads = vec![Layer::open("headline")];
    registry.add(orphan).unwrap();
    registry.add(StageKind::of::<Options>()).unwrap();
    registry.add(StageKind::of::<Mischief>()).unwrap();
    registry
}

/// A pipeline of the test stages.
pub(crate) fn pipeline(toml: &str) -> LoadedPipeline {
    parse_pipeline(toml, "test.toml", Path::new(""), registry(), 1).unwrap()
}

struct Nothing;

impl Stage for Nothing {
    fn process(&self, _: &mut Document<'_>) -> Result<(), StageError> {
        Ok(())
    }
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoOptions {}

/// Words between spaces.
struct Tokenize;

impl Component for Tokenize {
    const NAME: &'static str = "tokenize";
    const SUMMARY: &'static str = "Words between spaces";
    const READS: &'static [Layer] = &[];
    const WRITES: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    type Options = NoOptions;

    fn build(_: NoOptions) -> Result<Self, BuildError> {
        Ok(Self)
    }
}

impl Stage for Tokenize {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let start = |word: &str| word.as_ptr() as usize - doc.text().as_ptr() as usize;
        let span = |word: &str| Span::new(start(word) as u32, (start(word) + word.len()) as u32);
        let spans: Vec<_> = doc.text().split_whitespace().map(span).collect();
        doc.set_tokens(spans);
        Ok(())
    }
}

/// A stage with an option of every kind.
struct Options;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ManyOptions {
    /// Words that a span has at least.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    min_words: Option<u32>,
    /// Share of them that is enough.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    share: Option<f64>,
    /// How to go about it.
    #[serde(default)]
    mode: Mode,
    /// Lists of names.
    #[serde(default)]
    lists: Vec<FilePath>,
    /// Where to begin.
    #[serde(default)]
    strict: bool,
    /// How it is weighed.
    #[serde(default)]
    weights: Option<Weights>,
    /// Who is asked.
    who: String,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// With haste.
    #[default]
    Fast,
    /// With care.
    Thorough,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Weights {
    /// Weight of the title.
    title: f64,
}

impl Component for Options {
    const NAME: &'static str = "options";
    const SUMMARY: &'static str = "Has an option of every kind";
    const READS: &'static [Layer] = &[];
    const WRITES: &'static [Layer] = &[];
    type Options = ManyOptions;

    fn build(options: ManyOptions) -> Result<Self, BuildError> {
        for list in &options.lists {
            for (line, name) in list.read()?.lines().enumerate() {
                if !name.contains('\t') {
                    let message = "a name and its code are parted by a tab".to_owned();
                    return Err(BuildError::File {
                        path: list.as_path().to_owned(),
                        line: line + 1,
                        message,
                    });
                }
            }
        }
        if options.who == "nobody" {
            let message = "nobody can be asked: name somebody".to_owned();
            return Err(BuildError::Option { key: Some("who".to_owned()), message });
        }
        let _ = (
            options.min_words,
            options.share,
            options.mode,
            options.strict,
            options.weights.map(|w| w.title),
        );
        Ok(Self)
    }
}

impl Stage for Options {
    fn process(&self, _: &mut Document<'_>) -> Result<(), StageError> {
        Ok(())
    }
}

/// Does what the text says: `fail`, `panic`, `loop`, `fatal`; or sleeps a little, by the text's length.
struct Mischief;

impl Component for Mischief {
    const NAME: &'static str = "mischief";
    const SUMMARY: &'static str = "Does what the text says";
    const READS: &'static [Layer] = &[];
    const WRITES: &'static [Layer] = &[];
    type Options = NoOptions;

    fn build(_: NoOptions) -> Result<Self, BuildError> {
        Ok(Self)
    }
}

impl Stage for Mischief {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        match doc.text() {
            "fail" => Err(StageError::Failed { message: "told to fail".to_owned() }),
            "fatal" => Err(StageError::Fatal { message: "told to end it".to_owned() }),
            "panic" => panic!("told to panic"),
            "loop" => loop {
                if doc.cancelled() {
                    return Err(StageError::Cancelled);
                }
                std::thread::sleep(Duration::from_millis(1));
            },
            text => {
                std::thread::sleep(Duration::from_micros(37 * (text.len() as u64 % 20)));
                Ok(())
            }
        }
    }
}
