//! What one place of the document says of another: a person's last name alone, a body's acronym, its short form.

use demarche_core::{NONE, Upos};
use hashbrown::{HashMap, HashSet};

use crate::class::Class;
use crate::label::Label;
use crate::mention::{Evidence, Mention, Reason};
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// Completes the mentions: finds those that only the rest of the document explains, and links short names to full ones.
pub(crate) fn complete<'a>(scan: &Scan<'a>, mentions: &mut Vec<Mention<'a>>) {
    let words = scan.words;
    let known = Known::of(scan, mentions);
    relabel(words, &known, mentions);
    let found = unclaimed(words, &known, mentions);
    if !found.is_empty() {
        mentions.extend(found);
        mentions.sort_by_key(|mention| mention.first);
    }
    let known = Known::of(scan, mentions);
    link(words, &known, mentions);
}

/// Links short names to full ones, and leaves the mentions as they are.
pub(crate) fn link_names<'a>(scan: &Scan<'a>, mentions: &mut [Mention<'a>]) {
    let known = Known::of(scan, mentions);
    link(scan.words, &known, mentions);
}

/// How many mentions are compared, so that a page of one family's names costs linear time.
const COMPARED: usize = 16;

/// The names that the document gives in full.
struct Known<'t> {
    /// Part of a person's name to the mentions that have it, in text order.
    persons: HashMap<&'t str, Vec<usize>>,
    /// Acronym or first word of an organization's name to its first mention.
    organizations: HashMap<String, usize>,
    /// Codes that the document has.
    topics: HashSet<String>,
    /// Listed persons whose full name the document gives.
    in_full: HashSet<u32>,
    /// Unknown name of one word to how often it stands as a place after a preposition, and as a person by default.
    votes: HashMap<&'t str, (u32, u32)>,
    /// Head of an organization's name to its mentions.
    heads: HashMap<&'t str, Vec<usize>>,
}

impl<'t> Known<'t> {
    fn of(scan: &Scan<'t>, mentions: &[Mention<'_>]) -> Self {
        let words = scan.words;
        let mut known = Self {
            persons: HashMap::new(),
            organizations: HashMap::new(),
            topics: HashSet::new(),
            in_full: HashSet::new(),
            votes: HashMap::new(),
            heads: HashMap::new(),
        };
        for (at, mention) in mentions.iter().enumerate() {
            match mention.label {
                Label::PERSON if mention.n_words() > 1 => known.add_person(words, at, mention),
                Label::ORG if mention.n_words() > 1 => known.add_organization(scan, at, mention),
                Label::ORG
                    if mention.evidence == Evidence::Strong && !words.is(mention.first, Class::ORG_HEAD) =>
                {
                    known.organizations.entry(words.text(mention.first).to_owned()).or_insert(at);
                }
                _ => {}
            }
            if let Some(code @ ("PRK" | "EU")) = mention.norm.as_deref() {
                known.topics.insert(code.to_owned());
            }
            if mention.n_words() == 1 && mention.thing == NONE && mention.evidence == Evidence::Weak {
                let votes = known.votes.entry(words.text(mention.first)).or_default();
                votes.0 += u32::from(mention.label == Label::GPE);
                votes.1 += u32::from(mention.label == Label::PERSON);
            }
        }
        known
    }

    fn add_person(&mut self, words: &Words<'t>, at: usize, mention: &Mention<'_>) {
        if mention.thing != NONE {
            self.in_full.insert(mention.thing);
        }
        for i in mention.first..mention.end {
            let text = words.text(i);
            let is_part = words.has(i, Shape::CAPITAL)
                && text.len() > 1
                && !text.ends_with('.')
                && !words.is(i, Class::SUFFIX);
            if is_part && !words.is(i, Class::FUNCTION) {
                let mentions = self.persons.entry(text).or_default();
                if mentions.last() != Some(&at) {
                    mentions.push(at);
                }
            }
        }
    }

    /// Whether the document uses the unknown name as a place rather than as a person.
    fn is_place(&self, text: &str) -> bool {
        let &(place, person) = self.votes.get(text).unwrap_or(&(0, 0));
        place > 0 && place >= person && !self.persons.contains_key(text)
    }

    fn add_organization(&mut self, scan: &Scan<'t>, at: usize, mention: &Mention<'_>) {
        let words = scan.words;
        let mut acronym = String::new();
        for i in mention.first..mention.end {
            if words.has(i, Shape::CAPITAL) {
                acronym.extend(words.text(i).chars().next());
            }
        }
        if acronym.len() > 1 {
            self.organizations.entry(acronym).or_insert(at);
        }
        let first = words.text(mention.first);
        let is_own = words.has(mention.first, Shape::CAPITAL)
            && !words.is(mention.first, Class::COMMON.or(Class::FUNCTION))
            && first.len() > 2;
        let is_place =
            scan.listed(mention.first).is_some_and(|listed| !listed.weak && scan.label(listed) != Label::ORG);
        if is_own && !is_place {
            self.organizations.entry(first.to_owned()).or_insert(at);
        }
        let head = words.text(mention.end - 1);
        if words.is(mention.end - 1, Class::ORG_HEAD) {
            self.heads.entry(head).or_default().push(at);
        }
    }

    /// The mention of a person that a short name at word `i` stands for: of those before it, or of all if there are none, the
    /// one whose full name is given most often, the first among equals.
    fn person(&self, words: &Words<'_>, text: &str, mentions: &[Mention<'_>], i: usize) -> Option<usize> {
        let candidates = self.persons.get(text)?;
        let n_before = candidates.partition_point(|&at| mentions[at].first < i);
        let candidates = &candidates[..if n_before == 0 { 1 } else { n_before.min(COMPARED) }];
        let name = |at: usize| words.span(mentions[at].first, mentions[at].end).of(words.text);
        let count = |at: usize| candidates.iter().filter(|&&other| name(other) == name(at)).count();
        candidates.iter().copied().reduce(|best, at| if count(at) > count(best) { at } else { best })
    }
}

