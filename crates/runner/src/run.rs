//! The run: records in, on to the workers, and out again in the same order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use demarche_core::{Cancel, StageError};
use demarche_corpus::{Failed, OutputError, Place, Record, RecordError};
use rayon::{Scope, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::isolate::{WorkerError, WorkerProgram, Workers};
use crate::order::Window;
use crate::steps::{self, Event, Stopped};
use crate::{InHand, Isolation, LoadedPipeline, Render, Report, RunSettings, Sink, StageTime, Stop};

/// Bytes of input in hand at once, unless a single record is longer. With its layers a document takes some ten times
/// the memory of its text.
const WINDOW_BYTES: usize = 16 << 20;

/// How a run is done. Nothing of it changes a result, a time limit that is met apart.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Number of threads; 0 for as many as there are cores.
    pub threads: usize,
    /// Time for one document; it fails when that is up.
    pub document_time: Duration,
    /// Documents in memory at once, for each thread.
    pub documents_per_thread: usize,
    /// Where documents are processed.
    pub isolate: Isolation,
    /// Memory of a worker process, in bytes, where documents are processed in such.
    pub max_memory: u64,
    /// How a worker process is started, where documents are processed in such.
    pub worker: Option<WorkerProgram>,
    /// Where it is kept which records are in hand, and those that were in a run before.
    pub in_hand: Option<Arc<InHand>>,
    /// Ends the run early when it is asked to.
    pub stop: Stop,
    /// The accounts of what was done before, in a run that goes on after an interruption.
    pub before: Report,
}

/// How long documents in hand are waited for in a run that is to end early.
const GRACE: Duration = Duration::from_millis(1500);
/// Time between two looks at whether a run is to end early, while nothing else happens.
const LOOK: Duration = Duration::from_millis(20);

impl From<&RunSettings> for RunOptions {
    fn from(settings: &RunSettings) -> Self {
        Self {
            threads: settings.threads.unwrap_or(0),
            document_time: Duration::from_secs_f64(settings.document_seconds),
            documents_per_thread: settings.documents_per_thread,
            isolate: settings.isolate,
            max_memory: settings.max_memory,
            worker: None,
            in_hand: None,
            stop: Stop::default(),
            before: Report::default(),
        }
    }
}

impl Default for RunOptions {
    fn default() -> Self {
        Self::from(&RunSettings::default())
    }
}

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

/// What came of a record, after so many seconds.
enum Outcome {
    /// The document, and what was rendered of it.
    Done(Box<Record>, Vec<u8>, f64),
    Failed(Place, Box<Failed>, f64),
    /// The run ends.
    End(Box<RunError>),
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
        let Some(record) = timed(&work.reading, || documents.next()) else { return };
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
                        *rendered = timed(&work.writing, || render(&record.document));
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
                timed(&work.writing, || sink.document(&record, &rendered))?;
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
            sink.mark(place, &report)?;
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

/// What the workers share.
struct Work<'p> {
    loaded: &'p LoadedPipeline,
    document_time: Duration,
    /// Other processes that documents are processed in, if there are any.
    workers: Option<Workers<'p>>,
    /// Number of the last record that is processed there.
    last_isolated: u64,
    in_hand: Option<&'p InHand>,
    started: Instant,
    stop: &'p Stop,
    /// Whether the input was not read to its end.
    is_cut_short: AtomicBool,
    /// What was done before this run.
    before: &'p Report,
    n_in: AtomicU64,
    /// Nanoseconds in each stage.
    times: Vec<AtomicU64>,
    /// Nanoseconds in which records were read.
    reading: AtomicU64,
    /// Nanoseconds in which results were rendered and written.
    writing: AtomicU64,
}

