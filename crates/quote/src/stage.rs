use demarche_core::{
    BuildError, Component, Document, Layer, Quote, QuoteKind, Span, Speaker, Stage, StageError,
};

use crate::direct::{self, Direct};
use crate::draft::{self, Draft};
use crate::lexicon::Lexicon;
use crate::options::QuoteOptions;
use crate::reading::Reading;
use crate::speaker;
use crate::{according, continuation, cue, headline, indirect};

/// The stage `quote`: finds who said what.
#[derive(Debug)]
pub struct Quotes {
    lexicon: Lexicon,
    kinds: Vec<QuoteKind>,
    nested: bool,
    beliefs: bool,
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
        let mut lexicon = Lexicon::built_in();
        if let Some(file) = &options.cues {
            lexicon.add_file(file)?;
        }
        let kinds = options.kinds.iter().map(|&kind| kind.into()).collect();
        Ok(Self { lexicon, kinds, nested: options.nested, beliefs: options.beliefs })
    }
}

impl Stage for Quotes {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        for row in self.find(doc) {
            doc.add_quote(&Quote {
                kind: row.kind,
                content: &row.draft.content,
                cue: &row.draft.cue,
                source: &row.source,
                speaker: row.speaker.as_ref().map(|speaker| Speaker {
                    name: &speaker.name,
                    chain: speaker.chain,
                    norm: speaker.norm.as_deref(),
                }),
            });
        }
        Ok(())
    }
}

/// A quotation that is ready to be written.
struct Row {
    kind: QuoteKind,
    draft: Draft,
    source: Vec<Span>,
    speaker: Option<speaker::Speaker>,
}

impl Quotes {
    fn find(&self, doc: &Document<'_>) -> Vec<Row> {
        let Some(reading) = Reading::of(doc) else { return Vec::new() };
        let cues = cue::find(&reading, &self.lexicon, self.beliefs);
        let mut found = direct::attribute(&reading, &cues, self.lexicon.say());
        headline::attribute(&reading, &mut found);
        indirect::attribute(&reading, &self.lexicon, &cues, &mut found);
        according::attribute(&reading, &mut found);
        continuation::attribute(&reading, &mut found);
        continuation::carry_on(&reading, &mut found);
        let Direct { mut drafts, .. } = found;
        if !self.nested {
            drop_nested(&mut drafts);
        }
        let speakers = speaker::resolve(&reading, &self.lexicon, &drafts);
        let rows = drafts.into_iter().zip(speakers).map(|(draft, speaker)| Row {
            kind: draft::kind(&reading, &draft.content),
            source: draft.source.iter().map(|source| reading.span(source.tokens.clone())).collect(),
            draft,
            speaker,
        });
        let mut rows: Vec<Row> = rows.filter(|row| self.kinds.contains(&row.kind)).collect();
        rows.sort_by_key(|row| {
            row.draft.content.first().map(|piece| (piece.start, std::cmp::Reverse(piece.end)))
        });
        rows
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
