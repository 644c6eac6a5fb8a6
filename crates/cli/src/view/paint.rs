use anstyle::{AnsiColor, Effects, Style};

/// With colors or without: where there are none, brackets and labels say what colors would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// ANSI colors.
    Color,
    /// Plain text.
    Plain,
}

impl Paint {
    /// `text` in `style`.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Color => format!("{style}{text}{style:#}"),
            Self::Plain => text.to_owned(),
        }
    }

    /// A heading.
    pub(crate) fn heading(self, text: &str) -> String {
        match self {
            Self::Color => self.paint(Style::new().effects(Effects::BOLD | Effects::UNDERLINE), text),
            Self::Plain => format!("=== {text} ==="),
        }
    }

    /// A strong word.
    pub(crate) fn strong(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// What matters less.
    pub(crate) fn faint(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }
}

/// The color of an entity's label.
pub(crate) fn label_style(label: &str) -> Style {
    let color = match label {
        "PERSON" => AnsiColor::Green,
        "GPE" | "NORP" | "LOC" | "FAC" => AnsiColor::Blue,
        "ORG" => AnsiColor::Magenta,
        "DATE" | "TIME" => AnsiColor::Yellow,
        _ => AnsiColor::Cyan,
    };
    color.on_default()
}
