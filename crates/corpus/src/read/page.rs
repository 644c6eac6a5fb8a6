//! The main text of a web page, and what the page says of itself.
//!
//! The page is cut into blocks at the tags that begin a new line, and each block is judged by its number of words, the part
//! of them in links, and those of its neighbors: the `NumWordsRulesClassifier` of Kohlschütter, Fankhauser and Nejdl,
//! "Boilerplate Detection using Shallow Text Features" (WSDM 2010). Unlike there, blocks in navigation, footers, forms and
//! the like are left out unseen; where a page marks its article (`article`, `main`) and it holds enough text, blocks outside
//! it are left out too; and a heading stands if the block after it does. No tree is built: there is no depth to fear.

use html5gum::{StartTag, Token};
use serde_json::{Map, Value};

use super::markup::tokens;

/// A page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) text: String,
    title: Option<String>,
    date: Option<String>,
    language: Option<String>,
    url: Option<String>,
}

impl Page {
    /// Reads a page, which may be broken in any way.
    pub(crate) fn of(html: &str) -> Self {
        let mut reading = Reading::default();
        for token in tokens(html) {
            match token {
                Token::StartTag(tag) => reading.start(&tag),
                Token::EndTag(tag) => reading.end(&tag.name),
                Token::String(text) => reading.text(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        reading.finish()
    }

    /// Adds what the page says of itself.
    pub(crate) fn describe(&self, meta: &mut Map<String, Value>) {
        let known =
            [("date", &self.date), ("title", &self.title), ("language", &self.language), ("url", &self.url)];
        for (key, value) in known {
            if let Some(value) = value {
                meta.entry(key).or_insert_with(|| value.as_str().into());
            }
        }
    }
}

/// A stretch of text between two tags that begin a new line.
#[derive(Debug, Default)]
struct Block {
    text: String,
    n_words: usize,
    n_linked: usize,
    is_heading: bool,
    in_article: bool,
}

/// Elements inside which no text is looked for.
const PASSED_OVER: [&str; 19] = [
    "nav",
    "footer",
    "aside",
    "form",
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "select",
    "button",
    "figcaption",
    "iframe",
    "object",
    "video",
    "audio",
    "dialog",
    "textarea",
];
/// Elements that hold the article where a page has them.
const ARTICLE: [&str; 2] = ["article", "main"];
/// Elements that hold others, so that their end is the end of an element in them that was not closed.
const HOLDERS: [&str; 7] = ["div", "section", "body", "header", "table", "td", "li"];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
/// Elements that stand within a line.
const INLINE: [&str; 33] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "wbr",
];
/// Elements that are held open at once; those deeper are not told from their surroundings.
const MAX_DEPTH: usize = 512;
/// Words that make the marked article of a page its main text.
const ENOUGH_WORDS: usize = 40;

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Open {
    /// Place in the lists above, one after the other.
    name: usize,
    passed_over: bool,
    article: bool,
}

#[derive(Debug, Default)]
struct Reading {
    page: Page,
    blocks: Vec<Block>,
    block: Block,
    open: Vec<Open>,
    /// How many of each name are open.
    counts: Counts,
    n_passed_over: usize,
    n_article: usize,
    in_link: bool,
    within: Within,
    linked_data: String,
    /// Whether white space has come since the last word.
    blank: bool,
    n_breaks: usize,
    title: String,
    headline: Option<String>,
    published: [Option<String>; SOURCES],
}

/// What text is read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Text,
    Title,
    LinkedData,
}

type Counts = [usize; PASSED_OVER.len() + ARTICLE.len() + HOLDERS.len()];

/// Where a date may stand, the surest first: a property made for it, data for search engines, an item of microdata, a
/// name that says date, a `time` element.
const SOURCES: usize = 5;

/// Longest data for search engines that is looked into.
const LONGEST_DATA: usize = 1 << 20;
/// The type of a script that holds it (JSON-LD, schema.org).
const LINKED_DATA: &str = "application/ld+json";

impl Reading {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = std::str::from_utf8(&tag.name).unwrap_or_default();
        self.within = Within::Text;
        match name {
            "html" => self.page.language = self.page.language.take().or_else(|| attribute(tag, "lang")),
            "meta" => self.meta(tag),
            "link" if attribute(tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.page.url = self.page.url.take().or_else(|| attribute(tag, "href"));
            }
            "time" => self.date(4, attribute(tag, "datetime")),
            "title" if self.title.is_empty() && self.n_passed_over == 0 => self.within = Within::Title,
            // A link into the page itself leads to nothing else: headings have them.
            "a" => self.in_link = attribute(tag, "href").is_some_and(|href| !href.starts_with('#')),
            "script" if attribute(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case(LINKED_DATA)) => {
                self.within = Within::LinkedData;
            }
            _ => {}
        }
        if attribute(tag, "itemprop").is_some_and(|property| property == "datePublished") {
            self.date(2, attribute(tag, "datetime").or_else(|| attribute(tag, "content")));
        }
        if name == "br" {
            self.blank = true;
            self.n_breaks += 1;
            if self.n_breaks == 2 {
                self.cut();
            }
            return;
        }
        if INLINE.contains(&name) {
            return;
        }
        self.cut();
        self.block.is_heading = HEADINGS.contains(&name);
        if !tag.self_closing || !matches!(name, "svg" | "math") {
            self.push(name, tag);
        }
    }

