//! Who a phrase stands for: its span, and the code or name behind it.

use demarche_core::{NONE, Span, Upos};

use crate::lexicon::{Pos, Things};
use crate::view::{Link, View};

/// A party to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    /// Head of its phrase.
    pub(crate) token: usize,
    pub(crate) span: Span,
    pub(crate) norm: Option<Box<str>>,
    /// The phrase is a pronoun.
    pub(crate) pronoun: bool,
}

/// Members of a series of parties that are read.
const MAX_SERIES: usize = 24;

/// Tokens of a phrase that are looked through for a name.
const MAX_PHRASE: usize = 24;

/// How far back a description such as "the bloc" looks for what it stands for, in tokens.
const MAX_BACK: usize = 400;

/// The parties of a phrase: its head and what is coordinated with it.
pub(crate) fn parties(view: &View<'_>, head: usize) -> Vec<Party> {
    let mut series = vec![head];
    let mut next = 0;
    // Parsers make chains of what should be a fan: "A, B and C" with C below B.
    while next < series.len() && series.len() < MAX_SERIES {
        let nominal = |&child: &usize| view.pos(child) != Some(Pos::Verb);
        series.extend(view.tree.children_by(series[next], &["conj"]).filter(nominal).take(MAX_SERIES));
        next += 1;
    }
    series.sort_unstable();
    series.into_iter().filter_map(|token| party(view, token)).collect()
}

/// The party that a noun phrase names or describes; `None` if it is no party at all (a date, a thing).
pub(crate) fn party(view: &View<'_>, head: usize) -> Option<Party> {
    let norm = norm(view, head);
    let describes = || {
        view.tree.upos(head) == Upos::Pron && !view.is_relative(head)
            || view.is(
                head,
                Things::PARTY.and(Things::ORGAN).and(Things::COUNTRY).and(Things::BODY).and(Things::VEHICLE),
            )
            || view.entity(head).is_some_and(|entity| View::is_actor(view.doc.entity(entity).label))
    };
    let pronoun =
        view.tree.upos(head) == Upos::Pron && !matches!(view.tree.lemma(head), "those" | "anyone" | "nobody");
    (norm.is_some() || describes()).then(|| Party { token: head, span: phrase(view, head), norm, pronoun })
}

/// The parties named inside a phrase about something else: "imports of *Russian* coal".
pub(crate) fn named_within(view: &View<'_>, head: usize) -> Vec<Party> {
    let mut found: Vec<Party> = Vec::new();
    let mut last = None;
    for token in view.tree.reach(head).take(MAX_PHRASE) {
        let Some(entity) = view.entity(token).filter(|&entity| last.replace(entity) != Some(entity)) else {
            continue;
        };
        let joined = if view.norm(entity).is_none() { joined(view, token, entity) } else { Vec::new() };
        for party in name(view, token).filter(|_| view.is_power(token)).into_iter().chain(joined) {
            if !found.iter().any(|known| known.norm == party.norm) {
                found.push(party);
            }
        }
    }
    found
}

/// The states of a joint name, "Franco-German", where the text names them elsewhere too.
fn joined(view: &View<'_>, token: usize, entity: usize) -> Vec<Party> {
    let whole = view.doc.entity(entity).span;
    let text = view.doc.slice(whole);
    let mut start = whole.start;
    let mut found = Vec::new();
    if !text.contains(JOINS) {
        return found;
    }
    for part in text.split(JOINS) {
        let span = Span::new(start, start + part.len() as u32);
        // The join itself is as long as the character that makes it.
        start = span.end
            + text[(span.end - whole.start) as usize..].chars().next().map_or(0, char::len_utf8) as u32;
        let same =
            view.doc.entities().take(MAX_ENTITIES).position(|other| view.doc.slice(other.span) == part);
        if let Some(norm) = same.and_then(|same| view.norm(same)) {
            found.push(Party { token, span, norm: Some(norm.into()), pronoun: false });
        }
    }
    found
}

/// Characters that join the names of two states.
const JOINS: [char; 3] = ['-', '–', '/'];

/// So many entities are looked through for the parts of a joint name.
const MAX_ENTITIES: usize = 256;

/// The party of the name that a token belongs to.
pub(crate) fn name(view: &View<'_>, token: usize) -> Option<Party> {
    let index = view.entity(token)?;
    let entity = view.doc.entity(index);
    View::is_actor(entity.label).then(|| Party {
        token,
        span: entity.span,
        norm: view.norm(index).or(entity.name).map(Into::into),
        pronoun: false,
    })
}

fn norm(view: &View<'_>, head: usize) -> Option<Box<str>> {
    if let Some(index) = view.entity(head) {
        let entity = view.doc.entity(index);
        if !View::is_actor(entity.label) {
            return None;
        }
        let chain = entity.chain.map(|chain| view.doc.chain(chain));
        let of_chain = || chain.and_then(|chain| chain.norm);
        return view
            .norm(index)
            .or_else(of_chain)
            .or(entity.name)
            .or(Some(view.doc.slice(entity.span)))
            .map(Into::into);
    }
    of_clause(view, head)
        .or_else(|| of_speaker(view, head))
        .or_else(|| of_chain(view, head))
        .or_else(|| of_owner(view, head))
        .or_else(|| of_description(view, head))
}

