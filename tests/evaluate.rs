//! `demarche evaluate` over real files.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use demarche_tests::demarche;
use serde_json::Value;

const GOLD: &str = "docs/gold-sample.jsonl";

/// A folder for what a test writes.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

/// Exit code, standard output, and standard error without the folder's name.
fn evaluate(case: &Case, arguments: &[&str]) -> (i32, String, String) {
    let output = demarche().arg("evaluate").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let folder = format!("{}/", case.folder.path().display());
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr).replace(&folder, ""))
}

fn json(arguments: &[&str]) -> Vec<Value> {
    let arguments: Vec<_> = arguments.iter().copied().chain(["--json", "-", "--quiet"]).collect();
    let (code, stdout, message) = evaluate(&Case::new(), &arguments);
    assert_eq!((code, message.as_str()), (0, ""));
    serde_json::from_str(&stdout).unwrap()
}

/// The figures without what differs by design: where the predictions come from.
fn figures(layers: &[Value]) -> Vec<(&Value, &Value, &Value)> {
    layers.iter().map(|layer| (&layer["layer"], &layer["documents"], &layer["scores"])).collect()
}

#[test]
fn gold_against_itself_is_all_right() {
    let layers = json(&[GOLD, GOLD]);
    let names: Vec<_> = layers.iter().map(|layer| layer["layer"].as_str().unwrap()).collect();
    assert_eq!(names, ["entities", "chains", "quotes", "sanctions"], "the layers that gold has");
    assert_eq!(layers[0]["scores"]["exact"]["f1"], 1.0);
    assert_eq!(layers[1]["scores"]["head"]["conll"]["f1"], 1.0);
    assert_eq!(layers[2]["scores"]["all"]["attribution"]["f1"], 1.0);
    assert_eq!(layers[3]["scores"]["dyads"]["f1"], 1.0);
    assert_eq!(layers[3]["documents"]["gold_without_layer"], 2);
}

#[test]
fn a_pipeline_scores_as_its_results_do() {
    let case = Case::new();
    let results = case.path("results.jsonl");
    demarche().args(["run", "news", GOLD, "-q", "-o", &results]).assert().success();
    let direct = json(&[GOLD, "--pipeline", "news"]);
    let from_file = json(&[GOLD, &results]);
    assert_eq!(figures(&direct), figures(&from_file));
    assert_eq!((&direct[0]["pipeline"], &direct[0]["predicted"]), (&Value::from("news"), &Value::Null));
    assert_eq!(
        figures(&json(&[GOLD, "--pipeline", "pipelines/news.toml", "--threads", "1"])),
        figures(&direct)
    );
    assert_eq!(direct[0]["documents"]["missing"], 0);
}

#[test]
fn a_pipeline_is_not_given_the_answers() {
    // A chain alone makes no document of ours, so that `run` would take the key for metadata.
    let case = Case::new();
    let gold = case.file(
        "gold.jsonl",
        "{\"id\": 3, \"text\": \"Oslo said it would.\", \"chains\": [{\"mentions\": [[0, 4], [10, 12]]}]}\n",
    );
    let (code, stdout, _) = evaluate(&case, &[&gold, "--pipeline", "entities", "--quiet"]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("chains: 1 document; 1 without the layer\n"), "{stdout}");
}

#[test]
fn units_are_converted() {
    let case = Case::new();
    let results = |unit: &str| {
        let path = case.path(&format!("{unit}.jsonl"));
        demarche().args(["run", "news", GOLD, "-q", "-o", &path, "--offsets", unit]).assert().success();
        path
    };
    let [chars, bytes, utf16] = ["char", "byte", "utf16"].map(results);
    let expected = json(&[GOLD, &chars]);
    assert_eq!(figures(&json(&[GOLD, &bytes, "--predicted-offsets", "byte"])), figures(&expected));
    assert_eq!(figures(&json(&[GOLD, &utf16, "--predicted-offsets", "utf16"])), figures(&expected));
    assert_eq!(json(&[&bytes, &bytes, "--offsets", "byte"])[0]["scores"]["tokens"]["f1"], 1.0);
    let (code, stdout, message) = evaluate(&case, &[GOLD, &bytes]);
    assert_eq!((code, stdout.as_str()), (3, ""));
    assert!(message.starts_with("error: `byte.jsonl`: counted in code points, "), "{message}");
    assert!(message.ends_with(": name the unit with `--predicted-offsets byte`\n"), "{message}");
}

