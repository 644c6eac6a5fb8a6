//! `demarche run`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use demarche::corpus::{Corpus, Output, OutputError, Target};
use demarche::runner::{self, Documents, Files, Isolation, LoadOptions, Report, RunError};
use demarche::{Document, Offsets};

use crate::args::{self, Color, Format, OffsetUnit, RunArgs};
use crate::near::Distinct;
use crate::progress::{self, Bar};
use crate::view::{Paint, View};
use crate::{Exit, check, tell};

/// Processes the inputs and writes the results.
pub(crate) fn run(args: &RunArgs, when: Color, paint: Paint) -> anyhow::Result<Exit> {
    let asked = LoadOptions { require_pins: args.require_pins, ..LoadOptions::default() };
    let loaded = check::load_with(&args.pipeline, &asked, when)?;
    let mut input = loaded.settings.input.clone();
    for (key, value) in &args.input {
        input.set(key, value)?;
    }
    let corpus = Corpus::find(&args.inputs, input.format.map(Into::into))?;
    let mut options = check::run_options(&loaded)?;
    options.threads = args.threads.map_or(options.threads, usize::from);
    options.isolate = args.isolate.map_or(options.isolate, Isolation::from);
    let offsets = args.offsets.map_or_else(|| loaded.settings.output.offsets.into(), Offsets::from);
    let failed_file = failed_file(args);

    let records = corpus.read(input.read_options());
    let mut bar = Bar::new(corpus.size(), records.progress(), args.quiet);
    let records = Distinct::new(records, input.duplicates);
    let left_out = records.left_out();
    let done = files(args, offsets, paint, &failed_file).map_err(RunError::from).and_then(|mut files| {
        let report = runner::run(&loaded, records, &mut files, &options, &mut |report| bar.show(report))?;
        files.finish()?;
        Ok(report)
    });
    bar.finish();
    match done {
        Ok(report) => {
            if left_out.count() > 0 && !args.quiet {
                tell(&format!("{} near-duplicates left out", left_out.count()), when);
            }
            Ok(end(args, &report, &failed_file, when))
        }
        Err(RunError::Output(error)) if error.is_closed_pipe() => Ok(Exit::Success),
        Err(error) => {
            tell(&format!("error: {error}"), when);
            Ok(if error.is_bug() { Exit::Bug } else { Exit::Broken })
        }
    }
}

/// Where the results go, in the form that was asked for.
fn files(args: &RunArgs, offsets: Offsets, paint: Paint, failed: &Path) -> Result<Files, OutputError> {
    let target = args.output.as_deref().map_or(Target::Stdout, Target::named);
    let failed = Target::File(failed.to_owned());
    match args.format {
        Format::Jsonl => Files::create(&target, offsets, failed),
        Format::Pretty => Ok(Files::new(Pretty::create(&target, paint)?, failed)),
    }
}

/// Tells how it went.
fn end(args: &RunArgs, report: &Report, failed_file: &Path, when: Color) -> Exit {
    if !args.quiet {
        tell(&progress::summary(report), when);
    }
    if report.n_failed == 0 {
        return Exit::Success;
    }
    let kinds: Vec<_> = report.failures.iter().map(|(code, n)| format!("{n} {code}")).collect();
    let message = format!(
        "error: {} of {} documents failed ({}); see `{}`",
        report.n_failed,
        report.n_in,
        kinds.join(", "),
        failed_file.display(),
    );
    tell(&message, when);
    if report.unreadable_files() > 0 { Exit::Broken } else { Exit::SomeFailed }
}

/// The file for failures: as asked for, otherwise beside the output.
fn failed_file(args: &RunArgs) -> PathBuf {
    if let Some(file) = &args.failed {
        return file.clone();
    }
    match &args.output {
        Some(output) if output != Path::new("-") => {
            let mut name = OsString::from(output);
            name.push(".failed.jsonl");
            name.into()
        }
        _ => "failed.jsonl".into(),
    }
}

impl From<OffsetUnit> for Offsets {
    fn from(unit: OffsetUnit) -> Self {
        match unit {
            OffsetUnit::Char => Self::Char,
            OffsetUnit::Byte => Self::Byte,
            OffsetUnit::Utf16 => Self::Utf16,
        }
    }
}

impl From<args::Isolation> for Isolation {
    fn from(isolation: args::Isolation) -> Self {
        match isolation {
            args::Isolation::None => Self::None,
            args::Isolation::Process => Self::Process,
        }
    }
}

/// Documents in the view for people.
struct Pretty {
    output: Output,
    view: View,
}

impl Pretty {
    fn create(target: &Target, paint: Paint) -> Result<Self, OutputError> {
        // A file is read with other programs than a terminal.
        let paint = if *target == Target::Stdout { paint } else { Paint::Plain };
        Ok(Self { output: Output::create(target)?, view: View { paint, text: true } })
    }
}

impl Documents for Pretty {
    fn write(&mut self, doc: &Document<'_>) -> Result<(), OutputError> {
        self.output.write(self.view.render(doc).as_bytes())
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.output.flush()
    }

    fn finish(self: Box<Self>) -> Result<(), OutputError> {
        self.output.finish()
    }
}
