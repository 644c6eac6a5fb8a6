//! The stages up to quotations, as a pipeline.

use demarche_core::{Pipeline, Registry};
use serde_json::{Value, json};

/// All stages that quotations need, and the stage itself, with their defaults.
#[allow(dead_code, reason = "not every test file needs both")]
pub(crate) fn pipeline() -> Pipeline {
    pipeline_with(&json!({}))
}

/// The same with options for the stage `quote`.
pub(crate) fn pipeline_with(options: &Value) -> Pipeline {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry).unwrap();
    demarche_syntax::register(&mut registry).unwrap();
    demarche_entity::register(&mut registry).unwrap();
    demarche_coreference::register(&mut registry).unwrap();
    demarche_quote::register(&mut registry).unwrap();
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        let defaults = json!({});
        let options = if kind.name == "quote" { options } else { &defaults };
        pipeline.push(kind, kind.build(options).unwrap());
    }
    pipeline
}
