//! Quotations: contents, cues, sources, speakers, and who is credited with what.

use std::borrow::Cow;

use hashbrown::HashMap;
use serde::Deserialize;

use crate::assignment::{Edge, assign};
use crate::code::Code;
use crate::document::{Pair, Side, WireSpan};
use crate::figures::{Share, Tally};
use crate::text::{Span, Text, fold, same_norm};
use crate::{Error, Key, Scores};

/// The kinds that have figures of their own.
const KINDS: [&str; 3] = ["direct", "indirect", "mixed"];

/// Of two quotations that overlap alike, the one with the same source is taken.
const SAME_SOURCE: f64 = 1e-6;

#[derive(Deserialize)]
struct Wire<'d> {
    #[serde(borrow)]
    kind: Option<Cow<'d, str>>,
    content: Option<Vec<WireSpan>>,
    cue: Option<Vec<WireSpan>>,
    source: Option<Vec<WireSpan>>,
    #[serde(borrow)]
    speaker: Option<WireSpeaker<'d>>,
}

#[derive(Deserialize)]
struct WireSpeaker<'d> {
    #[serde(borrow)]
    name: Option<Code<'d>>,
    #[serde(borrow)]
    norm: Option<Code<'d>>,
}

/// A quotation with what it is compared by.
struct Quote<'d> {
    kind: Option<Cow<'d, str>>,
    /// Joined and trimmed.
    content: Vec<Span>,
    /// Without quotation marks and punctuation at its ends.
    bare: Vec<Span>,
    content_words: Words,
    cue_words: Words,
    source_words: Words,
    /// Folded.
    speaker: Option<String>,
    speaker_norm: Option<Code<'d>>,
}

/// Words of the text that spans touch, ascending.
type Words = Vec<u32>;

/// Figures over all quotations, or over those of a kind.
#[derive(Default)]
struct Figures {
    exact: Tally,
    trimmed: Tally,
    content_overlap: Tally,
    cue_overlap: Tally,
    source_overlap: Tally,
    attribution: Tally,
    attribution_trimmed: Tally,
    attribution_accuracy: Share,
    speaker_accuracy: Share,
    speaker_found: Share,
    speaker_norm: Share,
    kind_accuracy: Share,
}

/// Exact, trimmed and soft figures (Johansson and Moschitti 2013), for all quotations and by kind. By kind, precision
/// is over the predicted quotations of that kind and recall over gold's, each against all of the other side.
pub(crate) fn score<'d>(pairs: impl Iterator<Item = Pair<'d>>) -> Result<Scores, Error> {
    let mut all = Figures::default();
    let mut by_kind = KINDS.map(|_| Figures::default());
    for pair in pairs {
        let words = pair.text.words();
        let both = Both::new(
            quotes(&pair.gold, &pair.text, &words)?,
            quotes(&pair.predicted, &pair.text, &words)?,
            words.len(),
        );
        all.add(&both, None);
        for (figures, kind) in by_kind.iter_mut().zip(KINDS) {
            figures.add(&both, Some(kind));
        }
    }
    let mut scores = Scores::default().with("all", all.scores());
    for (figures, kind) in by_kind.iter().zip(KINDS) {
        scores.add(kind, figures.scores());
    }
    Ok(scores)
}

fn quotes<'d>(side: &Side<'d>, text: &Text<'_>, words: &[Span]) -> Result<Vec<Quote<'d>>, Error> {
    let quote = |(i, wire): (usize, Wire<'d>)| {
        let joined = |spans: Option<Vec<WireSpan>>, role| {
            let spans = side.spans(&spans.unwrap_or_default(), Key::Quotes, i, role)?;
            Ok::<_, Error>(text.joined(&spans))
        };
        let content = joined(wire.content, "content")?;
        let (speaker, norm) = wire.speaker.map_or((None, None), |speaker| (speaker.name, speaker.norm));
        let stated = |code: &Code<'d>| !code.is_empty();
        Ok(Quote {
            kind: wire.kind,
            bare: text.bare(&content),
            content_words: touched(&content, words),
            cue_words: touched(&joined(wire.cue, "cue")?, words),
            source_words: touched(&joined(wire.source, "source")?, words),
            content,
            speaker: speaker.filter(stated).map(|name| fold(&name)),
            speaker_norm: norm,
        })
    };
    side.items::<Wire<'d>>(Key::Quotes)?.into_iter().enumerate().map(quote).collect()
}

