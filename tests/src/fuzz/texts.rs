//! Any text through the stages: no stage fails or panics, the layers are sound, and what is promised of them holds.

use std::sync::LazyLock;

use demarche::{Document, Layer, NONE, Pipeline};
use serde_json::{Value, json};

use super::documents::is_written_as_it_is_read;
use super::{Folder, check_message};

/// Words and sentences.
pub fn tokenize(bytes: &[u8]) {
    static WORDS: LazyLock<Pipeline> = LazyLock::new(|| pipeline_of(&[("tokenize", json!({}))]));
    let text = String::from_utf8_lossy(bytes);
    let doc = annotated(&WORDS, Document::new("", &*text));
    check_words(&doc);
}

/// All stages of the ready pipeline `news`, and what is written of it.
pub fn pipeline(bytes: &[u8]) {
    static NEWS: LazyLock<Pipeline> = LazyLock::new(|| {
        let ready = demarche::ready::ready("news").expect("there is one");
        let registry = demarche::registry();
        let loaded = demarche::runner::parse_pipeline(ready.toml, "news", "".as_ref(), registry, 1);
        loaded.expect("it is a pipeline").pipeline
    });
    let text = String::from_utf8_lossy(bytes);
    let doc = annotated(&NEWS, Document::new("", &*text));
    check_words(&doc);
    check_trees(&doc);
    check_arguments(&doc);
    is_written_as_it_is_read(&doc);
}

/// The first line is the document's date, what follows is its text.
pub fn dates(bytes: &[u8]) {
    static DATES: LazyLock<Pipeline> = LazyLock::new(|| {
        pipeline_of(&[("tokenize", json!({})), ("entity", json!({"recognizer": "rules", "explain": true}))])
    });
    let text = String::from_utf8_lossy(bytes);
    let (date, text) = text.split_once('\n').unwrap_or(("2024-06-21", &text));
    let meta = [("date".to_owned(), Value::from(date))].into_iter().collect();
    let doc = annotated(&DATES, Document::new("", text).with_meta(meta));
    for entity in doc.entities().filter(|entity| entity.label == "DATE") {
        if let Some(norm) = entity.norm {
            assert!(norm.split('/').count() <= 2 && norm.split('/').all(is_iso), "`{norm}` is no ISO date");
        }
    }
}

/// A list of names, and a text of these names.
pub fn gazetteer(bytes: &[u8]) {
    thread_local! {
        static FOLDER: Folder = Folder::new();
    }
    let registry = demarche::registry();
    let kind = registry.get("entity").expect("there is one");
    let path = FOLDER.with(|folder| folder.put("names.tsv", bytes));
    let entity = match kind.build(&json!({"gazetteers": [path], "recognizer": "rules"})) {
        Ok(entity) => entity,
        Err(error) => return check_message(&error.to_string()),
    };
    let mut pipeline = pipeline_of(&[("tokenize", json!({}))]);
    pipeline.push(kind, entity);
    let names: Vec<_> = std::str::from_utf8(bytes)
        .expect("what is not UTF-8 was refused")
        .lines()
        .filter_map(|line| line.split('\t').next()?.split('|').next())
        .collect();
    annotated(&pipeline, Document::new("", names.join(". ")));
}

fn pipeline_of(stages: &[(&str, Value)]) -> Pipeline {
    let registry = demarche::registry();
    let mut pipeline = Pipeline::new();
    for (name, options) in stages {
        let kind = registry.get(name).expect("it is a built-in stage");
        pipeline.push(kind, kind.build(options).expect("the options are good"));
    }
    pipeline
}

fn annotated<'t>(pipeline: &Pipeline, mut doc: Document<'t>) -> Document<'t> {
    pipeline.process(&mut doc).unwrap_or_else(|error| panic!("{error}"));
    doc.validate().unwrap_or_else(|error| panic!("{error}"));
    doc
}

/// Tokens cover all but white space, and each is in one sentence, which ends where its tokens do.
fn check_words(doc: &Document<'_>) {
    let mut end = 0;
    for token in doc.tokens() {
        assert!(doc.text()[end as usize..token.start as usize].chars().all(is_space), "before {token:?}");
        end = token.end;
    }
    assert!(doc.text()[end as usize..].chars().all(is_space), "after the last token");
    let mut after = 0;
    for &sentence in doc.sentences() {
        let tokens = doc.tokens_in(sentence);
        assert_eq!(tokens.start, after, "no token lies between sentences");
        assert_eq!(sentence.start, doc.tokens()[tokens.start].start);
        assert_eq!(sentence.end, doc.tokens()[tokens.end - 1].end);
        after = tokens.end;
    }
    assert_eq!(after, doc.tokens().len(), "no token lies after the sentences");
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{200B}' || c == '\u{FEFF}'
}

/// One root a sentence, and no head in another one.
fn check_trees(doc: &Document<'_>) {
    let head = &doc.dependencies().expect("written").head;
    for &sentence in doc.sentences() {
        let tokens = doc.tokens_in(sentence);
        let (roots, heads): (Vec<_>, Vec<_>) = head[tokens.clone()].iter().partition(|&&head| head == NONE);
        assert_eq!(roots.len(), 1, "roots of the sentence {sentence:?}");
        assert!(heads.iter().all(|&&head| tokens.contains(&(head as usize))), "heads of {sentence:?}");
    }
}

/// Names, mentions, quotations and events have words; entities do not overlap.
fn check_arguments(doc: &Document<'_>) {
    let mut end = 0;
    for entity in doc.entities() {
        assert!(entity.span.start >= end && !entity.span.is_empty(), "{:?}", entity.span);
        end = entity.span.end;
    }
    for chain in doc.chains() {
        assert!(!chain.mentions.is_empty() && chain.mentions.iter().all(|span| !span.is_empty()));
    }
    for quote in doc.quotes() {
        assert!(!quote.content.is_empty(), "a quotation has content");
        let spans = quote.content.iter().chain(quote.cue).chain(quote.source);
        assert!(spans.into_iter().all(|span| !span.is_empty()), "{quote:?}");
        assert!(quote.content.windows(2).all(|pair| pair[0].end <= pair[1].start), "{quote:?}");
    }
    for event in doc.sanctions() {
        assert!(!event.trigger.is_empty(), "an event has a trigger");
    }
    assert!(doc.has(&Layer::Sanctions), "the last layer was written");
}

/// A year, a month, a week or a day as ISO 8601 has it.
fn is_iso(value: &str) -> bool {
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok());
    let within = |digits: &str, range: std::ops::RangeInclusive<u32>| {
        digits.len() == 2 && number(digits).flatten().is_some_and(|number: u32| range.contains(&number))
    };
    let mut parts = value.split('-');
    let is_year = parts
        .next()
        .is_some_and(|year| year.len() == 4 && number(year).flatten().is_some_and(|year| year > 0));
    let is_rest = match (parts.next(), parts.next()) {
        (None, _) => true,
        (Some(part), None) => {
            part.strip_prefix('W').map_or(within(part, 1..=12), |week| within(week, 1..=53))
        }
        (Some(month), Some(day)) => within(month, 1..=12) && within(day, 1..=31),
    };
    is_year && is_rest && parts.next().is_none()
}
