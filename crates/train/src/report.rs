//! What every command does at its end, and how it speaks to its user.

use std::path::Path;

use anyhow::Context;

/// Writes a model into a folder, which is made if need be.
///
/// # Errors
/// If the folder or the file cannot be made; the error names it.
pub(crate) fn write_model(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    eprint_line(&format!("wrote {} ({} bytes)", path.display(), bytes.len()));
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a command reports to its user")]
pub(crate) fn eprint_line(line: &str) {
    eprintln!("{line}");
}
