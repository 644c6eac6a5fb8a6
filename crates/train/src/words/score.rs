//! Figures on a treebank with its own tokens.

use std::fmt;

use demarche_syntax::Model;
use demarche_syntax::feature;
use demarche_syntax::lemma::Tags;
use demarche_syntax::network::{Analysis, Buffers};

use super::examples::words;
use crate::conllu::Token;

/// How many words are right, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scores {
    words: usize,
    /// After the first layer.
    first_upos: usize,
    upos: usize,
    xpos: usize,
    lemma: usize,
    head: usize,
    relation: usize,
}

/// Measures a model on a treebank.
pub(super) fn score(model: &Model, treebank: &[Vec<Token>]) -> Scores {
    let mut scores = Scores::default();
    let (mut buffers, mut analysis) = (Buffers::default(), Analysis::default());
    let (mut folded, mut lemma) = (String::new(), String::new());
    for sentence in treebank {
        model.network.tag(feature::look(words(sentence)), &mut buffers, &mut analysis);
        for (&upos, token) in analysis.upos.iter().zip(sentence) {
            scores.first_upos += usize::from(upos == token.upos);
        }
        model.network.parse(feature::look(words(sentence)), &mut buffers, &mut analysis);
        for (i, token) in sentence.iter().enumerate() {
            let tags = Tags { upos: analysis.upos[i], xpos: analysis.xpos[i] };
            folded.clear();
            lemma.clear();
            feature::fold(&token.form, &mut folded);
            model.lemmatizer.lemmatize(&token.form, &folded, tags, &mut lemma);
            let head = analysis.heads[i].map(|head| head as usize) == token.head;
            let deprel = &model.network.deprel()[analysis.deprels[i] as usize];
            scores.words += 1;
            scores.upos += usize::from(tags.upos == token.upos);
            scores.xpos += usize::from(model.network.xpos()[tags.xpos as usize] == token.xpos);
            scores.lemma += usize::from(token.lemma == "_" || lemma == token.lemma);
            scores.head += usize::from(head);
            scores.relation += usize::from(head && plain(deprel) == plain(&token.deprel));
        }
    }
    scores
}

/// A relation without its subtype.
fn plain(deprel: &str) -> &str {
    deprel.split_once(':').map_or(deprel, |(plain, _)| plain)
}

impl fmt::Display for Scores {
    #[expect(clippy::cast_precision_loss, reason = "treebanks are far smaller than 2^52 words")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |right: usize| 100.0 * right as f64 / self.words.max(1) as f64;
        let Self { first_upos, upos, xpos, lemma, head, relation, .. } = *self;
        write!(
            f,
            "UPOS {:.2} (without trees {:.2}) XPOS {:.2} lemma {:.2} UAS {:.2} LAS {:.2}",
            percent(upos),
            percent(first_upos),
            percent(xpos),
            percent(lemma),
            percent(head),
            percent(relation)
        )
    }
}
