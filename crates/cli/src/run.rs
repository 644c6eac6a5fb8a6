//! `demarche run`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use demarche::Offsets;
use demarche::corpus::{
    Corpus, Format as InputFormat, OutputError, Position, ReadOptions, Reader, Target, beside, place,
};
use demarche::runner::{
    self, Checkpoint, Duplicates, Isolation, LoadOptions, LoadedPipeline, Report, RunError, RunOptions, Trace,
};

use crate::args::{self, Color, OffsetUnit, RunArgs};
use crate::begin::{self, Start};
use crate::destination::Destination;
use crate::near::Distinct;
use crate::progress::{self, Bar};
use crate::select::Selection;
use crate::signal::Signals;
use crate::view::Paint;
use crate::{Exit, Told, check, output, tell};

/// Processes the inputs and writes the results.
pub(crate) fn run(args: &RunArgs, when: Color, paint: Paint) -> anyhow::Result<Exit> {
    let signals = Signals::watch(when)?;
    let asked = LoadOptions { require_pins: args.require_pins, ..LoadOptions::default() };
    let loaded = check::load_with(&args.pipeline, &asked, when)?;
    let mut input = loaded.settings.input.clone();
    for (key, value) in &args.input {
        input.set(key, value)?;
    }
    let corpus = Arc::new(match args.retry_failed.as_slice() {
        [] => Corpus::find(&args.inputs, input.format.map(Into::into))?,
        failed => Corpus::find(failed, Some(InputFormat::JsonLines))?,
    });
    let read_options = input.read_options();
    let selection = Selection::of(args, &corpus, &read_options)?;
    let to = Destination::of(args.output.as_deref(), args.format, args.part_size)?;
    let failed_file = failed_file(args, &to);
    let failed = Target::File(failed_file.clone());

    let offsets = args.offsets.map_or_else(|| loaded.settings.output.offsets.into(), Offsets::from);
    let begun = begin::begin(args, &loaded, &corpus, offsets, (&to, &failed), when)?;
    let (lock, journal, after, in_hand) = match begun {
        Start::Complete(report) => return Ok(end(args, &report, &failed_file, when)),
        Start::Plain(lock) => (lock, None, None, None),
        Start::Journaled(journal, after, in_hand) => (None, Some(journal), after, Some(in_hand)),
    };
    let how_to_go_on = if journal.is_some() { how_to_go_on() } else { String::new() };
    signals.tell_besides(&how_to_go_on);
    // What is a copy depends on all that was before: it is read again, and passed over below.
    let depends_on_all = input.duplicates != Duplicates::Keep;
    let position = after.as_ref().map(|after| &after.position);
    let records = records(&corpus, read_options, position.filter(|_| !depends_on_all))?;
    let mut options = options(args, &loaded, &signals, after.as_deref())?;
    options.in_hand = in_hand;
    options.trace = trace(args, when)?;
    tell_in_hand(args, &options, when)?;
    let mut bar = Bar::new(corpus.size(), records.progress(), args.quiet);
    let mut records = Distinct::new(selection.choose(records), input.duplicates);
    if let Some(position) = position.filter(|_| depends_on_all)
        && !records.by_ref().any(|record| position.is_of(place(&record), &corpus))
    {
        bail!(
            "cannot go on: the last record that was done is not there any more: add `--restart` instead of `--resume` to begin anew"
        );
    }
    let left_out = records.left_out();
    let records = records.take(selection.left(options.before.n_in));
    let journal = journal.map(|journal| (journal, after.as_deref()));
    let files = begin::files(offsets, paint, (&to, failed), lock, journal);
    let done = files.map_err(RunError::from).and_then(|mut files| {
        let report = runner::run(&loaded, records, &mut files, &options, &mut |report| bar.show(report))?;
        signals.finishing();
        files.finish(&report)?;
        if let Some(in_hand) = &options.in_hand {
            in_hand.finish();
        }
        Ok(report)
    });
    bar.finish();
    let traced = options.trace.as_ref().map_or(Ok(()), |trace| trace.finish());
    if let Err(error) = &traced {
        tell(&format!("error: {error}"), when);
    }
    match done {
        Ok(report) => {
            if left_out.count() > 0 && !args.quiet {
                tell(&format!("{} near-duplicates left out", left_out.count()), when);
            }
            let exit = end(args, &report, &failed_file, when);
            Ok(if traced.is_ok() { exit } else { Exit::Broken })
        }
        Err(RunError::Stopped { .. }) => Ok(signals.tell(when)),
        Err(RunError::Output(error)) if error.is_closed_pipe() => Ok(Exit::Success),
        Err(RunError::Output(error)) if error.is_locked() => {
            tell(&format!("error: {error}"), when);
            Ok(Exit::Usage)
        }
        Err(error) => {
            tell(&format!("error: {error}{how_to_go_on}"), when);
            Ok(if error.is_bug() { Exit::Bug } else { Exit::Broken })
        }
    }
}

