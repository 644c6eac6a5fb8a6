//! The worker process: the same pipeline, one document at a time.

use std::io::{self, BufReader, BufWriter, IsTerminal, PipeReader, PipeWriter, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use demarche_core::{Cancel, Registry};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpid, kill_process};

use super::protocol::{self, Hello, Kind, PROTOCOL, no_frame};
use crate::steps::{self, Event};
use crate::{LoadedPipeline, parse_pipeline};

/// Works for the run that has started this process, until that has no more documents.
pub(super) fn serve(registry: Registry) -> io::Result<()> {
    let (mut requests, mut replies) = take_pipes()?;
    let mut content = Vec::new();
    let hello: Hello = match protocol::read(&mut requests, &mut content) {
        Ok(Some(Kind::Hello)) => serde_json::from_slice(&content)?,
        _ => return Err(not_started()),
    };
    let loaded = match load(&hello, registry) {
        Ok(loaded) => loaded,
        Err(message) => {
            protocol::write(&mut replies, Kind::Refused, message.as_bytes())?;
            return replies.flush();
        }
    };
    protocol::write(&mut replies, Kind::Ready, b"")?;
    replies.flush()?;
    loop {
        match protocol::read(&mut requests, &mut content)? {
            Some(Kind::Document) => process(&loaded, &hello, &content, &mut replies)?,
            Some(Kind::End) | None => return Ok(()),
            Some(_) => return Err(no_frame("request")),
        }
    }
}

/// Builds the pipeline, within the memory that this process may have.
fn load(hello: &Hello, registry: Registry) -> Result<LoadedPipeline, String> {
    limit_memory(hello.max_memory).map_err(|error| format!("cannot limit its memory: {error}"))?;
    let source = &hello.pipeline;
    let loaded = parse_pipeline(&source.text, &source.name, &source.base, registry, 1);
    let loaded = loaded.map_err(|errors| errors.to_string())?;
    if hello.protocol == PROTOCOL && loaded.fingerprint == hello.fingerprint {
        Ok(loaded)
    } else {
        Err("it has another program, plugin, model or list than the run: they have changed meanwhile"
            .to_owned())
    }
}

/// Lets this process have so many bytes of address space and no more.
#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn limit_memory(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    Ok(setrlimit(Resource::As, Rlimit { current: Some(bytes), maximum: Some(bytes) })?)
}

/// Other systems take no such limit, or do not hold it.
#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
fn limit_memory(_: u64) -> io::Result<()> {
    Ok(())
}

/// Runs all stages over a document, and says at each where it is.
fn process(
    loaded: &LoadedPipeline,
    hello: &Hello,
    request: &[u8],
    replies: &mut BufWriter<PipeWriter>,
) -> io::Result<()> {
    let mut doc = protocol::read_document(request)?;
    let last = loaded.pipeline.stages().len() - 1;
    let mut told = Ok(());
    let mut tell = |event: Event| {
        let is_over = matches!(event, Event::Left(step, _) if step == last);
        let mut tell = || {
            protocol::write_event(replies, event)?;
            // What a stage has taken can be told with what comes next; where the document is must be known if
            // this process dies.
            if is_over || matches!(event, Event::Entered(_)) { replies.flush() } else { Ok(()) }
        };
        if told.is_ok() {
            told = tell();
        }
    };
    if let Some(deadline) = Instant::now().checked_add(hello.document_time) {
        doc.set_cancel(Cancel::at(deadline));
    }
    let done = steps::process(&loaded.pipeline, &mut doc, &mut tell);
    told?;
    match done {
        Ok(()) => protocol::write(replies, Kind::Done, &protocol::document(&doc))?,
        Err(stopped) => protocol::write_stopped(replies, stopped)?,
    }
    replies.flush()
}

/// Takes the pipes to the run from where libraries would read and print: after this, what they print goes to the
/// standard error, and there is nothing for them to read.
fn take_pipes() -> io::Result<(BufReader<PipeReader>, BufWriter<PipeWriter>)> {
    if io::stdin().is_terminal() {
        return Err(not_started());
    }
    let requests: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
    let replies: OwnedFd = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(std::fs::File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    end_with_the_run(requests.try_clone()?)?;
    Ok((BufReader::new(requests.into()), BufWriter::new(replies.into())))
}

fn not_started() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "no run has started this process: it works for one and for nobody else",
    )
}

/// Ends this process soon after the run has gone, whatever a stage is doing.
fn end_with_the_run(requests: OwnedFd) -> io::Result<()> {
    let watch = move || {
        loop {
            // Without flags, it waits for the other end to be closed.
            let mut pipe = [PollFd::new(&requests, PollFlags::empty())];
            match poll(&mut pipe, None) {
                Ok(n) if n > 0 => break,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
        std::thread::sleep(FAREWELL);
        // No library's handlers are asked: they may be what hangs.
        let _ = kill_process(getpid(), Signal::KILL);
    };
    std::thread::Builder::new().name("demarche-watch".to_owned()).stack_size(WATCH_STACK).spawn(watch)?;
    Ok(())
}

/// Time that this process has to end by itself once the run has gone.
const FAREWELL: Duration = Duration::from_secs(2);
/// Bytes of stack of the thread that watches the run.
const WATCH_STACK: usize = 64 * 1024;
