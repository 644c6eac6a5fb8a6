use demarche_core::{BuildError, Chain, Component, Document, Layer, Span, Stage, StageError};
use demarche_model::Weights;
use serde_json::{Value, json};

use crate::chain::Chains;
use crate::lexicon::Lexicon;
use crate::options::Resolver;
use crate::rank::{KIND, Network, Scene};
use crate::reading::Reading;
use crate::{CoreferenceOptions, combine, mention, name, nominal, pronoun};

/// Finds which mentions are of the same person, body, state or place.
#[derive(Debug)]
pub struct Coreference {
    options: CoreferenceOptions,
    lexicon: Lexicon,
    /// None where the sieves do all.
    network: Option<Network>,
}

impl Coreference {
    /// The stage with these options.
    pub fn new(options: CoreferenceOptions) -> Self {
        let network = (options.resolver == Resolver::Learned).then(english);
        Self { options, lexicon: Lexicon::built_in(), network }
    }
}

/// The crate's own network.
fn english() -> Network {
    static ENGLISH: &[u8] = include_bytes!("../models/english.model");
    let weights = Weights::open(ENGLISH, KIND);
    let network = weights.and_then(|weights| Network::open(&weights));
    network.expect("the crate's own model is whole, its tests see to it")
}

impl Default for Coreference {
    fn default() -> Self {
        Self::new(CoreferenceOptions::default())
    }
}

impl Stage for Coreference {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let found = match Reading::of(doc) {
            Some(reading) => self.chains(reading),
            None => Vec::new(),
        };
        doc.ensure(&Layer::Chains);
        if self.options.explain {
            doc.ensure(&Layer::Open(EVIDENCE.into()));
        }
        for chain in &found {
            let id = doc.chains().len();
            let mentions: Vec<Span> = chain.mentions.iter().map(|&(span, _)| span).collect();
            doc.add_chain(&Chain {
                name: chain.name.as_deref(),
                label: chain.label.as_deref(),
                norm: chain.norm.as_deref(),
                mentions: &mentions,
            });
            for &entity in &chain.entities {
                doc.link_entity(entity, id);
            }
            if self.options.explain {
                for (span, reason) in &chain.mentions {
                    doc.annotate(EVIDENCE, *span, &reason.to_json(id));
                }
            }
        }
        Ok(())
    }
}

impl Coreference {
    fn chains(&self, reading: Reading<'_>) -> Vec<Found> {
        let Some(network) = &self.network else {
            return self.sieves(&reading, self.options.things).found(|_| Vec::new());
        };
        let scene = Scene::new(reading, &self.lexicon);
        let sieves = self.sieves(&scene.reading, false);
        combine::found(&scene, &sieves, network, self.options.confidence, self.options.things)
    }

    fn sieves<'r, 'd>(&self, reading: &'r Reading<'d>, things: bool) -> Chains<'r, 'd> {
        let mentions = mention::find(reading, &self.lexicon, things);
        let mut chains = Chains::new(reading, mentions, self.options.window);
        chains.sieve = "name";
        name::link(&mut chains, &self.lexicon);
        chains.sieve = "noun phrase";
        nominal::link(&mut chains, &self.lexicon);
        chains.sieve = "pronoun";
        pronoun::link(&mut chains, things);
        chains.sieve = "owned state";
        nominal::link_owned_states(&mut chains, &self.lexicon);
        chains
    }
}

/// Name of the open layer that explains the chains: an item a mention.
const EVIDENCE: &str = "chain-evidence";

/// What put a mention in its chain.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason {
    /// A sieve, by its name.
    Sieve(&'static str),
    /// The ranker, with its chance; none for the mention that a chain starts with.
    Ranker(Option<f32>),
}

impl Reason {
    fn to_json(self, chain: usize) -> Value {
        match self {
            Self::Sieve(sieve) => json!({ "chain": chain, "by": sieve }),
            Self::Ranker(None) => json!({ "chain": chain, "by": "ranker" }),
            Self::Ranker(Some(chance)) => {
                let confidence = (f64::from(chance) * 1000.0).round() / 1000.0;
                json!({ "chain": chain, "by": "ranker", "confidence": confidence })
            }
        }
    }
}

/// A chain before it goes into the document, which cannot be written while it is read.
pub(crate) struct Found {
    pub(crate) name: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) norm: Option<String>,
    pub(crate) mentions: Vec<(Span, Reason)>,
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
        if !(0.0..=1.0).contains(&options.confidence) {
            return Err(BuildError::Option {
                key: Some("confidence".to_owned()),
                message: format!("`{}` is no chance: write a number from 0 to 1", options.confidence),
            });
        }
        Ok(Self::new(options))
    }
}
