use demarche_core::{BuildError, Chain, Component, Document, Layer, Span, Stage, StageError};

use crate::chain::Chains;
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::{CoreferenceOptions, mention, name, nominal, pronoun};

/// Finds which mentions are of the same person, body, state or place.
#[derive(Debug)]
pub struct Coreference {
    options: CoreferenceOptions,
    lexicon: Lexicon,
}

impl Coreference {
    /// The stage with these options.
    pub fn new(options: CoreferenceOptions) -> Self {
        Self { options, lexicon: Lexicon::built_in() }
    }
}

impl Default for Coreference {
    fn default() -> Self {
        Self::new(CoreferenceOptions::default())
    }
}

impl Stage for Coreference {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let found = match Reading::of(doc) {
            Some(reading) => self.chains(&reading),
            None => Vec::new(),
        };
        doc.ensure(&Layer::Chains);
        for chain in &found {
            let id = doc.chains().len();
            doc.add_chain(&Chain {
                name: chain.name.as_deref(),
                label: chain.label.as_deref(),
                norm: chain.norm.as_deref(),
                mentions: &chain.mentions,
            });
            for &entity in &chain.entities {
                doc.link_entity(entity, id);
            }
        }
        Ok(())
    }
}

impl Coreference {
    fn chains(&self, reading: &Reading<'_>) -> Vec<Found> {
        let mentions = mention::find(reading, &self.lexicon, self.options.things);
        let mut chains = Chains::new(reading, mentions, self.options.window);
        name::link(&mut chains, &self.lexicon);
        nominal::link(&mut chains, &self.lexicon);
        pronoun::link(&mut chains, self.options.things);
        nominal::link_owned_states(&mut chains, &self.lexicon);
        chains.found()
    }
}

/// A chain before it goes into the document, which cannot be written while it is read.
pub(crate) struct Found {
    pub(crate) name: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) norm: Option<String>,
    pub(crate) mentions: Vec<Span>,
    /// Indices of the entities that are mentions of it.
    pub(crate) entities: Vec<usize>,
}

impl Component for Coreference {
    const NAME: &'static str = "coreference";
    const SUMMARY: &'static str = "Chains of mentions of the same person, body, state or place";
    const READS: &'static [Layer] =
        &[Layer::Tokens, Layer::Sentences, Layer::Morphology, Layer::Dependencies, Layer::Entities];
    const WRITES: &'static [Layer] = &[Layer::Chains];
    type Options = CoreferenceOptions;

    fn build(options: CoreferenceOptions) -> Result<Self, BuildError> {
        Ok(Self::new(options))
    }
}