    fn push(&mut self, name: &str, tag: &StartTag<()>) {
        let Some(at) = kept(name) else { return };
        if self.open.len() >= MAX_DEPTH {
            return;
        }
        let hidden = tag.attributes.contains_key(b"hidden".as_slice())
            || attribute(tag, "aria-hidden").is_some_and(|value| value == "true");
        let passed_over = hidden || PASSED_OVER.contains(&name);
        let open = Open { name: at, passed_over, article: ARTICLE.contains(&name) };
        self.counts[at] += 1;
        self.n_passed_over += usize::from(open.passed_over);
        self.n_article += usize::from(open.article);
        self.open.push(open);
    }

    fn end(&mut self, name: &[u8]) {
        let name = std::str::from_utf8(name).unwrap_or_default();
        match name {
            "a" => self.in_link = false,
            "title" => self.within = Within::Text,
            "script" => self.linked_data(),
            _ => {}
        }
        if INLINE.contains(&name) {
            return;
        }
        self.cut();
        let Some(at) = kept(name).filter(|&at| self.counts[at] > 0) else { return };
        while let Some(open) = self.open.pop() {
            self.counts[open.name] -= 1;
            self.n_passed_over -= usize::from(open.passed_over);
            self.n_article -= usize::from(open.article);
            if open.name == at {
                break;
            }
        }
    }

    fn text(&mut self, text: &str) {
        match self.within {
            Within::Title => self.title.push_str(text),
            Within::LinkedData if self.linked_data.len() + text.len() <= LONGEST_DATA => {
                self.linked_data.push_str(text);
            }
            Within::Text if self.n_passed_over == 0 => self.words(text),
            Within::LinkedData | Within::Text => {}
        }
    }

    fn words(&mut self, text: &str) {
        let block = &mut self.block;
        for (at, word) in text.split(|c: char| c.is_whitespace()).enumerate() {
            self.blank |= at > 0;
            // Soft hyphens say where a word may be broken, and are no part of it.
            let word = word.trim_matches('\u{ad}');
            if word.is_empty() {
                continue;
            }
            // What stands without white space behind another is the same word: `<b>S</b>eoul`.
            if self.blank || block.text.is_empty() {
                block.n_words += 1;
                block.n_linked += usize::from(self.in_link);
                if !block.text.is_empty() {
                    block.text.push(' ');
                }
            }
            self.blank = false;
            self.n_breaks = 0;
            block.text.extend(word.chars().filter(|&c| c != '\u{ad}'));
        }
    }

    /// Ends the block.
    fn cut(&mut self) {
        self.n_breaks = 0;
        self.blank = false;
        if self.block.text.is_empty() {
            return;
        }
        self.block.in_article = self.n_article > 0;
        if self.block.is_heading && self.headline.is_none() {
            self.headline = Some(self.block.text.clone());
        }
        self.blocks.push(std::mem::take(&mut self.block));
    }

