//! What may be a mention by the guidelines of OntoNotes: pronouns and noun phrases, whole, with their relative clauses.

use std::ops::Range;

use demarche_core::Upos;
use demarche_model::feature_hash;

use crate::lexicon::{Gender, Lexicon};
use crate::reading::Reading;

/// Modifiers of a phrase that are kept; more tell nothing.
const MAX_MODIFIERS: usize = 8;

/// A phrase that may be a mention.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// First token.
    pub first: usize,
    /// One past the last token.
    pub end: usize,
    /// The head word.
    pub head: usize,
    /// What kind of phrase it is.
    pub kind: Kind,
    /// Whether it is a coordination, named by its first head.
    pub is_coordination: bool,
    pub(crate) entity: Option<usize>,
    pub(crate) sentence: u32,
    pub(crate) paragraph: u32,
    pub(crate) quotation: u32,
    pub(crate) number: Number,
    pub(crate) gender: Option<Gender>,
    pub(crate) sort: Sort,
    /// Hashes of the words without article, possessive mark and case; of the head's lemma.
    pub(crate) text: u32,
    pub(crate) lemma: u32,
    pub(crate) last_word: u32,
    pub(crate) modifiers: Vec<u32>,
    /// The code, or the name, of the entity that the head is in.
    pub(crate) identity: u32,
    pub(crate) relation: u32,
    pub(crate) governor: Option<usize>,
    pub(crate) is_subject: bool,
    pub(crate) is_apposition: bool,
    /// Index of the smallest candidate around it.
    pub(crate) outer: Option<usize>,
}

impl Candidate {
    /// The entity that it is named by.
    pub(crate) fn named_by(&self) -> Option<usize> {
        self.entity.filter(|_| self.kind == Kind::Name && !self.is_coordination)
    }
}

/// Kinds of phrases.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A pronoun of the first person singular.
    I,
    /// A pronoun of the first person plural.
    We,
    /// A pronoun of the second person.
    You,
    /// "He".
    He,
    /// "She".
    She,
    /// "It".
    It,
    /// "They".
    They,
    /// "This", "that" and the like, alone.
    Demonstrative,
    /// Any other pronoun: "everyone", "one".
    OtherPronoun,
    /// A name.
    Name,
    /// A noun phrase with "the".
    Definite,
    /// A noun phrase with "this", "that", "these", "those".
    Pointing,
    /// A noun phrase with a possessor.
    Owned,
    /// A noun phrase with "a" or another determiner.
    Indefinite,
    /// A noun phrase without determiner.
    Bare,
    /// Anything else: numbers, "here", "there".
    Other,
}

impl Kind {
    pub(crate) fn is_pronoun(self) -> bool {
        self <= Self::OtherPronoun
    }
}

#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Unknown,
    Singular,
    Plural,
}

/// What is spoken of, as far as words tell.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Unknown,
    Person,
    Body,
    Place,
    Group,
    Time,
    Amount,
    Thing,
}

/// All candidates, by their first token, the longer first.
pub(crate) fn find(reading: &Reading<'_>, lexicon: &Lexicon) -> Vec<Candidate> {
    let paragraphs = paragraphs(reading);
    let mut candidates = Vec::with_capacity(reading.n_tokens() / 3);
    for head in 0..reading.n_tokens() {
        let Some(kind) = kind(reading, head) else { continue };
        let alone = phrase(reading, head, false);
        let mut add = |span: Range<usize>, is_coordination| {
            candidates.push(candidate(reading, lexicon, &paragraphs, head, span, kind, is_coordination));
        };
        if reading.tree.children_by(head, &["conj"]).next().is_some() {
            let whole = phrase(reading, head, true);
            if whole != alone {
                add(whole, true);
            }
        }
        if let Some(name) = name_apart(reading, head, &alone) {
            add(name, false);
        }
        add(alone, false);
    }
    candidates.sort_by_key(|candidate| (candidate.first, std::cmp::Reverse(candidate.end), candidate.head));
    candidates.dedup_by_key(|candidate| (candidate.first, candidate.end));
    nest(&mut candidates);
    candidates
}

/// Sets the `outer` of each, in one walk over the sorted candidates.
fn nest(candidates: &mut [Candidate]) {
    let mut open: Vec<usize> = Vec::new();
    for i in 0..candidates.len() {
        let (first, end) = (candidates[i].first, candidates[i].end);
        while open.last().is_some_and(|&outer| candidates[outer].end <= first) {
            open.pop();
        }
        // Phrases that cross are the parser's mistakes: look a few further up.
        candidates[i].outer = open.iter().rev().take(4).copied().find(|&outer| candidates[outer].end >= end);
        open.push(i);
    }
}

