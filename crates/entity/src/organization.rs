//! Names with a head that says what they are: "Electoral Commission", "University of Galway", "Mutual Defense Treaty".

use crate::class::Class;
use crate::gazetteer::Source;
use crate::label::Label;
use crate::mention::Mention;
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// Longest run of capitals that is read as one name, in words.
const MAX_RUN: usize = 16;

/// Longest "Corp." or the like after a comma, in bytes.
const LONGEST_SUFFIX: usize = 5;

/// Words of persons' names.
const NAME: Class = Class::FIRST_NAME.or(Class::WEAK_FIRST_NAME).or(Class::SURNAME).or(Class::WEAK_SURNAME);

/// Common words that names of bodies have in headlines too.
const IN_NAMES: Class = HEAD.or(Class::PORTFOLIO).or(Class::TITLE_PART).or(Class::DIRECTION).or(NAME);

/// Words of titles, times and languages, which are capitalized for themselves.
const TITLE: Class = Class::OFFICE
    .or(Class::HONORIFIC)
    .or(Class::LEGISLATOR)
    .or(Class::MILITARY)
    .or(Class::TITLE_PART)
    .or(Class::PRIVATE_ROLE)
    .or(Class::MONTH)
    .or(Class::WEEKDAY)
    .or(Class::LANGUAGE)
    .or(Class::ORDINAL)
    .or(Class::NUMBER);

/// All classes of heads.
const HEAD: Class = Class::ORG_HEAD
    .or(Class::COMPANY_SUFFIX)
    .or(Class::FAC_HEAD)
    .or(Class::LOC_HEAD)
    .or(Class::GPE_HEAD)
    .or(Class::EVENT_HEAD)
    .or(Class::LAW_HEAD);

/// The name with a head that starts at word `i`.
pub(crate) fn at<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    if let Some(law) = numbered_law(scan, i) {
        return Some(law);
    }
    let is_title = words.is(i, Class::OFFICE.or(Class::HONORIFIC).or(Class::LEGISLATOR).or(Class::MILITARY));
    if is_title && !matches!(words.text(i), "General" | "Justice" | "State" | "Crown" | "Father" | "Sister")
        || is_plain_start(words, i)
    {
        return None;
    }
    let end = run_end(scan, i);
    let head = (i..end).rev().find(|&at| is_head(words, at))?;
    let label = label_of(words, head);
    let complement = complement_end(scan, head, label);
    if complement.is_none() && (head == i || is_person_like(words, i, head)) {
        return None;
    }
    if splits_off_state(scan, i, head) {
        return None;
    }
    Some(Mention::new(i, complement.unwrap_or(head + 1), label))
}

/// "Petra Energi, an energy company", "the charity Bygg Fred": the noun beside an unknown name says what it is.
pub(crate) fn by_noun<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    /// How far into an apposition the noun is looked for, in words.
    const NEAR: usize = 6;
    let words = scan.words;
    if is_plain_start(words, i)
        || words.is(i, Class::MORE_THAN_A_NAME)
        || scan.listed(i).is_some_and(|listed| !listed.weak)
    {
        return None;
    }
    let end = crate::place::capitals_end(scan, i);
    let before = i > 0
        && words.is(i - 1, Class::ORG_NOUN)
        && !words.has(i - 1, Shape::CAPITAL)
        && !words.has(i, Shape::START);
    let apposed = words.text(end) == "," && words.is(end + 1, Class::ARTICLE);
    let noun = (end + 2..end + 2 + NEAR)
        .take_while(|&at| words.has(at, Shape::WORD) && !words.is(at, Class::FUNCTION))
        .last()
        .filter(|&at| words.is(at, Class::ORG_NOUN));
    let after = apposed && noun.is_some_and(|noun| noun + 1 < words.len());
    (end > i && (before || after)).then(|| Mention::new(i, end, Label::ORG))
}

/// "Kavosh Aero Parts": inside a sentence an unknown word, with a common word among the capitals after it.
pub(crate) fn of_common_words<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    let end = crate::place::capitals_end(scan, i);
    let is_inside = i > 0
        && !words.has(i, Shape::START)
        && !words.has(i, Shape::LINE_START)
        && !words.has(i - 1, Shape::CAPITAL);
    let is_plain =
        |at: usize| words.is(at, Class::COMMON) && !words.is(at, NAME) && !words.has(at, Shape::UPPER);
    let is_barred = |at: usize| {
        words.is(at, TITLE)
            || words.is(at, Class::FUNCTION)
            || scan.listed(at).is_some_and(|listed| !listed.weak)
    };
    let own = !words.is(i, Class::COMMON.or(NAME)) && words.list[i].may_be_name();
    let named = end > i + 1 && own && (i..end).any(is_plain) && !(i..end).any(is_barred);
    (named && is_inside).then(|| Mention::new(i, end, Label::ORG).weak())
}

