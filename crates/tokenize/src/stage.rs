use demarche_core::{BuildError, Component, Document, Layer, Span, Stage, StageError};

use crate::learned::Model;
use crate::lexicon::Lexicon;
use crate::{Sentences, TokenizeOptions, scan, sentence};

/// Finds tokens and sentences.
#[derive(Debug)]
pub struct Tokenize {
    options: TokenizeOptions,
    lexicon: Lexicon,
    /// `None` if rules alone are wanted.
    model: Option<Model>,
}

impl Tokenize {
    /// The stage with these options.
    pub fn new(options: TokenizeOptions) -> Self {
        let lexicon = Lexicon::new(&options.abbreviations);
        let model = (options.sentences == Sentences::Learned).then(Model::english);
        Self { options, lexicon, model }
    }

    /// The stage with a model of one's own.
    pub fn with_model(options: TokenizeOptions, model: Model) -> Self {
        let lexicon = Lexicon::new(&options.abbreviations);
        Self { options, lexicon, model: Some(model) }
    }
}

impl Default for Tokenize {
    fn default() -> Self {
        Self::new(TokenizeOptions::default())
    }
}

impl Stage for Tokenize {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let pieces = scan::pieces(doc.text(), &self.lexicon);
        let sentences = sentence::sentences(
            doc.text(),
            &pieces,
            &self.lexicon,
            self.options.newlines,
            self.model.as_ref(),
        );
        let tokens: Vec<Span> = pieces.iter().map(|piece| piece.span).collect();
        doc.set_tokens(tokens);
        doc.set_sentences(sentences);
        Ok(())
    }
}

impl Component for Tokenize {
    const NAME: &'static str = "tokenize";
    const SUMMARY: &'static str = "Tokens and sentences of English news";
    const READS: &'static [Layer] = &[];
    const WRITES: &'static [Layer] = &[Layer::Tokens, Layer::Sentences];
    type Options = TokenizeOptions;

    fn build(options: TokenizeOptions) -> Result<Self, BuildError> {
        let unusable = options.abbreviations.iter().find(|word| !crate::lexicon::is_abbreviation(word));
        if let Some(word) = unusable {
            let message = format!(
                "`{word}` cannot be an abbreviation: write one word with its full stop, as in `Cllr.`"
            );
            return Err(BuildError::Option { key: Some("abbreviations".to_owned()), message });
        }
        Ok(Self::new(options))
    }
}
