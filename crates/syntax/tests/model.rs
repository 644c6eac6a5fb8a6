//! The option `model`: the crate's own file under another name works, anything else is refused with its path.

use std::path::Path;

use demarche_core::{Document, Registry, Span};
use demarche_syntax::Model;
use serde_json::json;

fn build(stage: &str, model: &Path) -> Result<Box<dyn demarche_core::Stage>, String> {
    let mut registry = Registry::default();
    demarche_syntax::register(&mut registry).expect("an empty registry");
    let kind = registry.get(stage).expect("the crate's own stage");
    kind.build(&json!({ "model": model })).map_err(|error| error.to_string())
}

#[test]
fn a_model_file_is_read_and_used() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("mine.model");
    std::fs::write(&path, Model::ENGLISH).expect("the folder is writable");
    for stage in ["syntax", "tags"] {
        let mut doc = Document::new("1", "Ministers resigned.");
        doc.set_tokens(vec![Span::new(0, 9), Span::new(10, 18), Span::new(18, 19)]);
        doc.set_sentences(vec![Span::new(0, 19)]);
        build(stage, &path).expect("a whole model").process(&mut doc).expect("a short text");
        let lemma = doc.morphology().expect("written").lemma[1];
        assert_eq!(doc.string(lemma), Some("resign"));
    }
}

#[test]
fn what_is_no_model_is_refused_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("mine.model");
    let missing = build("syntax", &path).err().expect("there is no file");
    assert!(missing.starts_with(&format!("cannot read `{}`: ", path.display())), "{missing}");

    let mut damaged = Model::ENGLISH.to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    for (bytes, problem) in [
        (b"a text".to_vec(), "not a model of demarche"),
        (Model::ENGLISH[..1000].to_vec(), "the model is damaged"),
        (damaged, "the model is damaged"),
    ] {
        std::fs::write(&path, bytes).expect("the folder is writable");
        let error = build("tags", &path).err().expect("no whole model");
        assert!(error.contains(&path.display().to_string()) && error.contains(problem), "{error}");
    }
}
