//! A worker process as its run sees it: started, given documents, ended.

use std::io::{self, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use demarche_core::Document;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::pipe::{Replies, Requests, await_close};
use super::protocol::{self, Kind, no_frame};
use super::{WorkerError, WorkerProgram};
use crate::steps::{Event, Stopped};

/// Time that a worker has to build the pipeline: plugins may read large files.
const START: Duration = Duration::from_secs(120);
/// Time that a worker has to end when there is nothing more to do.
const END: Duration = Duration::from_secs(1);
/// Time past a document's own after which its worker is killed. A stage that looks at the time has stopped by then.
const GRACE: Duration = Duration::from_millis(500);

/// A worker process that waits for a document.
#[derive(Debug)]
pub(super) struct Child {
    process: std::process::Child,
    requests: Requests,
    replies: BufReader<Replies>,
    content: Vec<u8>,
    /// Whether the process has been taken off the system's table.
    is_gone: bool,
}

/// What a worker says of a document.
pub(super) type Answer = Result<Document<'static>, Stopped>;

/// A worker is of no more use.
#[derive(Debug)]
pub(super) struct Dead {
    /// The stage at which it said last that a document was, by its place.
    pub(super) at: At,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// How far a worker has come with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// It has not begun.
    Start,
    /// It is at the stage of this place.
    Stage(usize),
    /// All stages are done.
    End,
}

impl Child {
    /// Starts a worker, and waits until it has built its pipeline.
    pub(super) fn start(program: &WorkerProgram, hello: &[u8]) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::Start { program: program.program.clone(), source };
        let mut command = Command::new(&program.program);
        command.args(&program.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(name) = std::env::args_os().next() {
            command.arg0(name);
        }
        // In a group of its own, it is not stopped from the keyboard: the run is, and finishes what it has in hand.
        command.process_group(0);
        let mut process = command.spawn().map_err(failed)?;
        let deadline = Instant::now() + START;
        let (requests, replies, printed) =
            (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let requests = Requests::new(requests.expect("it is piped"), deadline);
        let replies = Replies::new(replies.expect("it is piped"), printed.expect("it is piped"), deadline);
        let (requests, replies) = match (requests, replies) {
            (Ok(requests), Ok(replies)) => (requests, BufReader::new(replies)),
            (Err(error), _) | (_, Err(error)) => {
                let _ = process.kill().and_then(|()| process.wait());
                return Err(failed(error));
            }
        };
        let mut child = Self { process, requests, replies, content: Vec::new(), is_gone: false };
        match child.greet(hello) {
            Ok(None) => {
                child.replies.get_mut().is_heard = true;
                Ok(child)
            }
            Ok(Some(message)) => Err(WorkerError::Refused { message }),
            Err(error) => Err(WorkerError::Loading { message: child.end(&error) }),
        }
    }

    /// Says what pipeline is meant; a worker that cannot build it says why.
    fn greet(&mut self, hello: &[u8]) -> io::Result<Option<String>> {
        protocol::write(&mut self.requests, Kind::Hello, hello)?;
        match protocol::read(&mut self.replies, &mut self.content)? {
            Some(Kind::Ready) => Ok(None),
            Some(Kind::Refused) => Ok(Some(String::from_utf8_lossy(&self.content).into_owned())),
            Some(_) => Err(no_frame("answer")),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Has a document processed; `request` is the same document as it is sent.
    pub(super) fn process(
        &mut self,
        doc: &Document<'_>,
        request: &[u8],
        time: Duration,
        n_stages: usize,
        observe: &mut dyn FnMut(Event),
    ) -> Result<Answer, Dead> {
        let mut at = At::Start;
        match self.answer(doc, request, time, n_stages, &mut at, observe) {
            Ok(answer) => Ok(answer),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                let _ = self.kill();
                Err(Dead { at, code: "time", message: TIME_IS_UP.to_owned() })
            }
            Err(error) => Err(Dead { at, code: "crash", message: self.end(&error) }),
        }
    }

    fn answer(
        &mut self,
        doc: &Document<'_>,
        request: &[u8],
        time: Duration,
        n_stages: usize,
        at: &mut At,
        observe: &mut dyn FnMut(Event),
    ) -> io::Result<Answer> {
        let limit = |time: Duration| Instant::now() + time.saturating_add(GRACE).min(LONGEST);
        self.requests.deadline = limit(time);
        self.replies.get_mut().forget();
        self.replies.get_mut().deadline = limit(time);
        protocol::write(&mut self.requests, Kind::Document, request)?;
        loop {
            let Some(kind) = protocol::read(&mut self.replies, &mut self.content)? else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            match kind {
                Kind::Entered | Kind::Left => {
                    let event = protocol::read_event(kind, &self.content)?;
                    *at = at.after(event, n_stages).ok_or_else(|| no_frame("event"))?;
                    if *at == At::End {
                        // Writing the result down is no stage's work.
                        self.replies.get_mut().deadline = limit(time);
                    }
                    observe(event);
                }
                Kind::Done if *at == At::End => return read_result(&self.content, doc).map(Ok),
                kind => return protocol::read_stopped(kind, &self.content).map(Err),
            }
        }
    }

    /// Ends a worker that cannot be spoken to any more, and says how it came to its end.
    fn end(&mut self, error: &io::Error) -> String {
        let has_ended = self.has_ended(END);
        let status = self.kill();
        let mut message = match status {
            Ok(status) if has_ended => describe(status),
            _ => format!("its worker process gave no answer that can be read ({error}) and was killed"),
        };
        if let Some(words) = self.replies.get_mut().last_words() {
            message.push_str(&format!("; it said last: {words}"));
        }
        message
    }

    /// Waits for the process to end by itself; whether it did. Its number stays taken until [`kill`](Self::kill).
    fn has_ended(&self, time: Duration) -> bool {
        let deadline = Instant::now() + time;
        let Some(pid) = self.pid() else { return false };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        loop {
            match waitid(WaitId::Pid(pid), options) {
                Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
                ended => return matches!(ended, Ok(Some(_))),
            }
        }
    }

    /// Kills the process if it is there, with any that it has started, and takes it off the system's table.
    fn kill(&mut self) -> io::Result<ExitStatus> {
        // Once it has been taken off, the number may be another's.
        if !self.is_gone
            && let Some(group) = self.pid()
        {
            // There may be none left.
            let _ = kill_process_group(group, Signal::KILL);
        }
        self.is_gone = true;
        self.process.wait()
    }

    fn pid(&self) -> Option<Pid> {
        i32::try_from(self.process.id()).ok().and_then(Pid::from_raw)
    }
}

impl At {
    /// What comes after it, if that may come: stages come one after the other, from the first one on.
    fn after(self, event: Event, n_stages: usize) -> Option<Self> {
        match (self, event) {
            (Self::Start, Event::Entered(0)) => Some(Self::Stage(0)),
            (Self::Stage(step), Event::Left(left, _)) if step == left && step + 1 == n_stages => {
                Some(Self::End)
            }
            (Self::Stage(step), Event::Left(left, _)) if step == left => Some(self),
            (Self::Stage(step), Event::Entered(next)) if step + 1 == next => Some(Self::Stage(next)),
            _ => None,
        }
    }
}

impl Drop for Child {
    /// Lets the worker end by itself, so that its stages can put away what they have, but not for long.
    fn drop(&mut self) {
        if self.is_gone {
            return;
        }
        let deadline = Instant::now() + END;
        self.requests.deadline = deadline;
        self.replies.get_mut().deadline = deadline;
        if protocol::write(&mut self.requests, Kind::End, b"").is_ok() {
            await_close(&mut self.replies);
            self.has_ended(deadline.saturating_duration_since(Instant::now()));
        }
        // A process that is left would be the system's to tell of.
        let _ = self.kill();
    }
}

/// The result of a document, which must be of that document.
fn read_result(content: &[u8], doc: &Document<'_>) -> io::Result<Document<'static>> {
    let result = protocol::read_document(content)?;
    let is_same = result.id() == doc.id() && result.text() == doc.text() && result.meta() == doc.meta();
    if is_same { Ok(result) } else { Err(io::Error::other("another document")) }
}

/// What is said of a document whose worker was killed because it took too long.
const TIME_IS_UP: &str =
    "the time limit for one document is up; its worker process did not stop and was killed";

/// Longest time that is waited for anything: a sum of times stays in range.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How a process ended.
fn describe(status: ExitStatus) -> String {
    let Some(signal) = status.signal() else {
        let code = status.code().unwrap_or_default();
        return format!("its worker process ended itself with exit code {code}");
    };
    match SIGNALS.iter().find(|(known, ..)| known.as_raw() == signal) {
        Some((_, name, meaning)) => format!("its worker process was ended by {name} ({meaning})"),
        None => format!("its worker process was ended by signal {signal}"),
    }
}

/// Signals that end a process as a rule.
const SIGNALS: [(Signal, &str, &str); 9] = [
    (Signal::SEGV, "SIGSEGV", "it used memory that is not there"),
    (Signal::ABORT, "SIGABRT", "it gave up"),
    (Signal::BUS, "SIGBUS", "it used memory wrongly"),
    (Signal::FPE, "SIGFPE", "wrong arithmetic, as a division by zero"),
    (Signal::ILL, "SIGILL", "an instruction that the processor does not have"),
    (Signal::TRAP, "SIGTRAP", "a trap in its code"),
    (Signal::SYS, "SIGSYS", "a call that the system forbids"),
    (Signal::TERM, "SIGTERM", "somebody ended it"),
    (Signal::KILL, "SIGKILL", "somebody killed it, or the machine had no memory left"),
];
