//! Documents as they stand in files: what can be read is written as it was, and into every other format.

use demarche::{Document, Offsets, format};
use demarche_export::{Brat, Form, Page, Shape, Stats, Table, conllu};

use super::check_message;

const UNITS: [Offsets; 3] = [Offsets::Byte, Offsets::Char, Offsets::Utf16];

/// A document with its layers, as a line of results has it.
pub fn document(bytes: &[u8]) {
    let Ok(json) = std::str::from_utf8(bytes) else { return };
    for unit in UNITS {
        match format::read(json, unit) {
            Ok(doc) => {
                is_written_as_it_is_read(&doc);
                is_exported(&doc);
            }
            Err(error) => check_message(&error.to_string()),
        }
    }
}

/// In each unit of offsets, what is written is read as the same document.
pub(super) fn is_written_as_it_is_read(doc: &Document<'_>) {
    let in_bytes = written(doc, Offsets::Byte);
    for unit in UNITS {
        let json = written(doc, unit);
        let back = format::read(&json, unit).unwrap_or_else(|error| panic!("{error}: {json}"));
        assert_eq!(written(&back, unit), json);
        assert_eq!(written(&back, Offsets::Byte), in_bytes);
    }
}

pub(super) fn written(doc: &Document<'_>, unit: Offsets) -> String {
    String::from_utf8(format::to_vec(doc, unit)).expect("JSON is UTF-8")
}

/// Other formats take any document, and none of them takes its text for something else.
fn is_exported(doc: &Document<'_>) {
    let mut rows = String::new();
    conllu(doc, &mut rows);
    let words = rows.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert!(words.into_iter().all(|line| line.split('\t').count() == 10), "a word has ten columns: {rows:?}");

    let mut brat = Brat::default();
    brat.annotations(doc);
    brat.configuration();

    let mut page = Page::default();
    let html = page.document(doc) + &page.end();
    assert!(!html.contains("<script"), "a text is no markup");

    let mut stats = Stats::default();
    stats.add(doc);
    stats.table(10);

    for shape in [Shape::Events, Shape::Dyads] {
        let mut table = Table::new(shape);
        table.add(doc);
        for form in [Form::Csv, Form::JsonLines] {
            table.write(form, &mut Vec::new()).expect("memory takes it");
        }
    }
}
