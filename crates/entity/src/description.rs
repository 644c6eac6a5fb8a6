//! Descriptions of persons: the title before a name, the apposition after it, and whom they make the person speak for.

use std::ops::Range;

use crate::affair::context;
use crate::class::Class;
use crate::gazetteer::Source;
use crate::label::Label;
use crate::mention::{Code, Mention};
use crate::scan::Scan;
use crate::word::{Shape, Words};
use demarche_core::NONE;

/// How far a title reaches back from a name, in words.
const TITLE_WINDOW: usize = 16;

/// How far an apposition reaches, in words.
const APPOSITION_WINDOW: usize = 18;

/// How many mentions back a body is looked for.
const BODY_WINDOW: usize = 40;

/// For whom somebody with a role speaks.
pub(crate) enum Voice<'a> {
    /// For the state or body of this code.
    Of(Code<'a>),
    /// For nobody, or a body without a code.
    Nobody,
}

impl<'a> Voice<'a> {
    fn of(code: Option<Code<'a>>) -> Self {
        code.map_or(Self::Nobody, Self::Of)
    }

    /// The code, if there is one.
    pub(crate) fn code(self) -> Option<Code<'a>> {
        match self {
            Self::Of(code) => Some(code),
            Self::Nobody => None,
        }
    }
}

/// The words before a name that may be its title: back to a verb, a mark or another person.
pub(crate) fn title(scan: &Scan<'_>, mention: &Mention<'_>) -> Range<usize> {
    let words = scan.words;
    let sentence = words.list[mention.first].sentence;
    let mut first = mention.first;
    while first > 0 && mention.first - first < TITLE_WINDOW {
        let before = first - 1;
        let Some(word) = words.within(before, sentence) else { break };
        let text = words.text(before);
        let is_comma = text == ","
            && (first..mention.first)
                .all(|i| words.is(i, Class::OFFICE.or(Class::HONORIFIC)) && words.has(i, Shape::CAPITAL));
        let joins = matches!(
            text,
            "of" | "the"
                | "The"
                | "for"
                | "to"
                | "in"
                | "and"
                | "a"
                | "an"
                | "A"
                | "its"
                | "Its"
                | "their"
                | "Their"
                | "at"
                | "on"
        ) || words.is_possessive(before)
            || words.is_hyphen(before);
        let stops = word.is(Class::FUNCTION)
            || word.is(Class::SAY)
            || !word.has(Shape::WORD)
            || matches!(text, "says" | "met" | "summoned" | "visit") && !word.is(Class::OFFICE);
        if !joins && stops && !is_comma {
            break;
        }
        first = before;
    }
    first..mention.first
}

/// The words after a name and a comma, to the next comma or verb of saying.
pub(crate) fn apposition(scan: &Scan<'_>, mention: &Mention<'_>) -> Range<usize> {
    let words = scan.words;
    let sentence = words.list[mention.first].sentence;
    // "Philippa Harcourt KC said": letters after a name are passed over.
    let opens = mention.end + usize::from(matches!(words.text(mention.end), "KC" | "QC" | "MP"));
    if !matches!(words.text(opens), "," | "(" | "–" | "—")
        && !words.eq(opens, "of")
        && !words.eq(opens, "from")
    {
        return opens..opens;
    }
    let first = opens + 1;
    let mut end = first;
    while end < first + APPOSITION_WINDOW {
        let Some(word) = words.within(end, sentence) else { break };
        let ends = matches!(words.text(end), "," | "." | ";" | ")" | "–" | "—" | "”" | "\"")
            || word.is(Class::SAY) && !words.eq(end, "called");
        if ends {
            break;
        }
        end += 1;
    }
    first..end
}

