//! Which state or body a person or organ speaks for, by general rules over the words around the name.
//!
//! A description is the title before a name or the apposition after it. It must hold a role. The state or body is the one
//! named in it ("Iran's ambassador in Vienna"); a minister or spokesman of none in particular is one of the state in whose
//! affairs the sentences before stand. Analysts, farmers and leaders of parties speak for nobody.

use std::borrow::Cow;
use std::ops::Range;

use demarche_core::NONE;

use crate::calendar::Day;
use crate::class::Class;
use crate::gazetteer::Source;
use crate::label::Label;
use crate::mention::Mention;
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// How far a title reaches back from a name, in words.
const TITLE_WINDOW: usize = 16;

/// How far an apposition reaches, in words.
const APPOSITION_WINDOW: usize = 18;

/// How many mentions back the state of the affair is looked for.
const CONTEXT_WINDOW: usize = 40;

type Code<'a> = Cow<'a, str>;

/// Sets the codes of persons and organs.
pub(crate) fn assign<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>], today: Option<Day>) {
    for mention in mentions.iter_mut() {
        set_leader(scan, mention, today);
    }
    for at in 0..mentions.len() {
        set_seat(scan, mentions, at);
        set_security_council(scan, mentions, at);
        if mentions[at].label == Label::ORG && mentions[at].norm.is_none() {
            mentions[at].norm = organ(scan, mentions, at);
        }
    }
    for at in 0..mentions.len() {
        if mentions[at].label == Label::PERSON && mentions[at].norm.is_none() {
            let code = person(scan, mentions, at);
            let root = mentions[at].fullest.unwrap_or(at);
            if let Some(code) = code {
                mentions[at].norm = Some(code.clone());
                mentions[root].norm.get_or_insert(code);
            }
        }
    }
    for at in 0..mentions.len() {
        if let Some(full) = mentions[at].fullest
            && mentions[at].norm.is_none()
        {
            mentions[at].norm = mentions[full].norm.clone();
        }
    }
}

/// A head of state or minister by name, in office at the time.
fn set_leader<'a>(scan: &Scan<'a>, mention: &mut Mention<'a>, today: Option<Day>) {
    if mention.thing == NONE {
        return;
    }
    let thing = scan.lists.gazetteer.thing(mention.thing);
    let in_office = |day: Day| {
        thing.years.iter().any(|&(from, to)| (i32::from(from)..=i32::from(to)).contains(&day.year))
    };
    if !thing.years.is_empty() && !thing.norm.is_empty() && today.is_none_or(in_office) {
        mention.norm = Some((&*thing.norm).into());
    }
}

/// "Brussels" and "The Hague" where they act: as the Union and as the Dutch government.
fn set_seat<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>], at: usize) {
    let words = scan.words;
    let mention = &mentions[at];
    if mention.label != Label::GPE {
        return;
    }
    let text = words.span(mention.first, mention.end).of(words.text);
    let acts = {
        let next_is_word = words
            .within(mention.end, words.list[mention.first].sentence)
            .is_some_and(|next| next.has(Shape::WORD) && !next.is_capital());
        let governed = mention.first > 0
            && !words.has(mention.first, Shape::START)
            && is_preposition(words.text(mention.first - 1));
        next_is_word && !governed && !matches!(words.text(mention.end), "and" | "or" | "on")
    };
    match text {
        "The Hague" if acts => mentions[at].norm = Some("NLD".into()),
        "Brussels" if acts && mentions.iter().any(|other| other.norm.as_deref() == Some("EU")) => {
            mentions[at].norm = Some("EU".into())
        }
        _ => {}
    }
}

/// "Secretary of the Security Council", "Russia's Security Council": a state's own council, not that of the United Nations.
fn set_security_council<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>], at: usize) {
    let words = scan.words;
    let Mention { first, end, thing, .. } = mentions[at];
    if thing == NONE
        || end - first != 2
        || mentions[at].norm.as_deref() != Some("UNSC")
        || !words.eq(first, "security")
    {
        return;
    }
    let of_secretary = first >= 3
        && words.eq(first - 1, "the")
        && words.eq(first - 2, "of")
        && words.eq(first - 3, "secretary");
    let of_state = at > 0 && {
        let before = &mentions[at - 1];
        let adjacent = before.end == first || before.end + 1 == first && words.is_possessive(before.end);
        adjacent
            && before.label != Label::ORG
            && before.norm.as_deref().is_some_and(|norm| scan.lists.is_state(norm))
    };
    if of_secretary || of_state {
        mentions[at].thing = NONE;
        mentions[at].norm = None;
    }
}

