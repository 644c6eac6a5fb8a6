//! The example plugin in C, compiled and loaded.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(all(unix, feature = "host"))]

#[path = "support/c.rs"]
mod c;

use demarche_plugin::serde_json::json;
use demarche_plugin::{Document, PluginSpec, Span, load};

#[test]
fn long_words_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    let source = "../../plugins/longword-c/longword.c";
    let Some(path) = c::compiled(source, "include", folder.path()) else { return };
    let plugin = load(&PluginSpec { path, allow_writable: true, ..PluginSpec::default() }, 1).unwrap();
    assert_eq!((plugin.name.as_str(), plugin.version.as_str()), ("longword", "1.0.0"));
    let kind = &plugin.kinds[0];
    assert_eq!(kind.options["properties"]["least"]["default"], 12);
    for (options, expected) in [
        (json!({}), vec![("extraordinary", r#"{"bytes":13}"#)]),
        (json!({"least": 4}), vec![("Some", r#"{"bytes":4}"#), ("extraordinary", r#"{"bytes":13}"#)]),
    ] {
        let mut doc = Document::new("", "Some extraordinary day");
        doc.set_tokens(vec![Span::new(0, 4), Span::new(5, 18), Span::new(19, 22)]);
        kind.build(&options).unwrap().process(&mut doc).unwrap();
        let found: Vec<_> =
            doc.open_layer("longword").map(|(span, value)| (doc.slice(span), value)).collect();
        assert_eq!(found, expected);
    }
}