/// What is to be read: all of the corpus, or what comes after a checkpoint.
fn records(corpus: &Corpus, options: ReadOptions, after: Option<&Position>) -> anyhow::Result<Reader> {
    match after {
        None => Ok(corpus.read(options)),
        Some(after) => corpus.read_after(options, after).map_err(|error| {
            anyhow::anyhow!("cannot go on: {error}: add `--restart` instead of `--resume` to begin anew")
        }),
    }
}

fn options(
    args: &RunArgs,
    loaded: &LoadedPipeline,
    signals: &Signals,
    after: Option<&Checkpoint>,
) -> anyhow::Result<RunOptions> {
    let mut options = check::run_options(loaded)?;
    options.threads = args.threads.map_or(options.threads, usize::from);
    options.isolate = args.isolate.map_or(options.isolate, Isolation::from);
    options.stop = signals.stop();
    options.before = after.map(|after| after.accounts.clone()).unwrap_or_default();
    Ok(options)
}

/// The file in which it is written down what is done when, if one is asked for.
fn trace(args: &RunArgs, when: Color) -> anyhow::Result<Option<Arc<Trace>>> {
    let Some(file) = &args.trace else { return Ok(None) };
    let trace = Trace::create(&Target::named(file)).map_err(|error| {
        tell(&format!("error: {error}"), when);
        Told(Exit::Broken)
    })?;
    Ok(Some(Arc::new(trace)))
}

/// Tells of the documents that were in hand when the run that is gone on with was cut off.
fn tell_in_hand(args: &RunArgs, options: &RunOptions, when: Color) -> anyhow::Result<()> {
    let Some(in_hand) = &options.in_hand else {
        if options.isolate == Isolation::Suspects {
            bail!("`--isolate suspects` needs files as input and output: no other run can be gone on with");
        }
        return Ok(());
    };
    let (n_done, n_begun) = (options.before.n_in, in_hand.n_before());
    if n_begun <= n_done || args.quiet {
        return Ok(());
    }
    let what = match options.isolate {
        Isolation::None => "; if one of them ended it, add `--isolate suspects`",
        Isolation::Process => "",
        Isolation::Suspects => "; they are processed in child processes",
    };
    let numbers = match n_begun - n_done {
        1 => format!("record {n_begun} was"),
        _ => format!("records {} to {n_begun} were", n_done + 1),
    };
    tell(&format!("{numbers} in hand when the run was cut off{what}"), when);
    Ok(())
}

/// The command that goes on with this run, to be told when it is cut off.
fn how_to_go_on() -> String {
    let is_plain = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=,:@%+".contains(c))
    };
    let quoted = |word: &str| {
        if is_plain(word) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let words = words.filter(|word| word != "--resume" && word != "--restart");
    let words: Vec<_> = words.map(|word| quoted(&word)).collect();
    format!("; go on with: demarche {} --resume", words.join(" "))
}

/// Tells how it went.
fn end(args: &RunArgs, report: &Report, failed_file: &Path, when: Color) -> Exit {
    if let Some(file) = &args.report
        && let Err(error) = write_report(report, file)
    {
        tell(&format!("error: {error}"), when);
        return Exit::Broken;
    }
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

/// The accounts as JSON.
fn write_report(report: &Report, file: &Path) -> Result<(), OutputError> {
    let mut json = serde_json::to_string_pretty(report).expect("accounts are numbers by name");
    json.push('\n');
    output::write(&Target::named(file), json.as_bytes())
}

/// The file for failures: as asked for, otherwise beside the output.
fn failed_file(args: &RunArgs, to: &Destination) -> PathBuf {
    match (&args.failed, &to.target) {
        (Some(file), _) => file.clone(),
        (None, Target::File(output)) => beside(output, ".failed.jsonl"),
        (None, Target::Stdout) => "failed.jsonl".into(),
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
            args::Isolation::Suspects => Self::Suspects,
        }
    }
}
