//! The stages up to quotations, as a pipeline.

use demarche_core::{Pipeline, Registry};
use serde_json::json;

/// All stages that quotations need, and the stage itself, with their defaults.
pub fn pipeline() -> Pipeline {
    let mut registry = Registry::default();
    demarche_tokenize::register(&mut registry).unwrap();
    demarche_syntax::register(&mut registry).unwrap();
    demarche_entity::register(&mut registry).unwrap();
    demarche_coreference::register(&mut registry).unwrap();
    demarche_quote::register(&mut registry).unwrap();
    let mut pipeline = Pipeline::new();
    for kind in registry.kinds() {
        pipeline.push(kind, kind.build(&json!({})).unwrap());
    }
    pipeline
}
