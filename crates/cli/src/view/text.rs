//! The text with its names and quotations marked.

use anstyle::Style;
use demarche::{Document, Span};

use super::paint::{Paint, label_style};
use super::printable;

/// A place where something starts or ends.
struct Edge {
    at: u32,
    /// At one place, what ends comes before what starts, and the longer encloses the shorter.
    rank: (bool, i64),
    mark: Mark,
}

enum Mark {
    Quote(usize),
    QuoteEnd,
    Entity(usize),
    EntityEnd(usize),
}

/// Adds the text: quotations in `⟦1 … ⟧` with their number, names in color or `[Seoul GPE KOR]`.
pub(super) fn render(doc: &Document<'_>, paint: Paint, out: &mut String) {
    let edges = edges(doc);
    let mut at = 0;
    let (mut open_quotes, mut open_entity) = (0_usize, None);
    for edge in edges {
        push(doc, at, edge.at, style(doc, open_quotes, open_entity), paint, out);
        at = edge.at;
        match edge.mark {
            Mark::Quote(i) => {
                out.push_str(&paint.faint(&format!("⟦{} ", i + 1)));
                open_quotes += 1;
            }
            Mark::QuoteEnd => {
                out.push_str(&paint.faint("⟧"));
                open_quotes -= 1;
            }
            Mark::Entity(i) => {
                if paint == Paint::Plain {
                    out.push('[');
                }
                open_entity = Some(i);
            }
            Mark::EntityEnd(i) => {
                let entity = doc.entity(i);
                let norm = entity.norm.map(|norm| format!(" {norm}")).unwrap_or_default();
                match paint {
                    Paint::Plain => out.push_str(&printable(&format!(" {}{norm}]", entity.label))),
                    Paint::Color => out.push_str(&paint.faint(&printable(&norm))),
                }
                open_entity = None;
            }
        }
    }
    push(doc, at, doc.text().len() as u32, None, paint, out);
    out.push_str("\n\n");
}

fn push(doc: &Document<'_>, from: u32, to: u32, style: Option<Style>, paint: Paint, out: &mut String) {
    let text = printable(doc.slice(Span::new(from, to)));
    match style {
        Some(style) if !text.is_empty() => out.push_str(&paint.paint(style, &text)),
        _ => out.push_str(&text),
    }
}

fn style(doc: &Document<'_>, open_quotes: usize, entity: Option<usize>) -> Option<Style> {
    let base = entity.map(|i| label_style(doc.entity(i).label));
    if open_quotes == 0 { base } else { Some(base.unwrap_or_default().italic()) }
}

fn edges(doc: &Document<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut add = |span: Span, start: Mark, end: Mark| {
        if !span.is_empty() {
            let len = i64::from(span.len());
            edges.push(Edge { at: span.start, rank: (true, -len), mark: start });
            edges.push(Edge { at: span.end, rank: (false, len), mark: end });
        }
    };
    for (i, quote) in doc.quotes().enumerate() {
        for &span in quote.content {
            add(span, Mark::Quote(i), Mark::QuoteEnd);
        }
    }
    // Names within names are left out: one bracket at a place reads better.
    let mut entities: Vec<_> = doc.entities().map(|entity| entity.span).enumerate().collect();
    entities.sort_by_key(|(_, span)| (span.start, std::cmp::Reverse(span.end)));
    let mut shown_to = 0;
    for (i, span) in entities {
        if span.start >= shown_to {
            add(span, Mark::Entity(i), Mark::EntityEnd(i));
            shown_to = span.end;
        }
    }
    edges.sort_by_key(|edge| (edge.at, edge.rank));
    edges
}
