//! What a run and its worker processes say to each other: frames over two pipes.
//!
//! A frame is one byte for its kind, the length of what follows (`u32`, little-endian), and that. The run sends
//! `Hello` once and then documents, one at a time; the worker answers each with what it does and how it ended.
//! Documents are in the document format, with offsets in bytes.

use std::io::{self, Read, Write};
use std::time::Duration;

use demarche_core::{Document, Offsets, format};
use serde::{Deserialize, Serialize};

use crate::load::Source;
use crate::steps::{Event, Stopped};

/// Changes whenever a frame does. Both ends are the same program as a rule; another one is refused by this.
pub(super) const PROTOCOL: u32 = 1;

/// The first thing that a run says: all that a worker needs to build the same pipeline.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) protocol: u32,
    pub(super) fingerprint: String,
    pub(super) pipeline: Source,
    /// Time for one document.
    pub(super) document_time: Duration,
    /// Bytes of address space.
    pub(super) max_memory: u64,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From the run: [`Hello`].
    Hello,
    /// From the run: a document to process.
    Document,
    /// From the run: there are no more documents.
    End,
    /// From the worker: it has the same pipeline, and waits for documents.
    Ready,
    /// From the worker: why it cannot work for this run.
    Refused,
    /// From the worker: the document comes to the stage at this place.
    Entered,
    /// From the worker: the document has left that stage, after so many nanoseconds.
    Left,
    /// From the worker: the document with its layers.
    Done,
    /// From the worker: the document failed.
    Failed,
    /// From the worker: a stage cannot go on.
    Fatal,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Hello,
        Self::Document,
        Self::End,
        Self::Ready,
        Self::Refused,
        Self::Entered,
        Self::Left,
        Self::Done,
        Self::Failed,
        Self::Fatal,
    ];
}

/// Why a document did not come through, as it is sent.
#[derive(Serialize, Deserialize)]
struct Account {
    stage: String,
    code: String,
    message: String,
}

/// Writes a frame.
pub(super) fn write(out: &mut impl Write, kind: Kind, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    out.write_all(&[kind as u8])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(content)
}

/// Reads a frame, what follows its length into `content`. `None` where the other end has closed the pipe.
///
/// Memory grows with what has come, not with what a length says, and little of it is kept for the next frame.
pub(super) fn read(input: &mut impl Read, content: &mut Vec<u8>) -> io::Result<Option<Kind>> {
    content.clear();
    content.shrink_to(KEPT_BYTES);
    input.by_ref().take(HEADER).read_to_end(content)?;
    let &[kind, ref length @ ..] = &content[..] else { return Ok(None) };
    let kind = Kind::ALL.into_iter().find(|known| *known as u8 == kind).ok_or_else(|| no_frame("kind"))?;
    let length: [u8; 4] = length.try_into().map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let length = u64::from(u32::from_le_bytes(length));
    content.clear();
    if input.by_ref().take(length).read_to_end(content)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(kind))
}

/// Memory that is kept between frames, in bytes: few documents need more.
const KEPT_BYTES: usize = 1 << 20;
/// Bytes before the content of a frame.
const HEADER: u64 = 5;

/// Writes where a document is.
pub(super) fn write_event(out: &mut impl Write, event: Event) -> io::Result<()> {
    match event {
        Event::Entered(step) => write(out, Kind::Entered, &(step as u32).to_le_bytes()),
        Event::Left(step, spent) => {
            let mut content = [0; 12];
            content[..4].copy_from_slice(&(step as u32).to_le_bytes());
            content[4..].copy_from_slice(&(spent.as_nanos() as u64).to_le_bytes());
            write(out, Kind::Left, &content)
        }
    }
}

