//! The example plugin in C, compiled and loaded.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(all(unix, feature = "host"))]

#[path = "support/c.rs"]
mod c;

use std::path::Path;

use demarche_plugin::serde_json::json;
use demarche_plugin::{Document, PluginSpec, Span, load};

/// The stage of the plugin, which is compiled into the folder; `None` where there is no compiler.
fn kind(folder: &Path) -> Option<demarche_core::StageKind> {
    let path = c::compiled("../../plugins/keywords-c/keywords.c", "include", folder)?;
    let plugin = load(&PluginSpec { path, allow_writable: true, ..PluginSpec::default() }, 1).unwrap();
    assert_eq!((plugin.name.as_str(), plugin.version.as_str()), ("keywords", "1.0.0"));
    plugin.kinds.into_iter().next()
}

#[test]
fn keywords_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    let Some(kind) = kind(folder.path()) else { return };
    let file = folder.path().join("a \"list\".txt");
    std::fs::write(&file, "# what we look for\nTravel Ban\ntravel\nban\r\n\nprix \"spécial\"\nembargoes")
        .unwrap();
    let stage = kind.build(&json!({"file": file})).unwrap();
    for (text, expected) in [
        ("A travel ban.", vec![("travel ban", r#"{"keyword":"travel ban"}"#)]),
        ("BAN travel", vec![("BAN", r#"{"keyword":"ban"}"#), ("travel", r#"{"keyword":"travel"}"#)]),
        ("urban travelers, embargo", vec![]),
        (
            "Prix \"spécial\" travel",
            vec![
                ("Prix \"spécial\"", r#"{"keyword":"prix \"spécial\""}"#),
                ("travel", r#"{"keyword":"travel"}"#),
            ],
        ),
        ("", vec![]),
    ] {
        let mut doc = Document::new("", text);
        doc.set_tokens(tokens(text));
        stage.process(&mut doc).unwrap();
        let found: Vec<_> =
            doc.open_layer("keywords").map(|(span, value)| (doc.slice(span), value)).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_list_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let Some(kind) = kind(folder.path()) else { return };
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    for (path, problem) in [
        (folder.path().join("none.txt"), "cannot open the keywords in "),
        (file("empty.txt", "# nothing yet\n\n"), "there is no keyword in "),
        (file("long.txt", &"a".repeat(300)), "a line is longer than 254 bytes in "),
    ] {
        let error = kind.build(&json!({"file": path})).err().unwrap().to_string();
        assert!(error.contains(problem) && error.contains(path.to_str().unwrap()), "{error}");
    }
}

/// Words of letters, and each other character but white space.
fn tokens(text: &str) -> Vec<Span> {
    let mut tokens: Vec<Span> = Vec::new();
    let mut in_word = false;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        match tokens.last_mut() {
            Some(last) if in_word && letter.is_alphabetic() => *last = Span::new(last.start, end as u32),
            _ if !letter.is_whitespace() => tokens.push(Span::new(at as u32, end as u32)),
            _ => (),
        }
        in_word = letter.is_alphabetic();
    }
    tokens
}
