//! How far a run is: a bar on a terminal, and the accounts at its end.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use demarche::corpus::Progress;
use demarche::runner::Report;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

/// Time between two changes of the bar.
const REFRESH: Duration = Duration::from_millis(100);

/// A bar on standard error, if that is a terminal.
pub(crate) struct Bar {
    drawn: ProgressBar,
    /// How far the input is read; `None` where the bar counts documents.
    read: Option<Progress>,
    last: Option<Instant>,
}

impl Bar {
    /// A bar for an input of `size` bytes, as far as that is known.
    pub(crate) fn new(size: Option<u64>, read: Progress, quiet: bool) -> Self {
        let drawn = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            size.map_or_else(ProgressBar::new_spinner, ProgressBar::new)
        };
        let template = match size {
            Some(_) => "{bar:30.cyan/dim} {percent:>3}%  {msg}  {eta} left",
            None => "{spinner:.cyan} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            drawn.set_style(style);
        }
        // What was read before an interruption says nothing about the time that is left.
        if read.bytes() > 0 {
            drawn.set_position(read.bytes());
            drawn.reset_eta();
        }
        Self { drawn, read: Some(read), last: None }
    }

    /// A bar for so many documents that are in memory.
    pub(crate) fn of_documents(n: usize, quiet: bool) -> Self {
        Self { read: None, ..Self::new(Some(n as u64), Progress::default(), quiet) }
    }

    /// Shows the accounts so far, not more often than an eye can follow.
    pub(crate) fn show(&mut self, report: &Report) {
        if self.drawn.is_hidden() || self.last.is_some_and(|last| last.elapsed() < REFRESH) {
            return;
        }
        self.last = Some(Instant::now());
        // An input of known size has a length, and with it a time that is left.
        if self.drawn.length().is_some() {
            let documents = report.n_out + report.n_failed;
            self.drawn.set_position(self.read.as_ref().map_or(documents, Progress::bytes));
        } else {
            self.drawn.tick();
        }
        self.drawn.set_message(accounts(report));
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        self.drawn.finish_and_clear();
    }
}

/// The accounts on one line.
fn accounts(report: &Report) -> String {
    let documents = HumanCount(report.n_out);
    let milliseconds = (Duration::from_secs_f64(report.seconds).as_millis() as u64).max(1);
    let speed = report.words * 1000 / milliseconds;
    let bytes = HumanBytes(report.bytes * 1000 / milliseconds);
    let failed =
        if report.n_failed > 0 { format!("  {} failed", HumanCount(report.n_failed)) } else { String::new() };
    format!("{documents} documents  {} words/s  {bytes}/s{failed}", HumanCount(speed))
}

/// Documents that are named as the slowest at the end.
const SLOWEST: usize = 3;
/// A document that takes less, in seconds, is not called slow.
const SLOW: f64 = 0.1;

/// What is said at the end of a run.
pub(crate) fn summary(report: &Report) -> String {
    let shares: Vec<_> =
        report.stages.iter().map(|stage| format!("{} {:.0} %", stage.stage, stage.share * 100.0)).collect();
    let mut summary = format!(
        "{} with {} words ({}) in {:.1} s on {} threads; {}",
        accounts(report),
        HumanCount(report.words),
        HumanBytes(report.bytes),
        report.seconds,
        report.threads,
        shares.join(", "),
    );
    let layers: Vec<_> =
        report.layers.iter().map(|(layer, n)| format!("{} {layer}", HumanCount(*n))).collect();
    if !layers.is_empty() {
        summary += &format!("\nfound: {}", layers.join(", "));
    }
    let slow = report.slowest.iter().filter(|slow| slow.seconds >= SLOW).take(SLOWEST);
    let slow: Vec<_> = slow.map(|slow| format!("{} ({:.1} s)", slow.source, slow.seconds)).collect();
    if !slow.is_empty() {
        summary += &format!("\nslowest: {}", slow.join(", "));
    }
    summary
}
