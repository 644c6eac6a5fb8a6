//! The standoff format of brat (<https://brat.nlplab.org/standoff.html>): a text and its annotations, a file each.

use std::collections::{BTreeMap, BTreeSet};

use demarche_core::{Argument, Document, OffsetMap, Offsets, Quote, Sanction, Span};

use crate::text::{flat, line, put};

/// Writes documents for brat, and what its configuration has to name.
#[derive(Clone, Debug, Default)]
pub struct Brat {
    labels: BTreeSet<String>,
}

/// Names of the roles in events, and the labels of what plays them.
const ROLES: [&str; 8] = ["Cue", "Source", "Sender", "Target", "Actor", "Instrument", "Reason", "Date"];

impl Brat {
    /// The annotations of a document, which go with its text as it is.
    ///
    /// Entities are text-bound annotations with their code as a note, chains of more than one mention an equivalence. A
    /// quotation is an event: its content, with its cue and source; so is a sanction event: its trigger, with its parties.
    pub fn annotations(&mut self, doc: &Document<'_>) -> String {
        let mut writer = Writer {
            doc,
            offsets: OffsetMap::new(doc.text(), Offsets::Char),
            bound: BTreeMap::new(),
            n: [0; 4],
            out: String::new(),
        };
        for entity in doc.entities() {
            let label = identifier(entity.label);
            let id = writer.bound(&label, &[entity.span]);
            writer.note(&id, entity.name.filter(|name| *name != doc.slice(entity.span)), entity.norm);
            self.labels.insert(label);
        }
        for chain in doc.chains().filter(|chain| chain.mentions.len() > 1) {
            let ids: Vec<_> =
                chain.mentions.iter().map(|&mention| writer.bound("Mention", &[mention])).collect();
            line(&mut writer.out, format_args!("*\tCoreference {}", ids.join(" ")));
        }
        for quote in doc.quotes() {
            writer.quotation(&quote);
        }
        for event in doc.sanctions() {
            writer.sanction(&event);
        }
        writer.out
    }

    /// What `annotation.conf` says, so that brat shows all of it.
    pub fn configuration(&self) -> String {
        let mut names: BTreeSet<&str> = self.labels.iter().map(String::as_str).collect();
        names.extend(ROLES);
        names.insert("Mention");
        let names: Vec<_> = names.into_iter().collect();
        let actions: Vec<_> = demarche_core::Action::ALL.iter().map(|action| action.name()).collect();
        let values = |names: &[&str]| names.join("|");
        format!(
            "[entities]\n{}\n\n[relations]\nCoreference Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive\n\n\
             [events]\nQuotation Cue*:Cue, Source*:Source\n\
             Sanction Sender*:Sender, Target*:Target, Actor*:Actor, Instrument?:Instrument, Reason?:Reason, Date?:Date\n\n\
             [attributes]\nKind Arg:Quotation, Value:direct|indirect|mixed\nAction Arg:Sanction, Value:{}\n\
             Factuality Arg:Sanction, Value:actual|possible|negated\n",
            names.join("\n"),
            values(&actions),
        )
    }
}

/// What ends a line in a file that Python reads, as brat does.
const LINE_BREAKS: [char; 10] =
    ['\n', '\r', '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}'];

struct Writer<'d> {
    doc: &'d Document<'d>,
    offsets: OffsetMap<'d>,
    /// Annotations of text by what they say of it: the same words are bound once.
    bound: BTreeMap<(String, String), String>,
    /// Annotations of each sort so far: text, events, attributes, notes.
    n: [usize; 4],
    out: String,
}

