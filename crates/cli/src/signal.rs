//! Signals that end a run: the first one in good order, a second one at once.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use demarche::runner::Stop;
use signal_hook::consts::signal::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::args::Color;
use crate::{Exit, tell};

#[cfg(unix)]
const SIGNALS: [(i32, Exit, &str); 3] = [
    (SIGINT, Exit::Interrupted, "SIGINT"),
    (SIGTERM, Exit::Terminated, "SIGTERM"),
    (signal_hook::consts::signal::SIGHUP, Exit::HungUp, "SIGHUP"),
];
#[cfg(not(unix))]
const SIGNALS: [(i32, Exit, &str); 2] =
    [(SIGINT, Exit::Interrupted, "SIGINT"), (SIGTERM, Exit::Terminated, "SIGTERM")];

/// Time between two looks at whether a signal came.
const LOOK: Duration = Duration::from_millis(20);
/// Time after a signal at which this process ends, whatever it does: within the two seconds that are promised.
const LAST: Duration = Duration::from_millis(1900);
/// Time for threads to end by themselves after all is written.
const WIND_UP: Duration = Duration::from_millis(150);

/// From now on a file that grows past what the system lets a process write is an error of the file, as a full disk is, and no end of the
/// process.
pub(crate) fn outlive_file_limits() {
    // Where that cannot be, it is as it was.
    #[cfg(unix)]
    let _ = flag::register(signal_hook::consts::signal::SIGXFSZ, Arc::default());
}

/// Watches for signals while a run goes on.
pub(crate) struct Signals {
    stop: Stop,
    /// Number of the signal among [`SIGNALS`], from 1; 0 before one came.
    caught: Arc<AtomicUsize>,
    is_told: Arc<AtomicBool>,
    /// Whether all is done but for the names of the files.
    is_finishing: AtomicBool,
    /// What is told besides, once it is known.
    how_to_go_on: OnceLock<String>,
}

impl Signals {
    /// From now on a signal asks the run to stop.
    pub(crate) fn watch(when: Color) -> io::Result<Arc<Self>> {
        let signals = Self {
            stop: Stop::default(),
            caught: Arc::default(),
            is_told: Arc::default(),
            is_finishing: AtomicBool::new(false),
            how_to_go_on: OnceLock::new(),
        };
        let again = Arc::new(AtomicBool::new(false));
        for (number, (signal, exit, _)) in (1..).zip(SIGNALS) {
            // In this order, or the first signal would count as the second.
            flag::register_conditional_shutdown(signal, exit as i32, Arc::clone(&again))?;
            flag::register(signal, Arc::clone(&again))?;
            flag::register_usize(signal, Arc::clone(&signals.caught), number)?;
        }
        let signals = Arc::new(signals);
        let watched = Arc::clone(&signals);
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || watched.wait(when))?;
        Ok(signals)
    }

    /// From now on this is told too when the run is stopped.
    pub(crate) fn tell_besides(&self, how_to_go_on: &str) {
        self.how_to_go_on.get_or_init(|| how_to_go_on.to_owned());
    }

    /// From now on there is nothing left to be stopped: the files are about to get their names.
    pub(crate) fn finishing(&self) {
        self.is_finishing.store(true, Ordering::SeqCst);
    }

    /// What a run is stopped with.
    pub(crate) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Tells that the run was stopped, and how to go on; how the command ends.
    pub(crate) fn tell(&self, when: Color) -> Exit {
        let number = self.caught.load(Ordering::SeqCst);
        let (_, exit, name) = SIGNALS.get(number.saturating_sub(1)).unwrap_or(&SIGNALS[0]);
        if !self.is_told.swap(true, Ordering::SeqCst) {
            let how_to_go_on = self.how_to_go_on.get().map_or("", String::as_str);
            tell(&format!("stopped by {name}{how_to_go_on}"), when);
        }
        *exit
    }

    fn wait(&self, when: Color) {
        while self.caught.load(Ordering::SeqCst) == 0 {
            std::thread::sleep(LOOK);
        }
        let since = Instant::now();
        self.stop.ask();
        while !self.stop.is_settled() && since.elapsed() < LAST {
            std::thread::sleep(LOOK);
        }
        std::thread::sleep(WIND_UP.min(LAST.saturating_sub(since.elapsed())));
        while self.is_finishing.load(Ordering::SeqCst) && since.elapsed() < LAST {
            std::thread::sleep(LOOK);
        }
        // A stage that does not come to its end, or an input that does not come at all.
        end(self.tell(when));
    }
}

#[expect(
    clippy::exit,
    reason = "threads that cannot be ended are left behind; all that is to be kept is on the disk"
)]
fn end(exit: Exit) -> ! {
    std::process::exit(exit as i32)
}
