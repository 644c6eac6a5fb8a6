//! Whatever the documents are: the same is all right, figures are shares, and nothing panics.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demarche_core::Offsets;
use demarche_evaluate::{Document, Documents, Options, Score, ScoredLayer, Scores, score};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn documents(document: &Value) -> Documents {
    let mut documents = Documents::default();
    documents.add(Document::parse(&document.to_string(), Offsets::Char, "x").unwrap()).unwrap();
    documents
}

/// All shares of a tree of figures.
fn shares(scores: &Scores) -> Vec<f64> {
    let of_one = |(_, score): (&str, &Score)| match score {
        Score::Prf(prf) => [prf.precision, prf.recall, prf.f1].into_iter().flatten().collect(),
        Score::Mean(f1) => f1.iter().copied().collect(),
        Score::Share(share) => share.accuracy().into_iter().collect(),
        Score::Group(group) => shares(group),
        _ => Vec::new(),
    };
    scores.iter().flat_map(of_one).collect()
}

fn all_shares(gold: &Value, predicted: &Value, keep_singletons: bool) -> Vec<f64> {
    let (gold, predicted) = (documents(gold), documents(predicted));
    let options = Options { keep_singletons, ..Options::default() };
    let score = |layer| shares(&score(layer, &gold, &predicted, &options).unwrap().scores);
    ScoredLayer::ALL.into_iter().flat_map(score).collect()
}

/// A span somewhere in a text of `n` characters.
fn span(n: usize) -> impl Strategy<Value = Value> {
    (0..=n, 0..=n).prop_map(|(a, b)| json!([a.min(b), a.max(b)]))
}

fn spans(n: usize) -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(span(n), 0..4)
}

fn code() -> impl Strategy<Value = Value> {
    select(vec![Value::Null, json!("KOR"), json!("kor"), json!("Straße"), json!("STRASSE"), json!("")])
}

fn tokens(n: usize) -> impl Strategy<Value = Value> {
    let tag = || select(vec!["NOUN", "VERB", "_"]);
    let relation = select(vec!["nsubj", "obl:arg", "obl", "punct", "root"]);
    let token = (span(n), tag(), tag(), relation, any::<proptest::sample::Index>(), any::<bool>());
    proptest::collection::vec(token, 0..12).prop_map(|tokens| {
        let count = tokens.len();
        let token =
            |(span, upos, lemma, deprel, head, is_root): (Value, _, _, _, proptest::sample::Index, bool)| {
                let head = if is_root { Value::Null } else { json!(head.index(count)) };
                json!({"span": span, "upos": upos, "lemma": lemma, "head": head, "deprel": deprel})
            };
        tokens.into_iter().map(token).collect()
    })
}

fn entities(n: usize) -> impl Strategy<Value = Value> {
    let entity = (span(n), select(vec!["ORG", "GPE"]), code());
    let entity = entity.prop_map(|(span, label, norm)| json!({"span": span, "label": label, "norm": norm}));
    proptest::collection::vec(entity, 0..8).prop_map(Value::from)
}

fn chains(n: usize) -> impl Strategy<Value = Value> {
    let chain = (spans(n), any::<bool>()).prop_map(|(mentions, heads)| {
        if heads { json!({"mentions": mentions, "heads": mentions}) } else { json!({"mentions": mentions}) }
    });
    proptest::collection::vec(chain, 0..6).prop_map(Value::from)
}

fn quote(content: Vec<Value>, n: usize) -> impl Strategy<Value = Value> {
    let kind = select(vec!["direct", "indirect", "mixed", "other"]);
    (kind, spans(n), spans(n), code(), code()).prop_map(move |(kind, cue, source, name, norm)| {
        let speaker = json!({"name": name, "norm": norm});
        json!({"kind": kind, "content": content, "cue": cue, "source": source, "speaker": speaker})
    })
}