/// What a description says: `None` if it describes no role.
pub(crate) fn described<'a>(
    scan: &Scan<'a>,
    mentions: &[Mention<'a>],
    at: usize,
    range: Range<usize>,
) -> Option<Voice<'a>> {
    let words = scan.words;
    let is_title = range.end == mentions[at].first;
    let inner = inside(mentions, &range);
    let in_mention = |i: usize| inner.clone().any(|at| mentions[at].first <= i && i < mentions[at].end);
    let is_role = |&i: &usize| {
        words.is(i, Class::OFFICE.or(Class::PRIVATE_ROLE).or(Class::LEGISLATOR).or(Class::MILITARY))
            && !in_mention(i)
    };
    let role = if is_title { range.clone().rev().find(is_role) } else { range.clone().find(is_role) };
    let Some(role) = role.filter(|_| is_title || !words.eq(range.start, "who")) else {
        return leads(scan, mentions, at, &range);
    };
    if words.is(role, Class::PRIVATE_ROLE) && !words.is(role, Class::OFFICE)
        || range.clone().any(|i| words.eq(i, "opposition"))
    {
        return Some(Voice::Nobody);
    }
    if let Some(code) = nominal_body(scan, mentions, at, &range) {
        return Some(code);
    }
    // Before the role the nearest counts ("the Russian ambassador"), after it the first that belongs to it ("of", "for").
    let belongs = |&m: &usize| {
        let mention = &mentions[m];
        mention.norm.is_some() && matches!(mention.label, Label::GPE | Label::NORP | Label::ORG)
    };
    let ahead = inner.clone().rev().filter(|&m| mentions[m].end <= role).find(belongs);
    let is_of = |&m: &usize| {
        let first = mentions[m].first;
        let joiner = (range.start..first)
            .rev()
            .map(|i| words.text(i))
            .find(|text| !matches!(*text, "the" | "a" | "'s" | "’s"));
        !matches!(joiner, Some("in" | "to" | "on" | "at" | "against"))
    };
    let behind = inner.clone().filter(|&m| mentions[m].first > role && is_of(&m)).find(belongs);
    if let Some(found) = ahead.filter(|m| is_of(m) || mentions[*m].label != Label::GPE).or(behind) {
        return Some(Voice::of(mentions[found].norm.clone()));
    }
    // A body without a code stands in the description: the role is in it.
    if inner.clone().any(|m| matches!(mentions[m].label, Label::ORG)) {
        return Some(Voice::Nobody);
    }
    let owned = range.clone().any(|i| matches!(words.text(i), "Its" | "its" | "Their" | "their" | "country"));
    if owned && let Some(code) = owner(scan, mentions, at) {
        return Some(Voice::Of(code));
    }
    let speaks = |i: usize| words.text(i).to_ascii_lowercase().starts_with("spokes");
    let of_state = range.clone().any(|i| {
        words.is(i, Class::STATE_OFFICE) || speaks(i) || matches!(words.text(i), "government" | "Government")
    });
    if of_state || owned {
        return Some(Voice::of(context(scan, mentions, at)));
    }
    Some(Voice::Nobody)
}

/// "who leads the lender's mission", "who led its observers": for the body last named.
fn leads<'a>(
    scan: &Scan<'a>,
    mentions: &[Mention<'a>],
    at: usize,
    range: &Range<usize>,
) -> Option<Voice<'a>> {
    let words = scan.words;
    let verb = range.start + 1;
    let is_leading = words.eq(range.start, "who")
        && matches!(
            words.text(verb),
            "leads" | "led" | "heads" | "headed" | "chairs" | "chaired" | "oversees"
        );
    if !is_leading {
        return None;
    }
    if let Some(found) =
        inside(mentions, range).find(|&m| mentions[m].norm.is_some() && mentions[m].label == Label::ORG)
    {
        return Some(Voice::of(mentions[found].norm.clone()));
    }
    if words.eq(verb + 1, "its") || words.eq(verb + 1, "their") {
        let body = mentions[..at].iter().rev().take(BODY_WINDOW).find(|mention| mention.label == Label::ORG);
        return Some(Voice::of(body.and_then(|mention| mention.norm.clone())));
    }
    nominal_body(scan, mentions, at, range)
}

/// Who "its" is in "The court said its president": a body called by its common noun shortly before.
fn owner<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    /// How far back the noun is looked for, in words.
    const NEAR: usize = 25;
    let words = scan.words;
    let first = mentions[at].first;
    let noun = (first.saturating_sub(NEAR)..first).rev().find(|&i| {
        words.is(i, Class::ORG_HEAD)
            && !words.has(i, Shape::CAPITAL)
            && i > 0
            && words.eq(i - 1, "the")
            && !words.is_possessive(i + 1)
    })?;
    let earlier = mentions[..at].iter().rev().take(BODY_WINDOW).filter(|mention| mention.label == Label::ORG);
    earlier
        .clone()
        .find(|mention| mention.norm.is_some() && has_word(words, mention, words.text(noun)))
        .and_then(|mention| mention.norm.clone())
}

