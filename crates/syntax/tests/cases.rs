//! Sentences in, analysis out: a line a word.

use demarche_core::{Document, Stage, Tree};
use demarche_syntax::Syntax;
use demarche_tokenize::Tokenize;

fn analyzed(text: &str) -> Document<'_> {
    let mut doc = Document::new("case", text);
    Tokenize::default().process(&mut doc).expect("plain text");
    Syntax::default().process(&mut doc).expect("a short text");
    doc.validate().expect("sound layers");
    doc
}

/// Checks the words that `expected` names, a line a word: form, UPOS, XPOS, lemma, relation, form of the head.
#[track_caller]
fn check(text: &str, expected: &str) {
    let doc = analyzed(text);
    let tree = Tree::of(&doc).expect("both layers");
    let lines: Vec<String> = (0..tree.len())
        .map(|i| {
            let head = tree.head(i).map_or("-", |head| doc.token(head));
            let (upos, xpos, lemma, deprel) = (tree.upos(i), tree.xpos(i), tree.lemma(i), tree.deprel(i));
            format!("{} {upos} {xpos} {lemma} {deprel} {head}", doc.token(i))
        })
        .collect();
    for wanted in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(lines.iter().any(|line| line == wanted), "no `{wanted}` in\n{}", lines.join("\n"));
    }
}

#[test]
fn a_plain_sentence() {
    check(
        "The minister summoned the ambassador on Tuesday.",
        "The DET DT the det minister
         minister NOUN NN minister nsubj summoned
         summoned VERB VBD summon root -
         ambassador NOUN NN ambassador obj summoned
         on ADP IN on case Tuesday
         Tuesday PROPN NNP Tuesday obl summoned
         . PUNCT . . punct summoned",
    );
}

#[test]
fn a_passive_with_its_agent() {
    check(
        "The plan was rejected by the council.",
        "plan NOUN NN plan nsubj:pass rejected
         was AUX VBD be aux:pass rejected
         council NOUN NN council obl:agent rejected",
    );
}

#[test]
fn a_curly_apostrophe_is_an_apostrophe() {
    check(
        "The president’s car hasn’t arrived.",
        "’s PART POS 's case president
         president NOUN NN president nmod:poss car
         n’t PART RB not advmod arrived",
    );
}

#[test]
fn curly_quotation_marks_are_quotation_marks() {
    check(
        "“The talks failed,” she said.",
        "failed VERB VBD fail ccomp said
         she PRON PRP she nsubj said
         said VERB VBD say root -",
    );
}

#[test]
fn a_clause_that_is_reported() {
    check(
        "Officials said that the border would stay closed.",
        "Officials NOUN NNS official nsubj said
         said VERB VBD say root -
         that SCONJ IN that mark stay
         stay VERB VB stay ccomp said",
    );
}

#[test]
fn lemmas_of_irregular_words() {
    check(
        "The women went home because their children were ill.",
        "women NOUN NNS woman nsubj went
         went VERB VBD go root -
         children NOUN NNS child nsubj ill
         were AUX VBD be cop ill",
    );
}

#[test]
fn a_headline_in_capitals() {
    check(
        "PARLIAMENT REJECTS THE BUDGET",
        "REJECTS VERB VBZ reject root -
         THE DET DT the det BUDGET
         BUDGET NOUN NN budget obj REJECTS",
    );
}