/// The words that joined spans touch.
fn touched(joined: &[Span], words: &[Span]) -> Words {
    let mut touched = Words::new();
    for span in joined {
        let first = words.partition_point(|word| word.end <= span.start);
        let last = words.partition_point(|word| word.start < span.end);
        touched.extend(first as u32..last as u32);
    }
    // A word that two spans touch.
    touched.dedup();
    touched
}

impl Quote<'_> {
    fn is(&self, kind: Option<&str>) -> bool {
        kind.is_none() || self.kind.as_deref() == kind
    }

    /// Whether the sources share a word, or neither has one.
    fn has_source_of(&self, other: &Self) -> bool {
        meet(&self.source_words, &other.source_words)
            || (self.source_words.is_empty() && other.source_words.is_empty())
    }
}

/// Whether two ascending lists have an item in common.
fn meet(a: &[u32], b: &[u32]) -> bool {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => return true,
        }
    }
    false
}

type Pairs = Vec<(usize, usize)>;

/// The quotations of both sides, and which of them belong together in each way.
struct Both<'d> {
    gold: Vec<Quote<'d>>,
    predicted: Vec<Quote<'d>>,
    exact: Pairs,
    trimmed: Pairs,
    attribution: Pairs,
    attribution_trimmed: Pairs,
    /// For each gold quotation the predicted one that overlaps it, one to one.
    overlap: Vec<Option<usize>>,
    n_words: usize,
}

impl<'d> Both<'d> {
    fn new(gold: Vec<Quote<'d>>, predicted: Vec<Quote<'d>>, n_words: usize) -> Self {
        let exact = same(&gold, &predicted, |quote| &quote.content);
        let trimmed = same(&gold, &predicted, |quote| &quote.bare);
        let one_to_one = |pairs: &Pairs, is_taken: &dyn Fn(usize, usize) -> bool| {
            let taken = pairs.iter().filter(|&&(i, j)| is_taken(i, j));
            assign(&taken.map(|&(i, j)| (i, j, 1.0)).collect::<Vec<_>>())
        };
        let any = |_, _| true;
        let sources = |i: usize, j: usize| gold[i].has_source_of(&predicted[j]);
        let mut overlap = vec![None; gold.len()];
        for (i, j) in assign(&overlaps(&gold, &predicted, n_words)) {
            overlap[i] = Some(j);
        }
        Self {
            attribution: one_to_one(&exact, &sources),
            attribution_trimmed: one_to_one(&trimmed, &sources),
            exact: one_to_one(&exact, &any),
            trimmed: one_to_one(&trimmed, &any),
            overlap,
            n_words,
            gold,
            predicted,
        }
    }
}