fn kind(reading: &Reading<'_>, head: usize) -> Option<Kind> {
    let tree = &reading.tree;
    let relation = tree.relation(head);
    if matches!(relation, "flat" | "fixed" | "goeswith" | "reparandum") {
        return None;
    }
    let is_argument = matches!(relation, "nsubj" | "obj" | "obl" | "nmod" | "conj" | "iobj" | "root" | "appos");
    let xpos = tree.xpos(head);
    match tree.upos(head) {
        Upos::Pron => match xpos {
            "WP" | "WDT" | "WP$" | "EX" => None,
            _ => Some(pronoun(reading.word(head))),
        },
        Upos::Noun if relation == "compound" => None,
        Upos::Noun | Upos::X | Upos::Sym => Some(nominal(reading, head)),
        Upos::Propn => Some(Kind::Name),
        Upos::Num if relation != "nummod" => Some(Kind::Other),
        Upos::Adj if is_argument && relation != "conj" && relation != "root" => Some(nominal(reading, head)),
        Upos::Det if is_argument => Some(match pronoun(reading.word(head)) {
            Kind::OtherPronoun => Kind::Other,
            kind => kind,
        }),
        Upos::Adv if matches!(tree.lemma(head), "here" | "there") => Some(Kind::Other),
        _ => None,
    }
}

