//! Text in, places out.

use demarche_plugin::{Component, Document, Entity, FilePath, Span, Stage, serde_json};
use places::{Places, PlacesOptions};

/// The document with these words as entities, by label, after the stage has run.
fn run<'a>(options: PlacesOptions, text: &'a str, entities: &[(&str, &str, Option<&str>)]) -> Document<'a> {
    let mut doc = Document::new("test", text);
    for &(word, label, name) in entities {
        let start = text.find(word).expect("the word stands in the text") as u32;
        let span = Span::new(start, start + word.len() as u32);
        doc.add_entity(&Entity { span, label, name, norm: None, chain: None });
    }
    Places::build(options).expect("the options are good").process(&mut doc).expect("no text fails it");
    doc
}

/// What was found: `word value`, a line each.
fn found(doc: &Document<'_>) -> String {
    let lines = doc.open_layer("places").map(|(span, value)| format!("{} {value}", doc.slice(span)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn places_are_found_by_what_the_text_calls_them_and_by_their_full_name() {
    let text = "Talks in GENEVA and Kiev failed; ships wait in the Canal, says Paris Ndiaye of Atlantis.";
    let entities = [
        ("GENEVA", "GPE", None),
        ("Kiev", "GPE", None),
        ("Canal", "FAC", Some("Suez Canal")),
        ("Paris", "PERSON", None),
        ("Atlantis", "LOC", None),
    ];
    insta::assert_snapshot!(found(&run(PlacesOptions::default(), text, &entities)), @r#"
    GENEVA {"name":"Geneva","latitude":46.2,"longitude":6.14,"state":"CHE"}
    Kiev {"name":"Kyiv","latitude":50.45,"longitude":30.52,"state":"UKR"}
    Canal {"name":"Suez Canal","latitude":30.58,"longitude":32.27,"state":"EGY"}
    "#);
}

/// A file that is gone after the test.
struct File(std::path::PathBuf);

impl File {
    fn with(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("demarche-places-{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("temporary files can be written");
        Self(path)
    }

    fn options(&self) -> PlacesOptions {
        let path = serde_json::to_value(&self.0).expect("a path is text");
        PlacesOptions { table: Some(serde_json::from_value::<FilePath>(path).expect("a path is text")) }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_table_of_ones_own() {
    let file = File::with("own", "# ours\n\nAtlantis\t-12.5\t30\n");
    let doc = run(file.options(), "Geneva, Atlantis", &[("Geneva", "GPE", None), ("Atlantis", "LOC", None)]);
    assert_eq!(found(&doc), "Atlantis {\"name\":\"Atlantis\",\"latitude\":-12.5,\"longitude\":30.0}");
}

#[test]
fn a_wrong_line_is_named() {
    for (name, text, message) in [
        ("a", "Geneva\t46.2\n", "1: the longitude is missing: put a tab and a number after the name"),
        ("b", "#\nGeneva\tnorth\t6\n", "2: `north` is no latitude: write degrees from -90 to 90"),
        ("c", "Geneva\t46\t181\n", "1: `181` is no longitude: write degrees from -180 to 180"),
        ("d", "\t46\t6\n", "1: the name is missing"),
    ] {
        let file = File::with(name, text);
        let error = Places::build(file.options()).err().expect("the line is wrong").to_string();
        assert_eq!(error, format!("{}:{message}", file.0.display()));
    }
}
