//! Errors in a pipeline file, shown where they are.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Patch, Renderer, Snippet};

/// Something wrong in a pipeline file: what, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What is wrong, in a line.
    pub title: String,
    /// The place, in bytes of the file; `None` if it is not in one place.
    pub span: Option<Range<usize>>,
    /// What stands beside the place.
    pub label: String,
    /// A second place that has to do with it.
    pub related: Option<(Range<usize>, String)>,
    /// What to know, and what to do.
    pub help: Vec<String>,
    /// What to write instead of the place.
    pub instead: Option<String>,
}

impl Diagnostic {
    pub(crate) fn new(title: impl Into<String>, span: Range<usize>, label: impl Into<String>) -> Self {
        let (title, label) = (title.into(), label.into());
        Self { title, span: Some(span), label, related: None, help: Vec::new(), instead: None }
    }

    pub(crate) fn of_file(title: impl Into<String>) -> Self {
        Self { span: None, ..Self::new(title, 0..0, "") }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(crate) fn instead(mut self, instead: Option<impl Into<String>>) -> Self {
        self.instead = instead.map(Into::into);
        self
    }

    pub(crate) fn related(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }
}

/// All that is wrong with a pipeline file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadErrors {
    file: String,
    text: String,
    errors: Vec<Diagnostic>,
}

impl LoadErrors {
    pub(crate) fn new(file: &str, text: &str, mut errors: Vec<Diagnostic>) -> Self {
        errors.sort_by_key(|error| error.span.as_ref().map_or(0, |span| span.start));
        Self { file: file.to_owned(), text: text.to_owned(), errors }
    }

    /// The errors, in the order of the file.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    /// The line of an error, from 1; `None` if it is not in one place.
    pub fn line(&self, error: &Diagnostic) -> Option<usize> {
        let before = self.text.get(..error.span.as_ref()?.start)?;
        Some(before.bytes().filter(|&byte| byte == b'\n').count() + 1)
    }

    /// All errors as text for a terminal, each with its line and the place underlined.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
        let mut text = String::new();
        for error in &self.errors {
            text.push_str(&renderer.render(&self.report(error)));
            text.push_str("\n\n");
        }
        let n = self.errors.len();
        let plural = if n == 1 { "" } else { "s" };
        text + &format!("{}: {n} error{plural}\n", self.file)
    }

    fn report<'e>(&'e self, error: &'e Diagnostic) -> Vec<annotate_snippets::Group<'e>> {
        let title = Level::ERROR.primary_title(&error.title);
        let Some(span) = &error.span else {
            let help = error.help.iter().map(|help| Level::HELP.message(help));
            return vec![title.element(annotate_snippets::Origin::path(&self.file)).elements(help)];
        };
        let place = AnnotationKind::Primary.span(span.clone()).label(&error.label);
        let related =
            error.related.iter().map(|(span, label)| AnnotationKind::Context.span(span.clone()).label(label));
        let snippet = Snippet::source(&self.text).path(&self.file).annotation(place).annotations(related);
        let help = error.help.iter().map(|help| Level::HELP.message(help));
        let mut groups = vec![title.element(snippet).elements(help)];
        if let Some(instead) = &error.instead {
            let patch = Snippet::source(&self.text).path(&self.file).patch(Patch::new(span.clone(), instead));
            groups.push(Level::HELP.secondary_title("perhaps you meant").element(patch));
        }
        groups
    }
}

/// Columns of a rendered error: what most terminals have.
const WIDTH: usize = 120;

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for LoadErrors {}
