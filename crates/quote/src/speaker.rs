//! The person or body behind a source.
//!
//! The chain that the source is a mention of; otherwise the entity in it; for a pronoun without a chain, the last
//! person who spoke. What names nobody stays a description, with the code of the state or body it belongs to.

use demarche_core::{Span, Upos};

use crate::draft::Draft;
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::source::{self, Source};

/// Who speaks, by what the document knows of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Speaker {
    pub(crate) name: String,
    pub(crate) chain: Option<usize>,
    pub(crate) norm: Option<String>,
}

/// Mentions of chains by where they start.
#[derive(Debug)]
pub(crate) struct Mentions {
    /// Start, end, chain.
    list: Vec<(Span, usize)>,
    /// Longest mention, in bytes.
    longest: u32,
}

/// Nouns that name nobody in particular.
const NOBODY: [&str; 8] =
    ["witness", "diplomat", "reporter", "journalist", "source", "side", "analyst", "expert"];
/// Nouns for those who govern a state.
const GOVERNMENT: [&str; 5] = ["government", "authority", "administration", "regime", "state"];
/// Entities among which the name of a state is looked up, at most.
const MAX_ENTITIES: usize = 512;
/// Tokens before a pronoun in which a person may be named, at most.
const NEAR: usize = 200;
/// Mentions that start before a word to look at, at most.
const LOOK_BACK: usize = 64;
/// Headline quotations to look up in the text, at most.
const MAX_HEADLINES: usize = 16;

impl Mentions {
    pub(crate) fn of(reading: &Reading<'_>) -> Self {
        let chains = reading.doc.chains().enumerate();
        let mut list: Vec<_> = chains
            .flat_map(|(chain, row)| row.mentions.iter().map(move |&mention| (mention, chain)))
            .collect();
        list.sort_unstable();
        let longest = list.iter().map(|(mention, _)| mention.len()).max().unwrap_or(0);
        Self { list, longest }
    }

    /// The chain whose mention has the word as its head: of the mentions that hold the word, the one that fits the
    /// phrase best.
    fn chain_at(&self, word: Span, phrase: Span) -> Option<usize> {
        let end = self.list.partition_point(|(mention, _)| mention.start <= word.start);
        let floor = word.start.saturating_sub(self.longest);
        let near =
            self.list[..end].iter().rev().take(LOOK_BACK).take_while(|(mention, _)| mention.start >= floor);
        let holds = near.filter(|(mention, _)| mention.contains(word));
        // What differs between mention and phrase; a mention that goes over the phrase is the worse fit.
        let misfit = |mention: Span| {
            let over = phrase.start.saturating_sub(mention.start) + mention.end.saturating_sub(phrase.end);
            let under = mention.start.saturating_sub(phrase.start) + phrase.end.saturating_sub(mention.end);
            over * 2 + under
        };
        let best = holds.min_by_key(|(mention, _)| misfit(*mention))?;
        (best.0.len() <= phrase.len() * 2 + 20).then_some(best.1)
    }
}

/// The speakers of the drafts, in their order, which is that of the text.
pub(crate) fn resolve(reading: &Reading<'_>, lexicon: &Lexicon, drafts: &[Draft]) -> Vec<Option<Speaker>> {
    let mentions = Mentions::of(reading);
    let mut speakers: Vec<Option<Speaker>> = Vec::with_capacity(drafts.len());
    // The last person who spoke, and the paragraph.
    let mut last: Option<(Speaker, u32)> = None;
    for draft in drafts {
        let paragraph = reading.paragraph(draft.anchor);
        let before = last.as_ref().filter(|(_, at)| at + 1 >= paragraph).map(|(speaker, _)| speaker);
        let context = Context { reading, lexicon, mentions: &mentions, last: before };
        let speaker = draft.source.as_ref().and_then(|source| of_source(&context, source));
        if let Some(speaker) = speaker.as_ref().filter(|speaker| is_person(reading, speaker)) {
            last = Some((speaker.clone(), paragraph));
        }
        speakers.push(speaker);
    }
    first_persons(reading, drafts, &mut speakers);
    headlines(reading, drafts, &mut speakers);
    speakers
}