/// Gives weak mentions the label of the full name they are part of.
fn relabel<'t>(words: &Words<'t>, known: &Known<'t>, mentions: &mut [Mention<'_>]) {
    for at in 0..mentions.len() {
        let mention = &mentions[at];
        let text = words.text(mention.first);
        // A city by the lists, but an agency by the dateline.
        let is_agency = || {
            known.organizations.get(text).is_some_and(|&full| {
                full != at && mentions[full].n_words() == 1 && mentions[full].thing == NONE
            })
        };
        let contested = mention.evidence == Evidence::Weak
            || mention.label == Label::GPE && mention.norm.is_none() && is_agency();
        if !contested || mention.n_words() > 3 {
            continue;
        }
        if mention.label != Label::PERSON && known.persons.contains_key(text) && mention.n_words() == 1 {
            mentions[at].label = Label::PERSON;
            mentions[at].thing = NONE;
            mentions[at].drop_norm();
        } else if known.organizations.contains_key(text) && mention.n_words() == 1 {
            mentions[at].label = Label::ORG;
            mentions[at].thing = NONE;
        } else if mention.label == Label::PERSON && mention.n_words() == 1 && known.is_place(text) {
            mentions[at].label = Label::GPE;
        }
    }
}

/// Capitals outside of all mentions that a full name elsewhere explains.
fn unclaimed<'a>(words: &Words<'a>, known: &Known<'a>, mentions: &[Mention<'_>]) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    let mut next = 0;
    let mut i = 0;
    while i < words.len() {
        if next < mentions.len() && i >= mentions[next].first {
            i = mentions[next].end.max(i);
            next += 1;
            continue;
        }
        let limit = mentions.get(next).map_or(words.len(), |mention| mention.first);
        let mention = recalled(words, known, mentions, i).filter(|mention| mention.end <= limit);
        i = mention.as_ref().map_or(i + 1, |mention| mention.end);
        found.extend(mention);
    }
    found
}

fn recalled<'a>(
    words: &Words<'a>,
    known: &Known<'a>,
    mentions: &[Mention<'_>],
    i: usize,
) -> Option<Mention<'a>> {
    let word = &words.list[i];
    if !word.is_capital() {
        return None;
    }
    let text = words.text(i);
    let plain = word.is(Class::COMMON) && word.has(Shape::START);
    // "Brown said" at the start of a sentence, but not "Brown bread".
    let acts = words.is(i + 1, Class::SAY)
        || words.is_possessive(i + 1)
        || matches!(words.text(i + 1), "," | "was" | "had" | "has" | "is" | "will");
    let is_surname = word.is(Class::SURNAME.or(Class::WEAK_SURNAME)) && (acts || word.upos == Upos::Propn);
    if known.persons.contains_key(text) && (!plain || is_surname) && !word.is(Class::OFFICE) {
        let mut end = i + 1;
        while words.is_hyphen(end) && known.persons.contains_key(words.text(end + 1)) {
            end += 2;
        }
        return Some(Mention::new(i, end, Label::PERSON));
    }
    if known.organizations.contains_key(text) && !plain {
        return Some(Mention::new(i, i + 1, Label::ORG));
    }
    if known.is_place(text) && !plain {
        return Some(Mention::new(i, i + 1, Label::GPE).weak());
    }
    let after_article = i > 0 && words.eq(i - 1, "the");
    if after_article && let Some(short) = short_form(words, known, i) {
        return Some(short);
    }
    let is_short = after_article
        && !word.has(Shape::START)
        && known.heads.get(text).is_some_and(|heads| mentions[heads[0]].first < i);
    is_short.then(|| Mention::new(i, i + 1, Label::ORG))
}

