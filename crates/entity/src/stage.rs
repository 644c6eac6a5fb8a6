use std::borrow::Cow;

use demarche_core::{BuildError, Component, Document, Entity, Layer, Span, Stage, StageError};

use crate::calendar::Date;
use crate::label::Label;
use crate::lists::Lists;
use crate::mention::Mention;
use crate::scan::Scan;
use crate::word::Words;
use crate::{EntityOptions, affiliation, naming, recall};

/// Finds who and what is named, and what it stands for.
#[derive(Debug)]
pub struct Entities {
    lists: Lists,
    /// Labels to keep; empty: all.
    keep: Vec<Label>,
    date: Option<Date>,
}

impl Default for Entities {
    fn default() -> Self {
        Self { lists: Lists::built_in(), keep: Vec::new(), date: None }
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
            affiliation::assign(&scan, &mut mentions, today);
            let names = naming::names(&words, &self.lists, &mentions);
            self.rows(&words, &mentions, &names)
        };
        doc.ensure(&Layer::Entities);
        for row in &rows {
            doc.add_entity(&Entity {
                span: row.span,
                label: self.lists.labels.name(row.label),
                name: Some(&row.name),
                norm: row.norm.as_deref(),
                chain: None,
            });
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
}

impl Entities {
    fn rows(&self, words: &Words<'_>, mentions: &[Mention<'_>], names: &[Cow<'_, str>]) -> Vec<Row> {
        let kept =
            |mention: &&(&Mention<'_>, _)| self.keep.is_empty() || self.keep.contains(&mention.0.label);
        let row = |(mention, name): (&Mention<'_>, &Cow<'_, str>)| Row {
            span: words.span(mention.first, mention.end),
            label: mention.label,
            name: name.clone().into_owned(),
            norm: mention.norm.as_deref().map(str::to_owned),
        };
        let pairs: Vec<_> = mentions.iter().zip(names).collect();
        pairs.iter().filter(kept).map(|&pair| row(pair)).collect()
    }
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
        Ok(Self { lists, keep, date })
    }
}
