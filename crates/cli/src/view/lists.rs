//! "Who said what" and "Who sanctions whom".

use std::fmt::Write as _;

use demarche::{Argument, Document, Layer, Quote, Sanction, Span};

use super::paint::Paint;
use super::{excerpt, printable};

/// Characters of a quotation that the list shows.
const CONTENT_WIDTH: usize = 100;
/// Characters of an argument that the list shows.
const ARGUMENT_WIDTH: usize = 48;

/// Adds the list of quotations, if they were looked for.
pub(super) fn quotes(doc: &Document<'_>, paint: Paint, out: &mut String) {
    if !doc.has(&Layer::Quotes) {
        return;
    }
    let title = "Who said what";
    section(title, doc.quotes().map(|quote| quote_line(doc, &quote, paint)), paint, out);
}

/// Adds the list of sanction events, if they were looked for.
pub(super) fn sanctions(doc: &Document<'_>, paint: Paint, out: &mut String) {
    if !doc.has(&Layer::Sanctions) {
        return;
    }
    let title = "Who sanctions whom";
    section(title, doc.sanctions().map(|event| sanction_line(doc, &event, paint)), paint, out);
}

fn section(title: &str, lines: impl ExactSizeIterator<Item = String>, paint: Paint, out: &mut String) {
    let written = "a string takes all that is written";
    writeln!(out, "{}", paint.heading(title)).expect(written);
    if lines.len() == 0 {
        writeln!(out, "  {}", paint.faint("nobody")).expect(written);
    }
    for (i, line) in lines.enumerate() {
        writeln!(out, "{:>3}  {line}", i + 1).expect(written);
    }
    out.push('\n');
}

fn quote_line(doc: &Document<'_>, quote: &Quote<'_>, paint: Paint) -> String {
    let source = joined(doc, quote.source, " … ");
    let speaker = match quote.speaker {
        Some(speaker) => with_norm(speaker.name, speaker.norm),
        None if source.is_empty() => "?".to_owned(),
        None => source,
    };
    let cue = joined(doc, quote.cue, " … ");
    let cue = if cue.is_empty() { String::new() } else { format!(" {cue}") };
    let content = joined(doc, quote.content, " … ");
    let kind = paint.faint(&format!("({})", quote.kind));
    format!(
        "{}{cue}: {} {kind}",
        paint.strong(&excerpt(&speaker, ARGUMENT_WIDTH)),
        excerpt(&content, CONTENT_WIDTH)
    )
}

fn sanction_line(doc: &Document<'_>, event: &Sanction<'_>, paint: Paint) -> String {
    let sender = parties(doc, &event.sender).unwrap_or_else(|| "?".to_owned());
    let target = parties(doc, &event.target).unwrap_or_else(|| "?".to_owned());
    let action = event.action.name().replace('_', " ");
    let mut line =
        format!("{} → {}: {}", paint.strong(&sender), paint.strong(&target), paint.strong(&action));
    let measures: Vec<_> = event.measures.iter().map(|measure| measure.name().replace('_', " ")).collect();
    if !measures.is_empty() {
        line += &format!(" ({})", measures.join(", "));
    }
    let mut more = vec![
        format!("“{}”", excerpt(doc.slice(event.trigger), ARGUMENT_WIDTH)),
        event.factuality.to_string(),
    ];
    if let Some(actor) = parties(doc, &event.actor) {
        more.push(format!("by {actor}"));
    }
    for (name, span) in [("under", event.instrument), ("because", event.reason), ("when", event.date)] {
        more.extend(span.map(|span| format!("{name}: {}", excerpt(doc.slice(span), CONTENT_WIDTH))));
    }
    more.extend(event.quote.map(|quote| format!("said in quotation {}", quote + 1)));
    line + " " + &paint.faint(&format!("[{}]", more.join("; ")))
}

fn parties(doc: &Document<'_>, arguments: &[Argument<'_>]) -> Option<String> {
    let party = |argument: &Argument<'_>| {
        let text = excerpt(doc.slice(argument.span), ARGUMENT_WIDTH);
        with_norm(&text, argument.norm.filter(|&norm| norm != text))
    };
    let parties: Vec<_> = arguments.iter().map(party).collect();
    (!parties.is_empty()).then(|| parties.join(", "))
}

fn with_norm(name: &str, norm: Option<&str>) -> String {
    let norm = norm.map(|norm| format!(" ({norm})")).unwrap_or_default();
    printable(&format!("{name}{norm}"))
}

fn joined(doc: &Document<'_>, spans: &[Span], with: &str) -> String {
    spans.iter().map(|&span| doc.slice(span)).collect::<Vec<_>>().join(with)
}
