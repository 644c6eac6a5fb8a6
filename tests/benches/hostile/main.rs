//! Text and files made to hurt: how time grows with them, and what a byte of them costs next to a byte of news.
//!
//! Each family of texts (`tests/src/hostile.rs`) goes through each stage of the `news` pipeline, each family of files
//! (`tests/src/hostile_files.rs`) through its reader, at a quarter, a half and all of `--bytes`. Time is that of the
//! thread on the processor, the least of some rounds. What grows more than 2.2 times where the text doubles, or what costs
//! more than 20 times as much as news in all, is marked.
//!
//! ```sh
//! cargo bench -p demarche-tests --bench hostile -- [--bytes N] [PART OF A FAMILY'S NAME …]
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails by panicking, and prints")]

use std::process::{Command, ExitCode};

mod files;
mod growth;
mod texts;

/// What is measured.
struct Selection {
    /// Size of the largest text, in bytes; `None` for what suits.
    bytes: Option<u32>,
    /// Parts of the names of families; all where there are none.
    names: Vec<String>,
}

impl Selection {
    fn given() -> Self {
        let mut selection = Self { bytes: None, names: Vec::new() };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // What cargo says.
                "--bench" => {}
                "--bytes" => selection.bytes = Some(arguments.next().unwrap().parse().unwrap()),
                name => selection.names.push(name.to_owned()),
            }
        }
        selection
    }

    fn has(&self, family: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| family.contains(name.as_str()))
    }
}

/// Lets the C library keep the memory that it has: what fresh memory costs comes in steps, at which time seems to grow.
const KEPT_MEMORY: (&str, &str) =
    ("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=8589934592");

fn main() -> ExitCode {
    if std::env::var_os(KEPT_MEMORY.0).is_none() {
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(std::env::args().skip(1)).env(KEPT_MEMORY.0, KEPT_MEMORY.1);
        return if again.status().unwrap().success() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let selection = Selection::given();
    println!("{}", growth::HEADING);
    let n_marked = texts::measure(&selection) + files::measure(&selection);
    println!("{n_marked} marked");
    ExitCode::SUCCESS
}
