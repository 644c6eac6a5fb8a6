//! Pairs quotation marks.
//!
//! One pass over the characters with a stack a paragraph. Whether a mark can open or close is seen from its
//! neighbors (white space, brackets, punctuation); whether it does, from what is open.

use demarche_core::Span;

/// A stretch in quotation marks within one paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quoted {
    /// With its marks.
    pub(crate) span: Span,
    /// What is between the marks.
    pub(crate) inner: Span,
    /// Index of the quoted stretch around it.
    pub(crate) parent: Option<usize>,
    /// It carries on a stretch of the paragraph before, which was not closed there: index of that one.
    pub(crate) continues: Option<usize>,
}

/// Marks that may be open within one another; what opens deeper is passed over.
const MAX_DEPTH: usize = 4;
/// Bytes to look ahead for a better closing mark than one that may be an apostrophe.
const APOSTROPHE_WINDOW: usize = 600;
/// Short forms that start with an apostrophe.
const CLIPPED: [&str; 9] = ["em", "til", "tis", "twas", "cause", "bout", "n", "round", "cos"];

/// The quoted stretches, by where they start. Linear in the length of the text.
pub(crate) fn pair(text: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut left_open = None;
    for (paragraph, next) in paragraphs(text) {
        left_open = pair_paragraph(text, paragraph, next, left_open, &mut found);
    }
    found.sort_by_key(|found: &Found| (found.span.start, std::cmp::Reverse(found.span.end)));
    nest(&found)
}

/// A stretch before it is known what is around it.
struct Found {
    span: Span,
    inner: Span,
    /// Start of the stretch that it carries on.
    continues: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Glyph {
    /// `“ ” „ ‟`
    Curly,
    /// `"`
    Straight,
    /// ` `` ` and `''`
    Ticks,
    /// `« »`
    Guillemets,
    /// `‘ ’ ‚`
    CurlySingle,
    /// `'`
    StraightSingle,
}

impl Glyph {
    fn is_single(self) -> bool {
        matches!(self, Self::CurlySingle | Self::StraightSingle)
    }

