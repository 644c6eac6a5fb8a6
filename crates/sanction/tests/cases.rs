//! The cases of `tests/cases/*.md`: a heading a phenomenon, a sentence of why, the text quoted, the events as a list.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its cases has failed")]

mod common;

use std::path::Path;

struct Case {
    name: String,
    text: String,
    expected: Vec<String>,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in markdown.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case { name: name.to_owned(), text: String::new(), expected: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            if let Some(text) = line.strip_prefix("> ") {
                if !case.text.is_empty() {
                    case.text.push('\n');
                }
                case.text.push_str(text);
            } else if let Some(event) = line.strip_prefix("- ") {
                case.expected.push(event.to_owned());
            }
        }
    }
    cases
}

fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut wrong = String::new();
    let cases = cases(&std::fs::read_to_string(path).unwrap());
    for case in cases.into_iter().filter(|case| !case.text.is_empty()) {
        let found = common::events(&common::annotate(&case.text));
        if found != case.expected {
            wrong += &format!(
                "\n## {}\n> {}\nexpected:\n- {}\nfound:\n- {}\n",
                case.name,
                case.text,
                case.expected.join("\n- "),
                found.join("\n- ")
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_examples_of_the_page_on_sanctions() {
    check("../../docs/sanctions.md");
}

macro_rules! files {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(concat!("tests/cases/", stringify!($name), ".md"));
        })*

        #[test]
        fn every_file_is_checked() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
            let mut files: Vec<_> =
                folder.read_dir().unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            files.sort();
            assert_eq!(files, [$(concat!(stringify!($name), ".md"),)*]);
        }
    };
}

files! { action arguments factuality not_events }
