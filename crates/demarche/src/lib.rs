#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub use demarche_core::*;
pub use {demarche_corpus as corpus, demarche_plugin as plugin, demarche_runner as runner};

pub mod ready;

/// Every built-in stage, in the order in which a pipeline has them.
///
/// # Panics
/// Never: the names are checked by the tests.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    for register in [
        demarche_tokenize::register,
        demarche_syntax::register,
        demarche_entity::register,
        demarche_coreference::register,
        demarche_quote::register,
        demarche_sanction::register,
    ] {
        register(&mut registry).expect("the built-in stages have names of their own");
    }
    registry
}
