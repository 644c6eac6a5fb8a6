//! The values of a JSON stream, told apart by brackets and quotation marks alone: none is held past the limit.

use std::io::{self, BufRead};

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    /// A value; its bytes are in the buffer that was lent unless it is over the limit.
    Value {
        offset: u64,
        length: u64,
        /// Line of the stream on which it starts, from 1.
        line: u64,
    },
    /// Nothing more can be told apart.
    Broken { offset: u64, message: &'static str },
    /// The end.
    End,
}

/// Finds the items of a list at the top, or the values that stand there one after the other.
pub(crate) struct Splitter {
    /// Names of the fields that lead to the list, the first one last.
    path: Vec<String>,
    state: State,
    number: u64,
    offset: u64,
    line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing has been read.
    Start,
    /// In the list, before a value.
    Item,
    /// In the list, after a value.
    AfterItem,
    /// At the top, between values.
    Between,
    End,
}

/// Longest name of a field that is compared with the path.
const LONGEST_NAME: u64 = 1024;

impl Splitter {
    /// For a stream that starts at this byte of its file; `path` leads to the list, its names parted by dots.
    pub(crate) fn new(offset: u64, path: Option<&str>) -> Self {
        let path = path.into_iter().flat_map(|path| path.split('.').rev()).map(str::to_owned).collect();
        Self { path, state: State::Start, number: 0, offset, line: 1 }
    }

    /// Values so far.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Bytes read.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    pub(crate) fn next(
        &mut self,
        input: &mut dyn BufRead,
        limit: u64,
        buffer: &mut Vec<u8>,
    ) -> io::Result<Next> {
        let broken = |at: &Self, message| Ok(Next::Broken { offset: at.offset, message });
        let within = !self.path.is_empty();
        while let Some(name) = self.path.pop() {
            if let Err(message) = self.enter(input, &name)? {
                return broken(self, message);
            }
        }
        if within && self.peek(input)? != Some(b'[') {
            return broken(self, "the field that `records` names holds no list");
        }
        loop {
            let byte = self.peek(input)?;
            match (self.state, byte) {
                (State::End | State::Start | State::Between, None) => return Ok(Next::End),
                (State::End, Some(_)) => {
                    // What stands after the list is none of its items; a damaged stream is noticed at its end.
                    io::copy(input, &mut io::sink())?;
                    return Ok(Next::End);
                }
                (_, None) => return broken(self, "it ends within a list"),
                (State::Start, Some(b'[')) | (State::AfterItem, Some(b',')) => {
                    self.skip(input);
                    self.state = State::Item;
                }
                (State::Item | State::AfterItem, Some(b']')) => {
                    self.skip(input);
                    self.state = State::End;
                }
                (State::AfterItem, Some(_)) => return broken(self, "no comma between two items of a list"),
                (State::Start | State::Between, Some(_)) => {
                    self.state = State::Between;
                    return self.value(input, limit, buffer);
                }
                (State::Item, Some(_)) => {
                    self.state = State::AfterItem;
                    return self.value(input, limit, buffer);
                }
            }
        }
    }

    /// Goes to the value of a field of the object that comes next.
    fn enter(&mut self, input: &mut dyn BufRead, name: &str) -> io::Result<Result<(), &'static str>> {
        const ABSENT: &str = "the field that `records` names is not there";
        if self.peek(input)? != Some(b'{') {
            return Ok(Err(ABSENT));
        }
        self.skip(input);
        let mut buffer = Vec::new();
        loop {
            match self.peek(input)? {
                Some(b',') => self.skip(input),
                Some(b'"') => {
                    self.scan(input, LONGEST_NAME, &mut buffer)?;
                    let found = serde_json::from_slice::<String>(&buffer).is_ok_and(|key| key == name);
                    if self.peek(input)? != Some(b':') {
                        return Ok(Err("no colon after the name of a field"));
                    }
                    self.skip(input);
                    self.peek(input)?;
                    if found {
                        return Ok(Ok(()));
                    }
                    if self.scan(input, 0, &mut buffer)?.is_none() {
                        return Ok(Err(ABSENT));
                    }
                }
                _ => return Ok(Err(ABSENT)),
            }
        }
    }

    fn value(&mut self, input: &mut dyn BufRead, limit: u64, buffer: &mut Vec<u8>) -> io::Result<Next> {
        let (offset, line) = (self.offset, self.line);
        self.number += 1;
        match self.scan(input, limit, buffer)? {
            Some(length) if length > 0 => Ok(Next::Value { offset, length, line }),
            Some(_) => Ok(Next::Broken { offset, message: "a value should stand here" }),
            None => Ok(Next::Broken { offset, message: "it ends within a value" }),
        }
    }

    /// Reads a value into the buffer and gives its length; `None` if the stream ends within it.
    fn scan(&mut self, input: &mut dyn BufRead, limit: u64, buffer: &mut Vec<u8>) -> io::Result<Option<u64>> {
        buffer.clear();
        let mut value = Value::default();
        let mut length = 0;
        loop {
            let available = input.fill_buf()?;
            if available.is_empty() {
                return Ok((value.is_plain() && length > 0).then_some(length));
            }
            let (used, ended) = value.take(available);
            length += used as u64;
            if length <= limit {
                buffer.extend_from_slice(&available[..used]);
            } else {
                *buffer = Vec::new();
            }
            self.line += memchr::memchr_iter(b'\n', &available[..used]).count() as u64;
            self.offset += used as u64;
            input.consume(used);
            if ended {
                return Ok(Some(length));
            }
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self, input: &mut dyn BufRead) -> io::Result<Option<u8>> {
        loop {
            let available = input.fill_buf()?;
            if available.is_empty() {
                return Ok(None);
            }
            let blank = available.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = available.get(blank).copied();
            self.line += memchr::memchr_iter(b'\n', &available[..blank]).count() as u64;
            self.offset += blank as u64;
            input.consume(blank);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    fn skip(&mut self, input: &mut dyn BufRead) {
        input.consume(1);
        self.offset += 1;
    }
}

/// How far a value has been read.
#[derive(Default)]
struct Value {
    depth: u64,
    in_string: bool,
    escaped: bool,
    started: bool,
}

impl Value {
    /// Whether it is a number or a word, which end where something else begins.
    const fn is_plain(&self) -> bool {
        self.depth == 0 && !self.in_string
    }

    /// How many of these bytes are of the value, and whether it ends with them.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return (at + 1, true);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' if self.depth > 0 || !self.started => self.in_string = true,
                b'{' | b'[' if self.depth > 0 || !self.started => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                // A number or a word ends before what cannot be part of it.
                b',' | b']' | b'}' | b'"' | b'{' | b'[' | b':' if self.depth == 0 => return (at, true),
                byte if self.depth == 0 && byte.is_ascii_whitespace() => return (at, true),
                _ => {}
            }
            self.started = true;
        }
        (bytes.len(), false)
    }
}
