//! Documents that a stage does not expect, and must bear.

use demarche_core::{
    Action, Argument, Chain, Dependencies, Document, Entity, Factuality, Layer, Measures, Morphology, NONE,
    Quote, QuoteKind, QuoteType, Sanction, Span, Speaker, StringId, Upos,
};

/// An ordinary article, of our own.
pub(super) const ARTICLE: &str = include_str!("article.txt");
/// Bytes of the long texts.
const LONG: usize = 1 << 20;
/// Tokens of a sentence, in documents that are made here.
const SENTENCE: usize = 20;
/// Every how many-th token is a name.
const NAMED: usize = 7;

/// A text, with the name that a verdict calls it by.
pub(super) type Named = (&'static str, String);

/// Short texts, each strange in another way.
pub(super) fn short() -> Vec<Named> {
    let planes = (0..=0x0010_FFFF).step_by(251).filter_map(char::from_u32);
    vec![
        ("an article", ARTICLE.to_owned()),
        ("an empty text", String::new()),
        ("one letter", "a".to_owned()),
        ("white space alone", " \t\n\u{a0}\u{2028}\u{3000}\r\n ".to_owned()),
        ("punctuation alone", "…“”’—?!).,".to_owned()),
        ("letters of all planes of Unicode", planes.flat_map(|c| [c, ' ']).collect()),
        ("combining marks without end", format!("z{} o\u{308}\u{304} \u{301}", "\u{301}\u{327}".repeat(400))),
        ("right-to-left text", "قالت \u{202e}الحكومة\u{202c}: «لن ننتظر» — שלום עולם (2024)".to_owned()),
        ("lines that end in CR LF and CR", ARTICLE.replace('\n', "\r\n") + "\rlast\r"),
        (
            "NULs and control characters",
            "a\0b \0\0 \u{1}\u{7f} \u{feff}c\u{fffe}\u{fffd} \u{1b}[2J".to_owned(),
        ),
        ("emoji of many parts", "👩‍👩‍👧‍👦🏳️‍🌈 said: 🇲🇹🇹🇳 👍🏽!".to_owned()),
        ("text that looks like JSON", r#"{"span": [0, 99], "value": "\u0000\"\\"}"#.to_owned()),
    ]
}

/// Long texts, each of about a mebibyte.
pub(super) fn long() -> Vec<Named> {
    vec![
        ("a mebibyte of articles", ARTICLE.repeat(LONG / ARTICLE.len())),
        ("one word of a mebibyte", "x".repeat(LONG)),
        ("a mebibyte of line ends", "\n".repeat(LONG)),
        ("a mebibyte of opening quotation marks", "“".repeat(LONG / "“".len())),
    ]
}

/// Which layers a document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layers {
    /// None, not even those that the stage says it reads: no pipeline does that.
    None,
    /// Those that the stage says it reads, without an item.
    Empty,
    /// Those that the stage says it reads.
    Read,
    /// All that there are.
    All,
}

impl Layers {
    pub(super) const EVERY: [Self; 4] = [Self::None, Self::Empty, Self::Read, Self::All];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "no layers",
            Self::Empty => "the layers it reads, empty",
            Self::Read => "the layers it reads",
            Self::All => "all layers",
        }
    }
}

/// A document for a stage that reads and writes these layers.
pub(super) fn document<'a>(text: &'a str, layers: Layers, reads: &[Layer], writes: &[Layer]) -> Document<'a> {
    let mut doc = Document::new("conformance", text);
    let wanted = |layer: &Layer| match layers {
        Layers::None | Layers::Empty => false,
        Layers::Read => reads.contains(layer),
        // What is written once must not be there, nor what runs along it.
        Layers::All => !writes.contains(layer) || layer.is_appendable(),
    };
    fill(&mut doc, wanted);
    if layers != Layers::None {
        for layer in reads {
            doc.ensure(layer);
        }
    }
    doc
}

