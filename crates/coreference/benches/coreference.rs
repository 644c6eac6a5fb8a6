//! Words per second of the stage `coreference` alone, on one thread, over documents that the stages before it have
//! annotated. The documents are copied for each run; copying is counted in.

use demarche_core::{Document, Pipeline, Registry, Stage};
use demarche_coreference::Coreference;
use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::json;

const TEXT: &str = "\
Norway's Foreign Ministry on Monday summoned the French ambassador in Oslo, Jean Morel. Deputy Foreign Minister Kari
Lind told reporters she had handed the diplomat a note. “Paris should explain itself,” Lind said. The ministry said
the government would wait for its answer before it took further steps. The African Union, which had asked both states
to talk, said it regretted the dispute. The AU will meet on Friday. Morel said his country had nothing to add.

";

fn main() {
    divan::main();
}

#[divan::bench]
fn news(bencher: Bencher<'_, '_>) {
    let mut registry = Registry::default();
    for register in [demarche_tokenize::register, demarche_syntax::register, demarche_entity::register] {
        register(&mut registry).expect("the names are not taken");
    }
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        pipeline.push(kind, kind.build(&json!({})).expect("the stage has defaults"));
    }
    let mut doc = Document::new("", TEXT.repeat(10));
    pipeline.process(&mut doc).expect("the stages take any text");
    let coreference = Coreference::default();
    bencher.counter(ItemsCount::new(doc.text().split_whitespace().count())).bench(|| {
        let mut doc = doc.clone();
        coreference.process(&mut doc).map(|()| doc)
    });
}