/// "the North" of Korea, "the Commission" of the European Union, where the text is about them.
fn short_form<'a>(words: &Words<'a>, known: &Known<'a>, i: usize) -> Option<Mention<'a>> {
    if words.has(i, Shape::START)
        || words.has(i + 1, Shape::CAPITAL)
        || words.is_hyphen(i + 1)
        || words.eq(i + 1, "of")
    {
        return None;
    }
    let (code, topic, label) = match words.text(i) {
        "North" => ("PRK", "PRK", Label::GPE),
        "South" => ("KOR", "PRK", Label::GPE),
        "Commission" | "Union" if !known.heads.contains_key(words.text(i)) => ("EU", "EU", Label::ORG),
        _ => return None,
    };
    known.topics.contains(topic).then(|| Mention::new(i, i + 1, label).with_norm(code, Reason::Topic))
}

/// Links short names to the mention with the full one.
fn link(words: &Words<'_>, known: &Known<'_>, mentions: &mut [Mention<'_>]) {
    for at in 0..mentions.len() {
        let mention = &mentions[at];
        let fullest = match mention.label {
            Label::PERSON => full_person(words, known, mentions, at),
            Label::ORG if mention.n_words() == 1 => {
                let text = words.text(mention.first);
                let by_head = || {
                    let heads = known.heads.get(text)?;
                    let n_before = heads.partition_point(|&full| mentions[full].first < mention.first);
                    heads[..n_before].last().copied()
                };
                // "RSF" is what the document calls so, whatever the lists say, unless it names the listed body in full.
                let listed = mention.evidence == Evidence::Listed;
                let own = known
                    .organizations
                    .get(text)
                    .copied()
                    .filter(|&full| !listed || mentions[full].thing != mention.thing);
                let own = own.filter(|_| !listed || words.has(mention.first, Shape::UPPER));
                if listed { own } else { own.or_else(by_head) }
            }
            _ => None,
        };
        if let Some(fullest) = fullest
            && fullest != at
        {
            mentions[at].fullest = Some(fullest);
            if mentions[at].label == Label::ORG {
                mentions[at].thing = mentions[fullest].thing;
                let code = mentions[fullest].norm.clone();
                mentions[at].reason = code.is_some().then_some(Reason::FullName);
                mentions[at].norm = code;
            }
        }
    }
}

/// The mention with the fullest name of the person of mention `at`, if that is another one.
fn full_person(words: &Words<'_>, known: &Known<'_>, mentions: &[Mention<'_>], at: usize) -> Option<usize> {
    let mention = &mentions[at];
    if mention.n_words() == 1 && known.in_full.contains(&mention.thing) {
        return None;
    }
    let key = (mention.first..mention.end)
        .rev()
        .map(|i| words.text(i))
        .find(|text| known.persons.contains_key(text))?;
    let fits = |&full: &usize| {
        text_len(words, &mentions[full]) > text_len(words, mention) && agrees(words, mention, &mentions[full])
    };
    if mention.n_words() == 1 {
        let nearest = known.person(words, key, mentions, mention.first)?;
        return Some(nearest).filter(|&full| full != at);
    }
    known.persons.get(key)?.iter().take(COMPARED).find(|full| fits(full)).copied()
}

fn text_len(words: &Words<'_>, mention: &Mention<'_>) -> u32 {
    words.span(mention.first, mention.end).len()
}

/// Whether each part of the short name is in the full one, an initial standing for its name.
fn agrees(words: &Words<'_>, short: &Mention<'_>, full: &Mention<'_>) -> bool {
    let mut at = full.first;
    (short.first..short.end).filter(|&i| words.has(i, Shape::CAPITAL)).all(|i| {
        let part = words.text(i);
        let initial = part.trim_end_matches('.');
        let fits = |j: &usize| {
            let name = words.text(*j);
            name == part || words.has(i, Shape::INITIAL) && name.starts_with(initial)
        };
        match (at..full.end).find(fits) {
            Some(j) => {
                at = j + 1;
                true
            }
            None => false,
        }
    })
}
