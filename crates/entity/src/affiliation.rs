//! Which state or body a person or organ speaks for, by general rules over the words around the name.
//!
//! A description is the title before a name or the apposition after it. It must hold a role. The state or body is the one
//! named in it ("Iran's ambassador in Vienna"); a minister or spokesman of none in particular is one of the state in whose
//! affairs the sentences before stand. Analysts, farmers and leaders of parties speak for nobody.

use demarche_core::NONE;

use crate::affair::{context, is_preposition};
use crate::calendar::Date;
use crate::class::Class;
use crate::description::{apposition, described, next_sentence, title};
use crate::gazetteer::Source;
use crate::label::Label;
use crate::mention::{Code, Mention, Reason};
use crate::officials;
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// Sets the codes of persons and organs.
pub(crate) fn assign<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>], today: Option<Date>) {
    for mention in mentions.iter_mut() {
        set_leader(scan, mention, today);
    }
    let names_union = mentions.iter().any(|mention| mention.norm.as_deref() == Some("EU"));
    drop_namesake(scan, mentions);
    for at in 0..mentions.len() {
        set_seat(scan, mentions, at, names_union);
        set_security_council(scan, mentions, at);
        if mentions[at].label == Label::ORG
            && mentions[at].norm.is_none()
            && let Some(code) = organ(scan, mentions, at)
        {
            mentions[at].set_norm(code, Reason::Organ);
        }
    }
    for at in 0..mentions.len() {
        if mentions[at].label == Label::PERSON && mentions[at].norm.is_none() {
            // Who was a leader once may be a candidate now: never of another state.
            let code = person(scan, mentions, at).filter(|code| may_speak_for(scan, &mentions[at], code));
            let root = mentions[at].fullest.unwrap_or(at);
            if let Some(code) = code {
                mentions[at].set_norm(code.clone(), Reason::Description);
                if mentions[root].norm.is_none() {
                    mentions[root].set_norm(code, Reason::Description);
                }
            }
        }
    }
    for at in 0..mentions.len() {
        if let Some(full) = mentions[at].fullest
            && mentions[at].norm.is_none()
        {
            let code = mentions[full].norm.clone();
            mentions[at].reason = code.is_some().then_some(Reason::FullName);
            mentions[at].norm = code;
        }
    }
}

/// Whether the code does not contradict that of a listed leader.
fn may_speak_for(scan: &Scan<'_>, mention: &Mention<'_>, code: &str) -> bool {
    let listed = (mention.thing != NONE).then(|| scan.lists.gazetteer.thing(mention.thing).norm);
    listed.is_none_or(|norm| norm.is_empty() || norm == code)
}

/// A head of state or minister by name, in office at the time.
fn set_leader<'a>(scan: &Scan<'a>, mention: &mut Mention<'a>, today: Option<Date>) {
    if mention.thing == NONE {
        if mention.label == Label::PERSON
            && mention.n_words() > 1
            && let Some(today) = today
            && let Some(state) =
                officials::state_of(scan.words.span(mention.first, mention.end).of(scan.words.text), today)
        {
            mention.set_norm(state, Reason::Office);
        }
        return;
    }
    let thing = scan.lists.gazetteer.thing(mention.thing);
    let in_office = |day: Date| {
        thing.years.iter().any(|&(from, to)| (i32::from(from)..=i32::from(to)).contains(&day.year))
    };
    if !thing.years.is_empty() && !thing.norm.is_empty() && today.is_none_or(in_office) {
        mention.set_norm(thing.norm, Reason::Office);
    }
}

/// "Atlanta, Georgia", "Georgia and Florida", "Washington state" are members of the United States, not states with a code; Georgia
/// is one after all where the document speaks of Georgians or Tbilisi.
fn drop_namesake<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>]) {
    let words = scan.words;
    let is = |mention: &Mention<'_>, name| words.eq(mention.first, name) && mention.label == Label::GPE;
    let is_uncoded = |other: Option<&Mention<'_>>| {
        other.is_some_and(|other| other.label == Label::GPE && other.norm.is_none())
    };
    let in_caucasus =
        mentions.iter().any(|mention| mention.norm.as_deref() == Some("GEO") && !is(mention, "Georgia"));
    for at in 0..mentions.len() {
        let mention = &mentions[at];
        let (georgia, washington) = (is(mention, "Georgia"), is(mention, "Washington"));
        if mention.n_words() != 1 || !georgia && !washington || georgia && in_caucasus {
            continue;
        }
        let before = at.checked_sub(1).map(|before| &mentions[before]);
        let after = mentions.get(at + 1);
        let parted_by = |text: &str, first: usize, next: usize| next == first + 1 && words.eq(first, text);
        let in_address =
            is_uncoded(before) && before.is_some_and(|before| parted_by(",", before.end, mention.first));
        let listed = is_uncoded(after)
            && after.is_some_and(|after| parted_by("and", mention.end, after.first))
            || is_uncoded(before) && before.is_some_and(|before| parted_by("and", before.end, mention.first));
        let member = words.eq(mention.end, "state")
            || mention.first >= 2
                && words.eq(mention.first - 1, "of")
                && words.eq(mention.first - 2, "state");
        if in_address || member || georgia && listed {
            mentions[at].thing = NONE;
            mentions[at].drop_norm();
        }
    }
}

/// "Brussels" and "The Hague" where they act: as the Union and as the Dutch government.
fn set_seat<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>], at: usize, names_union: bool) {
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
        "The Hague" if acts => mentions[at].set_norm("NLD", Reason::Seat),
        "Brussels" if acts && names_union => {
            mentions[at].set_norm("EU", Reason::Seat);
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
        mentions[at].drop_norm();
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
        return Some(scan.lists.gazetteer.thing(state.thing).norm.into());
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
        return found.code();
    }
    let after = apposition(scan, mention);
    if let Some(found) = described(scan, mentions, at, after) {
        return found.code();
    }
    if mention.fullest.is_none() { next_sentence(scan, mentions, at) } else { None }
}
