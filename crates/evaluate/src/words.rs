//! Tokens, sentences, tags: what stands at the same place on both sides.

use std::borrow::Cow;

use hashbrown::HashMap;
use serde::Deserialize;

use crate::document::{Document, Pair, Side, WireSpan};
use crate::figures::{Tally, multiset};
use crate::text::Span;
use crate::{Error, Key, Scores};

/// A token as it stands in a file; the whole of it for every measure over tokens.
#[derive(Deserialize)]
#[allow(clippy::option_option, reason = "a head that is null is a root; one that is absent is unknown")]
pub(crate) struct Token<'d> {
    span: WireSpan,
    #[serde(borrow)]
    upos: Option<Cow<'d, str>>,
    #[serde(borrow)]
    xpos: Option<Cow<'d, str>>,
    #[serde(borrow)]
    lemma: Option<Cow<'d, str>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) head: Option<Option<u64>>,
    #[serde(borrow)]
    pub(crate) deprel: Option<Cow<'d, str>>,
}

#[allow(clippy::option_option, reason = "see `Token`")]
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What a word is known by: its span, and how many words before it have the same one.
pub(crate) type WordKey = (Span, usize);

/// The words of a document with their keys.
pub(crate) fn words<'d>(side: &Side<'d>) -> Result<Vec<(WordKey, Token<'d>)>, Error> {
    let tokens: Vec<Token<'d>> = side.items(Key::Tokens)?;
    let mut seen: HashMap<Span, usize> = HashMap::with_capacity(tokens.len());
    let word = |(i, token): (usize, Token<'d>)| {
        let span = side.span(token.span, Key::Tokens, i, "span")?;
        let before = seen.entry(span).or_default();
        *before += 1;
        Ok(((span, *before), token))
    };
    tokens.into_iter().enumerate().map(word).collect()
}

pub(crate) fn has_tags(document: &Document) -> Result<bool, Error> {
    let tokens: Vec<Token<'_>> = document.items(Key::Tokens)?;
    Ok(tokens.iter().any(|token| token.upos.is_some() || token.xpos.is_some() || token.lemma.is_some()))
}

/// F1 over spans; empty ones, which gold has for words without a surface of their own, are left out.
pub(crate) fn score_tokens<'d>(pairs: impl Iterator<Item = Pair<'d>>) -> Result<Scores, Error> {
    let spans = |side: &Side<'d>| -> Result<Vec<Span>, Error> {
        Ok(words(side)?.into_iter().map(|((span, _), _)| span).filter(|span| !span.is_empty()).collect())
    };
    let mut tokens = Tally::default();
    for pair in pairs {
        tokens += multiset(spans(&pair.gold)?, spans(&pair.predicted)?);
    }
    Ok(Scores::default().with("tokens", tokens))
}

/// F1 over spans, trimmed of white space at both ends.
pub(crate) fn score_sentences<'d>(pairs: impl Iterator<Item = Pair<'d>>) -> Result<Scores, Error> {
    let mut sentences = Tally::default();
    for pair in pairs {
        let spans = |side: &Side<'d>| -> Result<Vec<Span>, Error> {
            let wire: Vec<WireSpan> = side.items(Key::Sentences)?;
            let trim = |(i, &span)| Ok(pair.text.trim(side.span(span, Key::Sentences, i, "")?));
            wire.iter().enumerate().map(trim).collect()
        };
        sentences += multiset(spans(&pair.gold)?, spans(&pair.predicted)?);
    }
    Ok(Scores::default().with("sentences", sentences))
}

/// F1 over words: right is one at the place of a gold word, with the same value. A gold lemma of `_` is any lemma.
pub(crate) fn score_tags<'d>(pairs: impl Iterator<Item = Pair<'d>>) -> Result<Scores, Error> {
    const NAMES: [&str; 4] = ["words", "upos", "xpos", "lemma"];
    let mut tallies = [Tally::default(); NAMES.len()];
    for pair in pairs {
        let gold = words(&pair.gold)?;
        let predicted = words(&pair.predicted)?;
        let at: HashMap<WordKey, &Token<'_>> = predicted.iter().map(|(key, token)| (*key, token)).collect();
        let mut hits = [0; NAMES.len()];
        for (key, token) in &gold {
            let Some(other) = at.get(key) else { continue };
            let lemma = matches!(token.lemma.as_deref(), None | Some("_")) || token.lemma == other.lemma;
            let right = [true, token.upos == other.upos, token.xpos == other.xpos, lemma];
            for (hits, right) in hits.iter_mut().zip(right) {
                *hits += usize::from(right);
            }
        }
        for (tally, hits) in tallies.iter_mut().zip(hits) {
            tally.add(hits, predicted.len(), gold.len());
        }
    }
    Ok(NAMES
        .into_iter()
        .zip(tallies)
        .fold(Scores::default(), |scores, (name, tally)| scores.with(name, tally)))
}
