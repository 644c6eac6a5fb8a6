//! Documents at random: any Unicode, any layers.

use demarche_core::{
    Action, Argument, Chain, Dependencies, Document, Entity, Factuality, Layer, Measures, Morphology, NONE,
    Quote, QuoteKind, QuoteType, Sanction, Span, Speaker, StringId, Upos,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Texts of one to four bytes a character, with combining marks, NULs and line breaks.
pub(crate) fn texts() -> impl Strategy<Value = String> {
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
pub(crate) struct Draw {
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
    pub(crate) fn draws()(
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
    /// The document.
    #[expect(clippy::too_many_lines, reason = "one paragraph a layer")]
    pub(crate) fn document(&self) -> Document<'static> {
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
