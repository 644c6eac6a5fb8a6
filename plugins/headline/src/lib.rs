#![doc = include_str!("../README.md")]

use demarche_plugin::serde_json::json;
use demarche_plugin::{BuildError, Component, Document, Layer, Span, Stage, StageError};
use schemars::JsonSchema;
use serde::Deserialize;

/// The layer that this plugin writes.
const LAYER: &str = "headline";
/// Lines after the headline among which the byline is looked for: a standfirst and a section may stand between.
const BYLINE_LINES: usize = 3;
/// Names of authors are short; a longer line of capitalized words is a second headline.
const BYLINE_WORDS: std::ops::RangeInclusive<usize> = 2..=8;
/// A dash further on in the paragraph than this, in bytes, does not end a dateline.
const DATELINE_BYTES: usize = 100;

/// Marks the headline, the byline and the dateline of an article.
pub struct Headline {
    max_words: usize,
}

/// What a pipeline file can say of [`Headline`].
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HeadlineOptions {
    /// Most words of a headline, punctuation not counted; a longer first line belongs to the article.
    pub max_words: usize,
}

impl Default for HeadlineOptions {
    fn default() -> Self {
        Self { max_words: 18 }
    }
}

impl Component for Headline {
    const NAME: &'static str = "headline";
    const SUMMARY: &'static str = "Marks the headline, the byline and the dateline of an article";
    const READS: &'static [Layer] = &[Layer::Tokens];
    const WRITES: &'static [Layer] = &[Layer::open(LAYER)];
    type Options = HeadlineOptions;

    fn build(options: HeadlineOptions) -> Result<Self, BuildError> {
        if options.max_words == 0 {
            let message = "no headline has 0 words: write how many it can have at most, such as 18";
            return Err(BuildError::Option { key: Some("max_words".into()), message: message.into() });
        }
        Ok(Self { max_words: options.max_words })
    }
}

impl Stage for Headline {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let lines: Vec<Span> = lines(doc.text()).take(BYLINE_LINES + 2).collect();
        let headline = lines.first().copied().filter(|&line| lines.len() > 1 && self.is_headline(doc, line));
        let after = usize::from(headline.is_some());
        let byline = lines.iter().skip(after).take(BYLINE_LINES).position(|&line| is_byline(doc, line));
        let byline = byline.filter(|_| headline.is_some()).map(|at| after + at);
        let dateline = lines.iter().find_map(|&line| dateline(doc, line));

        if let Some(headline) = headline {
            doc.annotate(LAYER, headline, &json!({"kind": "headline", "words": words(doc, headline)}));
        }
        if let Some(byline) = byline {
            doc.annotate(LAYER, lines[byline], &json!({"kind": "byline"}));
        }
        if let Some((dateline, place)) = dateline {
            let place = doc.slice(place).to_owned();
            doc.annotate(LAYER, dateline, &json!({"kind": "dateline", "place": place}));
        }
        Ok(())
    }
}

impl Headline {
    /// Headlines are short and do not end like a sentence; they may ask.
    fn is_headline(&self, doc: &Document<'_>, line: Span) -> bool {
        let words = words(doc, line);
        (1..=self.max_words).contains(&words)
            && !doc.slice(line).ends_with(['.', ',', ':', ';'])
            && dateline(doc, line).is_none()
    }
}

/// "By Ann Author", or a line of capitalized words alone.
fn is_byline(doc: &Document<'_>, line: Span) -> bool {
    let text = doc.slice(line);
    if !BYLINE_WORDS.contains(&words(doc, line)) || text.ends_with(['.', '!', '?', ':']) {
        return false;
    }
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) || ["and", "de", "van", "von"].contains(&word);
    let names = text.strip_prefix("By ").or_else(|| text.strip_prefix("BY ")).unwrap_or(text);
    names.split_whitespace().all(is_name)
}

/// "GENEVA, May 3 (Agency) - ": what stands before the dash, and the place, which is in capitals.
fn dateline(doc: &Document<'_>, line: Span) -> Option<(Span, Span)> {
    let text = doc.slice(line);
    let dash = [" - ", " – ", " — "].into_iter().filter_map(|dash| text.find(dash)).min()?;
    let place = text[..dash].split([',', '(']).next()?.trim_end();
    let is_place =
        place.chars().filter(|c| c.is_uppercase()).count() > 1 && !place.contains(char::is_lowercase);
    let to = |len: usize| Span::new(line.start, line.start + len as u32);
    (is_place && dash <= DATELINE_BYTES).then(|| (to(dash), to(place.len())))
}

/// Number of tokens with a letter or a digit.
fn words(doc: &Document<'_>, span: Span) -> usize {
    let tokens = &doc.tokens()[doc.tokens_in(span)];
    tokens.iter().filter(|&&token| doc.slice(token).contains(char::is_alphanumeric)).count()
}

/// The lines that hold something, without the white space around it.
fn lines(text: &str) -> impl Iterator<Item = Span> {
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let span = move |line: &str| {
        let start = offset(line) as u32;
        Span::new(start, start + line.len() as u32)
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(span)
}

demarche_plugin::export!(Headline);