/// "sports ministry", "ministry of defense": a portfolio makes a name of it without capitals.
pub(crate) fn in_small_letters<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    if words.eq(i, "ministry") && words.eq(i + 1, "of") && words.is(i + 2, Class::PORTFOLIO) {
        let mut end = i + 3;
        if words.eq(end, "affairs") {
            end += 1;
        }
        return Some(Mention::new(i, end, Label::ORG));
    }
    if !words.is(i, Class::PORTFOLIO) {
        return None;
    }
    let mut end = i + 1;
    if words.eq(end, "and") && words.is(end + 1, Class::PORTFOLIO) {
        end += 2;
    }
    if words.eq(end, "affairs") || words.eq(end, "resources") {
        end += 1;
    }
    words.eq(end, "ministry").then(|| Mention::new(i, end + 1, Label::ORG))
}

/// "MANILA, March 12 (Meridian) -", "/Steppe Press/": the agency in a dateline.
pub(crate) fn of_dateline<'a>(scan: &Scan<'a>, i: usize, last: Option<&Mention<'a>>) -> Option<Mention<'a>> {
    /// How far from the date the agency stands, in words.
    const NEAR: usize = 4;
    let words = scan.words;
    let opens = i > 0 && matches!(words.text(i - 1), "(" | "/");
    let dated =
        last.is_some_and(|last| matches!(last.label, Label::DATE | Label::GPE) && i - last.end <= NEAR);
    if !opens || !dated {
        return None;
    }
    let end = crate::place::capitals_end(scan, i);
    let closes = matches!(words.text(end), ")" | "/")
        && matches!(words.text(end + 1), "-" | "–" | "—" | "." | "--" | ":");
    (end > i && closes).then(|| Mention::new(i, end, Label::ORG))
}

/// A word of grammar at the start of a sentence or title.
fn is_plain_start(words: &Words<'_>, i: usize) -> bool {
    words.is(i, Class::FUNCTION) && !words.has(i, Shape::UPPER)
}

fn is_head(words: &Words<'_>, i: usize) -> bool {
    words.is(i, HEAD) && words.has(i, Shape::CAPITAL)
}

/// One past the run of capitals that starts at word `i`.
fn run_end(scan: &Scan<'_>, i: usize) -> usize {
    let words = scan.words;
    let sentence = words.list[i].sentence;
    let is_capital =
        |at: usize| words.within(at, sentence).is_some_and(|word| word.is_capital() && word.has(Shape::WORD));
    let is_common = |at: usize| words.is(at, Class::COMMON) && is_capital(at);
    let headline = words.in_headline(i);
    let is_plain =
        |at: usize| words.is(at, Class::COMMON) && !words.is(at, IN_NAMES) && scan.listed(at).is_none();
    let mut at = i;
    while at < i + MAX_RUN {
        if is_capital(at) && (at == i || !words.has(at, Shape::LINE_START)) {
            let is_leader =
                at > i && scan.listed(at).is_some_and(|listed| scan.source(listed) == Source::Leader);
            if is_leader || headline && is_plain(at) {
                break;
            }
            at += 1;
            continue;
        }
        if at == i || !is_capital(at + 1) {
            break;
        }
        let company = words.text(at) == ","
            && words.is(at + 1, Class::COMPANY_SUFFIX)
            && words.text(at + 1).len() <= LONGEST_SUFFIX;
        // "Food and Drug Administration", "People's Front": common words on both sides, no name of its own before.
        let inner = is_common(at - 1) && scan.listed(at - 1).is_none() && !is_head(words, at - 1);
        let list = inner && words.eq(at, "and") && is_common(at + 1);
        if words.is_hyphen(at) || words.text(at) == "&" || company || list {
            at += 2;
        } else if inner && words.is_possessive(at) {
            at += 1;
        } else {
            break;
        }
    }
    at.min(words.len())
}

