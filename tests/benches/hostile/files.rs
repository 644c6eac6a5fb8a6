//! Files through their readers.

use std::fs;

use demarche::corpus::{Corpus, ReadOptions};
use demarche_tests::hostile_files::FILES;
use demarche_tests::news;

use crate::Selection;
use crate::growth::{growths, least, now};
use crate::texts::byte_of_news;

/// Size of the largest file, unless told otherwise.
const BYTES: u32 = 4 << 20;

/// Measures the families; how many rows are marked.
pub(crate) fn measure(selection: &Selection) -> usize {
    let families: Vec<_> = FILES.iter().filter(|family| selection.has(family.name)).collect();
    if families.is_empty() {
        return 0;
    }
    let bytes = selection.bytes.unwrap_or(BYTES);
    let of_news = *byte_of_news(&news()).last().unwrap();
    let mut n_marked = 0;
    for family in families {
        for growth in growths(bytes, |bytes| read(family.file, &family.content(bytes))) {
            n_marked += usize::from(growth.print(family.name, "read", of_news, true));
        }
    }
    n_marked
}

/// Seconds that it takes to read a file of this content.
fn read(name: &str, content: &[u8]) -> Vec<f64> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let corpus = Corpus::find([&path], None).unwrap();
    least(|| {
        let start = now();
        corpus.read(ReadOptions::default()).for_each(drop);
        vec![now() - start]
    })
}