impl<'p> Work<'p> {
    fn new(loaded: &'p LoadedPipeline, options: &'p RunOptions) -> Result<Self, WorkerError> {
        let in_hand = options.in_hand.as_deref();
        let last_isolated = match options.isolate {
            Isolation::None => 0,
            Isolation::Process => u64::MAX,
            Isolation::Suspects => in_hand.map_or(0, InHand::n_before),
        };
        let is_isolated = last_isolated > options.before.n_in;
        let workers = is_isolated.then(|| Workers::new(loaded, options)).transpose()?;
        Ok(Self {
            loaded,
            document_time: options.document_time,
            workers,
            last_isolated,
            in_hand,
            started: Instant::now(),
            stop: &options.stop,
            is_cut_short: AtomicBool::new(false),
            before: &options.before,
            n_in: AtomicU64::new(options.before.n_in),
            times: loaded.pipeline.stages().map(|_| AtomicU64::new(0)).collect(),
            reading: AtomicU64::new(0),
            writing: AtomicU64::new(0),
        })
    }

    /// Runs all stages over a document, the record of this number, here or in a worker process.
    fn process(&self, mut record: Record, number: u64) -> Outcome {
        let begun = Instant::now();
        let mut observe = |event| {
            if let Event::Left(step, spent) = event {
                add(&self.times[step], spent);
            }
        };
        let done = match self.workers.as_ref().filter(|_| number <= self.last_isolated) {
            None => {
                let (deadline, stop) = (begun.checked_add(self.document_time), self.stop.clone());
                // Where nothing more is written, nothing needs to be found.
                let is_up = move || deadline.is_some_and(|at| Instant::now() >= at) || stop.is_settled();
                record.document.set_cancel(Cancel::when(is_up));
                steps::process(&self.loaded.pipeline, &mut record.document, &mut observe)
            }
            Some(workers) => match workers.process(&record.document, &mut observe) {
                Ok(answer) => answer.map(|document| record.document = document),
                Err(error) => return Outcome::End(Box::new(error.into())),
            },
        };
        let seconds = begun.elapsed().as_secs_f64();
        match done {
            Ok(()) => Outcome::Done(Box::new(record), Vec::new(), seconds),
            Err(Stopped::Failed { stage, code, message }) => {
                let plugin = self.loaded.plugins.iter().find(|plugin| plugin.stages.contains(&stage));
                let plugin = plugin.map(|plugin| plugin.name.clone());
                let place = record.place.clone();
                let failed = Failed { plugin, ..record.failed(&stage, &code, message) };
                Outcome::Failed(place, Box::new(failed), seconds)
            }
            Err(Stopped::Fatal { stage, message }) => {
                let source = StageError::Fatal { message };
                Outcome::End(Box::new(RunError::Fatal { place: record.place, stage, source }))
            }
        }
    }

    /// The accounts before the first record.
    fn report(&self, threads: usize) -> Report {
        let stage = |stage: &str| StageTime { stage: stage.to_owned(), ..StageTime::default() };
        let stages = self.loaded.pipeline.stages().map(stage).collect();
        Report { threads, stages, ..self.before.clone() }
    }

    /// Brings the accounts up to date.
    fn tell(&self, report: &mut Report) {
        report.n_in = self.n_in.load(Ordering::Relaxed);
        report.seconds = self.before.seconds + self.started.elapsed().as_secs_f64();
        report.reading = self.before.reading + seconds(&self.reading);
        report.writing = self.before.writing + seconds(&self.writing);
        for (step, (stage, time)) in report.stages.iter_mut().zip(&self.times).enumerate() {
            let before = self.before.stages.get(step).map_or(0.0, |stage| stage.seconds);
            stage.seconds = before + seconds(time);
        }
        let all: f64 = report.stages.iter().map(|stage| stage.seconds).sum();
        for stage in &mut report.stages {
            stage.share = if all > 0.0 { stage.seconds / all } else { 0.0 };
        }
    }
}

/// Adds to a clock, which counts nanoseconds.
fn add(clock: &AtomicU64, spent: Duration) {
    clock.fetch_add(spent.as_nanos() as u64, Ordering::Relaxed);
}

/// What a clock says, in seconds.
fn seconds(clock: &AtomicU64) -> f64 {
    Duration::from_nanos(clock.load(Ordering::Relaxed)).as_secs_f64()
}

/// Adds the time that `work` takes to a clock.
fn timed<T>(clock: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    add(clock, begun.elapsed());
    done
}

/// Does something when it goes out of scope, however that comes.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
