//! What a person sees: `demarche show`, `run --format pretty`, `stages`, `completions`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use demarche_tests::demarche;

fn show(arguments: &[&str], input: &str) -> String {
    let output = demarche().arg("show").args(arguments).write_stdin(input).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const RESULT: &str = r#"{"id": "1", "text": "Seoul said: “No.” It froze assets of Rosneft.",
    "entities": [{"span": [0, 5], "label": "GPE", "name": "Seoul", "norm": "KOR"}],
    "quotes": [{"kind": "direct", "content": [[12, 17]], "cue": [[6, 10]], "source": [[0, 5]],
                "speaker": {"name": "Seoul", "norm": "KOR"}}],
    "sanctions": [{"trigger": [21, 26], "action": "impose", "measures": ["asset_freeze"], "factuality": "actual",
                   "sender": [{"span": [18, 20], "norm": "KOR"}], "target": [{"span": [37, 44], "norm": "Rosneft"}]}]}"#;

#[test]
fn names_and_quotations_are_marked_without_colors_too() {
    insta::assert_snapshot!(show(&["-"], &RESULT.replace('\n', " ")));
}

#[test]
fn colors_on_demand() {
    let shown = show(&["-", "--color", "always"], &RESULT.replace('\n', " "));
    assert!(shown.contains("\u{1b}[34mSeoul\u{1b}[0m"), "a state is blue: {shown:?}");
    let without = anstream::adapter::strip_str(&shown).to_string();
    assert!(!without.contains('\u{1b}') && without.contains("Seoul"));
}

#[test]
fn only_the_lists() {
    let shown = show(&["-", "--lists"], &RESULT.replace('\n', " "));
    assert!(!shown.contains("[Seoul GPE KOR]") && shown.contains("Who said what"), "{shown}");
}

#[test]
fn a_text_is_processed_first() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("article.txt");
    fs::write(&article, "“We will not wait,” said Lena Hartwig, the mayor of Bremen.\n").unwrap();
    let shown = show(&[article.to_str().unwrap()], "");
    assert!(shown.contains("Lena Hartwig said: “We will not wait,” (direct)"), "{shown}");
}

#[test]
fn control_characters_of_a_text_do_not_reach_the_terminal() {
    let shown = show(&["-"], r#"{"id": "\u001b[2J", "text": "a\u001b]0;title\u0007 \u202e", "quotes": []}"#);
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n') && !shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn pretty_results() {
    let mut command = demarche();
    let output =
        command.args(["run", "news", "-", "--format", "pretty"]).write_stdin("Seoul protested.").output();
    let shown = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(shown.contains("[Seoul GPE KOR] protested."), "{shown}");
}

#[test]
fn stages_are_listed_and_described() {
    let listed = demarche().arg("stages").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for kind in demarche::registry().kinds() {
        assert!(listed.contains(&kind.name) && listed.contains(&kind.summary), "{}", kind.name);
        let described = demarche().args(["stages", &kind.name]).output().unwrap();
        let described = String::from_utf8(described.stdout).unwrap();
        for key in kind.options["properties"].as_object().into_iter().flat_map(|options| options.keys()) {
            assert!(described.contains(key), "{key} of {}", kind.name);
        }
    }
}

#[test]
fn an_unknown_stage_is_answered_with_those_there_are() {
    let output = demarche().args(["stages", "qoute"]).assert().code(2).stdout("").get_output().clone();
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr));
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = demarche().args(["completions", shell]).output().unwrap();
        assert!(output.status.success() && output.stdout.len() > 500, "{shell}");
    }
}

#[test]
fn help_has_examples() {
    for command in [
        &["--help"][..],
        &["run", "--help"],
        &["show", "--help"],
        &["stages", "--help"],
        &["check", "--help"],
    ] {
        let output = demarche().args(command).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains("Example"), "{command:?}");
    }
}