    /// Whether the two may be meant to be a pair: careless typing mixes glyphs of one size.
    fn pairs_with(self, other: Self) -> bool {
        self == other
            || (self != Self::Guillemets
                && other != Self::Guillemets
                && self.is_single() == other.is_single())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    /// Closes what is open, otherwise opens.
    Either,
    /// Closes only what is certainly open: it may be an apostrophe.
    Apostrophe,
}

#[derive(Clone, Copy)]
struct Mark {
    glyph: Glyph,
    side: Side,
    span: Span,
}

#[derive(Clone, Copy)]
struct Open {
    glyph: Glyph,
    span: Span,
    continues: Option<u32>,
}

/// Pairs the marks of one paragraph. `left_open` is what the paragraph before left open; what this one leaves open
/// for the paragraph `next` is returned.
fn pair_paragraph(
    text: &str,
    paragraph: Span,
    next: Option<Span>,
    left_open: Option<Open>,
    found: &mut Vec<Found>,
) -> Option<Open> {
    let mut stack: Vec<Open> = Vec::with_capacity(MAX_DEPTH);
    let mut carried = left_open;
    let mut n_marks = 0;
    for mark in marks(text, paragraph) {
        n_marks += 1;
        let mine = stack.iter().rposition(|open| open.glyph == mark.glyph);
        let like_mine = mine.or_else(|| stack.iter().rposition(|open| open.glyph.pairs_with(mark.glyph)));
        let opens = match mark.side {
            Side::Opens => true,
            Side::Closes | Side::Apostrophe => false,
            Side::Either => like_mine.is_none(),
        };
        if opens {
            // A mark that is open already was never closed: nobody nests marks of the same shape.
            if let Some(at) = mine {
                stack.truncate(at);
            }
            if stack.len() < MAX_DEPTH {
                let continues =
                    carried.take().filter(|open| open.glyph == mark.glyph).map(|open| open.span.start);
                stack.push(Open { glyph: mark.glyph, span: mark.span, continues });
            }
        } else if let Some(at) = like_mine {
            let open = stack[at];
            if mark.side != Side::Apostrophe || !closes_later(text, paragraph, mark) {
                stack.truncate(at);
                push(text, open, mark.span.start, mark.span.end, found);
            }
        }
    }
    let open = *stack.first()?;
    let end = paragraph.start + paragraph.of(text).trim_end().len() as u32;
    let goes_on = next.is_some_and(|next| opens_with(text, next, open.glyph));
    // A last paragraph whose closing mark was forgotten.
    let forgotten = n_marks == 1 && !open.glyph.is_single() && open.span.start == paragraph.start;
    if goes_on || forgotten {
        push(text, open, end, end, found);
    }
    goes_on.then_some(open)
}

fn push(text: &str, open: Open, inner_end: u32, end: u32, found: &mut Vec<Found>) {
    let inner = Span::new(open.span.end, inner_end);
    if inner.start < inner.end && inner.of(text).chars().any(char::is_alphanumeric) {
        found.push(Found { span: Span::new(open.span.start, end), inner, continues: open.continues });
    }
}

/// Says for each stretch what is around it and what it carries on.
fn nest(found: &[Found]) -> Vec<Quoted> {
    let mut quoted: Vec<Quoted> = Vec::with_capacity(found.len());
    let mut around: Vec<usize> = Vec::new();
    for (at, one) in found.iter().enumerate() {
        while around.last().is_some_and(|&top| found[top].span.end <= one.span.start) {
            around.pop();
        }
        let continues = one
            .continues
            .and_then(|start| found[..at].binary_search_by_key(&start, |earlier| earlier.span.start).ok());
        quoted.push(Quoted { span: one.span, inner: one.inner, parent: around.last().copied(), continues });
        around.push(at);
    }
    quoted
}

/// Paragraphs without the white space before them, each with the one after it.
fn paragraphs(text: &str) -> impl Iterator<Item = (Span, Option<Span>)> + '_ {
    let mut rest = paragraph_spans(text).peekable();
    std::iter::from_fn(move || rest.next().map(|paragraph| (paragraph, rest.peek().copied())))
}

/// A paragraph ends at an empty line, and at a line end after which a quotation mark opens a line.
fn paragraph_spans(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(|c: char| !c.is_whitespace())?;
        let end = text[start..].match_indices('\n').map(|(at, _)| start + at).find(|&at| {
            let after = text[at + 1..].trim_start_matches([' ', '\t', '\r', '\u{a0}']);
            after.starts_with('\n') || after.starts_with(['“', '"', '„', '«', '‘'])
        });
        from = end.unwrap_or(text.len());
        Some(Span::new(start as u32, from as u32))
    })
}

fn opens_with(text: &str, paragraph: Span, glyph: Glyph) -> bool {
    let start = paragraph.of(text);
    match glyph {
        Glyph::Curly => start.starts_with(['“', '„']),
        Glyph::Straight => start.starts_with('"'),
        Glyph::Ticks => start.starts_with("``") || start.starts_with("''"),
        Glyph::Guillemets => start.starts_with(['«', '»']),
        Glyph::CurlySingle => start.starts_with('‘'),
        Glyph::StraightSingle => start.starts_with('\'') && !start.starts_with("''"),
    }
}

/// The marks of a paragraph that can be quotation marks.
fn marks(text: &str, paragraph: Span) -> impl Iterator<Item = Mark> + '_ {
    let mut at = paragraph.start as usize;
    std::iter::from_fn(move || {
        while at < paragraph.end as usize {
            let rest = &text[at..paragraph.end as usize];
            let Some(skip) = rest.find(['“', '”', '„', '‟', '"', '`', '\'', '«', '»', '‘', '’', '‚'])
            else {
                break;
            };
            at += skip;
            let start = at;
            let rest = &rest[skip..];
            let glyph = rest.chars().next()?;
            let two = rest.starts_with("``") || rest.starts_with("''");
            at += if two { 2 } else { glyph.len_utf8() };
            let span = Span::new(start as u32, at as u32);
            if let Some((glyph, side)) = read(text, paragraph, span, glyph, two) {
                return Some(Mark { glyph, side, span });
            }
        }
        None
    })
}

