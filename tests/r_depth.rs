//! Promise 12: nothing calls itself as often as its input is deep: all of it on a stack of 256 KiB.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demarche::corpus::{Corpus, Layers, ReadOptions};
use demarche::{Dependencies, Document, Morphology, NONE, Offsets, Upos};
use demarche_tests::hostile::FAMILIES;
use demarche_tests::hostile_files::FILES;
use demarche_tests::news;

/// How deep.
const DEPTH: usize = 1_000_000;
/// How deep where each level costs more.
const LESS_DEEP: usize = 100_000;
/// Stack of a thread, in bytes.
const STACK: usize = 256 << 10;

/// Does something with so much stack; the process is gone if that is not enough.
fn on_a_small_stack(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        builder.spawn_scoped(scope, work).unwrap().join().unwrap();
    });
}

fn read(name: &str, content: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let corpus = Corpus::find([&path], None).unwrap();
    for layers in [Layers::Drop, Layers::Keep(Offsets::Byte)] {
        let options = ReadOptions { layers, ..ReadOptions::default() };
        on_a_small_stack(|| corpus.read(options).for_each(drop));
    }
}

/// Brackets, tags and elements a million deep.
#[test]
fn r_depth_of_files() {
    let nested = |open: &str, between: &str, close: &str| {
        [&open.repeat(DEPTH), between, &close.repeat(DEPTH)].concat().into_bytes()
    };
    let field = |value: Vec<u8>| [b"{\"text\": \"a\", \"k\": ".to_vec(), value, b"}".to_vec()].concat();
    let layer = |value: Vec<u8>| [b"{\"text\": \"a\", \"tokens\": ".to_vec(), value, b"}".to_vec()].concat();
    read("a.jsonl", &nested("[", "", "]"));
    read("a.jsonl", &field(nested("[", "", "]")));
    read("a.jsonl", &field(nested("{\"a\":", "0", "}")));
    read("a.jsonl", &layer(nested("[", "", "]")));
    read("a.json", &nested("[", "", "]"));
    read("a.json", &nested("{\"a\":", "0", "}"));
    read("a.html", &nested("<div>", "a", "</div>"));
    read("a.html", &nested("<nav>", "a", "</nav>"));
    read("a.html", &nested("<b>", "a", ""));
    read("a.xml", &[b"<nitf>".to_vec(), nested("<p>", "a", "</p>")].concat());
}

/// Each family of files, less deep.
#[test]
fn r_depth_of_hostile_files() {
    for family in FILES {
        read(family.file, &family.content(100_000));
    }
}

/// Each family of texts through each stage: trees are as deep as the parser makes them.
#[test]
fn r_depth_of_texts() {
    let pipeline = news();
    for family in FAMILIES {
        let mut doc = Document::new("", family.text(4_000));
        on_a_small_stack(|| pipeline.process(&mut doc).unwrap());
        doc.validate().unwrap();
    }
}

/// Brackets, quotation marks and words in trees that are a chain from one end of the text to the other, as no parser
/// makes them but a plugin can.
#[test]
fn r_depth_of_chains() {
    let pipeline = news();
    let syntax = pipeline.stages().position(|stage| stage == "syntax").unwrap();
    for unit in ["(", "“", "\"", "“a ‘b ", "sanctions ", "said that "] {
        let mut doc = Document::new("", unit.repeat(LESS_DEEP / unit.split_whitespace().count()));
        for step in 0..pipeline.stages().len() {
            if step == syntax {
                chain(&mut doc);
            } else {
                on_a_small_stack(|| pipeline.process_step(step, &mut doc).unwrap());
            }
        }
    }
}

/// Gives each token the one before it as its head: words are verbs in clauses of each other.
fn chain(doc: &mut Document<'_>) {
    let mut morphology = Morphology::default();
    let mut dependencies = Dependencies::default();
    for token in 0..doc.tokens().len() {
        let is_word = doc.token(token).contains(char::is_alphabetic);
        let (upos, xpos, deprel) =
            if is_word { (Upos::Verb, "VBD", "ccomp") } else { (Upos::Punct, ".", "punct") };
        let word = doc.token(token).to_owned();
        morphology.upos.to_mut().push(upos);
        morphology.xpos.to_mut().push(doc.intern(xpos));
        morphology.lemma.to_mut().push(doc.intern(&word));
        dependencies.head.to_mut().push((token as u32).checked_sub(1).unwrap_or(NONE));
        dependencies.deprel.to_mut().push(doc.intern(deprel));
    }
    doc.set_morphology(morphology);
    doc.set_dependencies(dependencies);
}