/// Reads where a document is.
pub(super) fn read_event(kind: Kind, content: &[u8]) -> io::Result<Event> {
    let number = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).map_err(|_| no_frame("event"));
    match (kind, content) {
        (Kind::Entered, step) => Ok(Event::Entered(number(step)? as usize)),
        (Kind::Left, [step @ .., _, _, _, _, _, _, _, _]) => {
            let spent = content[step.len()..].try_into().map_err(|_| no_frame("event"))?;
            Ok(Event::Left(number(step)? as usize, Duration::from_nanos(u64::from_le_bytes(spent))))
        }
        _ => Err(no_frame("event")),
    }
}

/// Writes why a document did not come through.
pub(super) fn write_stopped(out: &mut impl Write, stopped: Stopped) -> io::Result<()> {
    let (kind, account) = match stopped {
        Stopped::Failed { stage, code, message } => (Kind::Failed, Account { stage, code, message }),
        Stopped::Fatal { stage, message } => (Kind::Fatal, Account { stage, code: String::new(), message }),
    };
    write(out, kind, &serde_json::to_vec(&account)?)
}

/// Reads why a document did not come through.
pub(super) fn read_stopped(kind: Kind, content: &[u8]) -> io::Result<Stopped> {
    let Account { stage, code, message } = serde_json::from_slice(content)?;
    match kind {
        Kind::Failed => Ok(Stopped::Failed { stage, code, message }),
        Kind::Fatal => Ok(Stopped::Fatal { stage, message }),
        _ => Err(no_frame("answer")),
    }
}

/// A document as the content of a frame.
pub(super) fn document(doc: &Document<'_>) -> Vec<u8> {
    format::to_vec(doc, Offsets::Byte)
}

/// The document in a frame.
pub(super) fn read_document(content: &[u8]) -> io::Result<Document<'static>> {
    let json = std::str::from_utf8(content).map_err(io::Error::other)?;
    format::read(json, Offsets::Byte).map_err(io::Error::other)
}

pub(super) fn no_frame(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a frame of no known {what}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Kind, read, read_event, read_stopped, write, write_event, write_stopped};
    use crate::steps::{Event, Stopped};

    #[test]
    fn frames_come_as_they_went() {
        let mut pipe = Vec::new();
        write(&mut pipe, Kind::Document, b"{}").unwrap();
        write(&mut pipe, Kind::Ready, b"").unwrap();
        let (mut input, mut content) = (&pipe[..], Vec::new());
        assert_eq!(read(&mut input, &mut content).unwrap(), Some(Kind::Document));
        assert_eq!(content, b"{}");
        assert_eq!(read(&mut input, &mut content).unwrap(), Some(Kind::Ready));
        assert_eq!(content, b"");
        assert_eq!(read(&mut input, &mut content).unwrap(), None);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        let mut pipe = Vec::new();
        write(&mut pipe, Kind::Document, b"{}").unwrap();
        for end in 1..pipe.len() {
            assert!(read(&mut &pipe[..end], &mut Vec::new()).is_err(), "the first {end} bytes");
        }
        assert!(read(&mut &b"printed"[..], &mut Vec::new()).is_err());
    }

    #[test]
    fn events_and_ends_come_as_they_went() {
        let mut content = Vec::new();
        for event in [Event::Entered(3), Event::Left(7, Duration::from_nanos(1 << 40))] {
            let mut pipe = Vec::new();
            write_event(&mut pipe, event).unwrap();
            let kind = read(&mut &pipe[..], &mut content).unwrap().unwrap();
            assert_eq!(read_event(kind, &content).unwrap(), event);
        }
        let [stage, code, message] = ["quote", "time", "it took “long”"].map(str::to_owned);
        let failed = Stopped::Failed { stage: stage.clone(), code, message: message.clone() };
        for stopped in [failed, Stopped::Fatal { stage, message }] {
            let mut pipe = Vec::new();
            write_stopped(&mut pipe, stopped.clone()).unwrap();
            let kind = read(&mut &pipe[..], &mut content).unwrap().unwrap();
            assert_eq!(read_stopped(kind, &content).unwrap(), stopped);
        }
    }
}
