//! Ready pipelines: the files in `pipelines/`, embedded, so that the binary alone is enough.

/// A ready pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its name.
    pub name: &'static str,
    /// Its file, as it stands in `pipelines/`.
    pub toml: &'static str,
}

/// The ready pipelines that need no plugin.
pub const READY: [Ready; 5] = [
    Ready { name: "news", toml: include_str!("../../../pipelines/news.toml") },
    Ready { name: "quotes", toml: include_str!("../../../pipelines/quotes.toml") },
    Ready { name: "sanctions", toml: include_str!("../../../pipelines/sanctions.toml") },
    Ready { name: "words", toml: include_str!("../../../pipelines/words.toml") },
    Ready { name: "entities", toml: include_str!("../../../pipelines/entities.toml") },
];

/// The ready pipeline of this name.
pub fn ready(name: &str) -> Option<Ready> {
    READY.into_iter().find(|ready| ready.name == name)
}
