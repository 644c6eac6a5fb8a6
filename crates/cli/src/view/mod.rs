//! A document as a person reads it: the text with its marks, then the lists.

mod lists;
mod paint;
mod text;

use std::fmt::Write as _;

use demarche::Document;

pub(crate) use paint::Paint;

/// What of a document is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// With colors, or with brackets where there are none.
    pub(crate) paint: Paint,
    /// With the text, or the lists only.
    pub(crate) text: bool,
}

impl View {
    /// The document, ending in a line break.
    pub(crate) fn render(self, doc: &Document<'_>) -> String {
        let mut out = String::new();
        let id = if doc.id().is_empty() { "(no id)" } else { doc.id() };
        writeln!(out, "{}\n", self.paint.heading(&printable(id)))
            .expect("a string takes all that is written");
        if self.text {
            text::render(doc, self.paint, &mut out);
        }
        lists::quotes(doc, self.paint, &mut out);
        lists::sanctions(doc, self.paint, &mut out);
        out
    }
}

/// The text without what would steer a terminal: control characters are shown as their pictures.
pub(crate) fn printable(text: &str) -> String {
    let picture = |c: char| match c {
        '\n' | '\t' => c,
        '\r' => ' ',
        _ => demarche_export::visible(c),
    };
    text.chars().map(picture).collect()
}

/// The text on one line, cut to `width` characters.
fn excerpt(text: &str, width: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = printable(&line);
    if line.chars().count() <= width {
        return line;
    }
    let cut: String = line.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}
