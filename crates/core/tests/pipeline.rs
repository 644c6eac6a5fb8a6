//! Stages in order: what is checked before the first document, and what happens to a document.

#![allow(clippy::unwrap_used, reason = "what is built here is sound")]

use demarche_core::{
    BuildError, Cancel, Component, Document, Layer, Pipeline, Registry, RegistryError, Span, Stage,
    StageError, StageKind, check_order,
};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoOptions {}

macro_rules! stage {
    ($stage:ident, $name:literal, $reads:expr, $writes:expr, |$doc:ident| $body:expr) => {
        struct $stage;
        impl Stage for $stage {
            fn process(&self, $doc: &mut Document<'_>) -> Result<(), StageError> {
                $body
            }
        }
        impl Component for $stage {
            const NAME: &'static str = $name;
            const SUMMARY: &'static str = "a stage of the tests";
            const READS: &'static [Layer] = $reads;
            const WRITES: &'static [Layer] = $writes;
            type Options = NoOptions;
            fn build(_: NoOptions) -> Result<Self, BuildError> {
                Ok(Self)
            }
        }
    };
}

stage!(Words, "words", &[], &[Layer::Tokens, Layer::Sentences], |doc| {
    doc.set_tokens(vec![Span::new(0, 1)]);
    Ok(())
});
stage!(Names, "names", &[Layer::Tokens], &[Layer::Entities], |_doc| Ok(()));
stage!(Broken, "broken", &[], &[], |_doc| panic!("it is broken"));

fn registry() -> Registry {
    let mut registry = Registry::default();
    for kind in [StageKind::of::<Words>(), StageKind::of::<Names>(), StageKind::of::<Broken>()] {
        registry.add(kind).unwrap();
    }
    registry
}

fn order(names: &[&str]) -> Vec<String> {
    let registry = registry();
    let kinds: Vec<_> = names.iter().map(|name| registry.get(name).unwrap()).collect();
    check_order(&kinds, &registry).iter().map(ToString::to_string).collect()
}

fn pipeline(names: &[&str]) -> Pipeline {
    let registry = registry();
    let mut pipeline = Pipeline::new();
    for name in names {
        let kind = registry.get(name).unwrap();
        pipeline.push(kind, kind.build(&serde_json::json!({})).unwrap());
    }
    pipeline
}

#[test]
fn a_right_order_has_no_errors() {
    assert_eq!(order(&["words", "names", "names"]), [""; 0]);
}

#[test]
fn a_layer_must_be_written_before_it_is_read() {
    let message = "stage `names` reads the layer `tokens`, which no stage before it writes";
    assert_eq!(order(&["names", "words"]), [message]);
}

#[test]
fn tokens_are_written_once() {
    let twice =
        |layer| format!("stage `words` writes the layer `{layer}`, which `words` has written already");
    assert_eq!(order(&["words", "words"]), [twice("tokens"), twice("sentences")]);
}

#[test]
fn a_layer_that_ran_and_found_nothing_is_empty_not_absent() {
    let mut doc = Document::new("1", "a");
    assert!(!doc.has(&Layer::Entities));
    pipeline(&["words", "names"]).process(&mut doc).unwrap();
    assert!(doc.has(&Layer::Entities) && doc.has(&Layer::Sentences) && !doc.has(&Layer::Quotes));
}

#[test]
fn a_panic_is_the_stages_error() {
    let error = pipeline(&["words", "broken"]).process(&mut Document::new("1", "a")).unwrap_err();
    let message = "stage `broken`: the stage panicked, which is a bug in it: it is broken";
    assert_eq!(error.to_string(), message);
}

#[test]
fn no_stage_starts_once_the_time_is_up() {
    let mut doc = Document::new("1", "a");
    doc.set_cancel(Cancel::when(|| true));
    let error = pipeline(&["words"]).process(&mut doc).unwrap_err();
    assert_eq!(error.to_string(), "stage `words`: the time limit for one document is up");
}

#[test]
fn unknown_options_are_refused() {
    let error = registry().get("words").unwrap().build(&serde_json::json!({"widht": 1})).err().unwrap();
    assert_eq!(error.to_string(), "unknown field `widht`, there are no fields");
}

#[test]
fn names_of_stages_are_unique_and_plain() {
    let mut registry = registry();
    assert!(matches!(registry.add(StageKind::of::<Words>()), Err(RegistryError::Taken { .. })));
    for name in ["Words", "", "1st", "a.b.c", "a b"] {
        let kind = StageKind::new(name, |_| unreachable!("it is not built"));
        assert!(matches!(registry.add(kind), Err(RegistryError::Name { .. })), "{name:?}");
    }
}
