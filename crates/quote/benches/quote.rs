//! Words per second of the stage `quote` on one thread, over 50 copies of a short news text. The layers that it reads
//! are made beforehand; leaves out reading and writing documents.

use demarche_core::{Document, Pipeline, Registry};
use divan::Bencher;
use divan::counter::ItemsCount;

const TEXT: &str = "\
Norway closes its ports to shadow fleet

OSLO, March 3 (Wire) - Norway will close its ports to tankers that hide their owners, Foreign Minister Kari Lind-Ode
said on Monday. “We did not take this step lightly,” she told reporters. “It is a signal, and it will be heard.”

The shipowners' association called the plan “a gift to our rivals” and warned of lost jobs on the coast. According to
the association, some 3,000 people work in the trade. Its head, Per Berg, said that the government had “not listened
once”; he would go to court, he added.

Sweden urged its neighbor to wait for the European Union. The ministry in Oslo did not say when the rules take effect.

";

fn main() {
    divan::main();
}

#[divan::bench]
fn news(bencher: Bencher<'_, '_>) {
    let text = TEXT.repeat(50);
    let pipeline = pipeline();
    let last = pipeline.stages().len() - 1;
    let mut read = Document::new("", text.as_str());
    for step in 0..last {
        pipeline.process_step(step, &mut read).expect("the text is sound");
    }
    bencher
        .counter(ItemsCount::new(text.split_whitespace().count()))
        .with_inputs(|| read.clone())
        .bench_refs(|doc| pipeline.process_step(last, doc).expect("the text is sound"));
}

fn pipeline() -> Pipeline {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry).expect("no name is taken");
    demarche_syntax::register(&mut registry).expect("no name is taken");
    demarche_entity::register(&mut registry).expect("no name is taken");
    demarche_coreference::register(&mut registry).expect("no name is taken");
    demarche_quote::register(&mut registry).expect("no name is taken");
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        pipeline.push(kind, kind.build(&serde_json::json!({})).expect("defaults are sound"));
    }
    pipeline
}
