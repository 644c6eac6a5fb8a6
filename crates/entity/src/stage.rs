use std::borrow::Cow;

use demarche_core::{
    BuildError, Component, Document, Entity, FilePath, Layer, NONE, Span, Stage, StageError,
};
use demarche_model::Weights;
use serde_json::{Value, json};

use crate::calendar::Date;
use crate::label::Label;
use crate::lists::Lists;
use crate::mention::{Evidence, Mention};
use crate::recognizer::{KIND, Recognizer};
use crate::scan::Scan;
use crate::word::Words;
use crate::{EntityOptions, Recognition, Trust, affiliation, combine, naming, recall, storm};

/// Finds who and what is named, and what it stands for.
#[derive(Debug)]
pub struct Entities {
    pub(crate) lists: Lists,
    /// Labels to keep; empty: all.
    keep: Vec<Label>,
    date: Option<Date>,
    recognizer: Option<Recognizer>,
    trust: Trust,
    /// Least chance of a name.
    confidence: f32,
    explain: bool,
}

/// Name of the open layer that explains the entities.
const EVIDENCE: &str = "entity-evidence";

impl Default for Entities {
    fn default() -> Self {
        Self::rules().with_recognizer(Recognizer::english())
    }
}

impl Entities {
    /// The stage without the recognizer.
    pub fn rules() -> Self {
        Self {
            lists: Lists::built_in(),
            keep: Vec::new(),
            date: None,
            recognizer: None,
            trust: Trust::default(),
            confidence: 0.0,
            explain: false,
        }
    }

    /// The same stage with another recognizer.
    #[must_use]
    pub fn with_recognizer(mut self, recognizer: Recognizer) -> Self {
        self.recognizer = Some(recognizer);
        self
    }

    /// The same stage with other weights of the rules' votes.
    #[must_use]
    pub fn with_trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }
}

impl Stage for Entities {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let today = doc.meta().get("date").and_then(|date| date.as_str()).and_then(Date::read).or(self.date);
        let rows = {
            let words = Words::of(doc, &self.lists.vocabulary);
            let scan = Scan::new(&words, &self.lists);
            let mut mentions = scan.mentions(today);
            recall::complete(&scan, &mut mentions);
            // It has learned from words with their classes, and is lost without.
            let recognizer = self.recognizer.as_ref().filter(|_| doc.has(&Layer::Morphology));
            if let Some(recognizer) = recognizer {
                mentions = combine::combine(&scan, recognizer, &self.trust, &mentions);
                recall::link_names(&scan, &mut mentions);
            }
            storm::recall(&words, &mut mentions);
            affiliation::assign(&scan, &mut mentions, today);
            let names = naming::names(&words, &self.lists, &mentions);
            self.rows(&words, &mentions, &names)
        };
        doc.ensure(&Layer::Entities);
        if self.explain {
            doc.ensure(&Layer::Open(EVIDENCE.into()));
        }
        for row in &rows {
            doc.add_entity(&Entity {
                span: row.span,
                label: self.lists.labels.name(row.label),
                name: Some(&row.name),
                norm: row.norm.as_deref(),
                chain: None,
            });
            if self.explain {
                doc.annotate(EVIDENCE, row.span, &row.evidence);
            }
        }
        Ok(())
    }
}

/// An entity before it goes into the document, which cannot be written while its text is read.
struct Row {
    span: Span,
    label: Label,
    name: String,
    norm: Option<String>,
    /// Null where nobody asked for it.
    evidence: Value,
}

impl Entities {
    fn rows(&self, words: &Words<'_>, mentions: &[Mention<'_>], names: &[Cow<'_, str>]) -> Vec<Row> {
        let kept = |(mention, _): &&(&Mention<'_>, _)| {
            (self.keep.is_empty() || self.keep.contains(&mention.label))
                && mention.confidence.is_none_or(|chance| chance >= self.confidence)
        };
        let row = |(mention, name): (&Mention<'_>, &Cow<'_, str>)| Row {
            span: words.span(mention.first, mention.end),
            label: mention.label,
            name: name.clone().into_owned(),
            norm: mention.norm.as_deref().map(str::to_owned),
            evidence: if self.explain { evidence(mention) } else { Value::Null },
        };
        let pairs: Vec<_> = mentions.iter().zip(names).collect();
        pairs.iter().filter(kept).map(|&pair| row(pair)).collect()
    }
}

/// What speaks for a mention.
fn evidence(mention: &Mention<'_>) -> Value {
    let by = match mention.evidence {
        _ if mention.learned => "recognizer",
        _ if mention.thing != NONE => "list",
        Evidence::Listed | Evidence::Strong | Evidence::Weak => "rule",
    };
    let mut evidence = json!({ "by": by });
    if let Some(chance) = mention.confidence {
        evidence["confidence"] = json!((f64::from(chance) * 1000.0).round() / 1000.0);
    }
    if let Some(reason) = mention.reason {
        evidence["code"] = json!(reason.name());
    }
    evidence
}

impl Component for Entities {
    const NAME: &'static str = "entity";
    const SUMMARY: &'static str =
        "Who and what is named, with codes of the states and bodies behind the names";
    const READS: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    const WRITES: &'static [Layer] = &[Layer::Entities];
    type Options = EntityOptions;

    fn build(options: EntityOptions) -> Result<Self, BuildError> {
        let texts = options.gazetteers.iter().map(|path| Ok((path.as_path(), path.read()?)));
        let texts = texts.collect::<Result<Vec<_>, BuildError>>()?;
        let lists = Lists::with(texts.into_iter())?;
        let keep = options.labels.iter().map(|name| {
            lists.labels.find(name).ok_or_else(|| BuildError::Option {
                key: Some("labels".to_owned()),
                message: format!("`{name}` is no label: write some of {}", lists.labels.names()),
            })
        });
        let keep = keep.collect::<Result<_, _>>()?;
        let date = options.date.as_deref().map(|text| {
            Date::read(text).filter(|_| text.len() == 10).ok_or_else(|| BuildError::Option {
                key: Some("date".to_owned()),
                message: format!("`{text}` is no day: write it as `2024-06-21`"),
            })
        });
        let date = date.transpose()?;
        if !(0.0..=1.0).contains(&options.confidence) {
            return Err(BuildError::Option {
                key: Some("confidence".to_owned()),
                message: format!("`{}` is no chance: write a number from 0 to 1", options.confidence),
            });
        }
        let recognizer = match (options.recognizer, options.model) {
            (Recognition::Rules, _) => None,
            (Recognition::Learned, None) => Some(Recognizer::english()),
            (Recognition::Learned, Some(path)) => Some(open(&path)?),
        };
        let (confidence, explain) = (options.confidence, options.explain);
        Ok(Self { lists, keep, date, recognizer, trust: Trust::default(), confidence, explain })
    }
}

fn open(path: &FilePath) -> Result<Recognizer, BuildError> {
    let opened = Weights::from_file(path.read_bytes()?, KIND).and_then(|weights| Recognizer::open(&weights));
    opened.map_err(|error| BuildError::Option {
        key: Some("model".to_owned()),
        message: format!("`{}`: {error}", path.as_path().display()),
    })
}