/// What a source is seen against.
struct Context<'r, 'd> {
    reading: &'r Reading<'d>,
    lexicon: &'r Lexicon,
    mentions: &'r Mentions,
    /// The person who spoke last, in this paragraph or the one before.
    last: Option<&'r Speaker>,
}

/// "I" within a quotation is who speaks there.
fn first_persons(reading: &Reading<'_>, drafts: &[Draft], speakers: &mut [Option<Speaker>]) {
    let is_first = |source: &Source| ["i", "we"].iter().any(|word| reading.is_word(source.head, word));
    for at in 0..drafts.len() {
        let Some(level) = drafts[at].level.filter(|_| drafts[at].source.as_ref().is_some_and(is_first))
        else {
            continue;
        };
        let around = reading.quoted[level].span;
        let near = at.saturating_sub(AROUND)..(at + AROUND).min(drafts.len());
        let mut near = near.filter(|&other| drafts[other].content.iter().any(|piece| piece.contains(around)));
        if let Some(other) = near.next() {
            let speaker = speakers[other].clone();
            speakers[at] = speaker;
        }
    }
}

/// Drafts to look for the quotation around another one, on each side.
const AROUND: usize = 8;

fn is_person(reading: &Reading<'_>, speaker: &Speaker) -> bool {
    match speaker.chain {
        Some(chain) => reading.doc.chain(chain).label == Some("PERSON"),
        None => speaker.name.starts_with(char::is_uppercase) && speaker.name.contains(' '),
    }
}

fn of_source(context: &Context<'_, '_>, source: &Source) -> Option<Speaker> {
    let reading = context.reading;
    if let Some(antecedent) = source::antecedent(reading, source.head) {
        let verb = reading.tree.head(source.head)?;
        return of_source(context, &source::of_head(reading, antecedent, verb)?);
    }
    // A letter before a question or an answer names nobody.
    if matches!(reading.word(source.head), "Q" | "A") && source.tokens.len() == 1 {
        return None;
    }
    let shouted = is_shouted(reading, source).then(|| reading.word(source.tokens.end - 1));
    let named = || shouted.and_then(|word| of_last_name(reading, word));
    if let Some(speaker) = in_apposition(reading, source).or_else(named) {
        return Some(speaker);
    }
    let phrase = reading.span(source.tokens.clone());
    let word = reading.token(source.head);
    let is_pronoun = reading.tree.upos(source.head) == Upos::Pron;
    // "She" is nobody whom only a chain of things has.
    let speaks = |&chain: &usize| !is_pronoun || reading.doc.chain(chain).label.is_some();
    let chain = context.mentions.chain_at(word, phrase).filter(speaks);
    let known = chain.and_then(|chain| of_chain(reading, chain));
    let known = known.or_else(|| of_government(reading, source)).or_else(|| of_entity(reading, source));
    if let Some(speaker) = known.as_ref().filter(|speaker| is_name(&speaker.name)) {
        return Some(speaker.clone());
    }
    if stands_for_person(context, source) {
        let person = context.last.cloned().or_else(|| person_before(reading, source.head));
        if person.is_some() {
            return person;
        }
    }
    known.or_else(|| if is_pronoun { None } else { description(reading, source) })
}

/// The person whose last name this is in capitals; nobody if several have it.
fn of_last_name(reading: &Reading<'_>, word: &str) -> Option<Speaker> {
    let persons = reading.doc.entities().take(MAX_ENTITIES).filter(|row| row.label == "PERSON");
    let mut found: Option<Speaker> = None;
    for row in persons {
        let name = row.name.unwrap_or_else(|| reading.doc.slice(row.span));
        let Some((_, last)) = name.rsplit_once(' ') else { continue };
        if last == word || last.to_uppercase() != word {
            continue;
        }
        if found.as_ref().is_some_and(|found| found.name != name) {
            return None;
        }
        let norm = row.norm.map(str::to_owned);
        found = Some(Speaker { name: name.to_owned(), chain: row.chain, norm });
    }
    found
}

/// "VANCE" before a colon, in a transcript.
fn is_shouted(reading: &Reading<'_>, source: &Source) -> bool {
    let word = reading.word(source.tokens.end - 1);
    let is_line = source.tokens.end < reading.len() && reading.word(source.tokens.end) == ":";
    is_line && !word.contains(char::is_lowercase) && word.contains(char::is_alphabetic)
}

