//! What the boundary costs: the same stage before it and behind it, over a document of 1,000 words with all its layers.
//!
//! The stage marks each tenth word. Linked statically, so that loading is left out; a loaded library is called alike.
#![allow(unsafe_code, missing_docs, clippy::unwrap_used, reason = "a bench")]

use demarche_core::{Component, Dependencies, Document, Morphology, NONE, StringId, Upos};
use demarche_plugin::schemars::{self, JsonSchema};
use demarche_plugin::serde::{self, Deserialize};
use demarche_plugin::serde_json::json;
use demarche_plugin::{BuildError, Layer, Span, Stage, StageError, link};
use divan::{Bencher, counter::ItemsCount};

const WORDS: usize = 1_000;

fn main() {
    divan::main();
}

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "serde")]
#[schemars(crate = "schemars")]
struct Options {}

struct EachTenth;

impl Component for EachTenth {
    const NAME: &'static str = "each-tenth";
    const SUMMARY: &'static str = "Marks each tenth word";
    const READS: &'static [Layer] = &[Layer::Tokens];
    const WRITES: &'static [Layer] = &[Layer::open("tenth")];
    type Options = Options;

    fn build(_: Options) -> Result<Self, BuildError> {
        Ok(Self)
    }
}

impl Stage for EachTenth {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        let tenths: Vec<Span> = doc.tokens().iter().copied().step_by(10).collect();
        for span in tenths {
            doc.annotate("tenth", span, &json!({"word": span.start}));
        }
        Ok(())
    }
}

demarche_plugin::export!(EachTenth);

fn document() -> Document<'static> {
    let word = |i: usize| format!("w{:04} ", i % 400);
    let text = (0..WORDS).map(word).collect::<Vec<_>>().concat();
    let mut doc = Document::new("bench", text);
    doc.set_tokens((0..WORDS as u32).map(|i| Span::new(6 * i, 6 * i + 5)).collect::<Vec<_>>());
    let lemma: Vec<StringId> = (0..WORDS).map(|i| doc.intern(word(i).trim())).collect();
    let xpos = vec![doc.intern("NN"); WORDS];
    let deprel = vec![doc.intern("dep"); WORDS];
    doc.set_morphology(Morphology {
        upos: vec![Upos::Noun; WORDS].into(),
        xpos: xpos.into(),
        lemma: lemma.into(),
    });
    doc.set_dependencies(Dependencies { head: vec![NONE; WORDS].into(), deprel: deprel.into() });
    doc
}

fn measure(bencher: Bencher<'_, '_>, stage: &dyn Stage) {
    let doc = document();
    bencher
        .counter(ItemsCount::new(WORDS))
        .with_inputs(|| doc.clone())
        .bench_local_refs(|doc| stage.process(doc).unwrap());
}

#[divan::bench]
fn before_it(bencher: Bencher<'_, '_>) {
    measure(bencher, &EachTenth);
}

#[divan::bench]
fn behind_it(bencher: Bencher<'_, '_>) {
    // SAFETY: `export!` keeps the contract.
    let plugin = unsafe { link(demarche_plugin_v1, 1) }.unwrap();
    let stage = plugin.kinds[0].build(&json!({})).unwrap();
    measure(bencher, stage.as_ref());
}
