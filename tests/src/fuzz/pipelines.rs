//! Pipeline files of any bytes: a pipeline, or errors that can be shown where they are.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex};

use demarche::runner::{LoadErrors, parse_pipeline};
use demarche::{Document, Registry, Stage, StageError, StageKind};

use super::Folder;

/// A pipeline file. It is not run: what its stages do with texts is for other targets.
pub fn pipeline_toml(bytes: &[u8]) {
    thread_local! {
        /// What paths in the file are relative to.
        static BASE: Folder = Folder::new();
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parse = || BASE.with(|base| parse_pipeline(text, "any.toml", base.path(), registry(), 1));
    match parse() {
        Ok(loaded) => {
            assert!(loaded.pipeline.stages().len() > 0, "a pipeline has stages");
            assert_eq!(parse().expect("it was one before").fingerprint, loaded.fingerprint);
        }
        Err(errors) => check_errors(&errors, text),
    }
}

/// Each error stands in the text, and all of them can be shown.
fn check_errors(errors: &LoadErrors, text: &str) {
    assert!(!errors.errors().is_empty(), "an error says what is wrong");
    for error in errors.errors() {
        let places = error.span.iter().chain(error.related.as_ref().map(|(span, _)| span));
        assert!(places.into_iter().all(|span| text.get(span.clone()).is_some()), "{error:?}");
        assert_eq!(errors.line(error).is_some(), error.span.is_some());
    }
    assert!(errors.render(false).lines().count() > errors.errors().len());
    errors.render(true);
}

/// The built-in stages, each of which is built only once with the same options: some take long.
fn registry() -> Registry {
    static KINDS: LazyLock<Registry> = LazyLock::new(demarche::registry);
    static BUILT: Mutex<Option<HashSet<(String, String)>>> = Mutex::new(None);
    let mut registry = Registry::default();
    for known in KINDS.kinds() {
        let mut kind = StageKind::new(known.name.clone(), |options| {
            let key = (known.name.clone(), options.to_string());
            let is_built = |built: &mut Option<HashSet<_>>| built.get_or_insert_default().contains(&key);
            if !is_built(&mut BUILT.lock().expect("nobody panics holding it")) {
                known.build(options)?;
                BUILT.lock().expect("nobody panics holding it").get_or_insert_default().insert(key);
            }
            Ok(Box::new(Built))
        });
        kind.reads.clone_from(&known.reads);
        kind.writes.clone_from(&known.writes);
        kind.options = known.options.clone();
        registry.add(kind).expect("the names are those of a registry");
    }
    registry
}

/// A stage that could be built.
struct Built;

impl Stage for Built {
    fn process(&self, _: &mut Document<'_>) -> Result<(), StageError> {
        Ok(())
    }
}