/// The state of an organ: in its name, right before it, or that of the affair.
fn organ<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    let mention = &mentions[at];
    let words = scan.words;
    if let Some(full) = mention.fullest {
        return mentions[full].norm.clone();
    }
    let listed = mention.thing != NONE;
    if listed && scan.lists.gazetteer.thing(mention.thing).source != Source::Government {
        return None;
    }
    let inside =
        || (mention.first..mention.end).find_map(|i| scan.listed(i).filter(|listed| scan.is_state(listed)));
    let public = is_public(words, mention);
    if !listed && !public {
        return None;
    }
    if let Some(state) = inside() {
        return Some((&*scan.lists.gazetteer.thing(state.thing).norm).into());
    }
    let before = at.checked_sub(1).map(|before| &mentions[before]).filter(|before| {
        let gap = mention.first - before.end;
        gap == 0 || gap == 1 && words.is_possessive(before.end)
    });
    if let Some(before) = before
        && before.norm.is_some()
        && matches!(before.label, Label::GPE | Label::NORP)
    {
        return before.norm.clone();
    }
    if before.is_some_and(|before| matches!(before.label, Label::GPE | Label::ORG)) {
        return None;
    }
    // "the foreign ministry of Iran"
    let after =
        mentions.get(at + 1).filter(|after| words.eq(mention.end, "of") && after.first <= mention.end + 2);
    if let Some(after) = after
        && after.label == Label::GPE
    {
        return after.norm.clone();
    }
    context(scan, mentions, at)
}

/// Whether the name is that of a public body.
fn is_public(words: &Words<'_>, mention: &Mention<'_>) -> bool {
    let any = |class| (mention.first..mention.end).any(|i| words.is(i, class));
    let is_one =
        |list: &[&str]| (mention.first..mention.end).any(|i| list.iter().any(|word| words.eq(i, word)));
    let portfolio = any(Class::PORTFOLIO) && is_one(&["ministry", "department", "office", "secretariat"]);
    let public_head = is_one(&[
        "commission",
        "authority",
        "agency",
        "court",
        "guard",
        "army",
        "navy",
        "police",
        "forces",
        "bureau",
        "service",
        "administration",
        "command",
        "council",
        "institute",
        "bank",
        "assembly",
        "directorate",
        "inspectorate",
        "government",
        "force",
        "intelligence",
        "treasury",
        "tribunal",
        "board",
    ]);
    let public_first = is_one(&[
        "national",
        "federal",
        "supreme",
        "central",
        "state",
        "electoral",
        "election",
        "constitutional",
        "coast",
        "customs",
        "border",
        "security",
        "armed",
        "air",
        "royal",
        "public",
    ]);
    any(Class::STATE_BODY) && mention.n_words() > 1 || portfolio || public_head && public_first
}

/// The code of the person of a mention, from the words around it.
fn person<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    let mention = &mentions[at];
    if let Some(full) = mention.fullest
        && let Some(code) = &mentions[full].norm
    {
        return Some(code.clone());
    }
    let before = title(scan, mention);
    if let Some(found) = described(scan, mentions, at, before) {
        return found;
    }
    let after = apposition(scan, mention);
    if let Some(found) = described(scan, mentions, at, after) {
        return found;
    }
    if mention.fullest.is_none() { next_sentence(scan, mentions, at) } else { None }
}

/// The words before a name that may be its title: back to a verb, a mark or another person.
fn title(scan: &Scan<'_>, mention: &Mention<'_>) -> Range<usize> {
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
fn apposition(scan: &Scan<'_>, mention: &Mention<'_>) -> Range<usize> {
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

/// What a description says: `None` if it describes no role, `Some(None)` if the role is nobody's.
fn described<'a>(
    scan: &Scan<'a>,
    mentions: &[Mention<'a>],
    at: usize,
    range: Range<usize>,
) -> Option<Option<Code<'a>>> {
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
        return Some(None);
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
        return Some(mentions[found].norm.clone());
    }
    // A body without a code stands in the description: the role is in it.
    if inner.clone().any(|m| matches!(mentions[m].label, Label::ORG)) {
        return Some(None);
    }
    let owned = range.clone().any(|i| matches!(words.text(i), "Its" | "its" | "Their" | "their" | "country"));
    if owned && let Some(code) = owner(scan, mentions, at) {
        return Some(Some(code));
    }
    let speaks = |i: usize| words.text(i).to_ascii_lowercase().starts_with("spokes");
    let of_state = range.clone().any(|i| {
        words.is(i, Class::STATE_OFFICE) || speaks(i) || matches!(words.text(i), "government" | "Government")
    });
    if of_state || owned {
        return Some(context(scan, mentions, at));
    }
    Some(None)
}

/// "who leads the lender's mission", "who led its observers": for the body last named.
fn leads<'a>(
    scan: &Scan<'a>,
    mentions: &[Mention<'a>],
    at: usize,
    range: &Range<usize>,
) -> Option<Option<Code<'a>>> {
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
        return Some(mentions[found].norm.clone());
    }
    if words.eq(verb + 1, "its") || words.eq(verb + 1, "their") {
        let body =
            mentions[..at].iter().rev().take(CONTEXT_WINDOW).find(|mention| mention.label == Label::ORG);
        return Some(body.and_then(|mention| mention.norm.clone()));
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
    let earlier =
        mentions[..at].iter().rev().take(CONTEXT_WINDOW).filter(|mention| mention.label == Label::ORG);
    earlier
        .clone()
        .find(|mention| mention.norm.is_some() && has_word(words, mention, words.text(noun)))
        .and_then(|mention| mention.norm.clone())
}

