//! The run: records in, on to the workers, and out again in the same order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use demarche_core::StageError;
use demarche_corpus::{Failed, OutputError, Place, Record, RecordError};
use rayon::{Scope, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::isolate::WorkerError;
use crate::order::Window;
use crate::work::{Outcome, Work};
use crate::{LoadedPipeline, Render, Report, RunOptions, Sink};

/// Bytes of input in hand at once, unless a single record is longer. With its layers a document takes some ten times
/// the memory of its text.
const WINDOW_BYTES: usize = 16 << 20;

/// How long documents in hand are waited for in a run that is to end early.
const GRACE: Duration = Duration::from_millis(1500);
/// Time between two looks at whether a run is to end early, while nothing else happens.
const LOOK: Duration = Duration::from_millis(20);

/// Why a run ended before its input did.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A stage cannot go on with any document.
    #[error("{place}: stage `{stage}`: {source}")]
    Fatal {
        /// The document at which it said so.
        place: Place,
        /// The stage.
        stage: String,
        /// What it said.
        source: StageError,
    },
    /// There are no worker processes to be had.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The threads cannot be started.
    #[error("cannot start {threads} threads: {source}")]
    Threads {
        /// How many.
        threads: usize,
        /// Why.
        source: ThreadPoolBuildError,
    },
    /// It was asked to. What was done until then is in the output and among the failures.
    #[error("stopped after {} documents", .report.n_in)]
    Stopped {
        /// The accounts until then.
        report: Box<Report>,
    },
    /// A record is neither in the output nor among the failures: a bug in this program.
    #[error("of {} records, {} are in the output and {} failed: this is a bug in demarche", .report.n_in, .report.n_out, .report.n_failed)]
    Accounts {
        /// The accounts.
        report: Box<Report>,
    },
}

impl RunError {
    /// Whether it is a bug of this program rather than of its input or surroundings.
    pub const fn is_bug(&self) -> bool {
        matches!(self, Self::Accounts { .. })
    }
}

/// Annotates documents in parallel, and hands them to `sink` in the order in which they came.
///
/// Each record ends in exactly one of two places: `sink`'s documents, or its failures. `observe` is told the accounts so far
/// after each record, on the calling thread. Memory is bounded by the number of threads, not by that of records.
///
/// # Errors
/// If the output cannot be written, a stage cannot go on with any document, or the accounts do not balance.
///
/// # Panics
/// If `documents`, `sink` or `observe` does.
pub fn run<I>(
    loaded: &LoadedPipeline,
    documents: I,
    sink: &mut dyn Sink,
    options: &RunOptions,
    observe: &mut dyn FnMut(&Report),
) -> Result<Report, RunError>
where
    I: IntoIterator<Item = Result<Record, RecordError>>,
    I::IntoIter: Send,
{
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("demarche-{i}"));
    let pool = pool.build().map_err(|source| RunError::Threads { threads, source })?;
    let work = Work::new(loaded, options)?;
    let render = sink.render();
    let window = Window::new(threads * options.documents_per_thread, WINDOW_BYTES);
    let documents = documents.into_iter();
    pool.in_place_scope(|workers| {
        std::thread::scope(|scope| {
            scope.spawn(|| read(documents, &window, &work, &render, workers));
            let written = write(&window, &work, threads, sink, observe);
            window.cancel();
            options.stop.settle();
            written
        })
    })
}

/// Annotates one document on this thread, as [`run`] does: within its time, with a stage's panic caught and kept quiet.
///
/// # Errors
/// If a stage cannot go on with any document.
pub fn annotate(
    loaded: &LoadedPipeline,
    record: Record,
    options: &RunOptions,
) -> Result<Result<Record, Failed>, RunError> {
    match Work::new(loaded, options)?.process(record, 1) {
        Outcome::Done(record, ..) => Ok(Ok(*record)),
        Outcome::Failed(_, failed, _) => Ok(Err(*failed)),
        Outcome::End(error) => Err(*error),
    }
}

