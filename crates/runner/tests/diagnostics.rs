//! Each pipeline file of `tests/pipelines` has something wrong with it; what is said of it stands beside it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod common;

use std::path::Path;

use demarche_runner::load_pipeline;

#[test]
fn each_error_shows_the_place_and_says_what_to_write() {
    let folder = Path::new("tests/pipelines");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("pipelines");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in files {
            let errors = load_pipeline(&path, common::registry(), 1).expect_err(path.to_str().unwrap());
            let name = path.file_stem().unwrap().to_str().unwrap();
            insta::assert_snapshot!(name, errors.render(false));
        }
    });
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let errors = load_pipeline(Path::new("tests/no-such-file.toml"), common::registry(), 1).unwrap_err();
    let shown = "error: cannot read the pipeline file: No such file or directory (os error 2)
--> tests/no-such-file.toml

tests/no-such-file.toml: 1 error
";
    assert_eq!(errors.render(false), shown);
}

#[test]
fn color_is_added_when_it_is_asked_for() {
    let errors = load_pipeline(Path::new("tests/pipelines/twice.toml"), common::registry(), 1).unwrap_err();
    assert!(errors.render(true).contains("\u{1b}["));
    assert!(!errors.render(false).contains('\u{1b}'));
    assert_eq!(errors.line(&errors.errors()[0]), Some(5));
}