/// "the agency's head", "a spokesperson for the bloc", "the league's president": a body by its common noun.
fn nominal_body<'a>(
    scan: &Scan<'a>,
    mentions: &[Mention<'a>],
    at: usize,
    range: &Range<usize>,
) -> Option<Voice<'a>> {
    let words = scan.words;
    let names_body = |i: usize| {
        words.is(i, Class::ORG_HEAD)
            || matches!(
                words.text(i),
                "bloc"
                    | "lender"
                    | "body"
                    | "watchdog"
                    | "organization"
                    | "organisation"
                    | "company"
                    | "firm"
            )
    };
    let of_service = |i: usize| {
        matches!(
            words.text(i),
            "army"
                | "navy"
                | "guard"
                | "police"
                | "force"
                | "forces"
                | "command"
                | "staff"
                | "service"
                | "cabinet"
                | "parliament"
                | "security"
                | "press"
                | "media"
                | "energy"
                | "oil"
                | "intelligence"
        )
    };
    let noun = range.clone().find(|&i| {
        let article = i > 0 && matches!(words.text(i - 1), "the" | "The" | "its" | "their");
        let owned = words.is_possessive(i + 1)
            || i >= 2 && matches!(words.text(i - 2), "of" | "for" | "at") && i + 1 >= range.end;
        // "federation president", "court spokeswoman"
        let before_role = words.is(i + 1, Class::OFFICE) && i + 1 < range.end && !of_service(i);
        (article && owned || before_role) && names_body(i) && !words.has(i, Shape::CAPITAL)
    })?;
    let text = words.text(noun);
    let earlier = mentions[..at].iter().rev().take(BODY_WINDOW).filter(|mention| mention.label == Label::ORG);
    let is_body = |mention: &&Mention<'_>| {
        mention.norm.as_deref().is_some_and(|norm| {
            mention.thing != NONE
                && scan.lists.gazetteer.thing(mention.thing).source == Source::Body
                && !norm.is_empty()
        })
    };
    let same_head = |mention: &&Mention<'_>| has_word(words, mention, text);
    let found = if matches!(
        text,
        "bloc" | "lender" | "body" | "watchdog" | "union" | "alliance" | "organization" | "organisation"
    ) {
        earlier.clone().find(is_body)
    } else {
        earlier.clone().find(same_head)
    };
    Some(Voice::of(found.and_then(|mention| mention.norm.clone())))
}

/// "The Slovak prime minister" at the start of the next sentence tells who the unknown person was.
pub(crate) fn next_sentence<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    let words = scan.words;
    let sentence = words.list[mentions[at].first].sentence;
    let rest = &mentions[at + 1..];
    let n_same = rest.partition_point(|mention| words.list[mention.first].sentence == sentence);
    let next = rest.get(n_same)?;
    let alone = rest[..n_same].iter().all(|mention| mention.label != Label::PERSON);
    let starts = words.list[next.first].sentence == sentence + 1
        && next.first > 0
        && words.text(next.first - 1) == "The"
        && words.has(next.first - 1, Shape::START);
    let role =
        (next.end..next.end + 3).any(|i| words.is(i, Class::STATE_OFFICE) && !words.has(i, Shape::CAPITAL));
    (alone && starts && next.label == Label::NORP && role).then(|| next.norm.clone()).flatten()
}

/// Indices of the mentions inside the words.
fn inside(mentions: &[Mention<'_>], range: &Range<usize>) -> Range<usize> {
    let first = mentions.partition_point(|mention| mention.first < range.start);
    let end = mentions.partition_point(|mention| mention.end <= range.end && mention.first < range.end);
    first..end.max(first)
}

fn has_word(words: &Words<'_>, mention: &Mention<'_>, word: &str) -> bool {
    (mention.first..mention.end).any(|i| words.eq(i, word))
}
