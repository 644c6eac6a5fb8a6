//! What the threads of a run share, and what they do with a document.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use demarche_core::{Cancel, StageError};
use demarche_corpus::{Failed, Place, Record, RecordError};

use crate::isolate::{WorkerError, Workers};
use crate::steps::{self, Event, Stopped};
use crate::trace::{About, Steps, Track};
use crate::{
    InHand, Isolation, LoadedPipeline, Render, Report, RunError, RunOptions, StageTime, Stop, Trace,
};

/// What takes longer than this is a checkpoint that was written, and no mere look.
const CHECKPOINT: Duration = Duration::from_micros(100);

/// What came of a record, after so many seconds.
pub(crate) enum Outcome {
    /// The document, and what was rendered of it.
    Done(Box<Record>, Vec<u8>, f64),
    Failed(Place, Box<Failed>, f64),
    /// The run ends.
    End(Box<RunError>),
}

/// What the workers share.
pub(crate) struct Work<'p> {
    loaded: &'p LoadedPipeline,
    document_time: Duration,
    /// Other processes that documents are processed in, if there are any.
    workers: Option<Workers<'p>>,
    /// Number of the last record that is processed there.
    last_isolated: u64,
    pub(crate) in_hand: Option<&'p InHand>,
    started: Instant,
    pub(crate) stop: &'p Stop,
    /// Whether the input was not read to its end.
    pub(crate) is_cut_short: AtomicBool,
    /// What was done before this run.
    before: &'p Report,
    pub(crate) n_in: AtomicU64,
    trace: Option<&'p Trace>,
    /// Nanoseconds in each stage.
    times: Vec<AtomicU64>,
    /// Nanoseconds in which records were read.
    reading: AtomicU64,
    /// Nanoseconds in which results were rendered and written.
    writing: AtomicU64,
}

impl<'p> Work<'p> {
    pub(crate) fn new(loaded: &'p LoadedPipeline, options: &'p RunOptions) -> Result<Self, WorkerError> {
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
            trace: options.trace.as_deref(),
            times: loaded.pipeline.stages().map(|_| AtomicU64::new(0)).collect(),
            reading: AtomicU64::new(0),
            writing: AtomicU64::new(0),
        })
    }

    /// Runs all stages over a document, the record of this number, here or in a worker process.
    pub(crate) fn process(&self, mut record: Record, number: u64) -> Outcome {
        let begun = Instant::now();
        let mut steps = self.trace.map(|_| Steps::default());
        let mut observe = |event| {
            if let Some(steps) = &mut steps {
                steps.observe(event);
            }
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
        if let (Some(trace), Some(steps)) = (self.trace, &steps) {
            let failed = done.as_ref().err().map(Stopped::code);
            let about = About::document(&record.place, &record.document, failed);
            trace.add_stages(self.loaded.pipeline.stages(), begun, steps, &about);
        }
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

    /// Makes the bytes of a document.
    pub(crate) fn render(&self, render: &Render, record: &Record) -> Vec<u8> {
        let begun = Instant::now();
        let rendered = render(&record.document);
        add(&self.writing, begun.elapsed());
        if let Some(trace) = self.trace {
            trace.add(
                Track::Worker,
                "render",
                begun,
                &About::document(&record.place, &record.document, None),
            );
        }
        rendered
    }

    /// Accounts for the time since `begun`, in which this record was read.
    pub(crate) fn has_read(&self, begun: Instant, record: &Result<Record, RecordError>) {
        add(&self.reading, begun.elapsed());
        let Some(trace) = self.trace else { return };
        let about = match record {
            Ok(record) => About::document(&record.place, &record.document, None),
            Err(error) => About::record(&error.place, Some(error.problem.code())),
        };
        trace.add(Track::Reader, "read", begun, &about);
    }

    /// Accounts for the time since `begun`, in which this document was written.
    pub(crate) fn has_written(&self, begun: Instant, record: &Record) {
        add(&self.writing, begun.elapsed());
        if let Some(trace) = self.trace {
            trace.add(Track::Writer, "write", begun, &About::document(&record.place, &record.document, None));
        }
    }

    /// Tells of the time since `begun`, in which it was looked whether a checkpoint is due after this record.
    pub(crate) fn has_marked(&self, begun: Instant, place: &Place) {
        // Mostly none is.
        if let Some(trace) = self.trace.filter(|_| begun.elapsed() >= CHECKPOINT) {
            trace.add(Track::Writer, "checkpoint", begun, &About::record(place, None));
        }
    }

    /// The accounts before the first record.
    pub(crate) fn report(&self, threads: usize) -> Report {
        let stage = |stage: &str| StageTime { stage: stage.to_owned(), ..StageTime::default() };
        let stages = self.loaded.pipeline.stages().map(stage).collect();
        Report { threads, stages, ..self.before.clone() }
    }

    /// Brings the accounts up to date.
    pub(crate) fn tell(&self, report: &mut Report) {
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
