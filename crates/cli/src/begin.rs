//! How a run begins: anew, or where one before was cut off.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::ValueEnum;
use demarche::corpus::{Corpus, FailedDocuments, FileSystem, Lock, Opening, OutputError, Target, lock_for};
use demarche::runner::{
    Beginning, Begun, Checkpoint, Files, Identity, InHand, Journal, JournalError, Journaled, LoadedPipeline,
    Render, Report, json_lines,
};
use demarche::{Document, Offsets};

use crate::args::{Color, Format, OffsetUnit, RunArgs};
use crate::destination::Destination;
use crate::view::{Paint, View};
use crate::{Exit, Told, select, tell};

/// What there is to do.
pub(crate) enum Start {
    /// All of it, without a journal: output or input cannot be gone on with. A file as output is locked.
    Plain(Option<Lock>),
    /// All of it, or what comes after a checkpoint.
    Journaled(Box<Journal>, Option<Box<Checkpoint>>, Arc<InHand>),
    /// Nothing: only the names of the files were missing.
    Complete(Box<Report>),
}

/// Looks at what is there of a run before, and begins.
pub(crate) fn begin(
    args: &RunArgs,
    loaded: &LoadedPipeline,
    corpus: &Arc<Corpus>,
    offsets: Offsets,
    (to, failed): (&Destination, &Target),
    when: Color,
) -> anyhow::Result<Start> {
    let beginning = match (args.resume, args.restart) {
        (true, _) => Beginning::Resume,
        (_, true) => Beginning::Restart,
        _ => Beginning::New,
    };
    // A run that is all done is not gone on with: there is its output, and no journal.
    let is_begun = |output| args.resume && Journal::path(output).exists();
    if !to.target.file().is_some_and(is_begun) {
        to.is_free()?;
    }
    if let Some(why) = to.lasts_whole() {
        if args.resume {
            bail!("`--resume` is not for this output: {why}");
        }
        return plain(args, to, when);
    }
    let Some(output) = to.target.file() else {
        if args.resume {
            bail!("`--resume` needs a file as output: what went down a pipe cannot be told");
        }
        return plain(args, to, when);
    };
    let Some(identity) = Identity::of(loaded, corpus, options(args, to, offsets, failed))? else {
        if args.resume {
            bail!("`--resume` needs files as input: standard input and pipes cannot be read again");
        }
        return plain(args, to, when);
    };
    let run = Journaled {
        storage: Arc::new(FileSystem),
        output: output.to_owned(),
        failed: failed.file().map(Path::to_owned),
        corpus: Arc::clone(corpus),
        identity,
        every: Duration::from_secs_f64(loaded.settings.run.checkpoint_seconds),
    };
    let in_hand = || InHand::open(Arc::new(FileSystem), output, args.resume);
    match Journal::begin(run, beginning) {
        Ok(Begun::Open(journal, after)) => match in_hand() {
            Ok(in_hand) => Ok(Start::Journaled(journal, after, Arc::new(in_hand))),
            Err(error) => Err(refused(&error.into(), when)),
        },
        Ok(Begun::Complete(report)) => {
            if let Ok(in_hand) = in_hand() {
                in_hand.finish();
            }
            Ok(Start::Complete(report))
        }
        Err(error) => Err(refused(&error, when)),
    }
}

/// Begins without a journal. What a run with one has left is not overwritten unasked.
fn plain(args: &RunArgs, to: &Destination, when: Color) -> anyhow::Result<Start> {
    let Some(output) = to.target.file() else { return Ok(Start::Plain(None)) };
    // Held before anything is thrown away: the journal may be that of a run that goes on.
    let lock = lock_for(&FileSystem, output).map_err(|error| refused(&error.into(), when))?;
    let journal = Journal::path(output);
    if journal.exists() {
        if !args.restart {
            bail!(
                "`{}` was begun by another run that did not end: go on with that one, or add `--restart` to throw away what is there",
                output.display()
            );
        }
        fs::remove_file(&journal).with_context(|| format!("cannot remove `{}`", journal.display()))?;
    }
    Ok(Start::Plain(Some(lock)))
}

/// Tells why a run cannot begin, and what to do.
fn refused(error: &JournalError, when: Color) -> anyhow::Error {
    let advice = match error {
        JournalError::Unfinished { .. } => ": add `--resume` to go on, or `--restart` to begin anew",
        JournalError::Differs { .. } => ": go on as it was begun, or add `--restart` to begin anew",
        JournalError::Damaged { .. } => ": add `--restart` to begin anew",
        _ => "",
    };
    tell(&format!("error: {error}{advice}"), when);
    match error {
        JournalError::Output(error) if !error.is_locked() => Told(Exit::Broken).into(),
        _ => Told(Exit::Usage).into(),
    }
}

/// What of the command line decides the output.
fn options(args: &RunArgs, to: &Destination, offsets: Offsets, failed: &Target) -> BTreeMap<String, String> {
    let mut options = select::options(args);
    let name = |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
    let offsets = OffsetUnit::from(offsets);
    options.insert("--offsets".to_owned(), name(offsets.to_possible_value()).unwrap_or_default());
    options.insert("--format".to_owned(), name(to.format.to_possible_value()).unwrap_or_default());
    if let Some(bytes) = to.part_bytes() {
        options.insert("--part-size".to_owned(), bytes.to_string());
    }
    if let Target::File(failed) = failed {
        options.insert("--failed".to_owned(), failed.display().to_string());
    }
    options
}

/// Opens the output, and what fails, in the form that was asked for.
pub(crate) fn files(
    offsets: Offsets,
    paint: Paint,
    (to, failed): (&Destination, Target),
    lock: Option<Lock>,
    journal: Option<(Box<Journal>, Option<&Checkpoint>)>,
) -> Result<Files, OutputError> {
    let mut opening = Opening::from(&to.target);
    // The journal holds the lock, where there is one.
    opening.lock = if journal.is_some() { Some(Lock::none()) } else { lock };
    let after = journal.as_ref().and_then(|(_, after)| *after);
    let results = to.open(opening, after.map(|after| after.output))?;
    let render: Render = match to.format {
        Format::Pretty => {
            // A file is read with other programs than a terminal.
            let paint = if to.target == Target::Stdout { paint } else { Paint::Plain };
            let view = View { paint, text: true };
            Arc::new(move |doc: &Document<'_>| view.render(doc).into_bytes())
        }
        _ => json_lines(offsets),
    };
    let mut accounts = FailedDocuments::new(failed);
    if journal.is_some() {
        accounts.resume(after.map_or(0, |after| after.failed))?;
    }
    Ok(Files::with(results, render, accounts, journal.map(|(journal, _)| *journal)))
}