    fn meta(&mut self, tag: &StartTag<()>) {
        let Some(content) = attribute(tag, "content").filter(|content| !content.trim().is_empty()) else {
            return;
        };
        let key = attribute(tag, "property").or_else(|| attribute(tag, "name")).unwrap_or_default();
        match key.to_ascii_lowercase().as_str() {
            "article:published_time" | "og:article:published_time" => self.date(0, Some(content)),
            "date" | "pubdate" | "publishdate" | "publish-date" | "publication_date" | "dc.date"
            | "dc.date.issued" | "dcterms.date" | "dcterms.issued" | "dcterms.created"
            | "parsely-pub-date" | "sailthru.date" => self.date(3, Some(content)),
            "og:title" => self.page.title = self.page.title.take().or(Some(content)),
            "og:url" => self.page.url = self.page.url.take().or(Some(content)),
            _ => {}
        }
    }

    /// Notes a date if it is one as ISO 8601 has it, for others cannot be told apart (03/04/2024).
    fn date(&mut self, source: usize, date: Option<String>) {
        let date = date.map(|date| date.trim().to_owned());
        let is_iso = |date: &String| {
            let digits = |from: usize, to: usize| {
                date.as_bytes().get(from..to).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
            };
            digits(0, 4) && digits(5, 7) && digits(8, 10) && date.as_bytes()[4] == b'-'
        };
        let place = &mut self.published[source];
        if place.is_none() {
            *place = date.filter(is_iso);
        }
    }

    /// Looks into data for search engines: the first object that has a date, at the top, in a list or in a graph.
    fn linked_data(&mut self) {
        self.within = Within::Text;
        let data = std::mem::take(&mut self.linked_data);
        let Ok(data) = serde_json::from_str::<Value>(&data) else { return };
        let items = match &data {
            Value::Array(items) => items.as_slice(),
            Value::Object(object) => match object.get("@graph") {
                Some(Value::Array(items)) => items.as_slice(),
                _ => std::slice::from_ref(&data),
            },
            _ => return,
        };
        for item in items {
            self.date(1, item["datePublished"].as_str().map(str::to_owned));
        }
    }

    fn finish(mut self) -> Page {
        self.cut();
        let mut page = self.page;
        page.text = main_text(&self.blocks);
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        page.title = page.title.or_else(|| (!title.is_empty()).then_some(title)).or(self.headline);
        page.date = self.published.into_iter().flatten().next();
        page
    }
}

/// The value of an attribute.
fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The place of a name among the elements that are held open.
fn kept(name: &str) -> Option<usize> {
    PASSED_OVER.iter().chain(&ARTICLE).chain(&HOLDERS).position(|kept| *kept == name)
}

/// The blocks that are no boilerplate, as paragraphs.
fn main_text(blocks: &[Block]) -> String {
    let content: Vec<bool> = (0..blocks.len()).map(|at| is_content(blocks, at)).collect();
    let words_in_article: usize = blocks
        .iter()
        .zip(&content)
        .filter(|(block, is)| block.in_article && **is)
        .map(|(b, _)| b.n_words)
        .sum();
    let only_article = words_in_article >= ENOUGH_WORDS;
    let kept = |at: usize| content[at] && (!only_article || blocks[at].in_article);
    let mut text = String::new();
    let mut next_kept = false;
    let mut chosen = Vec::new();
    for at in (0..blocks.len()).rev() {
        let block = &blocks[at];
        // A heading goes with what it heads.
        let keep = if block.is_heading { next_kept && block.n_linked * 3 <= block.n_words } else { kept(at) };
        next_kept = keep;
        if keep {
            chosen.push(block.text.as_str());
        }
    }
    for block in chosen.into_iter().rev() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(block);
    }
    text
}

/// The rules of the paper, learned there from news pages.
fn is_content(blocks: &[Block], at: usize) -> bool {
    let n_words = |block: Option<&Block>| block.map_or(0, |block| block.n_words);
    let link_density =
        |block: Option<&Block>| block.map_or(0.0, |block| share(block.n_linked, block.n_words));
    let current = &blocks[at];
    let previous = at.checked_sub(1).map(|at| &blocks[at]);
    let next = blocks.get(at + 1);
    if link_density(Some(current)) > 0.333_333 {
        return false;
    }
    if link_density(previous) <= 0.555_556 {
        current.n_words > 16 || n_words(next) > 15 || n_words(previous) > 4
    } else {
        current.n_words > 40 || n_words(next) > 17
    }
}

#[expect(clippy::cast_precision_loss, reason = "no block has 2^52 words")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
