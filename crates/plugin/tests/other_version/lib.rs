//! A plugin for another version of the boundary: it has an entry symbol that no host of version 1 knows.
#![allow(unsafe_code, missing_docs, reason = "a test's plugin")]

#[unsafe(no_mangle)]
pub extern "C" fn demarche_plugin_v2() {}
