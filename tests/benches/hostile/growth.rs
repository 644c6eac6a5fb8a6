//! Time of the thread on the processor, and how it grows.

use std::time::Duration;

/// What the columns are.
pub(crate) const HEADING: &str =
    "family                   stage         ns/byte  × news    t(2n)/t(n)  t(4n)/t(2n)";

/// Most that time may grow where the text doubles.
const GROWTH: f64 = 2.2;
/// Most that a byte may cost, in bytes of news.
const COST: f64 = 20.0;
/// Times below this are noise, in seconds.
const NOISE: f64 = 0.002;
/// Rounds at most and at least, and the time after which there are no more than the least, in seconds.
const ROUNDS: (usize, usize) = (3, 20);
const ENOUGH: f64 = 0.4;
/// When this much time is used there is no further round, in seconds.
const LONG: f64 = 4.0;

/// Seconds that this thread has been on the processor.
#[cfg(unix)]
pub(crate) fn now() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap().as_secs_f64()
}

/// Seconds since the first call, where there is no such clock.
#[cfg(not(unix))]
pub(crate) fn now() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    Duration::as_secs_f64(&START.get_or_init(std::time::Instant::now).elapsed())
}

/// The least of each of the times that `work` takes, over some rounds.
pub(crate) fn least(mut work: impl FnMut() -> Vec<f64>) -> Vec<f64> {
    let start = now();
    let mut least = work();
    let mut n_rounds = 1;
    while now() - start < LONG && n_rounds < ROUNDS.1 && (n_rounds < ROUNDS.0 || now() - start < ENOUGH) {
        lower(&mut least, &work());
        n_rounds += 1;
    }
    least
}

fn lower(least: &mut [f64], seconds: &[f64]) {
    for (least, &seconds) in least.iter_mut().zip(seconds) {
        *least = least.min(seconds);
    }
}

/// How the times that `measure` takes grow with the bytes that it is given. What seems to grow is measured again, for
/// others may have been busy.
pub(crate) fn growths(bytes: u32, measure: impl Fn(usize) -> Vec<f64>) -> Vec<Growth> {
    let sizes = [bytes / 4, bytes / 2, bytes].map(|bytes| bytes as usize);
    let mut times = sizes.map(&measure);
    for _ in 0..REPEATS {
        if !growths_of(bytes, &times).iter().any(Growth::grows) {
            break;
        }
        for (times, bytes) in times.iter_mut().zip(sizes) {
            lower(times, &measure(bytes));
        }
    }
    growths_of(bytes, &times)
}

fn growths_of(bytes: u32, times: &[Vec<f64>; 3]) -> Vec<Growth> {
    let [quarter, half, whole] = times;
    let rows = quarter.iter().zip(half).zip(whole);
    rows.map(|((&quarter, &half), &whole)| Growth { bytes, seconds: [quarter, half, whole] }).collect()
}

/// Times that what seems to grow is measured again.
const REPEATS: usize = 3;

/// Seconds for a quarter, a half and all of so many bytes.
pub(crate) struct Growth {
    bytes: u32,
    seconds: [f64; 3],
}

impl Growth {
    fn grows(&self) -> bool {
        let [quarter, half, whole] = self.seconds;
        let grows = |small: f64, large: f64| small > NOISE / 2.0 && large > NOISE && large > GROWTH * small;
        grows(quarter, half) || grows(half, whole)
    }

    /// Prints a row; whether it is marked. `of_news` is what a byte of news costs in the same stage, in seconds; `is_all`
    /// if that is all of the stages.
    pub(crate) fn print(&self, family: &str, stage: &str, of_news: f64, is_all: bool) -> bool {
        let [quarter, half, whole] = self.seconds;
        let per_byte = whole / f64::from(self.bytes);
        let cost = per_byte / of_news;
        let mark = if self.grows() {
            "grows"
        } else if is_all && cost > COST {
            "costs"
        } else {
            ""
        };
        println!(
            "{family:<24} {stage:<12} {:>8.1} {cost:>7.1} {:>13.2} {:>12.2}  {mark}",
            per_byte * 1e9,
            half / quarter,
            whole / half
        );
        !mark.is_empty()
    }
}
