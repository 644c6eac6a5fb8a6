//! `demarche-train`.
fn main() {}
