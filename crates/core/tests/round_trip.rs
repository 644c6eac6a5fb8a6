//! What was written reads back as the same document: any Unicode, any layers, each unit of offsets.

#![allow(clippy::unwrap_used, reason = "a failed draw fails the test")]

use demarche_core::{
    Action, Argument, Chain, Dependencies, Document, Entity, Factuality, Layer, Measures, Morphology, NONE,
    OffsetMap, Offsets, Quote, QuoteKind, QuoteType, Sanction, Span, Speaker, StringId, Upos, format,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

const UNITS: [Offsets; 3] = [Offsets::Char, Offsets::Byte, Offsets::Utf16];

/// Texts of one to four bytes a character, with combining marks, NULs and line breaks.
fn texts() -> impl Strategy<Value = String> {
    let awkward =
        select(vec!['\0', '\n', '"', '\\', 'é', '\u{301}', '’', '日', '😀', '\u{10FFFF}', 'a', ' ']);
    prop_oneof![".{0,200}", vec(awkward, 0..300).prop_map(String::from_iter)]
}

fn names() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(".{0,8}")
}

fn metas() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(|number: f64| Value::from(number)),
        ".{0,8}".prop_map(Value::from),
        Just(Value::Null),
        Just(json!({"nested": [1, {"deep": true}]})),
    ];
    vec((".{0,5}", value), 0..4).prop_map(Map::from_iter)
}

/// Everything that is drawn at random for a document; indices are turned into spans of its text afterwards.
#[derive(Debug, Clone)]
struct Draw {
    id: String,
    text: String,
    meta: Map<String, Value>,
    cuts: Vec<Index>,
    spans: Vec<(Index, Index)>,
    names: Vec<Option<String>>,
    numbers: Vec<Index>,
    layers: Vec<bool>,
}

prop_compose! {
    fn draws()(
        id in ".{0,8}",
        text in texts(),
        meta in metas(),
        cuts in vec(any::<Index>(), 0..20),
        spans in vec(any::<(Index, Index)>(), 1..20),
        names in vec(names(), 1..8),
        numbers in vec(any::<Index>(), 1..8),
        layers in vec(any::<bool>(), 9),
    ) -> Draw {
        Draw { id, text, meta, cuts, spans, names, numbers, layers }
    }
}

