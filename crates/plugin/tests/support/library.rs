//! Finds the shared libraries that tests load. To be used from any test: `#[path = "…/library.rs"] mod library;`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library of a plugin's package, built if it is not up to date.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn package(name: &str) -> PathBuf {
    build(&["--package", name, "--lib"]);
    profile_folder().join(file_name(name))
}

/// A library that stands among the examples of a package, built if it is not up to date.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn example(package: &str, name: &str) -> PathBuf {
    build(&["--package", package, "--example", name]);
    profile_folder().join("examples").join(file_name(name))
}

/// `cargo test` does not build the libraries of other packages, nor always the examples; asking cargo costs little when
/// there is nothing to do.
fn build(what: &[&str]) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
    let folder = profile_folder();
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let target = folder.parent().expect("a profile's folder is in the target folder");
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--profile", profile])
        .args(what)
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(status.expect("cargo runs the tests").success(), "cargo builds {what:?}");
}

/// `target/debug`, for a test in `target/debug/deps`.
fn profile_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a file");
    test.parent().and_then(Path::parent).expect("tests lie in `deps`").to_owned()
}

fn file_name(name: &str) -> String {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    format!("{DLL_PREFIX}{}{DLL_SUFFIX}", name.replace('-', "_"))
}
