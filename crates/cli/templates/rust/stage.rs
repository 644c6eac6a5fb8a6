//! Text in, marked words out.

use demarche_plugin::{Component, Document, Span, Stage};
use my_stage::{MyStage, MyStageOptions};

/// The marked words of a text, with what is said of them.
fn marked(text: &str, letters: usize) -> Vec<String> {
    let mut doc = Document::new("test", text);
    let start = |word: &str| (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let span = |word: &str| Span::new(start(word), start(word) + word.len() as u32);
    doc.set_tokens(text.split_whitespace().map(span).collect::<Vec<_>>());
    let stage = MyStage::build(MyStageOptions { letters }).expect("the option is good");
    stage.process(&mut doc).expect("no text fails it");
    doc.open_layer("my-stage").map(|(span, value)| format!("{} {value}", doc.slice(span))).collect()
}

#[test]
fn long_words_are_marked() {
    assert_eq!(marked("An extraordinary day", 12), [r#"extraordinary {"letters":13}"#]);
    assert_eq!(marked("Größe zählt", 5), [r#"Größe {"letters":5}"#, r#"zählt {"letters":5}"#]);
    assert_eq!(marked("", 12), [""; 0]);
}

#[test]
fn no_word_has_0_letters() {
    assert!(MyStage::build(MyStageOptions { letters: 0 }).is_err());
}
