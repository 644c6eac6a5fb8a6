//! Documents in, tables out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demarche_core::{Document, Offsets, format};
use demarche_export::{Form, Shape, Table};

/// A text with an event, made for this test.
fn doc() -> Document<'static> {
    let text = "Paris, Oct. 3. Ghana and Mali expelled two Danish envoys; then, a paper wrote.";
    let at = |word: &str| {
        let start = text.find(word).unwrap();
        serde_json::json!([start, start + word.len()])
    };
    let party = |word: &str, norm: Option<&str>| serde_json::json!({"span": at(word), "norm": norm});
    let event = serde_json::json!({
        "trigger": at("expelled"), "action": "impose", "measures": ["diplomatic"], "factuality": "actual",
        "sender": [party("Ghana", Some("GHA")), party("Mali", Some("MLI"))],
        "target": [party("two Danish envoys", None)], "actor": [], "instrument": null, "reason": null,
        "date": at("Oct. 3"), "quote": null, "cameo": "161", "plover": "SANCTION",
    });
    let json = serde_json::json!({
        "id": "a", "meta": {"date": "2031-10-04"}, "text": text, "sentences": [[0, 14], [15, text.len()]],
        "entities": [{"span": at("Oct. 3"), "label": "DATE", "name": null, "norm": "2031-10-03", "chain": null}],
        "sanctions": [event],
    });
    format::read(&json.to_string(), Offsets::Char).unwrap()
}

fn table(shape: Shape, form: Form) -> String {
    let mut table = Table::new(shape);
    table.add(&doc());
    let mut out = Vec::new();
    table.write(form, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_row_has_all_that_is_known_of_an_event() {
    let csv = table(Shape::Events, Form::Csv);
    let row = "a,2031-10-04,1,\"Ghana and Mali expelled two Danish envoys; then, a paper wrote.\",expelled,impose,diplomatic,\
        actual,GHA;MLI,two Danish envoys,,,,Oct. 3,2031-10-03,,,161,SANCTION,expel,";
    assert_eq!(csv.lines().nth(1), Some(row));
    let names = csv.lines().next().unwrap();
    assert_eq!(names.split(',').count(), 21);
    let json: serde_json::Value = serde_json::from_str(&table(Shape::Events, Form::JsonLines)).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys.join(","), names, "both forms have the same columns");
}

#[test]
fn dyads_are_rows_of_their_own() {
    let csv = table(Shape::Dyads, Form::Csv);
    let dyads: Vec<_> = csv.lines().skip(1).map(|row| row.contains(",GHA,two Danish envoys,")).collect();
    assert_eq!(dyads, [true, false]);
}

#[test]
fn events_are_counted_for_each_of_their_values() {
    let by = |keys: &str| Shape::Counts(keys.split(',').map(|key| key.parse().unwrap()).collect());
    let counts = table(by("month,sender,measure"), Form::Csv);
    assert_eq!(counts, "month,sender,measure,events\n2031-10,GHA,diplomatic,1\n2031-10,MLI,diplomatic,1\n");
    assert_eq!(table(by("action"), Form::JsonLines), "{\"action\":\"impose\",\"events\":1}\n");
}

#[test]
fn an_unknown_key_says_which_there_are() {
    let error = "year".parse::<demarche_export::By>().unwrap_err().to_string();
    assert_eq!(error, "`year` is no key: write any of month, sender, target, action, measure, factuality");
}

#[test]
fn a_table_without_events_has_its_names() {
    let mut out = Vec::new();
    Table::new(Shape::Events).write(Form::Csv, &mut out).unwrap();
    assert!(out.starts_with(b"document,published,event,"));
}

#[test]
fn r_no_cell_of_a_table_is_a_formula() {
    let json = format::read(
        r#"{"id": "=cmd()", "text": "@a froze -b.", "sanctions": [{"trigger": [3, 8], "action": "impose", "measures": [], "factuality": "actual",
            "sender": [{"span": [0, 2], "norm": null}], "target": [{"span": [9, 11], "norm": "+b"}], "actor": [],
            "instrument": null, "reason": null, "date": null, "quote": null}]}"#,
        Offsets::Char,
    );
    let mut table = Table::new(Shape::Events);
    table.add(&json.unwrap());
    let mut csv = Vec::new();
    table.write(Form::Csv, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let row = csv.lines().nth(1).unwrap();
    assert!(row.starts_with("'=cmd(),") && row.contains(",'@a,'+b,"), "{row}");
}
