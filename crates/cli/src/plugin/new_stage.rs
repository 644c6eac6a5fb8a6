//! `demarche new-stage`: a folder to begin with, from the templates in `templates/`.
//!
//! The templates are files that work as they are, for a stage that is called `my-stage`; here it gets its name.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, bail};

use super::args::{Language, NewStageArgs};
use crate::output;

/// Where the Rust template finds the crate `demarche-plugin` if nobody says otherwise.
const REPOSITORY: &str =
    concat!(r#"{ git = ""#, env!("CARGO_PKG_REPOSITORY"), r#"", default-features = false }"#);
/// Names with which a template would not build.
const RESERVED: &str = include_str!("../../templates/reserved.txt");

/// A file of a template: where it goes, and what stands in it.
type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal, $($file:literal => $to:literal),+ $(,)?) => {
        &[$(($to, include_str!(concat!("../../templates/", $folder, $file)))),+]
    };
}

const ARTICLE: File = ("article.txt", include_str!("../../templates/article.txt"));
const HEADER: File = ("demarche_plugin.h", demarche::plugin::HEADER);
const RUST: &[File] = files!(
    "rust/",
    "Cargo.toml.in" => "Cargo.toml", "README.md" => "README.md", "gitignore" => ".gitignore", "lib.rs" => "src/lib.rs",
    "pipeline.toml" => "pipeline.toml", "stage.rs" => "tests/stage.rs",
);
const C: &[File] = files!(
    "c/",
    "Makefile" => "Makefile", "README.md" => "README.md", "gitignore" => ".gitignore", "my_stage.c" => "my_stage.c",
    "pipeline.toml" => "pipeline.toml",
);
const GO: &[File] = files!(
    "go/",
    "Makefile" => "Makefile", "README.md" => "README.md", "gitignore" => ".gitignore", "boundary.c" => "boundary.c",
    "boundary.go" => "boundary.go", "boundary.h" => "boundary.h", "go.mod.in" => "go.mod", "pipeline.toml" => "pipeline.toml",
    "stage.go" => "stage.go",
);

/// Writes the folder and says how to go on.
pub(crate) fn new_stage(args: &NewStageArgs) -> anyhow::Result<()> {
    let name = args.name.as_str();
    check_name(name)?;
    let folder = args.folder.clone().unwrap_or_else(|| name.into());
    if folder.exists() {
        bail!(
            "`{}` is there already: move it, or say with `--folder` where the stage is to go",
            folder.display()
        );
    }
    let sdk = match &args.sdk {
        Some(path) => {
            let path =
                fs::canonicalize(path).with_context(|| format!("there is no crate `{}`", path.display()))?;
            format!("{{ path = {:?}, default-features = false }}", path.to_string_lossy())
        }
        None => REPOSITORY.to_owned(),
    };
    let (files, shared): (&[File], &[File]) = match args.lang {
        Language::Rust => (RUST, &[ARTICLE]),
        Language::C => (C, &[ARTICLE, HEADER]),
        Language::Go => (GO, &[ARTICLE, HEADER]),
    };
    for (file, template) in files.iter().chain(shared) {
        let text = named(template, name).replace("DEMARCHE_PLUGIN\n", &(sdk.clone() + "\n"));
        write(&folder.join(named(file, name)), &text)?;
    }
    let build = match args.lang {
        Language::Rust => {
            format!("cargo build --release\n  demarche plugin check target/release/{}", snake(name))
        }
        Language::C | Language::Go => "make\n  make check".to_owned(),
    };
    output::print(&format!(
        "{} is written. Go on with:\n\n  cd {}\n  {build}\n  demarche run pipeline.toml article.txt\n\nIts README.md says more.\n",
        folder.display(),
        folder.display(),
    ))
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.ends_with('-')
        && !name.contains("--");
    if !is_name {
        bail!("`{name}` cannot be a stage's name: write small letters, digits and `-`, such as `my-stage`");
    }
    if demarche::registry().get(name).is_some() {
        bail!("there is a stage `{name}` already; take another name");
    }
    if RESERVED.lines().any(|word| word == name) {
        bail!("a library cannot be called `{name}`; take another name, such as `my-{name}`");
    }
    Ok(())
}

/// A template with the stage's name instead of `my-stage`, in the three ways in which it is written.
fn named(template: &str, name: &str) -> String {
    template.replace("my-stage", name).replace("my_stage", &snake(name)).replace("MyStage", &camel(name))
}

fn snake(name: &str) -> String {
    name.replace('-', "_")
}

fn camel(name: &str) -> String {
    let part = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
    name.split('-').map(part).collect()
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(cannot)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_its_three_ways() {
        assert_eq!(named("my-stage my_stage MyStage", "far-away-2"), "far-away-2 far_away_2 FarAway2");
    }

    #[test]
    fn names_that_cannot_be() {
        for name in
            ["", "Big", "2nd", "a b", "a-", "a--b", "a_b", "quote", "fn", "int", "func", "test", "core"]
        {
            assert!(check_name(name).is_err(), "{name}");
        }
        for name in ["places", "far-away", "x2"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
    }
}