impl Draw {
    #[expect(clippy::too_many_lines, reason = "one paragraph a layer")]
    fn document(&self) -> Document<'static> {
        let places: Vec<u32> =
            (0..=self.text.len()).filter(|&at| self.text.is_char_boundary(at)).map(|at| at as u32).collect();
        let mut spans = self.spans.iter().cycle().map(|(a, b)| {
            let (a, b) = (*a.get(&places), *b.get(&places));
            Span::new(a.min(b), a.max(b))
        });
        let mut names = self.names.iter().cycle().map(Option::as_deref);
        let mut numbers = self.numbers.iter().cycle();
        let mut doc = Document::new(self.id.clone(), self.text.clone()).with_meta(self.meta.clone());
        let mut cuts: Vec<u32> = self.cuts.iter().map(|cut| *cut.get(&places)).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let pieces: Vec<Span> = cuts.windows(2).map(|pair| Span::new(pair[0], pair[1])).collect();
        if self.layers[0] {
            doc.set_sentences(pieces.clone());
        }
        if self.layers[1] {
            doc.set_tokens(pieces.clone());
        }
        let along_tokens = self.layers[1] && !pieces.is_empty();
        if along_tokens && self.layers[2] {
            let mut layer = Morphology::default();
            for _ in &pieces {
                layer.upos.to_mut().push(Upos::ALL[numbers.next().unwrap().index(Upos::ALL.len())]);
                for column in [&mut layer.xpos, &mut layer.lemma] {
                    column
                        .to_mut()
                        .push(names.next().unwrap().map_or(StringId::NONE, |name| doc.intern(name)));
                }
            }
            doc.set_morphology(layer);
        }
        if along_tokens && self.layers[3] {
            let mut layer = Dependencies::default();
            for token in 0..pieces.len() {
                // A head before the token, so that there is no circle.
                let head = numbers.next().unwrap().index(token + 1);
                layer.head.to_mut().push(if head == token { NONE } else { head as u32 });
                layer
                    .deprel
                    .to_mut()
                    .push(names.next().unwrap().map_or(StringId::NONE, |name| doc.intern(name)));
            }
            doc.set_dependencies(layer);
        }
        if self.layers[4] {
            doc.ensure(&Layer::Chains);
            for _ in 0..self.numbers.len() {
                let mentions: Vec<_> = spans.by_ref().take(2).collect();
                let [name, label, norm] =
                    [names.next().unwrap(), names.next().unwrap(), names.next().unwrap()];
                doc.add_chain(&Chain { name, label, norm, mentions: &mentions });
            }
        }
        let n_chains = doc.chains().len();
        let chain = |number: &Index| (n_chains > 0).then(|| number.index(n_chains.max(1)));
        if self.layers[5] {
            doc.ensure(&Layer::Entities);
            for _ in 0..self.spans.len() {
                doc.add_entity(&Entity {
                    span: spans.next().unwrap(),
                    label: names.next().unwrap().unwrap_or("GPE"),
                    name: names.next().unwrap(),
                    norm: names.next().unwrap(),
                    chain: chain(numbers.next().unwrap()),
                });
            }
        }
        if self.layers[6] {
            doc.ensure(&Layer::Quotes);
            for number in &self.numbers {
                let lists: Vec<Vec<_>> =
                    (0..3).map(|n| spans.by_ref().take(number.index(3) + n).collect()).collect();
                let name = names.next().unwrap();
                doc.add_quote(&Quote {
                    kind: QuoteKind::ALL[number.index(3)],
                    quote_type: QuoteType::ALL[number.index(5)],
                    content: &lists[0],
                    cue: &lists[1],
                    source: &lists[2],
                    speaker: name.map(|name| Speaker {
                        name,
                        chain: chain(number),
                        norm: names.next().unwrap(),
                    }),
                });
            }
        }
        if self.layers[7] {
            doc.ensure(&Layer::Sanctions);
            let n_quotes = doc.quotes().len();
            for number in &self.numbers {
                let mut arguments = || {
                    let argument = |span| Argument { span, norm: names.next().unwrap() };
                    spans.by_ref().take(number.index(3)).map(argument).collect::<Vec<_>>()
                };
                let [sender, target, actor] = [arguments(), arguments(), arguments()];
                let mut some_span = || Some(spans.next().unwrap()).filter(|_| number.index(2) == 0);
                doc.add_sanction(&Sanction {
                    trigger: Span::new(0, 0),
                    action: Action::ALL[number.index(Action::ALL.len())],
                    measures: Measures(number.index(1 << 14) as u16),
                    factuality: Factuality::ALL[number.index(3)],
                    sender,
                    target,
                    actor,
                    instrument: some_span(),
                    reason: some_span(),
                    date: some_span(),
                    quote: (n_quotes > 0).then(|| number.index(n_quotes.max(1))),
                    cameo: names.next().unwrap(),
                    plover: names.next().unwrap(),
                });
            }
        }
        if self.layers[8] {
            doc.ensure(&Layer::open("empty"));
            for name in &self.names {
                let value = json!({"name": name, "list": [1, 2.5, null]});
                doc.annotate(name.as_deref().unwrap_or("open"), spans.next().unwrap(), &value);
            }
        }
        doc
    }
}