/// Whether a speaker's name is one, and not a description in small letters.
fn is_name(name: &str) -> bool {
    let first = name.split(' ').next().unwrap_or_default();
    let is_article = ["the", "a", "an"].iter().any(|article| first.eq_ignore_ascii_case(article));
    !is_article && first.starts_with(char::is_uppercase)
}

/// "he", "the analyst": a person who was named before.
fn stands_for_person(context: &Context<'_, '_>, source: &Source) -> bool {
    let reading = context.reading;
    let is_personal = ["he", "she", "him", "her"].iter().any(|word| reading.is_word(source.head, word));
    let is_definite = reading.is_word(source.tokens.start, "the") && reading.tree.xpos(source.head) == "NN";
    is_personal || is_definite && context.lexicon.is_person(reading.tree.lemma(source.head))
}

fn of_chain(reading: &Reading<'_>, chain: usize) -> Option<Speaker> {
    let row = reading.doc.chain(chain);
    let name = row.name?.to_owned();
    Some(Speaker { name, chain: Some(chain), norm: row.norm.map(str::to_owned) })
}

/// The last person named before a word in its paragraph or the one before.
fn person_before(reading: &Reading<'_>, word: usize) -> Option<Speaker> {
    let start = reading.paragraph_start(reading.paragraph_start(word).saturating_sub(1));
    let named =
        (start.max(word.saturating_sub(NEAR))..word).rev().filter_map(|token| reading.entity_of(token));
    let row = named.map(|at| reading.doc.entity(at)).find(|row| row.label == "PERSON")?;
    let name = row.name.unwrap_or_else(|| reading.doc.slice(row.span)).to_owned();
    Some(Speaker { name, chain: row.chain, norm: row.norm.map(str::to_owned) })
}

/// "the head of the observers, *Grace Wambere*", "Foreign Minister *Wambere*": the person whose name stands beside the
/// noun, whatever chain the noun is in.
fn in_apposition(reading: &Reading<'_>, source: &Source) -> Option<Speaker> {
    let tree = &reading.tree;
    if reading.entity_of(source.head).is_some() || tree.upos(source.head) != Upos::Noun {
        return None;
    }
    let hangs = |&token: &usize| {
        tree.head(token) == Some(source.head) && matches!(tree.relation(token), "appos" | "flat")
    };
    let person = |token: usize| {
        let row = reading.doc.entity(reading.entity_of(token)?);
        (row.label == "PERSON").then_some(row)
    };
    // Trees lose appositions after long phrases: the name that ends the source, after a comma or a noun.
    let ending = || {
        let row = person(source.tokens.end - 1)?;
        let first = reading.doc.tokens_in(row.span).start;
        let before = first.checked_sub(1).filter(|&before| before > source.tokens.start)?;
        (reading.word(before) == "," || tree.upos(before) == Upos::Noun).then_some(row)
    };
    let row = source.tokens.clone().filter(hangs).find_map(person).or_else(ending)?;
    let name = row.name.unwrap_or_else(|| reading.doc.slice(row.span));
    let last = name.rsplit(' ').next().unwrap_or(name);
    let chain = row.chain.and_then(|chain| of_chain(reading, chain));
    let norm = || row.norm.map(str::to_owned).or_else(|| norm_in(reading, source));
    Some(chain.filter(|speaker| speaker.name.contains(last)).unwrap_or_else(|| Speaker {
        name: name.to_owned(),
        chain: row.chain,
        norm: norm(),
    }))
}

/// The entity that the source names: the person in it, otherwise what its head word is part of.
fn of_entity(reading: &Reading<'_>, source: &Source) -> Option<Speaker> {
    let tree = &reading.tree;
    let own = |token: usize| {
        // Not "the spokesman of X", "X's spokesman".
        token == source.head
            || tree.head(token) == Some(source.head)
                && matches!(tree.relation(token), "appos" | "flat" | "compound")
            || tree.relation(token) == "flat"
            || (token > source.head && reading.entity_of(token) == reading.entity_of(source.head + 1))
    };
    let entities =
        source.tokens.clone().filter(|&token| own(token)).filter_map(|token| reading.entity_of(token));
    let rows = entities.map(|at| reading.doc.entity(at));
    let is_body = |label: &str| matches!(label, "ORG" | "GPE" | "NORP");
    let mut body = None;
    for row in rows {
        if row.label == "PERSON" {
            body = Some(row);
            break;
        }
        if is_body(row.label) && body.is_none() && names_source(reading, source, row.span) {
            body = Some(row);
        }
    }
    let row = body?;
    let name = row.name.unwrap_or_else(|| reading.doc.slice(row.span)).to_owned();
    if let Some(speaker) = row.chain.and_then(|chain| of_chain(reading, chain)) {
        return Some(speaker);
    }
    let norm = row.norm.map(str::to_owned).or_else(|| norm_in(reading, source));
    Some(Speaker { name, chain: None, norm })
}