fn event(trigger: Value, n: usize) -> impl Strategy<Value = Value> {
    let arguments = || {
        let argument = (span(n), code()).prop_map(|(span, norm)| json!({"span": span, "norm": norm}));
        proptest::collection::vec(argument, 0..3)
    };
    let action = select(vec!["impose", "ease"]);
    (action, arguments(), arguments(), proptest::option::of(span(n))).prop_map(
        move |(action, sender, target, date)| {
            json!({
                "trigger": trigger, "action": action, "measures": ["arms", "trade"], "factuality": "actual",
                "sender": sender, "target": target, "date": date,
            })
        },
    )
}

const TEXT: &str = "[a-zé“” .\u{1d11e}\u{301}_\n]{1,40}";

/// A text with layers of any spans.
fn any_layers(text: &str) -> impl Strategy<Value = Value> + use<> {
    let n = text.chars().count();
    let text = text.to_owned();
    let quotes = proptest::collection::vec(spans(n).prop_flat_map(move |content| quote(content, n)), 0..5);
    let events = proptest::collection::vec(span(n).prop_flat_map(move |trigger| event(trigger, n)), 0..5);
    (tokens(n), spans(n), entities(n), chains(n), quotes, events).prop_map(
        move |(tokens, sentences, entities, chains, quotes, sanctions)| {
            json!({
                "id": 1, "text": text, "tokens": tokens, "sentences": sentences, "entities": entities,
                "chains": chains, "quotes": quotes, "sanctions": sanctions,
            })
        },
    )
}

/// Words of three letters, so that each of the places of four characters has one of its own.
const WORDS: &str = "([a-zé]{3}[ \n]){1,10}";

/// The same, with quotations and events at places of their own, for of two at the same place nobody can say which is
/// which, and without empty spans, which overlap nothing.
fn told_apart() -> impl Strategy<Value = Value> {
    WORDS.prop_flat_map(|text| {
        let n = text.chars().count();
        let places: Vec<_> = (0..n / 4).map(|i| json!([4 * i, 4 * i + 4])).collect();
        let quotes: Vec<_> = places.iter().map(|place| quote(vec![place.clone()], n)).collect();
        let events: Vec<_> = places.iter().map(|place| event(place.clone(), n)).collect();
        (any_layers(&text), quotes, events).prop_map(|(mut document, quotes, events)| {
            document["quotes"] = quotes.into();
            document["sanctions"] = events.into();
            widen(&mut document);
            document
        })
    })
}

/// Makes empty spans one character long.
fn widen(value: &mut Value) {
    match value {
        Value::Array(items) => match items[..] {
            [Value::Number(ref start), Value::Number(ref end)] if start == end => {
                let start = start.as_u64().unwrap().saturating_sub(1);
                *value = json!([start, start + 1]);
            }
            _ => items.iter_mut().for_each(widen),
        },
        Value::Object(fields) => fields.values_mut().for_each(widen),
        _ => {}
    }
}

proptest! {
    #[test]
    fn a_document_against_itself_is_all_right(document in told_apart(), keep_singletons: bool) {
        for share in all_shares(&document, &document, keep_singletons) {
            prop_assert!((share - 1.0).abs() < 1e-12, "{share}");
        }
    }

    #[test]
    fn figures_are_between_0_and_1(
        (gold, predicted) in TEXT.prop_flat_map(|text| (any_layers(&text), any_layers(&text))),
        keep_singletons: bool,
    ) {
        for share in all_shares(&gold, &predicted, keep_singletons) {
            prop_assert!((0.0..=1.0).contains(&share), "{share}");
        }
    }

    #[test]
    fn no_line_makes_it_panic(line in r#"\{"id": ?[0-9"a\[]{1,4}, "text": "[a-z“\\]*", ?"(tokens|quotes|chains)": [\[\]{}"a-z:0-9, -]{0,30}\}"#) {
        if let Ok(document) = Document::parse(&line, Offsets::Utf16, "x") {
            let mut documents = Documents::default();
            documents.add(document).unwrap();
            for layer in ScoredLayer::ALL {
                let _ = score(layer, &documents, &documents, &Options::default());
            }
        }
    }
}
