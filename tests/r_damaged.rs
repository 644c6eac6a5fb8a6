//! Promise 21: a damaged model, journal or gazetteer is refused by name, or what it says is what it says: nothing is taken for what it is
//! not. The container of models byte by byte: `crates/model/tests/format.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use demarche::runner::parse_pipeline;
use demarche_tests::disk::Disk;
use demarche_tests::job::{Job, records};
use demarche_tests::root;

/// Each byte of a journal changed: it is refused by name, or what it says up to there is true, and the same bytes come out.
#[test]
fn r_damaged_journal() {
    const STOP_AFTER: u64 = 6;
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.jsonl");
    fs::write(&input, records(10)).unwrap();
    let job = Job::quick(&input, Path::new("out.jsonl"));
    let whole = Disk::default();
    job.go_on(Arc::new(whole.clone()), &mut |_, _| {}).unwrap();
    let begun = Disk::default();
    let mut stop = |n: u64, stop: &demarche::runner::Stop| {
        if n == STOP_AFTER {
            stop.ask();
        }
    };
    job.go_on(Arc::new(begun.clone()), &mut stop).unwrap_err();

    let journal = begun.files().remove(Path::new("out.jsonl.journal")).unwrap();
    let last_line = journal[..journal.len() - 1].iter().rposition(|&byte| byte == b'\n').unwrap() + 1;
    let mut n_refused = 0;
    for at in 0..journal.len() {
        for change in [0x01, 0x80] {
            let mut damaged = journal.clone();
            damaged[at] ^= change;
            let disk = begun.copy();
            disk.write("out.jsonl.journal", &damaged);
            if let Err(error) = job.go_on(Arc::new(disk.clone()), &mut |_, _| {}) {
                let error = error.to_string();
                assert!(error.starts_with("`out.jsonl.journal` is damaged in line "), "{at}: {error}");
                n_refused += 1;
            } else {
                // A line that is last, or has become a part of the last one, may be one that was being written.
                assert!(at + 1 >= last_line, "byte {at} of {}", journal.len());
                assert!(disk.files() == whole.files(), "byte {at}");
            }
        }
    }
    assert!(n_refused >= 2 * (last_line - 1), "{n_refused}");
    for other in [&b""[..], b"\n", b"{}\n", b"00000000 {}\n", &[0; 4096]] {
        let disk = begun.copy();
        disk.write("out.jsonl.journal", other);
        let error = job.go_on(Arc::new(disk), &mut |_, _| {}).unwrap_err().to_string();
        assert_eq!(error, "`out.jsonl.journal` is damaged in line 1, or no journal");
    }
}

/// What is said of a pipeline with this option; empty if nothing is wrong.
fn said_of(stage: &str, option: &str, path: &Path) -> String {
    let pipeline = format!("[[stage]]\nuse = \"{stage}\"\n{option}\n")
        .replace("PATH", &format!("{:?}", path.to_str().unwrap()));
    let stages = "[[stage]]\nuse = \"tokenize\"\n".to_owned() + &pipeline;
    match parse_pipeline(&stages, "p.toml", Path::new(""), demarche::registry(), 1) {
        Ok(_) => String::new(),
        Err(errors) => errors.render(false),
    }
}

/// Names are text, and another letter makes another name; whatever is no such text is refused with its line.
#[test]
fn r_damaged_gazetteer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.tsv");
    let list = "# own\nAb|Cé\tORG\tX1\nDe\tGPE\n";
    let (mut n_refused, mut n_taken) = (0, 0);
    for at in 0..list.len() {
        for byte in [list.as_bytes()[at] ^ 0x01, list.as_bytes()[at] ^ 0x80, b'\t', b'\n', 0] {
            let mut damaged = list.as_bytes().to_vec();
            damaged[at] = byte;
            fs::write(&path, &damaged).unwrap();
            let said = said_of("entity", "recognizer = \"rules\"\ngazetteers = [PATH]", &path);
            if said.is_empty() {
                assert!(std::str::from_utf8(&damaged).is_ok(), "byte {at} as {byte:#x}");
                n_taken += 1;
            } else {
                assert!(
                    said.contains("own.tsv") && said.contains("p.toml: 1 error"),
                    "byte {at} as {byte:#x}: {said}"
                );
                n_refused += 1;
            }
        }
    }
    assert!(n_refused > 30 && n_taken > 30, "{n_refused} {n_taken}");
}

#[test]
fn r_damaged_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.model");
    let file = |of: &str| fs::read(root().join("crates").join(of).join("models/english.model")).unwrap();
    for (stage, of, another) in
        [("tags", "syntax", "entity"), ("syntax", "syntax", "quote"), ("entity", "entity", "syntax")]
    {
        let model = file(of);
        fs::write(&path, &model).unwrap();
        assert_eq!(said_of(stage, "model = PATH", &path), "", "the model itself");
        let refused = |bytes: &[u8], why: &str| {
            fs::write(&path, bytes).unwrap();
            let said = said_of(stage, "model = PATH", &path);
            assert!(said.contains("own.model") && said.contains(why), "{stage}: {said}");
        };
        for at in [0, 7, 8, 16, 24, 32, 39, 40, 60, 1_000, model.len() / 2, model.len() - 1] {
            let mut damaged = model.clone();
            damaged[at] ^= 0x10;
            refused(&damaged, "model");
        }
        refused(&model[..model.len() - 1], "the model is damaged");
        refused(&[&model[..], b"x"].concat(), "the model is damaged");
        refused(b"", "not a model of demarche");
        refused(&file(another), &format!("the model is `{another}`"));
    }
}