/// Whether a body's name is the head of the source, or follows it: "the state agency *KCNA*".
fn names_source(reading: &Reading<'_>, source: &Source, name: Span) -> bool {
    let is_next = source.head + 1 < source.tokens.end && name.start == reading.token(source.head + 1).start;
    name.contains(reading.token(source.head)) || is_next
}

/// "Kenya's government", "the Kenyan authorities": the state, by the name the document has for it.
fn of_government(reading: &Reading<'_>, source: &Source) -> Option<Speaker> {
    GOVERNMENT.contains(&reading.tree.lemma(source.head)).then_some(())?;
    let norm = norm_in(reading, source)?;
    let state = reading
        .doc
        .entities()
        .take(MAX_ENTITIES)
        .find(|row| row.label == "GPE" && row.norm == Some(&norm))?;
    if let Some(speaker) = state.chain.and_then(|chain| of_chain(reading, chain)) {
        return Some(speaker);
    }
    let name = state.name.unwrap_or_else(|| reading.doc.slice(state.span)).to_owned();
    Some(Speaker { name, chain: None, norm: Some(norm) })
}

/// "a senior official at the embassy": the words themselves, with the code of what they belong to. Plurals without
/// any are nobody in particular.
fn description(reading: &Reading<'_>, source: &Source) -> Option<Speaker> {
    let tree = &reading.tree;
    let norm = norm_in(reading, source);
    let is_plural = tree.xpos(source.head) == "NNS";
    let is_nobody = NOBODY.contains(&tree.lemma(source.head)) || tree.upos(source.head) != Upos::Noun;
    if norm.is_none() && (is_plural || is_nobody) {
        return None;
    }
    let name = reading.doc.slice(reading.span(source.tokens.clone())).to_owned();
    Some(Speaker { name, chain: None, norm })
}

/// The code of the first state or body named in the source.
fn norm_in(reading: &Reading<'_>, source: &Source) -> Option<String> {
    let entities = source.tokens.clone().filter_map(|token| reading.entity_of(token));
    let mut rows = entities.map(|at| reading.doc.entity(at));
    rows.find_map(|row| if row.label == "DATE" { None } else { row.norm }).map(str::to_owned)
}

/// A headline's quotation has no source beside it; the text below says whose words they are.
fn headlines(reading: &Reading<'_>, drafts: &[Draft], speakers: &mut [Option<Speaker>]) {
    let without =
        drafts.iter().enumerate().filter(|(_, draft)| draft.source.is_none() && draft.cue.is_empty());
    let without: Vec<usize> = without.map(|(at, _)| at).take(MAX_HEADLINES).collect();
    for at in without {
        let words = words_of(reading, &drafts[at].content);
        let said_in = |&other: &usize| {
            let text = words_of(reading, &drafts[other].content);
            text.contains(&*words)
        };
        let others = (0..drafts.len()).filter(|&other| other != at && drafts[other].source.is_some());
        let found = others.filter(|&other| speakers[other].is_some()).find(said_in);
        if let Some(other) = found {
            let speaker = speakers[other].clone();
            speakers[at] = speaker;
        }
    }
}

/// The words in small letters between spaces, without marks.
fn words_of(reading: &Reading<'_>, content: &[Span]) -> String {
    let mut words = String::from(" ");
    for &piece in content {
        for word in reading.doc.slice(piece).split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        {
            let word = word.trim_matches(['\'', '’']);
            if !word.is_empty() {
                words.extend(word.chars().flat_map(char::to_lowercase));
                words.push(' ');
            }
        }
    }
    words
}
