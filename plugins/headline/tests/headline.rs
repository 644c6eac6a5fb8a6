//! Text in, marked text out.

use demarche_plugin::{Component, Document, Layer, Span, Stage, serde_json};
use headline::{Headline, HeadlineOptions};

/// Runs the stage over a text, with words as tokens.
fn run(text: &str, max_words: usize) -> Document<'_> {
    let mut doc = Document::new("test", text);
    let offset = |word: &str| (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let span = |word: &str| Span::new(offset(word), offset(word) + word.len() as u32);
    doc.set_tokens(text.split_whitespace().map(span).collect::<Vec<_>>());
    let stage = Headline::build(HeadlineOptions { max_words }).expect("the option is good");
    stage.process(&mut doc).expect("no text fails it");
    doc
}

/// The text with what was found in it: `«kind …»`.
fn marked(text: &str) -> String {
    let doc = run(text, 18);
    let mut marked = text.to_owned();
    let mut found: Vec<_> = doc.open_layer("headline").collect();
    found.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, value) in found {
        let value: serde_json::Value = serde_json::from_str(value).expect("a value is JSON");
        marked.insert(span.end as usize, '»');
        marked.insert_str(
            span.start as usize,
            &format!("«{} ", value["kind"].as_str().expect("it has a kind")),
        );
    }
    marked
}

#[test]
fn a_wire_story() {
    let text = "Mediators hail truce in river dispute\n\nBy Ada Okafor and Jan de Wit\n\n\
        GENEVA, May 3 (Agency) - Mediators said on Friday that both sides – after weeks – had agreed.\n";
    insta::assert_snapshot!(marked(text), @r"
    «headline Mediators hail truce in river dispute»

    «byline By Ada Okafor and Jan de Wit»

    «dateline GENEVA, May 3 (Agency)» - Mediators said on Friday that both sides – after weeks – had agreed.
    ");
}

#[test]
fn a_web_page() {
    let text = "Will the ferry ever sail?\nResidents have waited for nine years, and the harbor is ready.\nMara Lindqvist\n\
        It is a question that nobody on the island asks aloud.";
    insta::assert_snapshot!(marked(text), @r"
    «headline Will the ferry ever sail?»
    Residents have waited for nine years, and the harbor is ready.
    «byline Mara Lindqvist»
    It is a question that nobody on the island asks aloud.
    ");
}

#[test]
fn a_dateline_alone() {
    insta::assert_snapshot!(marked("PORT LOUIS (Agency) — The port reopened.\nShips came."), @r"
    «dateline PORT LOUIS (Agency)» — The port reopened.
    Ships came.
    ");
}

#[test]
fn no_article() {
    for text in ["", "\n", "One line alone", "The port reopened.\nShips came on Monday - at last."] {
        assert_eq!(marked(text), text);
    }
}

#[test]
fn a_first_line_that_is_too_long() {
    let text = "One two three four\nBody text.";
    assert!(run(text, 4).has(&Layer::open("headline")));
    assert!(!run(text, 3).has(&Layer::open("headline")));
}

#[test]
fn values() {
    let doc = run("Truce holds\nKYIV, May 3 - All quiet.", 18);
    let values: Vec<_> = doc.open_layer("headline").map(|(_, value)| value).collect();
    assert_eq!(values, [r#"{"kind":"headline","words":2}"#, r#"{"kind":"dateline","place":"KYIV"}"#]);
}

#[test]
fn an_option_that_cannot_be() {
    let error = Headline::build(HeadlineOptions { max_words: 0 }).err().expect("it is refused");
    assert_eq!(error.to_string(), "no headline has 0 words: write how many it can have at most, such as 18");
}
