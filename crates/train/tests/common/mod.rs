//! Runs the command.

use std::path::Path;
use std::process::Command;

/// What is written into `out` under this name, and what the command says, after training on a file and measuring on it.
pub(crate) fn train(command: &[&str], data: &Path, out: &Path, name: &str) -> (Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_demarche-train"))
        .args(command)
        .arg("--train")
        .arg(data)
        .arg("--dev")
        .arg(data)
        .arg("--out")
        .arg(out)
        .output()
        .expect("the command runs");
    let log = String::from_utf8(output.stderr).expect("the log is UTF-8");
    assert!(output.status.success(), "{log}");
    (std::fs::read(out.join(name)).expect("the model was written"), log)
}
