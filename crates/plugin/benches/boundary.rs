//! What the boundary costs: the same stage before it and behind it, over a document of 1,000 words with all its layers.
//!
//! One stage reads the tokens and writes nothing: the difference is the boundary's fixed cost. The other marks each tenth
//! word: the difference beyond that is what 100 items cost, each a call, its JSON read and its bytes copied. Linked statically, so that loading is left out; a loaded library is called alike.
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

/// Reads, and writes nothing.
struct Looks;

impl Component for Looks {
    const NAME: &'static str = "looks";
    const SUMMARY: &'static str = "Looks at each word";
    const READS: &'static [Layer] = &[Layer::Tokens];
    const WRITES: &'static [Layer] = &[Layer::open("tenth")];
    type Options = Options;

    fn build(_: Options) -> Result<Self, BuildError> {
        Ok(Self)
    }
}

impl Stage for Looks {
    fn process(&self, doc: &mut Document<'_>) -> Result<(), StageError> {
        divan::black_box(doc.tokens().iter().map(|token| u64::from(token.start)).sum::<u64>());
        Ok(())
    }
}

demarche_plugin::export!(EachTenth, Looks);

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

/// The kind at an index, behind the boundary.
fn behind(index: usize) -> Box<dyn Stage> {
    // SAFETY: `export!` keeps the contract.
    let plugin = unsafe { link(demarche_plugin_v1, 1) }.unwrap();
    plugin.kinds[index].build(&json!({})).unwrap()
}

#[divan::bench]
fn looks_before_it(bencher: Bencher<'_, '_>) {
    measure(bencher, &Looks);
}

#[divan::bench]
fn looks_behind_it(bencher: Bencher<'_, '_>) {
    measure(bencher, behind(1).as_ref());
}

#[divan::bench]
fn marks_before_it(bencher: Bencher<'_, '_>) {
    measure(bencher, &EachTenth);
}

#[divan::bench]
fn marks_behind_it(bencher: Bencher<'_, '_>) {
    measure(bencher, behind(0).as_ref());
}
