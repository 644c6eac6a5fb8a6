//! `demarche check`, and how the other commands load and run their pipeline.

use std::io::Write;
use std::path::Path;

use anyhow::bail;
use demarche::ready::{READY, ready};
use demarche::runner::{
    LoadErrors, LoadOptions, LoadedPipeline, RunOptions, WorkerProgram, load_pipeline_with, parse_pipeline,
};

use crate::args::Color;
use crate::{Exit, Told, color, output};

/// Checks a pipeline file and says what it holds.
pub(crate) fn check(path: &Path, when: Color) -> anyhow::Result<()> {
    let loaded = load(path, when)?;
    let stages = loaded.pipeline.stages().collect::<Vec<_>>().join(" → ");
    output::print(&format!("{}: no errors\n{}: {stages}\n", path.display(), loaded.name))
}

/// Loads a pipeline file, or the ready pipeline of this name where there is no such file.
pub(crate) fn load(path: &Path, when: Color) -> anyhow::Result<LoadedPipeline> {
    load_with(path, &LoadOptions::default(), when)
}

/// Loads a pipeline as [`load`] does, and asks more of it. Ready pipelines have no plugins.
pub(crate) fn load_with(path: &Path, options: &LoadOptions, when: Color) -> anyhow::Result<LoadedPipeline> {
    let registry = demarche::registry();
    let loaded = if path.exists() {
        load_pipeline_with(path, registry, options)
    } else if let Some(ready) = path.to_str().and_then(ready) {
        parse_pipeline(ready.toml, ready.name, Path::new("."), registry, 0)
    } else {
        let names = READY.map(|ready| ready.name).join(", ");
        bail!("there is no pipeline file `{}`; the ready pipelines are {names}", path.display());
    };
    loaded.map_err(|errors| told(&errors, when).into())
}

/// How the pipeline's file wants a run to be done; worker processes are this program's command `worker`.
pub(crate) fn run_options(loaded: &LoadedPipeline) -> anyhow::Result<RunOptions> {
    let worker = WorkerProgram::this_one(["worker"])?;
    Ok(RunOptions { worker: Some(worker), ..RunOptions::from(&loaded.settings.run) })
}

fn told(errors: &LoadErrors, when: Color) -> Told {
    let mut stderr = std::io::stderr().lock();
    let rendered = errors.render(color(when, &stderr));
    // Where nobody listens, the exit code has to say it.
    let _ = writeln!(stderr, "{}", rendered.trim_end());
    Told(Exit::Usage)
}