/// One past "of Water Resources and Irrigation" after a head.
fn complement_end(scan: &Scan<'_>, head: usize, label: Label) -> Option<usize> {
    let words = scan.words;
    let joiner = words.text(head + 1);
    let known = scan.listed(head + 2 + usize::from(words.eq(head + 2, "the"))).is_some();
    let joins = match joiner {
        "of" => true,
        "for" => matches!(label, Label::ORG | Label::LAW),
        "on" => (label == Label::LAW || is_deliberating(words, head)) && !known,
        "against" => label == Label::LAW,
        _ => false,
    };
    if !joins || words.is(head, Class::COMPANY_SUFFIX) {
        return None;
    }
    let sentence = words.list[head].sentence;
    let is_capital =
        |at: usize| words.within(at, sentence).is_some_and(|word| word.is_capital() && word.has(Shape::WORD));
    let after = |at: usize| at + 1 + usize::from(words.eq(at + 1, "the"));
    let mut at = after(head + 1);
    if !is_capital(at) || words.is(at, Class::WEEKDAY.or(Class::MONTH)) {
        return None;
    }
    let continues = |at: usize| scan.listed(at).is_none() && !words.is(at, Class::FIRST_NAME);
    let stop = at + MAX_RUN;
    while at < stop {
        if is_capital(at) {
            if is_person_name(scan, at) {
                break;
            }
            at = scan.listed(at).map_or(at + 1, |listed| listed.end);
        } else if is_capital(at + 1) && (words.is_hyphen(at) || words.eq(at, "and") && continues(at + 1)) {
            at += 1;
        } else if words.text(at) == "of" && is_capital(after(at)) {
            at = after(at);
        } else {
            break;
        }
    }
    Some(at)
}

/// "Commission on Human Rights": bodies that deliberate on something.
fn is_deliberating(words: &Words<'_>, head: usize) -> bool {
    matches!(
        words.text(head),
        "Commission"
            | "Committee"
            | "Council"
            | "Conference"
            | "Center"
            | "Centre"
            | "Forum"
            | "Board"
            | "Group"
            | "Panel"
    )
}

/// Whether a person's name, not a part of the body's, follows: "Ministry of Defense Oleg Petrov".
fn is_person_name(scan: &Scan<'_>, at: usize) -> bool {
    let words = scan.words;
    let is_unknown = |at: usize| {
        words.has(at, Shape::CAPITAL) && !words.is(at, Class::COMMON) && scan.listed(at).is_none()
    };
    words.is(at, Class::FIRST_NAME) && scan.listed(at).is_none() && is_unknown(at + 1)
}

fn label_of(words: &Words<'_>, head: usize) -> Label {
    let is = |class| words.is(head, class);
    if is(Class::ORG_HEAD.or(Class::COMPANY_SUFFIX)) {
        Label::ORG
    } else if is(Class::FAC_HEAD) {
        Label::FAC
    } else if is(Class::LOC_HEAD) {
        Label::LOC
    } else if is(Class::GPE_HEAD) {
        Label::GPE
    } else if is(Class::LAW_HEAD) {
        Label::LAW
    } else {
        Label::EVENT
    }
}

/// "Min Park", "Robin Hall": a first name and a head that is a surname too.
fn is_person_like(words: &Words<'_>, i: usize, head: usize) -> bool {
    let is_surname = words.is(head, Class::SURNAME.or(Class::WEAK_SURNAME));
    head == i + 1 && words.is(i, Class::FIRST_NAME) && is_surname && !words.is(head, Class::COMPANY_SUFFIX)
}

/// "Chinese Foreign Ministry", "U.S. Commerce Department": the state is a name of its own.
fn splits_off_state(scan: &Scan<'_>, i: usize, head: usize) -> bool {
    let words = scan.words;
    let Some(state) = scan.listed(i).filter(|listed| scan.is_state(listed) && listed.end <= head) else {
        return false;
    };
    let is_organ = matches!(
        words.text(head).to_ascii_lowercase().as_str(),
        "ministry"
            | "department"
            | "parliament"
            | "senate"
            | "cabinet"
            | "treasury"
            | "embassy"
            | "consulate"
            | "congress"
            | "mission"
    );
    let of_two = |first: &str, second: &str| words.eq(head - 1, first) && words.eq(head, second);
    let is_organ =
        is_organ || of_two("supreme", "court") || of_two("security", "council") || of_two("central", "bank");
    // "Russian Constitution" and "Iraqi Kurdistan Region" stay whole; a lone head after the state is no name.
    is_organ || head == state.end && words.is(head, Class::LAW_HEAD.or(Class::GPE_HEAD))
}

/// "Resolution 2397", "resolution 2397", "Executive Order 14024", "Article 5", with the body before it.
pub(crate) fn numbered_law<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    let mut at =
        scan.listed(i).filter(|listed| scan.label(listed) == Label::ORG).map_or(i, |listed| listed.end);
    if words.text(at) == "Executive" {
        at += 1;
    }
    let names_law = matches!(
        words.text(at),
        "Resolution"
            | "resolution"
            | "Order"
            | "Article"
            | "Decree"
            | "Directive"
            | "Regulation"
            | "Protocol"
    );
    if !names_law || (words.text(at) == "Order" && words.text(at - usize::from(at > 0)) != "Executive") {
        return None;
    }
    let number = at + 1 + usize::from(matches!(words.text(at + 1), "No." | "no."));
    words.has(number, Shape::DIGIT).then(|| Mention::new(i, number + 1, Label::LAW))
}