fn has_word(words: &Words<'_>, mention: &Mention<'_>, word: &str) -> bool {
    (mention.first..mention.end).any(|i| words.eq(i, word))
}

/// Indices of the mentions inside the words.
fn inside(mentions: &[Mention<'_>], range: &Range<usize>) -> Range<usize> {
    let first = mentions.partition_point(|mention| mention.first < range.start);
    let end = mentions.partition_point(|mention| mention.end <= range.end && mention.first < range.end);
    first..end.max(first)
}

/// "the agency's head", "a spokesperson for the bloc", "the league's president": a body by its common noun.
fn nominal_body<'a>(
    scan: &Scan<'a>,
    mentions: &[Mention<'a>],
    at: usize,
    range: &Range<usize>,
) -> Option<Option<Code<'a>>> {
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
    let noun = range.clone().find(|&i| {
        let article = i > 0 && matches!(words.text(i - 1), "the" | "The" | "its" | "their");
        let owned = words.is_possessive(i + 1)
            || i >= 2 && matches!(words.text(i - 2), "of" | "for" | "at") && i + 1 >= range.end;
        article && owned && names_body(i) && !words.has(i, Shape::CAPITAL)
    })?;
    let text = words.text(noun);
    let earlier =
        mentions[..at].iter().rev().take(CONTEXT_WINDOW).filter(|mention| mention.label == Label::ORG);
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
    Some(found.and_then(|mention| mention.norm.clone()))
}

/// "The Slovak prime minister" at the start of the next sentence tells who the unknown person was.
fn next_sentence<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    let words = scan.words;
    let sentence = words.list[mentions[at].first].sentence;
    let next = mentions[at + 1..].iter().find(|mention| words.list[mention.first].sentence > sentence)?;
    let alone = mentions[at + 1..]
        .iter()
        .take_while(|mention| mention.first < next.first)
        .all(|mention| mention.label != Label::PERSON);
    let starts = words.list[next.first].sentence == sentence + 1
        && next.first > 0
        && words.text(next.first - 1) == "The"
        && words.has(next.first - 1, Shape::START);
    let role =
        (next.end..next.end + 3).any(|i| words.is(i, Class::STATE_OFFICE) && !words.has(i, Shape::CAPITAL));
    (alone && starts && next.label == Label::NORP && role).then(|| next.norm.clone()).flatten()
}

/// The state in whose affairs the text stands before mention `at`: in the same sentence, else in the nearest one before,
/// the first that no preposition governs; a leader where no state is named.
fn context<'a>(scan: &Scan<'a>, mentions: &[Mention<'a>], at: usize) -> Option<Code<'a>> {
    let words = scan.words;
    let code = |mention: &Mention<'a>| {
        mention.norm.clone().or_else(|| mention.fullest.and_then(|full| mentions[full].norm.clone()))
    };
    let (mut best, mut leader) = (None, None);
    let mut sentence = words.list[mentions[at].first].sentence;
    for mention in mentions[..at].iter().rev().take(CONTEXT_WINDOW) {
        if words.list[mention.first].sentence != sentence {
            if best.is_some() || leader.is_some() {
                break;
            }
            sentence = words.list[mention.first].sentence;
        }
        let Some(code) = code(mention).filter(|code| scan.lists.is_state(code)) else {
            continue;
        };
        match mention.label {
            Label::PERSON => leader = Some(code),
            Label::GPE | Label::NORP | Label::ORG if !is_governed(words, mention) => best = Some(code),
            _ => {}
        }
    }
    best.or(leader)
}

/// "against Belarus", "of the Russian": a preposition stands before; not "In Moscow," at the start of a sentence.
fn is_governed(words: &Words<'_>, mention: &Mention<'_>) -> bool {
    let sentence = words.list[mention.first].sentence;
    let before = (mention.first.saturating_sub(2)..mention.first)
        .rev()
        .filter(|&i| words.list[i].sentence == sentence)
        .find(|&i| !words.is(i, Class::ARTICLE));
    before.is_some_and(|i| {
        is_preposition(words.text(i)) && !(words.has(i, Shape::START) && words.text(i) == "In")
    })
}

fn is_preposition(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "in" | "with"
            | "against"
            | "on"
            | "to"
            | "of"
            | "from"
            | "between"
            | "for"
            | "at"
            | "over"
            | "after"
            | "by"
            | "near"
            | "into"
            | "toward"
            | "towards"
            | "about"
            | "outside"
            | "inside"
            | "around"
    )
}
