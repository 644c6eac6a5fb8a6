//! What is learned from: documents as the recognizer reads them, each word with its tag.

use std::ops::Range;
use std::path::Path;

use anyhow::Context;
use demarche_core::{Document, Layer, Offsets, Span, Stage, format};
use demarche_entity::tag::{self, KINDS, OUTSIDE, Place};
use demarche_entity::{Entities, Reading};
use demarche_model::cluster::Clusters;
use demarche_syntax::Syntax;
use demarche_tokenize::Tokenize;

/// A document with what is known of its names.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) doc: Document<'static>,
    pub(super) reading: Reading,
    /// One a word; `None` where it is not known.
    pub(super) tags: Vec<Option<u8>>,
    /// The names as annotated.
    pub(super) names: Vec<(Span, String)>,
    /// What other recognizers say, for the teacher.
    pub(super) machines: Vec<Vec<(Range<usize>, String)>>,
}

/// Open layers of documents that other recognizers have labeled.
pub(super) const MACHINES: [&str; 5] =
    ["machine-sm", "machine-md", "machine-all", "machine-conll", "machine-muc"];

/// The stages that come before the recognizer.
#[derive(Debug)]
pub(super) struct Stages {
    tokenize: Tokenize,
    syntax: Syntax,
    pub(super) entities: Entities,
    clusters: Clusters,
}

impl Stages {
    /// The stages, with clusters for the recognizer's features.
    pub(super) fn new(clusters: Clusters) -> Self {
        Self {
            tokenize: Tokenize::default(),
            syntax: Syntax::default(),
            entities: Entities::rules(),
            clusters,
        }
    }
}

/// Reads JSON Lines.
pub(super) fn read(path: &Path, stages: &Stages) -> anyhow::Result<Vec<Example>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let document = |(at, line): (usize, &str)| {
        let read =
            format::read(line, Offsets::Char).with_context(|| format!("{}:{}", path.display(), at + 1))?;
        example(&read, stages)
    };
    text.lines().filter(|line| !line.trim().is_empty()).enumerate().map(document).collect()
}

/// The example with its text in small letters: byte offsets stay, and so does what is known of each word.
pub(super) fn in_small_letters(example: &Example, stages: &Stages) -> anyhow::Result<Example> {
    let mut doc = Document::new(example.doc.id().to_owned(), example.doc.text().to_ascii_lowercase());
    stages.tokenize.process(&mut doc)?;
    stages.syntax.process(&mut doc)?;
    let reading = Reading::of(&stages.entities, &stages.clusters, &doc);
    let mut known = example.reading.words.iter().zip(&example.tags).peekable();
    let tag = |word: &Span| {
        while known.next_if(|(other, _)| other.start < word.start).is_some() {}
        known.peek().filter(|(other, _)| *other == word).and_then(|(_, tag)| **tag)
    };
    let tags = reading.words.iter().map(tag).collect();
    Ok(Example { doc, reading, tags, names: Vec::new(), machines: Vec::new() })
}

fn example(read: &Document<'_>, stages: &Stages) -> anyhow::Result<Example> {
    let mut doc = Document::new(read.id().to_owned(), read.text().to_owned()).with_meta(read.meta().clone());
    stages.tokenize.process(&mut doc)?;
    stages.syntax.process(&mut doc)?;
    let reading = Reading::of(&stages.entities, &stages.clusters, &doc);
    let names: Vec<_> = read.entities().map(|entity| (entity.span, entity.label.to_owned())).collect();
    let annotated = read.has(&Layer::Entities);
    let mut tags = vec![annotated.then_some(OUTSIDE as u8); reading.words.len()];
    for (span, label) in &names {
        let words = words_of(&reading.words, *span);
        let whole = !words.is_empty()
            && reading.words[words.start].start == span.start
            && reading.words[words.end - 1].end == span.end;
        let Some(kind) = kind(label) else { continue };
        for i in words.clone() {
            let place = Place::of(i, words.start, words.end);
            tags[i] = whole.then(|| tag::tag(kind, place) as u8);
        }
    }
    if annotated {
        // Annotations without adjectives of peoples take them from the rules.
        for (words, label) in &reading.rules {
            if label == "NORP" && tags[words.clone()].iter().all(|&tag| tag == Some(OUTSIDE as u8)) {
                for i in words.clone() {
                    tags[i] = Some(tag::tag(4, Place::of(i, words.start, words.end)) as u8);
                }
            }
        }
    }
    let machine = |name: &&str| {
        let names = read.open_layer(name);
        names
            .map(|(span, value)| (words_of(&reading.words, span), value.trim_matches('"').to_owned()))
            .collect()
    };
    let machines = MACHINES.iter().map(machine).collect();
    Ok(Example { doc, reading, tags, names, machines })
}

/// The words that lie in the span or reach into it.
fn words_of(words: &[Span], span: Span) -> Range<usize> {
    let first = words.partition_point(|word| word.end <= span.start);
    let end = words.partition_point(|word| word.start < span.end);
    first..end.max(first)
}

/// The kind of an annotated label; none for dates and numbers.
fn kind(label: &str) -> Option<usize> {
    match label {
        "DATE" | "TIME" | "MONEY" | "PERCENT" | "QUANTITY" | "CARDINAL" | "ORDINAL" => None,
        _ => Some(KINDS.iter().position(|&kind| kind == label).unwrap_or(KINDS.len() - 1)),
    }
}