/// All pairs whose spans are the same.
fn same<'d>(
    gold: &[Quote<'d>],
    predicted: &[Quote<'d>],
    spans: impl for<'q> Fn(&'q Quote<'d>) -> &'q [Span],
) -> Pairs {
    let mut by_spans: HashMap<&[Span], Vec<usize>> = HashMap::new();
    for (j, quote) in predicted.iter().enumerate() {
        by_spans.entry(spans(quote)).or_default().push(j);
    }
    let others = |(i, quote)| by_spans.get(spans(quote)).into_iter().flatten().map(move |&j| (i, j));
    gold.iter().enumerate().flat_map(others).collect()
}

/// All pairs whose contents share a word, weighed by how much (Dice), then by whether their sources agree.
fn overlaps(gold: &[Quote<'_>], predicted: &[Quote<'_>], n_words: usize) -> Vec<Edge> {
    let mut at_word = vec![Vec::new(); n_words];
    for (j, quote) in predicted.iter().enumerate() {
        for &word in &quote.content_words {
            at_word[word as usize].push(j);
        }
    }
    let mut edges = Vec::new();
    let mut n_common = vec![0_u32; predicted.len()];
    for (i, quote) in gold.iter().enumerate() {
        let mut near: Vec<usize> = Vec::new();
        for &j in quote.content_words.iter().flat_map(|&word| &at_word[word as usize]) {
            if n_common[j] == 0 {
                near.push(j);
            }
            n_common[j] += 1;
        }
        for j in near {
            let other = &predicted[j];
            let common = f64::from(std::mem::take(&mut n_common[j]));
            let both = (quote.content_words.len() + other.content_words.len()) as f64;
            let source = if quote.has_source_of(other) { SAME_SOURCE } else { 0.0 };
            edges.push((i, j, 2.0 * common / both + source));
        }
    }
    edges
}

impl Figures {
    /// Adds a document's quotations, or those of a kind.
    fn add(&mut self, both: &Both<'_>, kind: Option<&str>) {
        let Both { gold, predicted, .. } = both;
        let count = |quotes: &[Quote<'_>]| quotes.iter().filter(|quote| quote.is(kind)).count();
        let (n_predicted, n_gold) = (count(predicted), count(gold));
        for (tally, pairs) in [
            (&mut self.exact, &both.exact),
            (&mut self.trimmed, &both.trimmed),
            (&mut self.attribution, &both.attribution),
            (&mut self.attribution_trimmed, &both.attribution_trimmed),
        ] {
            *tally += Tally {
                predicted_hits: pairs.iter().filter(|(_, j)| predicted[*j].is(kind)).count() as f64,
                gold_hits: pairs.iter().filter(|(i, _)| gold[*i].is(kind)).count() as f64,
                predicted: n_predicted,
                gold: n_gold,
            };
        }
        self.content_overlap += soft(both, kind, |quote| &quote.content_words);
        self.cue_overlap += soft(both, kind, |quote| &quote.cue_words);
        self.source_overlap += soft(both, kind, |quote| &quote.source_words);
        for (quote, other) in gold.iter().zip(&both.overlap) {
            if quote.is(kind) {
                self.add_shares(quote, other.map(|j| &predicted[j]));
            }
        }
    }

    /// Adds a gold quotation and the predicted one that overlaps it.
    fn add_shares(&mut self, quote: &Quote<'_>, other: Option<&Quote<'_>>) {
        let name = quote.speaker.as_ref();
        let is_right = name.is_some() && other.is_some_and(|other| other.speaker.as_ref() == name);
        if name.is_some() {
            self.speaker_found.add(is_right);
        }
        let Some(other) = other else { return };
        self.kind_accuracy.add(quote.kind == other.kind);
        if !quote.source_words.is_empty() {
            self.attribution_accuracy.add(meet(&quote.source_words, &other.source_words));
        }
        if name.is_some() {
            self.speaker_accuracy.add(is_right);
        }
        if let Some(norm) = quote.speaker_norm.as_deref().filter(|norm| !norm.is_empty()) {
            self.speaker_norm.add(same_norm(Some(norm), other.speaker_norm.as_deref()));
        }
    }

    fn scores(&self) -> Scores {
        Scores::default()
            .with("content_exact", self.exact)
            .with("content_trimmed", self.trimmed)
            .with("content_overlap", self.content_overlap)
            .with("cue_overlap", self.cue_overlap)
            .with("source_overlap", self.source_overlap)
            .with("attribution", self.attribution)
            .with("attribution_trimmed", self.attribution_trimmed)
            .with("attribution_accuracy", self.attribution_accuracy)
            .with("speaker_accuracy", self.speaker_accuracy)
            .with("speaker_found", self.speaker_found)
            .with("speaker_norm", self.speaker_norm)
            .with("kind_accuracy", self.kind_accuracy)
    }
}

/// Soft overlap: of each stretch the share of its words that any stretch of the other side covers.
fn soft<'d>(
    both: &Both<'d>,
    kind: Option<&str>,
    words: impl for<'q> Fn(&'q Quote<'d>) -> &'q Words,
) -> Tally {
    let covered = |quotes: &[Quote<'d>]| {
        let mut covered = vec![false; both.n_words];
        for &word in quotes.iter().flat_map(&words) {
            covered[word as usize] = true;
        }
        covered
    };
    let hits = |own: &[Quote<'d>], other: &[Quote<'d>]| {
        let covered = covered(other);
        let own = own.iter().filter(|quote| quote.is(kind)).map(&words).filter(|words| !words.is_empty());
        own.fold((0.0, 0), |(hits, n), words| {
            let found = words.iter().filter(|&&word| covered[word as usize]).count();
            (hits + found as f64 / words.len() as f64, n + 1)
        })
    };
    let (predicted_hits, predicted) = hits(&both.predicted, &both.gold);
    let (gold_hits, gold) = hits(&both.gold, &both.predicted);
    Tally { predicted_hits, gold_hits, predicted, gold }
}
