//! Compiles plugins in C. To be used from any test: `#[path = "support/c.rs"] mod c;`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library of a source file below this package, compiled into a folder with a header; `None` without a C compiler.
#[expect(clippy::print_stdout, reason = "says that a test was passed over")]
pub(crate) fn compiled(source: &str, header: &str, folder: &Path) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = Path::new(source).file_stem().expect("a source has a name").to_string_lossy();
    let library = folder.join(format!("lib{name}.so"));
    let compile = Command::new("cc")
        .args(["-std=c11", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC"])
        .arg("-fvisibility=hidden")
        .arg("-I")
        .arg(root.join(header))
        .arg(root.join(source))
        .arg("-o")
        .arg(&library)
        .output();
    match compile {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            println!("no C compiler, so that nothing is tested: {error}");
            return None;
        }
    }
    Some(library)
}
