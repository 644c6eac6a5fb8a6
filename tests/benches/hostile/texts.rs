//! Texts through the stages of the `news` pipeline.

use demarche::{Document, Pipeline};
use demarche_tests::hostile::FAMILIES;
use demarche_tests::{articles, news};

use crate::Selection;
use crate::growth::{growths, least, now};

/// Size of the largest text, unless told otherwise.
const BYTES: u32 = 256 << 10;

/// Measures the families; how many rows are marked.
pub(crate) fn measure(selection: &Selection) -> usize {
    let families: Vec<_> = FAMILIES.iter().filter(|family| selection.has(family.name)).collect();
    if families.is_empty() {
        return 0;
    }
    let pipeline = news();
    let names: Vec<_> = pipeline.stages().chain(["all"]).collect();
    let bytes = selection.bytes.unwrap_or(BYTES);
    let of_news = byte_of_news(&pipeline);
    let mut n_marked = 0;
    for family in families {
        let growths = growths(bytes, |bytes| {
            let text = [family.text(bytes)];
            least(|| each_stage(&pipeline, &text))
        });
        for (at, growth) in growths.iter().enumerate() {
            let is_all = at + 1 == growths.len();
            n_marked += usize::from(growth.print(family.name, names[at], of_news[at], is_all));
        }
    }
    n_marked
}

/// Seconds that a byte of news takes in each stage, and in all of them.
pub(crate) fn byte_of_news(pipeline: &Pipeline) -> Vec<f64> {
    let articles = articles();
    let bytes: u32 = articles.iter().map(|article| article.len() as u32).sum();
    let seconds = least(|| each_stage(pipeline, &articles)).into_iter();
    seconds.map(|seconds| seconds / f64::from(bytes)).collect()
}

/// Seconds of each stage, and of all of them.
fn each_stage(pipeline: &Pipeline, texts: &[String]) -> Vec<f64> {
    let n_stages = pipeline.stages().len();
    let mut seconds = vec![0.0; n_stages + 1];
    for text in texts {
        let mut doc = Document::new("", text.as_str());
        for (step, seconds) in seconds[..n_stages].iter_mut().enumerate() {
            let start = now();
            pipeline.process_step(step, &mut doc).unwrap();
            *seconds += now() - start;
        }
    }
    seconds[n_stages] = seconds.iter().sum();
    seconds
}