#[test]
fn tables_and_json_go_where_they_are_sent() {
    let case = Case::new();
    let file = case.path("figures.json");
    let (code, stdout, message) = evaluate(&case, &[GOLD, GOLD, "-l", "quotes,entities", "--json", &file]);
    assert_eq!((code, message.as_str()), (0, ""));
    assert!(stdout.starts_with("entities: 2 documents; 4 not annotated (left out)\n"), "{stdout}");
    assert!(stdout.contains("\n\nquotes: 2 documents"), "{stdout}");
    let layers: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(layers.len(), 2);
    assert_eq!(layers[1]["gold"], GOLD);
}

#[test]
fn labels_in_groups() {
    let groups = "PER=PERSON;PLACE=GPE,LOC,FAC";
    let layers = json(&[GOLD, GOLD, "--layer", "entities", "--labels", groups]);
    let labels: Vec<_> = layers[0]["scores"]["by_label"].as_object().unwrap().keys().collect();
    assert_eq!(labels, ["PER", "PLACE"]);
    assert_eq!(layers[0]["labels"], groups);
    let (code, _, message) = evaluate(&Case::new(), &[GOLD, GOLD, "--labels", "A=ORG;B=GPE,ORG"]);
    assert_eq!((code, message.as_str()), (2, "error: the label `ORG` is in two groups, `A` and `B`\n"));
}

#[test]
fn documents_that_cannot_be_scored() {
    for (gold, code, message) in [
        (
            "{\"id\": 1, \"text\": \"x\", \"quotes\": [}\n",
            3,
            "error: gold.jsonl:1: not a JSON object: expected value at line 1, column 35\n",
        ),
        (
            "\n{\"id\": 1, \"text\": \"x\"}\n{\"id\": 1, \"text\": \"x\"}\n",
            3,
            "error: gold.jsonl:3: the id `1` occurs twice, first at gold.jsonl:2\n",
        ),
        ("{\"text\": \"x\"}\n", 3, "error: gold.jsonl:1: not a document: missing field `id`\n"),
        (
            "{\"id\": \"a\", \"text\": \"Oslo\", \"entities\": [{\"span\": [0, 5]}]}\n",
            3,
            "error: gold.jsonl:1: document `a`: `entities[0].span`: [0, 5] is not a stretch of the text, which is 4 code points long\n",
        ),
        (
            "{\"id\": \"a\", \"text\": \"Oslo\", \"quotes\": [{\"kind\": []}]}\n",
            3,
            "error: gold.jsonl:1: document `a`: `quotes[0].kind`: invalid type: sequence, expected a string\n",
        ),
        (
            "{\"id\": \"a\", \"text\": \"Oslo\"}\n",
            2,
            "error: no document of `gold.jsonl` has a layer to score\n",
        ),
    ] {
        let case = Case::new();
        let gold = case.file("gold.jsonl", gold);
        assert_eq!(evaluate(&case, &[&gold, &gold]), (code, String::new(), message.to_owned()));
    }
}

#[test]
fn files_that_are_not_there() {
    let (code, _, message) = evaluate(&Case::new(), &["nowhere.jsonl", GOLD]);
    assert_eq!(code, 2);
    assert!(message.starts_with("error: cannot read `nowhere.jsonl`: "), "{message}");
    let (code, _, message) = evaluate(&Case::new(), &[GOLD, "--pipeline", "nowhere"]);
    assert_eq!(code, 2);
    assert!(message.contains("there is no pipeline file `nowhere`; the ready pipelines are"), "{message}");
    let (code, _, message) = evaluate(&Case::new(), &[GOLD]);
    assert_eq!(code, 2);
    assert!(message.contains("PREDICTED"), "{message}");
}

#[test]
fn documents_that_fail_are_named_and_missing() {
    let case = Case::new();
    let pipeline = case.file(
        "p.toml",
        "[run]\ndocument_seconds = 0.001\n\n[[stage]]\nuse = \"tokenize\"\n\n[[stage]]\nuse = \"syntax\"\n",
    );
    let line = |id: &str, text: &str| serde_json::json!({"id": id, "text": text, "tokens": []}).to_string();
    let long = "Oslo said so. ".repeat(20_000);
    let gold = case.file("gold.jsonl", &format!("{}\n{}\n", line("long", &long), line("empty", "")));
    let (code, stdout, message) = evaluate(&case, &[&gold, "--pipeline", &pipeline, "-q", "-l", "tokens"]);
    assert_eq!(code, 1, "{message}");
    assert!(message.starts_with("error: gold.jsonl:1: stage `"), "{message}");
    assert!(message.ends_with("error: 1 of 2 documents failed, and count as missing\n"), "{message}");
    assert!(stdout.starts_with("tokens: 2 documents; 1 MISSING\n"), "{stdout}");
}