/// What a mark is and which way it can face, from its neighbors.
fn read(text: &str, paragraph: Span, span: Span, glyph: char, two: bool) -> Option<(Glyph, Side)> {
    let before = text[paragraph.start as usize..span.start as usize].chars().next_back();
    let after_text = &text[span.end as usize..paragraph.end as usize];
    let after = after_text.chars().next();
    let free_before = before.is_none_or(|c| c.is_whitespace() || "([{—–-/“‘\"'„«…¿¡`".contains(c));
    let free_after = after.is_none_or(|c| !c.is_alphanumeric() && !"“‘„«$€£¥#@([{-—–…¿¡".contains(c));
    let facing = match (free_before, free_after) {
        (true, false) => Side::Opens,
        (false, true) => Side::Closes,
        _ => Side::Either,
    };
    let in_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    match glyph {
        '“' if facing == Side::Closes => Some((Glyph::Curly, Side::Either)),
        '“' | '„' | '‟' => Some((Glyph::Curly, Side::Opens)),
        '”' if facing == Side::Opens => Some((Glyph::Curly, Side::Either)),
        '”' => Some((Glyph::Curly, Side::Closes)),
        '«' | '»' => Some((Glyph::Guillemets, guillemet(glyph, after))),
        '`' if two => Some((Glyph::Ticks, Side::Opens)),
        '`' | '‚' => None,
        '\'' if two => Some((Glyph::Ticks, facing)),
        // Inches and minutes of arc: 5'6", 7" records.
        '"' if before.is_some_and(|c| c.is_ascii_digit()) && in_word => None,
        '"' => Some((Glyph::Straight, facing)),
        _ if in_word => None,
        '‘' if free_after || is_clipped(after_text) => None,
        '‘' => Some((Glyph::CurlySingle, Side::Opens)),
        _ => {
            let glyph = if glyph == '’' { Glyph::CurlySingle } else { Glyph::StraightSingle };
            let side = match facing {
                Side::Opens if glyph == Glyph::CurlySingle || is_clipped(after_text) => return None,
                Side::Opens => Side::Opens,
                _ if is_possessive(before, after_text) => Side::Apostrophe,
                _ => Side::Closes,
            };
            Some((glyph, side))
        }
    }
}

/// `«` opens in French and Russian, `»` in German: the space is outside.
fn guillemet(glyph: char, after: Option<char>) -> Side {
    match (glyph, after.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation())) {
        ('«', false) => Side::Opens,
        ('»', true) => Side::Closes,
        _ => Side::Either,
    }
}

/// ’90s, ’em.
fn is_clipped(after: &str) -> bool {
    let word = &after[..after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len())];
    let decade = word.len() >= 2 && word.as_bytes()[..2].iter().all(u8::is_ascii_digit);
    decade || CLIPPED.iter().any(|clipped| word.eq_ignore_ascii_case(clipped))
}

/// The farmers’ market; and “goin’ home”.
fn is_possessive(before: Option<char>, after: &str) -> bool {
    let word_follows = after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    word_follows && before.is_some_and(|c| matches!(c, 's' | 'S' | 'n' | 'z' | 'x'))
}

/// Whether a mark that may be an apostrophe leaves a better closing mark to come before the next opening one.
fn closes_later(text: &str, paragraph: Span, mark: Mark) -> bool {
    let mut end = (mark.span.end as usize + APOSTROPHE_WINDOW).min(paragraph.end as usize);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = Span::new(paragraph.start, end as u32);
    let rest = Span::new(mark.span.end, end as u32);
    let mut later = marks_from(text, window, rest.start).filter(|later| later.glyph == mark.glyph);
    later.find(|later| later.side != Side::Apostrophe).is_some_and(|later| later.side == Side::Closes)
}

