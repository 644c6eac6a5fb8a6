//! Documents as one HTML page to be read: no script, no link to anywhere else, nothing of the texts taken for markup.

use std::collections::BTreeMap;

use demarche_core::{Argument, Document, Quote, Sanction, Span};

use crate::text::{escape, escaped, flat, put};

/// The start, the documents and the end of a page, to be written one after the other.
#[derive(Clone, Debug, Default)]
pub struct Page {
    n_documents: usize,
    /// Quotations of each speaker, by name and code: document and quotation.
    speakers: BTreeMap<(String, String), Vec<(usize, usize)>>,
}

impl Page {
    /// What a page starts with.
    pub fn start(title: &str) -> String {
        // A browser that sees this runs nothing and asks nobody, whatever is in the texts.
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n",
            escaped(&flat(title)),
            include_str!("page.css"),
        )
    }

    /// A document: its text with names, quotations and events in color, then who said what and who sanctions whom.
    pub fn document(&mut self, doc: &Document<'_>) -> String {
        self.n_documents += 1;
        let number = self.n_documents;
        let mut out = String::new();
        let title = doc.meta().get("title").and_then(|title| title.as_str()).unwrap_or(doc.id());
        let date = doc.meta().get("date").and_then(|date| date.as_str()).unwrap_or_default();
        put(&mut out, format_args!("<article id=\"d{number}\">\n<h2>{}</h2>\n", escaped(&flat(title))));
        put(
            &mut out,
            format_args!(
                "<p class=\"of\">{} {}</p>\n<div class=\"text\">",
                escaped(&flat(doc.id())),
                escaped(date)
            ),
        );
        marked(doc, number, &mut out);
        out.push_str("</div>\n");
        self.quotations(doc, number, &mut out);
        sanctions(doc, number, &mut out);
        out.push_str("</article>\n");
        out
    }

    /// What a page ends with: the speakers, those first who are quoted most.
    pub fn end(&self) -> String {
        let mut out = "</main>\n<aside>\n<h2>Speakers</h2>\n<ul>\n".to_owned();
        let mut speakers: Vec<_> = self.speakers.iter().collect();
        speakers.sort_by_key(|(_, quotes)| std::cmp::Reverse(quotes.len()));
        for ((name, norm), quotes) in speakers {
            put(&mut out, format_args!("<li>{} <small>{}</small>", escaped(name), escaped(norm)));
            for (document, quote) in quotes {
                put(&mut out, format_args!(" <a href=\"#d{document}q{quote}\">{document}.{quote}</a>"));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n</aside>\n</body>\n</html>\n");
        out
    }

    fn quotations(&mut self, doc: &Document<'_>, number: usize, out: &mut String) {
        let mut lines = String::new();
        for (at, quote) in doc.quotes().enumerate() {
            let Quote { speaker, source, cue, .. } = quote;
            let who = speaker.map_or_else(|| joined(doc, source), |speaker| flat(speaker.name));
            let norm = speaker.and_then(|speaker| speaker.norm).unwrap_or_default();
            if speaker.is_some() {
                let quotes = self.speakers.entry((who.clone(), norm.to_owned())).or_default();
                quotes.push((number, at + 1));
            }
            let who = if who.is_empty() { "?" } else { &who };
            put(
                &mut lines,
                format_args!(
                    "<li><b>{}</b> <small>{}</small> {}: <a href=\"#d{number}q{}\">{}</a> <small>{}</small></li>\n",
                    escaped(who),
                    escaped(norm),
                    escaped(&joined(doc, cue)),
                    at + 1,
                    escaped(&joined(doc, quote.content)),
                    quote.kind,
                ),
            );
        }
        list("Who said what", &lines, out);
    }
}

fn sanctions(doc: &Document<'_>, number: usize, out: &mut String) {
    let mut lines = String::new();
    for Sanction { trigger, action, measures, factuality, sender, target, quote, reason, .. } in
        doc.sanctions()
    {
        let measures: Vec<_> = measures.iter().map(|measure| measure.name().replace('_', " ")).collect();
        let measures =
            if measures.is_empty() { String::new() } else { format!(" ({})", measures.join(", ")) };
        let reason =
            reason.map_or_else(String::new, |reason| format!("; because: {}", flat(doc.slice(reason))));
        put(
            &mut lines,
            format_args!(
                "<li><b>{}</b> → <b>{}</b>: {}{measures} <small>“{}”; {factuality}{}",
                escaped(&parties(doc, &sender)),
                escaped(&parties(doc, &target)),
                action.name().replace('_', " "),
                escaped(&flat(doc.slice(trigger))),
                escaped(&reason),
            ),
        );
        if let Some(quote) = quote {
            put(&mut lines, format_args!("; said in <a href=\"#d{number}q{0}\">{0}</a>", quote + 1));
        }
        lines.push_str("</small></li>\n");
    }
    list("Who sanctions whom", &lines, out);
}

fn list(title: &str, lines: &str, out: &mut String) {
    if !lines.is_empty() {
        put(out, format_args!("<h3>{title}</h3>\n<ol>\n{lines}</ol>\n"));
    }
}

fn parties(doc: &Document<'_>, arguments: &[Argument<'_>]) -> String {
    let party = |argument: &Argument<'_>| {
        let text = flat(doc.slice(argument.span));
        argument.norm.filter(|&norm| norm != text).map_or(text.clone(), |norm| format!("{text} ({norm})"))
    };
    let parties: Vec<_> = arguments.iter().map(party).collect();
    if parties.is_empty() { "?".to_owned() } else { parties.join(", ") }
}