fn pronoun(word: &str) -> Kind {
    const KINDS: [(Kind, &[&str]); 8] = [
        (Kind::I, &["i", "me", "my", "mine", "myself"]),
        (Kind::We, &["we", "us", "our", "ours", "ourselves", "'s", "’s"]),
        (Kind::You, &["you", "your", "yours", "yourself", "yourselves", "ye", "ya"]),
        (Kind::He, &["he", "him", "his", "himself"]),
        (Kind::She, &["she", "her", "hers", "herself"]),
        (Kind::It, &["it", "its", "itself"]),
        (Kind::They, &["they", "them", "their", "theirs", "themselves", "'em", "em"]),
        (Kind::Demonstrative, &["this", "that", "these", "those"]),
    ];
    let is_one = |words: &&[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    KINDS.iter().find(|(_, words)| is_one(words)).map_or(Kind::OtherPronoun, |&(kind, _)| kind)
}

fn nominal(reading: &Reading<'_>, head: usize) -> Kind {
    let mut found = Kind::Bare;
    for child in reading.tree.children(head).take_while(|&child| child < head) {
        match reading.tree.relation(child) {
            "det" => {
                let word = reading.word(child);
                found = if word.eq_ignore_ascii_case("the") {
                    Kind::Definite
                } else if pronoun(word) == Kind::Demonstrative {
                    Kind::Pointing
                } else {
                    Kind::Indefinite
                };
            }
            "nmod" if reading.tree.deprel(child) == "nmod:poss" => return Kind::Owned,
            _ => {}
        }
    }
    found
}

/// The phrase of a head: its subtree without prepositions, conjunctions and the clause it may be the predicate of.
fn phrase(reading: &Reading<'_>, head: usize, with_conjuncts: bool) -> Range<usize> {
    let tree = &reading.tree;
    let is_predicate = tree.children_by(head, &["cop", "nsubj"]).next().is_some();
    let (mut first, mut end) = (head, head + 1);
    for child in tree.children(head) {
        let is_inside = match tree.relation(child) {
            "case" => child > head && is_possessive(reading, child),
            "cc" | "mark" | "cop" | "nsubj" | "csubj" | "aux" | "parataxis" | "discourse" | "vocative"
            | "dislocated" | "expl" | "orphan" | "reparandum" | "list" | "ccomp" | "advcl" | "punct" => false,
            "conj" => with_conjuncts && !matches!(tree.upos(child), Upos::Verb | Upos::Aux),
            "advmod" | "obl" => !is_predicate && child > head,
            _ => true,
        };
        if is_inside {
            let reach = tree.reach(child);
            first = first.min(reach.start);
            end = end.max(reach.end);
        }
    }
    trim(reading, head, first..end)
}

/// Without punctuation at its ends, but for marks that close what the phrase opened.
fn trim(reading: &Reading<'_>, head: usize, mut span: Range<usize>) -> Range<usize> {
    while span.end - 1 > head && reading.upos(span.end - 1) == Upos::Punct {
        let opener = match reading.word(span.end - 1) {
            ")" => "(",
            "]" => "[",
            "”" => "“",
            "’" => "‘",
            "\"" => "\"",
            _ => "",
        };
        if (span.start..span.end - 1).any(|token| reading.word(token) == opener) {
            break;
        }
        span.end -= 1;
    }
    while span.start < head && reading.upos(span.start) == Upos::Punct {
        let is_opener = matches!(reading.word(span.start), "“" | "\"" | "(" | "‘");
        if is_opener && reading.word(span.end - 1) != "," && closes_inside(reading, &span) {
            break;
        }
        span.start += 1;
    }
    span
}

fn closes_inside(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    let closer = match reading.word(span.start) {
        "“" => "”",
        "‘" => "’",
        "(" => ")",
        _ => "\"",
    };
    (span.start + 1..span.end).any(|token| reading.word(token) == closer)
}

fn is_possessive(reading: &Reading<'_>, token: usize) -> bool {
    matches!(reading.word(token), "'s" | "’s" | "'" | "’" | "s")
}

/// The entity's own words with article and possessive mark, where the parser saw another phrase.
fn name_apart(reading: &Reading<'_>, head: usize, phrase: &Range<usize>) -> Option<Range<usize>> {
    let entity = reading.entity_at(head)?;
    let row = reading.entities[entity];
    if !matches!(row.label, "PERSON" | "ORG" | "GPE" | "LOC" | "FAC") {
        return None;
    }
    let tokens = reading.doc.tokens_in(row.span);
    // Once an entity, by its top word.
    if reading.tree.head(head).is_some_and(|above| tokens.contains(&above)) {
        return None;
    }
    let (mut first, mut end) = (tokens.start, tokens.end);
    if let Some(before) = reading.before(first).filter(|&before| reading.upos(before) == Upos::Det) {
        first = before;
    }
    if let Some(after) = reading.after(end - 1).filter(|&after| is_possessive(reading, after)) {
        end = after + 1;
    }
    (phrase.start > first || phrase.end < end || phrase.start < first).then_some(first..end)
}

fn candidate(
    reading: &Reading<'_>,
    lexicon: &Lexicon,
    paragraphs: &[u32],
    head: usize,
    span: Range<usize>,
    kind: Kind,
    is_coordination: bool,
) -> Candidate {
    let tree = &reading.tree;
    let entity = reading.entity_at(head);
    let row = entity.map(|entity| reading.entities[entity]);
    let label = row.map_or("", |row| row.label);
    let number = number(reading, head, kind, is_coordination, label);
    let governor = tree.head(head);
    let is_modifier = |&token: &usize| {
        token != head
            && matches!(reading.upos(token), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num)
            && !is_coordination
    };
    let modifiers = (span.start..span.end).filter(is_modifier).take(MAX_MODIFIERS);
    let is_flat = |token: &usize| matches!(tree.relation(*token), "flat");
    let last = if kind == Kind::Name { tree.children(head).filter(is_flat).last().unwrap_or(head) } else { head };
    Candidate {
        first: span.start,
        end: span.end,
        head,
        kind,
        is_coordination,
        entity,
        sentence: reading.sentence_of(head),
        paragraph: paragraphs[head],
        quotation: reading.quotation_of(head),
        number,
        gender: gender(reading, lexicon, head, kind, label, &span),
        sort: sort(lexicon, tree.lemma(head), kind, label),
        text: text(reading, &span, head),
        lemma: id(tree.lemma(head)),
        last_word: lower(reading.word(last)),
        modifiers: modifiers.map(|token| lower(reading.word(token))).collect(),
        identity: row
            .filter(|row| matches!(row.label, "PERSON" | "ORG" | "GPE" | "LOC" | "FAC" | "NORP" | "EVENT"))
            .map_or(0, |row| id(row.norm.or(row.name).unwrap_or_else(|| reading.doc.slice(row.span)))),
        relation: id(tree.deprel(head)),
        governor,
        is_subject: matches!(tree.relation(head), "nsubj" | "csubj"),
        is_apposition: tree.relation(head) == "appos",
        outer: None,
    }
}

fn number(reading: &Reading<'_>, head: usize, kind: Kind, is_coordination: bool, label: &str) -> Number {
    if is_coordination {
        return Number::Plural;
    }
    match kind {
        Kind::I | Kind::He | Kind::She | Kind::It => Number::Singular,
        Kind::We | Kind::They => Number::Plural,
        Kind::You => Number::Unknown,
        Kind::Demonstrative => match reading.tree.lemma(head) {
            "this" | "that" => Number::Singular,
            _ => Number::Plural,
        },
        _ => match reading.tree.xpos(head) {
            "NNS" | "NNPS" => Number::Plural,
            "NN" => Number::Singular,
            "NNP" if label == "ORG" || label == "NORP" => Number::Unknown,
            "NNP" => Number::Singular,
            _ => Number::Unknown,
        },
    }
}

fn gender(
    reading: &Reading<'_>,
    lexicon: &Lexicon,
    head: usize,
    kind: Kind,
    label: &str,
    span: &Range<usize>,
) -> Option<Gender> {
    match kind {
        Kind::He => Some(Gender::Masculine),
        Kind::She => Some(Gender::Feminine),
        _ if kind.is_pronoun() => None,
        Kind::Name => {
            let entity = reading.entity_at(head).filter(|_| label == "PERSON");
            let names = entity.map_or(head..head + 1, |entity| reading.doc.tokens_in(reading.entities[entity].span));
            // The document's fullest name tells more than "Lind".
            let full = entity.and_then(|entity| reading.entities[entity].name).and_then(|name| name.split(' ').next());
            let title = span.start..names.start.max(span.start);
            title
                .filter_map(|token| lexicon.gender_of_role(reading.word(token)))
                .next()
                .or_else(|| full.and_then(|name| lexicon.gender_of_name(name)))
                .or_else(|| lexicon.gender_of_name(reading.word(names.start)))
        }
        _ => lexicon.gender_of_role(reading.tree.lemma(head)),
    }
}

fn sort(lexicon: &Lexicon, lemma: &str, kind: Kind, label: &str) -> Sort {
    match (kind, label) {
        (Kind::I | Kind::We | Kind::You | Kind::He | Kind::She, _) | (_, "PERSON") => Sort::Person,
        (Kind::It, _) => Sort::Thing,
        _ if kind.is_pronoun() => Sort::Unknown,
        (_, "ORG") => Sort::Body,
        (_, "GPE" | "LOC" | "FAC") => Sort::Place,
        (_, "NORP") => Sort::Group,
        (_, "DATE" | "TIME") => Sort::Time,
        (_, "MONEY" | "PERCENT" | "QUANTITY" | "CARDINAL" | "ORDINAL") => Sort::Amount,
        (_, "") if lexicon.is_role(lemma) => Sort::Person,
        (_, "") if lexicon.is_body(lemma) || lexicon.is_government(lemma) => Sort::Body,
        (_, "") if lexicon.is_state(lemma) => Sort::Place,
        (_, "") => Sort::Unknown,
        _ => Sort::Thing,
    }
}

/// Hash of the phrase's words in lower case, without article and possessive mark.
fn text(reading: &Reading<'_>, span: &Range<usize>, head: usize) -> u32 {
    let mut hash = 0;
    for token in span.clone() {
        let is_article = token < head && reading.upos(token) == Upos::Det;
        let is_mark = token > head && is_possessive(reading, token);
        if !is_article && !is_mark {
            hash = mix(hash, lower(reading.word(token)));
        }
    }
    hash
}

/// Of each token its paragraph: sentences that a line break parts.
fn paragraphs(reading: &Reading<'_>) -> Vec<u32> {
    let tokens = reading.doc.tokens();
    let mut paragraph = 0;
    let mut of = Vec::with_capacity(tokens.len());
    for (i, token) in tokens.iter().enumerate() {
        if i > 0 && reading.doc.text()[tokens[i - 1].end as usize..token.start as usize].contains('\n') {
            paragraph += 1;
        }
        of.push(paragraph);
    }
    of
}

/// A number that stands for a string; 0 for the empty one.
pub(crate) fn id(text: &str) -> u32 {
    if text.is_empty() { 0 } else { feature_hash(0, text.as_bytes()) as u32 | 1 }
}

/// The same for the word in lower case (of ASCII letters).
pub(crate) fn lower(word: &str) -> u32 {
    let mut buffer = [0_u8; 32];
    let Some(key) = buffer.get_mut(..word.len()) else { return id(word) };
    key.copy_from_slice(word.as_bytes());
    key.make_ascii_lowercase();
    feature_hash(0, key) as u32 | 1
}

/// Two numbers as one.
pub(crate) fn mix(a: u32, b: u32) -> u32 {
    (a.rotate_left(5) ^ b).wrapping_mul(0x9e37_79b1)
}
