//! Words per second of the stage `entity` on one thread, over 200 copies of a short news text that has its tokens, sentences and
//! word classes; and what it costs to build the stage. Leaves out the stages before it, reading and writing.

use demarche_core::{Document, Stage};
use demarche_entity::Entities;
use demarche_syntax::Syntax;
use demarche_tokenize::Tokenize;
use divan::Bencher;
use divan::counter::ItemsCount;

const TEXT: &str = "\
Oslo freezes $1.2bn of shipyard assets

By Ann Ode

OSLO, March 3 (Harbor Wire) - The Norwegian government on Monday froze the assets of two shipyards that had repaired
tankers of the so-called shadow fleet, the largest target of the European Union since 2022. “We did not take this
step lightly,” Foreign Minister Kari Lind-Ode told reporters at 6 p.m. “It is a signal.” Mr. J. K. Berg, who runs
the Bergen-based yard, called it ‘a mistake’; some 3.5% of its 1,200 workers may lose their jobs by Jan. 5, he said.
Moscow and Beijing, whose ambassadors Norway's Foreign Ministry had summoned last week, did not comment.

";

fn main() {
    divan::main();
}

#[divan::bench]
fn news(bencher: Bencher<'_, '_>) {
    run(bencher, &Entities::default());
}

#[divan::bench]
fn news_by_rules_alone(bencher: Bencher<'_, '_>) {
    run(bencher, &Entities::rules());
}

fn run(bencher: Bencher<'_, '_>, stage: &Entities) {
    let text = TEXT.repeat(200);
    let mut tagged = Document::new("", text.as_str());
    let before: [&dyn Stage; 2] = [&Tokenize::default(), &Syntax::default()];
    for stage in before {
        stage.process(&mut tagged).expect("these stages take any text");
    }
    bencher
        .counter(ItemsCount::new(text.split_whitespace().count()))
        .with_inputs(|| tagged.clone())
        .bench_values(|mut doc| stage.process(&mut doc).map(|()| doc));
}

#[divan::bench]
fn build() -> Entities {
    Entities::default()
}