fn joined(doc: &Document<'_>, spans: &[Span]) -> String {
    spans.iter().map(|&span| flat(doc.slice(span))).collect::<Vec<_>>().join(" … ")
}

/// What is marked in a text. Marks of one layer never overlap, so that as many are open at once as there are layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Quotation,
    /// Who says it, and how.
    Attribution,
    Name,
    /// A word of a sanction event.
    Event,
    /// The number of a quotation, which takes no text.
    Number,
}

const N_LAYERS: usize = 4;

#[derive(Clone, Debug)]
struct Mark {
    span: Span,
    layer: Layer,
    /// Class of its color.
    class: &'static str,
    /// What a reader sees when pointing at it.
    title: String,
    /// Number of the quotation that starts here.
    quote: usize,
}

/// Adds the text with its marks. Each stretch between two edges is an element of its own, for marks may overlap as elements
/// may not.
fn marked(doc: &Document<'_>, number: usize, out: &mut String) {
    let marks = marks(doc);
    let mut edges: Vec<(u32, bool, usize)> = Vec::with_capacity(marks.len() * 2);
    for (at, mark) in marks.iter().enumerate() {
        edges.push((mark.span.start, true, at));
        edges.push((mark.span.end, false, at));
    }
    edges.sort_unstable();
    let mut open: [Option<usize>; N_LAYERS] = [None; N_LAYERS];
    let mut from = 0;
    for (place, starts, at) in edges {
        stretch(doc, Span::new(from, place), &marks, &open, out);
        from = place;
        let mark = &marks[at];
        match open.get_mut(mark.layer as usize) {
            Some(slot) if starts => *slot = Some(at),
            Some(slot) => *slot = None,
            None if starts => put(out, format_args!("<sup id=\"d{number}q{0}\">{0}</sup>", mark.quote)),
            None => {}
        }
    }
    stretch(doc, Span::new(from, doc.text().len() as u32), &marks, &open, out);
}

fn stretch(doc: &Document<'_>, span: Span, marks: &[Mark], open: &[Option<usize>], out: &mut String) {
    if span.is_empty() {
        return;
    }
    let open: Vec<&Mark> = open.iter().flatten().map(|&at| &marks[at]).collect();
    if open.is_empty() {
        escape(doc.slice(span), out);
        return;
    }
    let classes: Vec<_> = open.iter().map(|mark| mark.class).collect();
    let titles: Vec<_> = open.iter().map(|mark| mark.title.as_str()).collect();
    put(out, format_args!("<span class=\"{}\" title=\"", classes.join(" ")));
    escape(&titles.join(" · "), out);
    out.push_str("\">");
    escape(doc.slice(span), out);
    out.push_str("</span>");
}

fn marks(doc: &Document<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut add = |span: Span, layer, class, title: String, quote| {
        if !span.is_empty() || layer == Layer::Number {
            marks.push(Mark { span, layer, class, title, quote });
        }
    };
    for (at, quote) in doc.quotes().enumerate() {
        let speaker = quote.speaker.map_or("?", |speaker| speaker.name);
        for &span in quote.content {
            add(span, Layer::Quotation, "q", format!("said by {}", flat(speaker)), 0);
        }
        if let Some(&Span { start, .. }) = quote.content.first() {
            add(Span::new(start, start), Layer::Number, "", String::new(), at + 1);
        }
        for (spans, name) in [(quote.cue, "cue"), (quote.source, "source")] {
            for &span in spans {
                add(span, Layer::Attribution, "a", format!("{name} of {}", at + 1), 0);
            }
        }
    }
    for entity in doc.entities() {
        let more: Vec<_> = entity.name.into_iter().chain(entity.norm).map(flat).collect();
        add(
            entity.span,
            Layer::Name,
            class(entity.label),
            format!("{} {}", flat(entity.label), more.join(" ")),
            0,
        );
    }
    for event in doc.sanctions() {
        add(event.trigger, Layer::Event, "t", format!("{} ({})", event.action.name(), event.factuality), 0);
        for (arguments, role) in
            [(&event.sender, "sender"), (&event.target, "target"), (&event.actor, "actor")]
        {
            for argument in arguments {
                add(argument.span, Layer::Event, "r", role.to_owned(), 0);
            }
        }
    }
    apart(marks)
}

/// Of marks of one layer that overlap the one that starts first, of those the longest.
fn apart(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by_key(|mark| (mark.layer, mark.span.start, std::cmp::Reverse(mark.span.end)));
    let mut end = (Layer::Quotation, 0);
    marks.retain(|mark| {
        let fits = mark.layer != end.0 || mark.span.start >= end.1;
        if fits {
            end = (mark.layer, mark.span.end);
        }
        fits
    });
    marks
}

/// The class of a label's color.
fn class(label: &str) -> &'static str {
    match label {
        "PERSON" => "n person",
        "GPE" | "NORP" | "LOC" | "FAC" => "n place",
        "ORG" => "n org",
        "DATE" | "TIME" => "n date",
        _ => "n",
    }
}