fn marks_from(text: &str, paragraph: Span, from: u32) -> impl Iterator<Item = Mark> + '_ {
    // A paragraph that starts at the place would hide what is before the first mark; one character is enough.
    let before = text[..from as usize].chars().next_back().map_or(0, char::len_utf8) as u32;
    let start = paragraph.start.max(from - before);
    marks(text, Span::new(start, paragraph.end)).filter(move |mark| mark.span.start >= from)
}

#[cfg(test)]
mod tests {
    use super::pair;

    /// The text with brackets around what is paired; `+` before what carries on an earlier paragraph.
    fn shown(text: &str) -> String {
        let mut at: Vec<(u32, usize, &str)> = Vec::new();
        for quoted in pair(text) {
            let opening = if quoted.continues.is_some() { "+[" } else { "[" };
            at.push((quoted.span.start, 1, opening));
            at.push((quoted.span.end, 0, "]"));
        }
        at.sort_by_key(|&(place, order, _)| (place, order));
        let mut shown = String::new();
        let mut from = 0;
        for (place, _, bracket) in at {
            shown.push_str(&text[from..place as usize]);
            shown.push_str(bracket);
            from = place as usize;
        }
        shown + &text[from..]
    }

    #[test]
    fn pairs() {
        let cases = [
            // Every shape.
            ("“Go,” he said.", "[“Go,”] he said."),
            ("\"Go,\" he said.", "[\"Go,\"] he said."),
            ("‘Go,’ he said.", "[‘Go,’] he said."),
            ("'Go,' he said.", "['Go,'] he said."),
            ("``Go,'' he said.", "[``Go,''] he said."),
            ("''Go,'' he said.", "[''Go,''] he said."),
            ("«Go», he said.", "[«Go»], he said."),
            ("« Go », he said.", "[« Go »], he said."),
            ("»Go«, he said.", "[»Go«], he said."),
            ("„Go“, he said.", "[„Go“], he said."),
            ("„Go”, he said.", "[„Go”], he said."),
            ("”Go”, he said.", "[”Go”], he said."),
            // Marks of one size that were mixed up.
            ("“Go,\" he said.", "[“Go,\"] he said."),
            // Apostrophes are no marks.
            ("‘It’s the farmers’ land,’ he said.", "[‘It’s the farmers’ land,’] he said."),
            ("'It's the farmers' land,' he said.", "['It's the farmers' land,'] he said."),
            ("the farmers' land in the '90s, y'all", "the farmers' land in the '90s, y'all"),
            ("‘Let ’em go,’ he said.", "[‘Let ’em go,’] he said."),
            ("no less of ‘our good neighbours’.", "no less of [‘our good neighbours’]."),
            ("a 5'6\" man", "a 5'6\" man"),
            // One in the other.
            ("“He said: ‘Go.’ I went.”", "[“He said: [‘Go.’] I went.”]"),
            ("“‘Go.’”", "[“[‘Go.’]”]"),
            ("'He said: \"Go.\" I went.'", "['He said: [\"Go.\"] I went.']"),
            // Over paragraphs: opened again, closed once.
            ("“A b.\n\n“C d.”\n\nEnd.", "[“A b.]\n\n+[“C d.”]\n\nEnd."),
            ("‘A b.\n\n‘C d.\n\n‘E f.’", "[‘A b.]\n\n+[‘C d.]\n\n+[‘E f.’]"),
            ("“A b.\n“C d.”", "[“A b.]\n+[“C d.”]"),
            ("“A b.”\n\n“C d.”", "[“A b.”]\n\n[“C d.”]"),
            // Not balanced.
            ("“A b.\n\nC d.", "[“A b.]\n\nC d."),
            ("He said “go.\n\nC d.", "He said “go.\n\nC d."),
            ("He said go.” She went.", "He said go.” She went."),
            ("“A, he said. “B,” she said.", "“A, he said. [“B,”] she said."),
            ("“““““ “a” ”””””", "“““““ [“a”] ”””””"),
            // Nothing in them.
            ("“” “ ” “...”", "“” “ ” “...”"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
