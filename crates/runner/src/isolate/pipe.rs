//! The run's end of the pipes to a worker process: nothing waits longer than it may.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{ChildStderr, ChildStdin, ChildStdout};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Bytes of what a worker last said on its standard error that are kept for the message about its end.
const KEPT_BYTES: usize = 4096;
/// Bytes that a pipe holds, as a rule.
const PIPE_BYTES: usize = 64 * 1024;
/// Characters of it that the message has.
const SHOWN_CHARACTERS: usize = 200;

/// What goes to a worker.
#[derive(Debug)]
pub(super) struct Requests {
    pipe: ChildStdin,
    /// Until when a write may wait.
    pub(super) deadline: Instant,
}

/// What comes from a worker: its answers, and what it and its libraries print.
#[derive(Debug)]
pub(super) struct Replies {
    pipe: ChildStdout,
    printed: ChildStderr,
    /// The end of what was printed.
    tail: Vec<u8>,
    /// Whether what is printed is handed on to the standard error of this process.
    pub(super) is_heard: bool,
    /// Until when a read may wait.
    pub(super) deadline: Instant,
}

impl Requests {
    pub(super) fn new(pipe: ChildStdin, deadline: Instant) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&pipe, true)?;
        Ok(Self { pipe, deadline })
    }
}

impl Replies {
    pub(super) fn new(pipe: ChildStdout, printed: ChildStderr, deadline: Instant) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&pipe, true)?;
        rustix::io::ioctl_fionbio(&printed, true)?;
        Ok(Self { pipe, printed, tail: Vec::new(), is_heard: false, deadline })
    }

    /// Forgets what was printed so far: it has nothing to do with the next document.
    pub(super) fn forget(&mut self) {
        self.hear_out();
        self.tail.clear();
    }

    /// The last line that the worker printed about its document, if it printed any.
    pub(super) fn last_words(&mut self) -> Option<String> {
        self.hear_out();
        let printed = String::from_utf8_lossy(&self.tail);
        // Rust's runtime ends with advice, after what happened.
        let says_something = |line: &&str| !line.trim().is_empty() && !line.starts_with("note: ");
        let line = printed.lines().rfind(says_something)?;
        Some(line.trim().chars().filter(|c| !c.is_control()).take(SHOWN_CHARACTERS).collect())
    }

    /// Takes what has been printed, but no more than a pipe holds: a process may print without end.
    fn hear_out(&mut self) {
        let _ = (0..PIPE_BYTES / KEPT_BYTES).try_for_each(|_| self.hear().ok().filter(|&n| n > 0).map(drop));
    }

    /// Takes what has been printed, as far as it is there; how many bytes that were.
    fn hear(&mut self) -> io::Result<usize> {
        let mut buffer = [0; KEPT_BYTES];
        let length = self.printed.read(&mut buffer)?;
        let heard = &buffer[..length];
        if self.is_heard {
            // Where nobody listens, nothing is left to do about it.
            let _ = io::stderr().write_all(heard);
        }
        self.tail.extend_from_slice(heard);
        self.tail.drain(..self.tail.len().saturating_sub(KEPT_BYTES));
        Ok(length)
    }
}

impl Write for Requests {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.pipe.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wait([(self.pipe.as_fd(), PollFlags::OUT)], self.deadline)?;
                }
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Replies {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut is_silent = false;
        loop {
            match self.pipe.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
            let answered = (self.pipe.as_fd(), PollFlags::IN);
            if is_silent {
                // A standard error that was closed would be ready for ever.
                wait([answered], self.deadline)?;
                continue;
            }
            let [has_answered, has_printed] =
                wait([answered, (self.printed.as_fd(), PollFlags::IN)], self.deadline)?;
            if has_printed {
                is_silent = self.hear().is_ok_and(|length| length == 0);
            }
            // Who prints without end is never silent long enough for the time to be up.
            if !has_answered && Instant::now() >= self.deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }
}

/// Waits until one of the pipes is ready or closed, and says which are.
///
/// What is ready at the deadline counts: this process itself may have been stopped meanwhile.
fn wait<const N: usize>(pipes: [(BorrowedFd<'_>, PollFlags); N], deadline: Instant) -> io::Result<[bool; N]> {
    let mut polled = pipes.map(|(pipe, flags)| PollFd::from_borrowed_fd(pipe, flags));
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).map_err(io::Error::other)?;
        match poll(&mut polled, Some(&left)) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) => return Ok(polled.map(|pipe| !pipe.revents().is_empty())),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits until a worker that was asked to end has closed its pipe, or the deadline.
pub(super) fn await_close(replies: &mut impl Read) {
    // What it has to say is of no use any more.
    let _ = io::copy(replies, &mut io::sink());
}
