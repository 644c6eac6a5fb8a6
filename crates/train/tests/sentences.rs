//! The command over a few sentences written for this test.

use std::path::Path;

mod common;

/// A letter whose sentences end without marks, where its lines did; a blank line between paragraphs.
const LETTER: [[&str; 4]; 2] = [
    [
        "Ann Lind 10:45 AM",
        "We met in Oslo and saw the old town and then went home by the last train",
        "Thanks",
        "Kari",
    ],
    [
        "Kari Ode 11:20 AM",
        "They met in Bergen and saw the new port and then left it with the next ship",
        "Thanks",
        "Ann",
    ],
];

fn conllu() -> String {
    let mut out = String::new();
    for letter in LETTER.repeat(5) {
        out += "# newdoc\n# newpar\n";
        for sentence in letter {
            out += &format!("# text = {sentence}\n1\t_\t_\tX\t_\t_\t0\troot\t_\t_\n\n");
        }
    }
    out
}

fn train(data: &Path, out: &Path) -> (Vec<u8>, String) {
    common::train(&["sentences"], data, out, "sentences.model")
}

#[test]
fn the_same_command_gives_the_same_bytes_and_learns() {
    let folder = tempfile::tempdir().unwrap();
    let treebank = folder.path().join("tiny.conllu");
    std::fs::write(&treebank, conllu()).unwrap();
    let (first, log) = train(&treebank, &folder.path().join("first"));
    let (second, _) = train(&treebank, &folder.path().join("second"));
    assert!(first == second, "the same command, other bytes");
    assert!(log.contains("tiny.conllu: F1 100.00"), "a letter is learned by heart: {log}");
}
