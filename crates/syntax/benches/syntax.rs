//! Words per second of the stage `syntax` on one thread, over news of our own (in this file, repeated to
//! 20,000 words), tokens and sentences given. Left out: tokenizing, and making the stage, which is measured beside it.

use demarche_core::{Document, Stage};
use demarche_syntax::{Model, Syntax, Tag};
use demarche_tokenize::Tokenize;
use divan::counter::ItemsCount;

const NEWS: &str = "\
The foreign ministry of Moravia summoned the ambassador of its northern neighbor on Tuesday after two patrol boats had \
crossed into its waters, officials said. “We will not accept such steps,” said Jana Holub, a spokeswoman, who added that \
the government was weighing a ban on imports of timber and steel. The neighbor's defense minister called the charge \
baseless and said that the boats, which were on a routine voyage, had never left international waters.

Traders took the news calmly. Shares in Brno closed 0.4 percent lower, while the currency, which had lost 3% since \
January, hardly moved. Analysts at two banks expect that the talks planned for next week in Vienna will go ahead unless \
one of the sides recalls its delegation, as happened in 2019.
";

fn main() {
    divan::main();
}

fn document(n_words: usize) -> Document<'static> {
    let words = NEWS.split_whitespace().count();
    let mut doc = Document::new("news", NEWS.repeat(n_words.div_ceil(words)));
    Tokenize::default().process(&mut doc).expect("plain text");
    doc
}

#[divan::bench]
fn trees(bencher: divan::Bencher) {
    measure(bencher, &Syntax::default());
}

#[divan::bench]
fn tags(bencher: divan::Bencher) {
    measure(bencher, &Tag::default());
}

fn measure(bencher: divan::Bencher, stage: &dyn Stage) {
    let doc = document(20_000);
    bencher
        .counter(ItemsCount::new(doc.tokens().len()))
        .with_inputs(|| doc.clone())
        .bench_local_values(|mut doc| stage.process(&mut doc));
}

#[divan::bench]
fn open_model() -> Model {
    Model::open(Model::ENGLISH).expect("the crate's own model")
}
