//! The command over a tiny treebank written for this test.

use std::path::Path;
use std::process::Command;

/// A word a line: form, lemma, UPOS, XPOS, head, relation.
const TREEBANK: &str = "\
Rain rain NOUN NN 2 nsubj
fell fall VERB VBD 0 root
. . PUNCT . 2 punct

The the DET DT 2 det
mayor mayor NOUN NN 3 nsubj
spoke speak VERB VBD 0 root
twice twice ADV RB 3 advmod
. . PUNCT . 3 punct

The the DET DT 2 det
mayors mayor NOUN NNS 3 nsubj
fell fall VERB VBD 0 root
. . PUNCT . 3 punct
";

fn conllu() -> String {
    let mut out = String::new();
    for sentence in TREEBANK.split("\n\n") {
        for (i, word) in sentence.lines().enumerate() {
            let fields: Vec<&str> = word.split(' ').collect();
            let &[form, lemma, upos, xpos, head, deprel] = &fields[..] else { panic!("six fields: {word}") };
            out += &format!("{}\t{form}\t{lemma}\t{upos}\t{xpos}\t_\t{head}\t{deprel}\t_\t_\n", i + 1);
        }
        out += "\n";
    }
    out
}

fn train(treebank: &Path, out: &Path, extra: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_demarche-train"))
        .args([
            "words",
            "--dim",
            "16",
            "--arc",
            "8",
            "--rel",
            "8",
            "--rate",
            "0.02",
            "--dropout",
            "0",
            "--recase",
            "0",
        ])
        .arg("--train")
        .arg(treebank)
        .arg("--dev")
        .arg(treebank)
        .arg("--out")
        .arg(out)
        .args(extra)
        .output()
        .expect("the command runs")
}

#[test]
fn the_same_command_gives_the_same_bytes_and_learns() {
    let folder = tempfile::tempdir().unwrap();
    let treebank = folder.path().join("tiny.conllu");
    std::fs::write(&treebank, conllu()).unwrap();
    let model = |name: &str, extra: &[&str]| {
        let out = folder.path().join(name);
        let output = train(&treebank, &out, extra);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        (std::fs::read(out.join("english.model")).unwrap(), log)
    };
    let (first, log) = model("first", &["--passes", "300"]);
    let (second, _) = model("second", &["--passes", "300"]);
    let (other_seed, _) = model("other", &["--passes", "300", "--seed", "2"]);
    assert!(first == second, "the same command, other bytes");
    assert!(first != other_seed, "another seed, the same bytes");
    let figures = log.lines().rfind(|line| line.contains("UPOS")).unwrap();
    assert!(
        figures
            .ends_with("UPOS 100.00 (without trees 100.00) XPOS 100.00 lemma 100.00 UAS 100.00 LAS 100.00"),
        "a treebank of twelve words is learned by heart: {figures}"
    );
}

#[test]
fn a_treebank_that_is_none_is_an_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let treebank = folder.path().join("broken.conllu");
    std::fs::write(&treebank, "1\tRain\train\n").unwrap();
    let output = train(&treebank, folder.path(), &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(message.contains("broken.conllu:1"), "{message}");
    assert!(message.contains("a word has ten columns, this line has 3"), "{message}");
}
