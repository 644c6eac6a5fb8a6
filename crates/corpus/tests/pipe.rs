//! What is no file is written to as it is.
#![cfg(unix)]

use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::process::Command;

use demarche_corpus::{Output, Target};

/// A device or a pipe stays what it is: renaming a file to its name would put an end to it.
#[test]
fn a_named_pipe_is_written_to_and_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut text = String::new();
            std::fs::File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
            text
        }
    });
    let mut output = Output::create(&Target::File(pipe.clone())).unwrap();
    output.write(b"a line\n").unwrap();
    output.finish().unwrap();
    assert_eq!(reader.join().unwrap(), "a line\n");
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}