fn fill(doc: &mut Document<'_>, wanted: impl Fn(&Layer) -> bool) {
    let spans = words(doc.text());
    if wanted(&Layer::Tokens) {
        doc.set_tokens(spans.clone());
    }
    if wanted(&Layer::Sentences) {
        let sentence = |tokens: &[Span]| tokens[0].cover(tokens[tokens.len() - 1]);
        doc.set_sentences(spans.chunks(SENTENCE).map(sentence).collect::<Vec<_>>());
    }
    if wanted(&Layer::Tokens) && wanted(&Layer::Morphology) {
        let lemma: Vec<StringId> =
            spans.iter().map(|span| doc.intern(&doc.slice(*span).to_lowercase())).collect();
        let xpos = vec![doc.intern("NN"); spans.len()];
        let upos: Vec<Upos> = (0..spans.len()).map(|i| Upos::ALL[i % Upos::ALL.len()]).collect();
        doc.set_morphology(Morphology { upos: upos.into(), xpos: xpos.into(), lemma: lemma.into() });
    }
    if wanted(&Layer::Tokens) && wanted(&Layer::Dependencies) {
        let head = |i: usize| if i.is_multiple_of(SENTENCE) { NONE } else { (i - i % SENTENCE) as u32 };
        let deprel = vec![doc.intern("dep"); spans.len()];
        let head: Vec<u32> = (0..spans.len()).map(head).collect();
        doc.set_dependencies(Dependencies { head: head.into(), deprel: deprel.into() });
    }
    fill_records(doc, &spans, wanted);
}

fn fill_records(doc: &mut Document<'_>, spans: &[Span], wanted: impl Fn(&Layer) -> bool) {
    const LABELS: [&str; 5] = ["GPE", "PERSON", "ORG", "LOC", "DATE"];
    let text = doc.text().to_owned();
    let names = spans.iter().copied().step_by(NAMED);
    let has_chains = wanted(&Layer::Chains) && !spans.is_empty();
    if has_chains {
        let name = Some(spans[0].of(&text));
        doc.add_chain(&Chain { name, label: Some("GPE"), norm: None, mentions: &spans[..1] });
    }
    if wanted(&Layer::Entities) {
        for (i, span) in names.enumerate() {
            let chain = (i == 0 && has_chains).then_some(0);
            let name = Some(span.of(&text)).filter(|_| i % 2 == 0);
            doc.add_entity(&Entity { span, label: LABELS[i % LABELS.len()], name, norm: None, chain });
        }
    }
    let [first, second, .., last] = spans else { return };
    if wanted(&Layer::Quotes) {
        let speaker = Speaker { name: first.of(&text), chain: has_chains.then_some(0), norm: None };
        let (content, cue, source) = (&[*last][..], &[*second][..], &[*first][..]);
        let (kind, quote_type) = (QuoteKind::Indirect, QuoteType::Statement);
        doc.add_quote(&Quote { kind, quote_type, content, cue, source, speaker: Some(speaker) });
    }
    if wanted(&Layer::Sanctions) {
        let party = |span: &Span| vec![Argument { span: *span, norm: None }];
        doc.add_sanction(&Sanction {
            trigger: *second,
            action: Action::Impose,
            measures: Measures::default(),
            factuality: Factuality::Actual,
            sender: party(first),
            target: party(last),
            actor: Vec::new(),
            instrument: None,
            reason: None,
            date: None,
            quote: wanted(&Layer::Quotes).then_some(0),
            cameo: None,
            plover: None,
        });
    }
}

/// Stretches of letters and digits, and every other mark alone.
fn words(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
        let is_letter = c.is_alphanumeric();
        match spans.last_mut() {
            Some(word) if in_word && is_letter => word.end = end,
            _ if c.is_whitespace() => {}
            _ => spans.push(Span::new(start, end)),
        }
        in_word = is_letter;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_sound() {
        let writes = [Layer::Entities];
        for (name, text) in short().into_iter().chain(long()) {
            for layers in Layers::EVERY {
                let doc = document(&text, layers, &Layer::BUILT_IN, &writes);
                assert_eq!(doc.validate(), Ok(()), "{name}, {}", layers.name());
            }
        }
        let doc = document(ARTICLE, Layers::All, &[], &[Layer::open("new")]);
        assert!(Layer::BUILT_IN.iter().all(|layer| doc.has(layer)), "all layers are filled");
    }
}
