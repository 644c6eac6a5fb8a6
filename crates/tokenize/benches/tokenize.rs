//! Bytes and words per second of the stage `tokenize` on one thread, over 200 copies of a short news text, with learned
//! sentence ends and with rules. Leaves out reading and writing documents.

use demarche_core::{Document, Stage};
use demarche_tokenize::{Sentences, Tokenize, TokenizeOptions};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

const TEXT: &str = "\
Oslo freezes $1.2bn of shipyard assets

By Ann Ode

OSLO, March 3 (Wire) - The Norwegian government on Monday froze the assets of two shipyards that had repaired
tankers of the so-called shadow fleet, the U.S.-led coalition's largest target since 2022. “We didn't take this
step lightly,” Foreign Minister Kari Lind-Ode told reporters at 6 p.m. “It is a signal.” Mr. J. K. Berg, who runs
the Bergen-based yard, called it ‘a mistake’; some 3.5% of its 1,200 workers may lose their jobs by Jan. 5, he said.

Read more at https://example.org/news/2024-03-03 or write to desk@example.org.

";

fn main() {
    divan::main();
}

#[divan::bench(args = [Sentences::Learned, Sentences::Rules])]
fn news(bencher: Bencher<'_, '_>, sentences: Sentences) {
    let text = TEXT.repeat(200);
    let mut options = TokenizeOptions::default();
    options.sentences = sentences;
    let tokenize = Tokenize::new(options);
    bencher
        .counter(ItemsCount::new(text.split_whitespace().count()))
        .counter(BytesCount::of_str(text.as_str()))
        .bench(|| {
            let mut doc = Document::new("", text.as_str());
            tokenize.process(&mut doc).map(|()| doc)
        });
}
