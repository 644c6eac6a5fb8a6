//! What holds for every text: one row a token, one root a sentence, nothing depends on the neighbors.

use demarche_core::{Document, NONE, Span, Stage};
use demarche_syntax::{MAX_SENTENCE, Syntax, Tag};
use demarche_tokenize::Tokenize;
use proptest::prelude::*;

thread_local! {
    static SYNTAX: Syntax = Syntax::default();
    static TAG: Tag = Tag::default();
}

fn analyze(doc: &mut Document<'_>) {
    SYNTAX.with(|syntax| syntax.process(doc).expect("any document"));
    doc.validate().expect("sound layers");
    let (morphology, dependencies) =
        (doc.morphology().expect("written"), doc.dependencies().expect("written"));
    for (head, &deprel) in dependencies.head.iter().zip(dependencies.deprel.iter()) {
        assert_eq!(*head == NONE, doc.string(deprel) == Some("root"));
    }
    for &lemma in morphology.lemma.iter() {
        assert!(doc.string(lemma).is_some_and(|lemma| !lemma.is_empty()));
    }
}

fn roots(doc: &Document<'_>, sentence: Span) -> usize {
    let head = &doc.dependencies().expect("written").head;
    doc.tokens_in(sentence).filter(|&token| head[token] == NONE).count()
}

fn tokenized(text: &str) -> Document<'_> {
    let mut doc = Document::new("any", text);
    Tokenize::default().process(&mut doc).expect("any text");
    doc
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_root_a_sentence(text in "(\\PC{0,12}[ .\n]){0,30}") {
        let mut doc = tokenized(&text);
        analyze(&mut doc);
        for &sentence in doc.sentences() {
            prop_assert_eq!(roots(&doc, sentence), usize::from(!doc.tokens_in(sentence).is_empty()));
        }
    }

    #[test]
    fn tags_without_trees(text in "(\\PC{0,12}[ .\n]){0,30}") {
        let mut doc = tokenized(&text);
        TAG.with(|tag| tag.process(&mut doc).expect("any document"));
        doc.validate().expect("sound layers");
        let morphology = doc.morphology().expect("written");
        prop_assert_eq!(morphology.upos.len(), doc.tokens().len());
        for &lemma in morphology.lemma.iter() {
            prop_assert!(doc.string(lemma).is_some_and(|lemma| !lemma.is_empty()));
        }
        prop_assert!(doc.dependencies().is_none());
    }

    #[test]
    fn any_tokens_and_sentences(gaps in prop::collection::vec((0_u32..3, 1_u32..4), 0..40), cuts in prop::collection::vec(0_u32..160, 0..6)) {
        let mut tokens = Vec::new();
        let mut at = 0;
        for (gap, len) in gaps {
            tokens.push(Span::new(at + gap, at + gap + len));
            at += gap + len;
        }
        let mut cuts: Vec<u32> = cuts.into_iter().filter(|&cut| cut <= at).collect();
        cuts.sort_unstable();
        let sentences: Vec<Span> = cuts.windows(2).map(|cut| Span::new(cut[0], cut[1])).filter(|span| !span.is_empty()).collect();
        let mut doc = Document::new("any", "Ab".repeat(at as usize / 2 + 1));
        doc.set_tokens(tokens);
        doc.set_sentences(sentences);
        analyze(&mut doc);
    }
}

#[test]
fn a_document_is_analyzed_as_if_it_were_alone() {
    let texts = ["Rain fell.", "“No,” the judge said. CITY WINS CUP", "He’s gone; she’d stayed — in Ghent."];
    let analysis = |text: &str| {
        let mut doc = tokenized(text);
        analyze(&mut doc);
        (format!("{:?}", doc.morphology()), format!("{:?}", doc.dependencies()))
    };
    let alone: Vec<_> =
        texts.iter().map(|text| std::thread::scope(|s| s.spawn(|| analysis(text)).join().unwrap())).collect();
    let in_turn: Vec<_> = texts.iter().rev().map(|text| analysis(text)).collect();
    assert!(alone.iter().eq(in_turn.iter().rev()));
}

#[test]
fn long_sentences_are_cut() {
    let text = "word ".repeat(MAX_SENTENCE + 1);
    let mut doc = Document::new("long", text.as_str());
    doc.set_tokens((0..=MAX_SENTENCE as u32).map(|i| Span::new(5 * i, 5 * i + 4)).collect::<Vec<_>>());
    doc.set_sentences(vec![Span::new(0, text.len() as u32)]);
    analyze(&mut doc);
    assert_eq!(roots(&doc, Span::new(0, text.len() as u32)), 2);
}

#[test]
fn an_empty_document_has_empty_layers() {
    let mut doc = tokenized("");
    analyze(&mut doc);
    assert!(
        doc.morphology().expect("written").upos.is_empty()
            && doc.dependencies().expect("written").head.is_empty()
    );
}