/// Reads records and hands each on to a worker, as long as there is room.
fn read<'scope>(
    mut documents: impl Iterator<Item = Result<Record, RecordError>>,
    window: &'scope Window<Outcome>,
    work: &'scope Work<'scope>,
    render: &'scope Render,
    workers: &Scope<'scope>,
) {
    // Closed also when the reader panics, so that the writer comes to its end.
    let _close = OnDrop(|| window.close());
    while !window.is_cancelled() {
        if work.stop.is_asked() {
            work.is_cut_short.store(true, Ordering::SeqCst);
            return;
        }
        let begun = Instant::now();
        let Some(record) = documents.next() else { return };
        work.has_read(begun, &record);
        let size = record.as_ref().map_or(0, Record::size);
        let Some(slot) = window.reserve(size) else { return };
        let number = work.n_in.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(in_hand) = work.in_hand {
            in_hand.add(number);
        }
        match record {
            Err(error) => slot.fill(Outcome::Failed(error.place.clone(), Box::new(error.into()), 0.0)),
            Ok(record) => workers.spawn(move |_| {
                // Stages' panics are caught where they run; one that comes this far leaves the place empty, and
                // the accounts tell.
                if window.is_cancelled() {
                    return;
                }
                let outcome = || {
                    let mut outcome = work.process(record, number);
                    if let Outcome::Done(record, rendered, _) = &mut outcome {
                        *rendered = work.render(render, record);
                    }
                    outcome
                };
                if let Ok(outcome) = catch_unwind(AssertUnwindSafe(outcome)) {
                    slot.fill(outcome);
                }
            }),
        }
    }
}

/// Hands results on in order.
fn write(
    window: &Window<Outcome>,
    work: &Work<'_>,
    threads: usize,
    sink: &mut dyn Sink,
    observe: &mut dyn FnMut(&Report),
) -> Result<Report, RunError> {
    // Whatever ends this, also a panic of the sink, the reader must not wait for room for ever.
    let _cancel = OnDrop(|| window.cancel());
    let mut report = work.report(threads);
    let mut last = None;
    let mut asked = None;
    let is_stopped = loop {
        if work.stop.is_asked() {
            let since = *asked.get_or_insert_with(Instant::now);
            if window.is_empty() || since.elapsed() >= GRACE {
                break true;
            }
        }
        if !window.is_ready() {
            sink.flush()?;
            if !window.wait(LOOK) {
                continue;
            }
        }
        match window.next() {
            None => break work.is_cut_short.load(Ordering::SeqCst),
            Some(Ok(Outcome::Done(record, rendered, seconds))) => {
                report.count(&record.document);
                report.time(&record.place, record.document.id(), seconds);
                let begun = Instant::now();
                sink.document(&record, &rendered)?;
                work.has_written(begun, &record);
                last = Some(record.place);
            }
            Some(Ok(Outcome::Failed(place, failed, seconds))) => {
                report.n_failed += 1;
                *report.failures.entry(failed.code.clone()).or_default() += 1;
                report.time(&place, failed.id.as_deref().unwrap_or_default(), seconds);
                sink.failed(&failed)?;
                last = Some(place);
            }
            Some(Ok(Outcome::End(error))) => {
                end_early(work, &mut report, last.as_ref(), sink)?;
                return Err(*error);
            }
            // It is missed below, by the accounts.
            Some(Err(_lost)) => {}
        }
        work.tell(&mut report);
        observe(&report);
        if let Some(place) = &last {
            let begun = Instant::now();
            sink.mark(place, &report)?;
            work.has_marked(begun, place);
        }
    };
    if is_stopped {
        end_early(work, &mut report, last.as_ref(), sink)?;
        return Err(RunError::Stopped { report: Box::new(report) });
    }
    work.tell(&mut report);
    if report.is_balanced() { Ok(report) } else { Err(RunError::Accounts { report: Box::new(report) }) }
}

/// Sees what was done so far put where it can be gone on from.
fn end_early(
    work: &Work<'_>,
    report: &mut Report,
    last: Option<&Place>,
    sink: &mut dyn Sink,
) -> Result<(), OutputError> {
    work.tell(report);
    // What else was read is in hand still, and is read again.
    report.n_in = report.n_out + report.n_failed;
    sink.flush()?;
    last.map_or(Ok(()), |place| sink.stop(place, report))
}

/// Does something when it goes out of scope, however that comes.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