/// "Its" is the subject of its clause: "Seoul puts ships on *its* blacklist".
fn of_clause(view: &View<'_>, head: usize) -> Option<Box<str>> {
    if view.tree.xpos(head) != "PRP$" || matches!(view.tree.lemma(head), "my" | "our" | "we" | "I") {
        return None;
    }
    let verb = view.tree.ancestors(head).take(MAX_UP).find(|&above| view.pos(above) == Some(Pos::Verb))?;
    let subject =
        view.subject(verb).filter(|&subject| subject < head && view.tree.upos(subject) != Upos::Pron)?;
    let inside = view.tree.reach(subject).contains(&head);
    if inside { None } else { norm(view, subject) }
}

/// Words from a possessive pronoun up to the verb of its clause.
const MAX_UP: usize = 6;

/// "We" and "I" in a quotation are its speaker.
fn of_speaker(view: &View<'_>, head: usize) -> Option<Box<str>> {
    if !matches!(view.tree.lemma(head), "I" | "we" | "my" | "our" | "us" | "me" | "i") {
        return None;
    }
    let quote = view.quote(view.doc.tokens()[head])?;
    let speaker = view.doc.quote(quote).speaker?;
    Some(speaker.norm.unwrap_or(speaker.name).into())
}

fn of_chain(view: &View<'_>, head: usize) -> Option<Box<str>> {
    let chain = view.doc.chain(view.chain(head)?);
    chain.norm.or(chain.name.filter(|_| chain.label.is_some_and(View::is_actor))).map(Into::into)
}

/// The state whose office, goods or people the phrase describes: "Iranian officials", "the government in Seoul".
fn of_owner(view: &View<'_>, head: usize) -> Option<Box<str>> {
    if !view.is(head, Things::ORGAN.and(Things::BELONGING)) {
        return None;
    }
    owners(view, head)
        .find_map(|owner| if view.is_power(owner) { name(view, owner)?.norm } else { of_chain(view, owner) })
}

/// The words of a phrase that say whose its head is, nearest kind first.
fn owners<'v>(view: &'v View<'_>, head: usize) -> impl Iterator<Item = usize> + 'v {
    let before = view
        .tree
        .children(head)
        .filter(move |&child| matches!(view.above(child), Some((_, Link::Compound | Link::Possessive))));
    let after = view
        .tree
        .children_by(head, &["nmod"])
        .filter(move |&child| matches!(view.preposition(child), "of" | "in" | "for" | "from"));
    before.chain(after)
}

/// "The bloc", "the country", "its neighbor": the last one named before.
fn of_description(view: &View<'_>, head: usize) -> Option<Box<str>> {
    let bodies = view.is(head, Things::BODY);
    if !bodies && !view.is(head, Things::COUNTRY) || !is_definite(view, head) {
        return None;
    }
    let mut last = NONE;
    for token in (head.saturating_sub(MAX_BACK)..head).rev() {
        let Some(entity) = view.entity(token) else { continue };
        if entity as u32 == last {
            continue;
        }
        last = entity as u32;
        let label = view.doc.entity(entity).label;
        let is_body = label == "ORG";
        if let Some(norm) = view.norm(entity).filter(|_| label != "PERSON" && is_body == bodies) {
            return Some(norm.into());
        }
    }
    None
}

fn is_definite(view: &View<'_>, head: usize) -> bool {
    view.tree
        .children_by(head, &["det"])
        .any(|child| matches!(view.tree.lemma(child), "the" | "this" | "that"))
}

/// Prepositions whose phrase belongs to the name of a party: "the government *in* Seoul".
const NEAR: [&str; 5] = ["", "of", "in", "from", "at"];

/// The minimal noun phrase around its head: without article, apposition, relative clause, coordination.
pub(crate) fn phrase(view: &View<'_>, head: usize) -> Span {
    let mut first = head;
    let mut end = head + 1;
    if let Some(entity) = view.entity(head) {
        let tokens = view.doc.tokens_in(view.doc.entity(entity).span);
        first = first.min(tokens.start);
        end = end.max(tokens.end);
    }
    let inner = ["amod", "compound", "nmod", "nummod", "flat", "fixed", "advmod"];
    for child in view.tree.children(head) {
        let reach = view.tree.reach(child);
        let det = view.tree.relation(child) == "det" && !matches!(view.tree.xpos(child), "DT");
        let quantifier =
            view.tree.relation(child) == "det" && matches!(view.tree.lemma(child), "no" | "any" | "all");
        let far = view.tree.relation(child) == "nmod" && !NEAR.contains(&view.preposition(child));
        if far
            || !(inner.contains(&view.tree.relation(child)) || det || quantifier)
            || reach.len() > MAX_PHRASE
        {
            continue;
        }
        if child < head {
            first = first.min(reach.start);
        } else if reach.start == end {
            end = reach.end;
        }
    }
    view.span(first..end)
}
