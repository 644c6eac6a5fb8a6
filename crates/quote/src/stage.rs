use demarche_core::{
    BuildError, Component, Document, Layer, Quote, QuoteKind, QuoteType, Span, Speaker, Stage, StageError,
};

use crate::combine;
use crate::draft::{self, Draft};
use crate::learned::{self, Examples, Model, Sight, YesNoExample};
use crate::lexicon::Lexicon;
use crate::options::{Method, QuoteOptions};
use crate::quote_type;
use crate::reading::Reading;
use crate::rules;
use crate::speaker;

/// The stage `quote`: finds who said what.
#[derive(Debug)]
pub struct Quotes {
    lexicon: Lexicon,
    model: Model,
    method: Method,
    min_confidence: f32,
    kinds: Vec<QuoteKind>,
    types: Vec<QuoteType>,
    nested: bool,
    beliefs: bool,
    explain: bool,
}

impl Component for Quotes {
    const NAME: &'static str = "quote";
    const SUMMARY: &'static str = "direct, indirect and mixed quotations with cue, source and speaker";
    const READS: &'static [Layer] = &[
        Layer::Tokens,
        Layer::Sentences,
        Layer::Morphology,
        Layer::Dependencies,
        Layer::Entities,
        Layer::Chains,
    ];
    const WRITES: &'static [Layer] = &[Layer::Quotes];
    type Options = QuoteOptions;

    fn build(options: QuoteOptions) -> Result<Self, BuildError> {
        Self::with_model(&options, Model::embedded())
    }
}

impl Stage for Quotes {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        for row in self.find(doc) {
            doc.add_quote(&Quote {
                kind: row.kind,
                quote_type: row.quote_type,
                content: &row.draft.content,
                cue: &row.draft.cue,
                source: &row.source,
                speaker: row.speaker.as_ref().map(|speaker| Speaker {
                    name: &speaker.name,
                    chain: speaker.chain,
                    norm: speaker.norm.as_deref(),
                }),
            });
            if let Some(&first) = row.draft.content.first().filter(|_| self.explain) {
                doc.annotate(EVIDENCE, first, &row.draft.origin.value());
            }
        }
        Ok(())
    }
}

/// The open layer that says what found each quotation.
const EVIDENCE: &str = "quote-evidence";

/// A quotation that is ready to be written.
struct Row {
    kind: QuoteKind,
    quote_type: QuoteType,
    draft: Draft,
    source: Vec<Span>,
    speaker: Option<speaker::Speaker>,
}

impl Quotes {
    /// The stage with a model of one's own.
    ///
    /// # Errors
    /// If an option is wrong or a file of the options cannot be read.
    pub fn with_model(options: &QuoteOptions, model: Model) -> Result<Self, BuildError> {
        let mut lexicon = Lexicon::built_in();
        if let Some(file) = &options.cues {
            lexicon.add_file(file)?;
        }
        let kinds = options.kinds.iter().map(|&kind| kind.into()).collect();
        Ok(Self {
            lexicon,
            model,
            method: options.method,
            min_confidence: options.confidence()?,
            kinds,
            types: options.types.iter().map(|&quote_type| quote_type.into()).collect(),
            explain: options.explain,
            nested: options.nested,
            beliefs: options.beliefs,
        })
    }

    /// What there is to learn from a document that has every layer but quotes: `gold` is the same text with its
    /// quotations.
    pub fn examples(&self, doc: &Document<'_>, gold: &Document<'_>) -> Examples {
        let Some(reading) = Reading::of(doc) else { return Examples::default() };
        let evidence = rules::attribute(&reading, &self.lexicon, true);
        learned::examples(&Sight::of(&reading, &self.lexicon, &evidence), gold)
    }

    /// What there is to learn from what a model finds, which should not have learned from the document, to tell
    /// quotations from what only looks like one.
    pub fn whole_examples(&self, doc: &Document<'_>, gold: &Document<'_>) -> Vec<YesNoExample> {
        let Some(reading) = Reading::of(doc) else { return Vec::new() };
        let evidence = rules::attribute(&reading, &self.lexicon, true);
        learned::whole_examples(&Sight::of(&reading, &self.lexicon, &evidence), &self.model, gold)
    }

    fn find(&self, doc: &Document<'_>) -> Vec<Row> {
        let Some(reading) = Reading::of(doc) else { return Vec::new() };
        let mut drafts = match self.method {
            Method::Rules => rules::attribute(&reading, &self.lexicon, self.beliefs),
            Method::Learned => self.learned(&reading),
        };
        if !self.nested {
            drop_nested(&mut drafts);
        }
        drafts.sort_by_key(|draft| draft.anchor);
        let speakers = speaker::resolve(&reading, &self.lexicon, &drafts);
        let rows = drafts.into_iter().zip(speakers).map(|(draft, speaker)| Row {
            kind: draft::kind(&reading, &draft.content),
            quote_type: quote_type::of(&reading, &self.lexicon, &draft),
            source: draft.source.iter().map(|source| reading.span(source.tokens.clone())).collect(),
            draft,
            speaker,
        });
        let mut rows: Vec<Row> = rows
            .filter(|row| self.kinds.contains(&row.kind) && self.types.contains(&row.quote_type))
            .collect();
        rows.sort_by_key(|row| {
            row.draft.content.first().map(|piece| (piece.start, std::cmp::Reverse(piece.end)))
        });
        rows
    }

    fn learned(&self, reading: &Reading<'_>) -> Vec<Draft> {
        let evidence = rules::attribute(reading, &self.lexicon, true);
        let sure = rules::attribute(reading, &self.lexicon, false);
        let found = learned::attribute(&Sight::of(reading, &self.lexicon, &evidence), &self.model);
        combine::combine(reading, found, sure, self.min_confidence, self.nested)
    }
}

/// Leaves out what is inside the content of another one.
fn drop_nested(drafts: &mut Vec<Draft>) {
    let mut pieces: Vec<Span> = drafts.iter().flat_map(|draft| draft.content.iter().copied()).collect();
    pieces.sort_unstable_by_key(|piece| (piece.start, std::cmp::Reverse(piece.end)));
    let mut end = 0;
    pieces.retain(|piece| {
        let is_outer = piece.end > end;
        end = end.max(piece.end);
        is_outer
    });
    drafts.retain(|draft| draft.content.iter().any(|piece| pieces.binary_search(piece).is_ok()));
}
