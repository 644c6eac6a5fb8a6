//! A whole text as a snapshot: a word a line with its tags, lemma, head (by number in its sentence) and relation.
//!
//! A new model changes it; a person reads the difference. What is wrong in it is known and stays visible.

use demarche_core::{Document, Stage, Tree};
use demarche_syntax::{Model, Syntax};
use demarche_tokenize::Tokenize;

const ARTICLE: &str = "\
HARBOR CITY SEIZES TANKER

The coast guard of Verlandia seized a tanker late on Monday that, according to its crew, had carried 30,000 tons of \
crude oil from a blacklisted port. “We’ve warned the owners twice,” said Petra Lindqvist, who heads the agency. She \
didn’t say whether the ship would be sold.

The owners, two brothers living in Malta, want the court to release it; their lawyer, Tom Okafor, called the seizure \
“piracy in uniform” and promised to appeal.
";

#[test]
fn a_short_article() {
    let mut doc = Document::new("article", ARTICLE);
    Tokenize::default().process(&mut doc).expect("plain text");
    Syntax::default().process(&mut doc).expect("a short text");
    let tree = Tree::of(&doc).expect("both layers");
    let mut table = String::new();
    for &sentence in doc.sentences() {
        let tokens = doc.tokens_in(sentence);
        for token in tokens.clone() {
            let head = tree.head(token).map_or(0, |head| head + 1 - tokens.start);
            table += &format!(
                "{:>2} {:<12} {:<5} {:<5} {:<12} {head:>2} {}\n",
                token + 1 - tokens.start,
                doc.token(token),
                tree.upos(token).name(),
                tree.xpos(token),
                tree.lemma(token),
                tree.deprel(token),
            );
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_model_is_whole_and_not_large() {
    const LARGEST: usize = 8 << 20;
    assert!(Model::ENGLISH.len() <= LARGEST);
    let model = Model::open(Model::ENGLISH).expect("the crate's own model");
    assert!(
        model.network.deprel().iter().any(|name| name == "nsubj:pass")
            && model.network.xpos().iter().any(|name| name == "NNP")
    );
}