impl Writer<'_> {
    fn quotation(&mut self, quote: &Quote<'_>) {
        if quote.content.iter().all(|span| span.is_empty()) {
            return;
        }
        let content = self.bound("Quotation", quote.content);
        let mut event = format!("Quotation:{content}");
        for (role, spans) in [("Cue", quote.cue), ("Source", quote.source)] {
            if !spans.is_empty() {
                let id = self.bound(role, spans);
                put(&mut event, format_args!(" {role}:{id}"));
            }
        }
        let id = self.event(&event);
        self.attribute("Kind", &id, quote.kind.name());
        if let Some(speaker) = quote.speaker {
            self.note(&id, Some(speaker.name), speaker.norm);
        }
    }

    fn sanction(&mut self, event: &Sanction<'_>) {
        let trigger = self.bound("Sanction", &[event.trigger]);
        let mut line = format!("Sanction:{trigger}");
        for (role, arguments) in
            [("Sender", &event.sender), ("Target", &event.target), ("Actor", &event.actor)]
        {
            for (number, Argument { span, norm }) in arguments.iter().enumerate() {
                let id = self.bound(role, &[*span]);
                self.note(&id, None, *norm);
                let number = if number == 0 { String::new() } else { (number + 1).to_string() };
                put(&mut line, format_args!(" {role}{number}:{id}"));
            }
        }
        for (role, span) in [("Instrument", event.instrument), ("Reason", event.reason), ("Date", event.date)]
        {
            if let Some(span) = span {
                let id = self.bound(role, &[span]);
                put(&mut line, format_args!(" {role}:{id}"));
            }
        }
        let id = self.event(&line);
        self.attribute("Action", &id, event.action.name());
        self.attribute("Factuality", &id, event.factuality.name());
        let measures: Vec<_> = event.measures.iter().map(demarche_core::Measure::name).collect();
        self.note(&id, (!measures.is_empty()).then(|| measures.join(", ")).as_deref(), None);
    }

    /// An annotation of these stretches of text; brat wants none over a line break, and blanks at no end.
    fn bound(&mut self, label: &str, spans: &[Span]) -> String {
        let mut places = Vec::new();
        let mut words = Vec::new();
        for &span in spans {
            let mut start = span.start;
            for piece in self.doc.slice(span).split_inclusive(LINE_BREAKS) {
                let is_blank = |c: char| c.is_whitespace() || LINE_BREAKS.contains(&c);
                let before = (piece.len() - piece.trim_start_matches(is_blank).len()) as u32;
                let text = piece.trim_matches(is_blank);
                if !text.is_empty() {
                    let from = start + before;
                    let to = from + text.len() as u32;
                    places.push(format!("{} {}", self.offsets.from_byte(from), self.offsets.from_byte(to)));
                    words.push(text);
                }
                start += piece.len() as u32;
            }
        }
        let place = places.join(";");
        let known = (label.to_owned(), place);
        if let Some(id) = self.bound.get(&known) {
            return id.clone();
        }
        self.n[0] += 1;
        let id = format!("T{}", self.n[0]);
        let words = words.join(" ");
        let (label, place) = &known;
        // A tab within the words would end their column; brat compares them with the text, so nothing else is changed.
        let line = format!("{id}\t{label} {place}\t{}\n", words.replace('\t', " "));
        self.out.push_str(&line);
        self.bound.insert(known, id.clone());
        id
    }

    fn event(&mut self, event: &str) -> String {
        self.n[1] += 1;
        let id = format!("E{}", self.n[1]);
        line(&mut self.out, format_args!("{id}\t{event}"));
        id
    }

    fn attribute(&mut self, name: &str, of: &str, value: &str) {
        self.n[2] += 1;
        let number = self.n[2];
        line(&mut self.out, format_args!("A{number}\t{name} {of} {value}"));
    }

    /// A note with a name and a code, where there is one of them.
    fn note(&mut self, of: &str, name: Option<&str>, norm: Option<&str>) {
        let parts: Vec<_> = name.into_iter().chain(norm).map(flat).collect();
        if !parts.is_empty() {
            self.n[3] += 1;
            let number = self.n[3];
            line(&mut self.out, format_args!("#{number}\tAnnotatorNotes {of}\t{}", parts.join("; ")));
        }
    }
}

/// A label as brat has it: letters, digits, `_` and `-`.
fn identifier(label: &str) -> String {
    let label: String = label.chars().map(plain).collect();
    if label.is_empty() { "_".to_owned() } else { label }
}

/// A name for the files of a document: its number, and of its id what is safe in a file's name everywhere. An id is what a
/// document says of itself, and never a path.
pub fn file_name(number: u64, id: &str) -> String {
    const LONGEST: usize = 80;
    let id: String = id.chars().take(LONGEST).map(plain).collect();
    format!("{number:06}-{id}")
}

/// A character that names may have everywhere, or `_` in its place.
fn plain(c: char) -> char {
    if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }
}