/// A document as its whole content, apart from the order of its string table.
fn content(doc: &Document<'_>) -> String {
    let entities: Vec<_> = doc.entities().collect();
    let chains: Vec<_> = doc.chains().collect();
    let quotes: Vec<_> = doc.quotes().collect();
    let sanctions: Vec<_> = doc.sanctions().collect();
    let open: Vec<_> =
        doc.open_layers().map(|name| (name, doc.open_layer(name).collect::<Vec<_>>())).collect();
    let tags: Vec<_> = doc
        .morphology()
        .into_iter()
        .flat_map(|layer| {
            (0..layer.upos.len())
                .map(|i| (layer.upos[i], doc.string(layer.xpos[i]), doc.string(layer.lemma[i])))
        })
        .collect();
    let arcs: Vec<_> = doc
        .dependencies()
        .into_iter()
        .flat_map(|layer| (0..layer.head.len()).map(|i| (layer.head[i], doc.string(layer.deprel[i]))))
        .collect();
    let present: Vec<_> = Layer::BUILT_IN.iter().filter(|layer| doc.has(layer)).collect();
    format!(
        "{:?} {:?} {:?} {present:?} {:?} {:?} {tags:?} {arcs:?} {entities:?} {chains:?} {quotes:?} {sanctions:?} {open:?}",
        doc.id(),
        doc.text(),
        doc.meta(),
        doc.sentences(),
        doc.tokens(),
    )
}

fn written(doc: &Document<'_>, unit: Offsets) -> String {
    String::from_utf8(format::to_vec(doc, unit)).unwrap()
}

proptest! {
    #[test]
    fn what_was_written_reads_back_as_the_same(draw in draws()) {
        let doc = draw.document();
        prop_assert_eq!(doc.validate(), Ok(()));
        for unit in UNITS {
            let json = written(&doc, unit);
            prop_assert!(!json.contains('\n'), "one document is one line");
            let back = format::read(&json, unit).unwrap();
            prop_assert_eq!(content(&back), content(&doc));
            prop_assert_eq!(written(&back, unit), json);
        }
    }

    #[test]
    fn items_read_back_one_by_one(draw in draws()) {
        let doc = draw.document();
        let map = OffsetMap::new(doc.text(), Offsets::Char);
        let layers = [
            (Layer::Entities, doc.entities().len()),
            (Layer::Chains, doc.chains().len()),
            (Layer::Quotes, doc.quotes().len()),
            (Layer::Sanctions, doc.sanctions().len()),
        ];
        let mut back = Document::default();
        for (layer, len) in &layers {
            for item in 0..*len {
                let mut json = Vec::new();
                format::write_item(&doc, layer, item, &map, &mut json).unwrap();
                format::read_item(&mut back, layer, std::str::from_utf8(&json).unwrap(), &map).unwrap();
            }
        }
        prop_assert!(back.entities().eq(doc.entities()));
        prop_assert!(back.chains().eq(doc.chains()));
        prop_assert!(back.quotes().eq(doc.quotes()));
        prop_assert!(back.sanctions().eq(doc.sanctions()));
        prop_assert!(format::read_item(&mut back, &Layer::Tokens, "[0, 1]", &map).is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused(json in "\\PC{0,200}") {
        let _ = format::read(&json, Offsets::Char);
    }

    #[test]
    fn offsets_count_as_the_standard_library_does(text in texts()) {
        for unit in UNITS {
            let map = OffsetMap::new(&text, unit);
            for byte in (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)) {
                let expected = match unit {
                    Offsets::Byte => byte,
                    Offsets::Char => text[..byte].chars().count(),
                    Offsets::Utf16 => text[..byte].encode_utf16().count(),
                };
                prop_assert_eq!(map.from_byte(byte as u32) as usize, expected);
                prop_assert_eq!(map.to_byte(expected as u32), Some(byte as u32));
            }
            prop_assert_eq!(map.to_byte(text.len() as u32 + 1), None);
        }
    }
}

#[test]
fn an_offset_within_a_character_is_refused() {
    assert_eq!(OffsetMap::new("a😀b", Offsets::Utf16).to_byte(2), None);
    assert_eq!(OffsetMap::new("a😀b", Offsets::Byte).to_byte(2), None);
}
