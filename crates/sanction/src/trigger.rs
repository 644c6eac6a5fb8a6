//! Where an event can start: nouns of measures, verbs that penalize, and what stands for them.

use demarche_core::{Action, Measures};

use crate::lexicon::{Class, Pos, Sense, Things};
use crate::view::{Link, View};

/// A word from which an event starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) token: usize,
    pub(crate) class: Class,
    /// Its action by itself; `None` for a bare measure.
    pub(crate) action: Option<Action>,
    pub(crate) measures: Measures,
    /// What a penalty hits.
    pub(crate) hit: Option<usize>,
    /// The list that somebody is put on or taken off.
    pub(crate) list: Option<usize>,
    /// The word may also be the penalty of a threat.
    pub(crate) menaces: bool,
    /// The word may also stand for a sanction named before.
    pub(crate) echoes: bool,
}

impl Seed {
    pub(crate) fn new(token: usize, class: Class) -> Self {
        let measures = Measures::default();
        Self {
            token,
            class,
            action: class.action(),
            measures,
            hit: None,
            list: None,
            menaces: false,
            echoes: false,
        }
    }
}

/// What the whole document is about, as far as it decides on words that may mean something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Context {
    /// Words that can hardly mean anything but a sanction.
    pub(crate) sanctions: usize,
    /// Nouns among them.
    pub(crate) nouns: usize,
    /// Different states and bodies that are named, up to [`POWERS`].
    pub(crate) powers: usize,
    /// A body of states is named, or a state right beside a word of sanctions.
    pub(crate) concrete: bool,
    /// Words of sport.
    pub(crate) sport: usize,
}

/// From so many states and bodies on, a text is about what goes on between them.
const POWERS: usize = 2;

/// From so many nouns of sanctions on, a text is about them even if it names nobody.
const NOUNS: usize = 2;

/// Letters of a state's code; bodies have shorter or longer ones.
const STATE_CODE: usize = 3;

/// From so many words of sport on, and more of them than of sanctions, a text is about sport.
const SPORT: usize = 4;

impl Context {
    /// Counts the document's words.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let mut context = Self::default();
        let mut norms: Vec<&str> = Vec::new();
        for token in 0..view.len() {
            let entry = view.entry(token);
            let strong = entry.senses.iter().any(|sense| match sense.class {
                Class::Sanction => is_plural(view, token),
                Class::Measure | Class::State => true,
                Class::Penalty => sense.hits.meets(Things::STRONG) && view.pos(token) == Some(Pos::Verb),
                _ => false,
            });
            context.sanctions += usize::from(strong);
            let sharp =
                || entry.senses.iter().any(|sense| sense.class == Class::Weak) && is_sharpened(view, token);
            context.nouns += usize::from((strong || sharp()) && view.pos(token) == Some(Pos::Noun));
            context.sport += usize::from(entry.is(Things::SPORT));
            context.concrete |= strong && (is_against(view, token) || has_power(view, token));
            if norms.len() < POWERS && view.is_power(token) {
                let norm = view
                    .entity(token)
                    .and_then(|entity| Some((view.norm(entity)?, view.doc.entity(entity).label)));
                if let Some((norm, label)) = norm {
                    context.concrete |= label == "ORG" && norm.len() != STATE_CODE;
                    if !norms.contains(&norm) {
                        norms.push(norm);
                    }
                }
            }
        }
        context.powers = norms.len();
        context
    }

    /// Whether the text is about something that only sounds like sanctions.
    pub(crate) fn is_foreign(self) -> bool {
        self.nouns < NOUNS && self.powers < POWERS && !self.concrete
            || self.sport >= SPORT && self.sport > 2 * self.sanctions
    }
}

/// The words of the document from which an event may start, in text order.
pub(crate) fn seeds(view: &View<'_>, context: Context) -> Vec<Seed> {
    let candidates = (0..view.len()).filter(|&token| view.entry(token).is_seed() || is_law(view, token));
    let mut seeds: Vec<_> = candidates.filter_map(|token| seed(view, context, token)).collect();
    // Doubtful words are sanctions in a text that tells of some.
    let certain = context.sanctions > 0 || seeds.iter().any(|seed| is_certain(view, *seed));
    for seed in seeds.iter_mut().filter(|seed| seed.class == Class::Weak) {
        let doubtful = !certain || wants_sharp(view, seed.token);
        if doubtful && !is_sharpened(view, seed.token) && !is_against(view, seed.token) {
            seed.class = Class::Anaphor;
        }
    }
    seeds.retain(|seed| certain || !matches!(seed.class, Class::Answer | Class::Menace));
    seeds
}

/// Whether the noun says too little even in a text about sanctions: "list", "duty".
fn wants_sharp(view: &View<'_>, token: usize) -> bool {
    let mut weak = view.entry(token).senses.iter().filter(|sense| sense.class == Class::Weak);
    weak.any(|sense| sense.prepositions.iter().any(|word| &**word == SHARP))
}

/// In the column `with` of a weak noun: it needs a modifier that makes it a sanction.
const SHARP: &str = "sharp";

fn is_certain(view: &View<'_>, seed: Seed) -> bool {
    match seed.class {
        Class::Penalty | Class::Release => true,
        Class::Weak => is_sharpened(view, seed.token) && is_against(view, seed.token),
        _ => false,
    }
}

fn seed(view: &View<'_>, context: Context, token: usize) -> Option<Seed> {
    let pos = view.pos(token)?;
    if is_law(view, token) {
        return Some(Seed::new(token, Class::Rule)).filter(|_| context.sanctions > 0);
    }
    let senses = view.entry(token).senses.iter().filter(|sense| sense.class.is_seed());
    let participle = pos == Pos::Adj || view.tree.relation(token) == "amod";
    let senses = senses.filter(|sense| sense.pos == pos || participle && sense.pos != Pos::Noun);
    let has = |class: Class| senses.clone().any(|sense| sense.class == class);
    let seed = senses.clone().find_map(|sense| start(view, context, token, sense))?;
    Some(Seed { menaces: has(Class::Threat), echoes: has(Class::Anaphor), ..seed })
}

/// Whether the token heads the name of a law.
fn is_law(view: &View<'_>, token: usize) -> bool {
    let Some(entity) = view.entity(token) else { return false };
    view.doc.entity(entity).label == "LAW"
        && view.tree.head(token).is_none_or(|head| view.entity(head) != Some(entity))
}

/// The seed of one sense of a word, if its surroundings bear it out.
fn start(view: &View<'_>, context: Context, token: usize, sense: &Sense) -> Option<Seed> {
    if sense.particle.as_ref().is_some_and(|particle| !view.has_particle(token, particle)) {
        return None;
    }
    let mut seed = Seed { measures: sense.measures, ..Seed::new(token, sense.class) };
    let borne_out = match sense.class {
        Class::Sanction => is_plural(view, token) || is_counted(view, token) || is_sharpened(view, token),
        Class::Anaphor => !view.is_relative(token) && view.tree.xpos(token) != "PRP$",
        Class::Rule => has_power(view, token),
        Class::Menace => {
            seed.hit = view.object(token);
            seed.hit.is_some_and(|hit| view.is_power(hit))
        }
        Class::Relief | Class::Breach => context.sanctions > 0,
        Class::Penalty | Class::Release | Class::Seizure => {
            let hit = hit(view, token, sense);
            seed.hit = match hit {
                Some(Hit::Thing(thing)) => Some(thing),
                _ => None,
            };
            seed.list = list(view, token, sense);
            let attribute = view.tree.relation(token) == "amod" && sense.pos == Pos::Verb;
            if attribute {
                seed.action = Some(Action::InForce);
            }
            // "Banned substances": only the strong words say as attributes whose sanctions it is about.
            let stated = !attribute || sense.hits.meets(Things::STRONG);
            stated && hit.is_some() && has_ground(view, context, token, sense)
        }
        Class::State => {
            seed.hit = view.tree.head(token).filter(|_| view.tree.relation(token) == "amod");
            true
        }
        _ => true,
    };
    borne_out.then_some(seed)
}

/// "No sanction prevents this": one of many, not the approval that one gives.
fn is_counted(view: &View<'_>, token: usize) -> bool {
    view.tree
        .children_by(token, &["det"])
        .any(|det| matches!(view.tree.lemma(det), "no" | "any" | "every" | "each"))
}

/// Whether the noun points back: "the ban", "such steps", "its measures".
pub(crate) fn is_resumed(view: &View<'_>, token: usize) -> bool {
    view.tree.children_by(token, &["det", "amod", "nmod"]).any(|child| {
        matches!(view.tree.lemma(child), "the" | "this" | "that" | "these" | "such" | "same")
            || view.tree.deprel(child) == "nmod:poss"
    })
}

fn is_plural(view: &View<'_>, token: usize) -> bool {
    matches!(view.tree.xpos(token), "NNS" | "NNPS") || view.doc.token(token).ends_with(['s', 'S'])
}

/// Whether a modifier makes the noun a sanction: "travel ban", "restrictive measures", "sanctions list".
fn is_sharpened(view: &View<'_>, token: usize) -> bool {
    view.tree.children_by(token, &["amod", "compound"]).any(|child| {
        let entry = view.entry(child);
        view.is(child, Things::SHARP)
            || !entry.measures.is_empty()
            || entry.senses.iter().any(|sense| matches!(sense.class, Class::Sanction | Class::Measure))
    })
}

/// Whether a state or body is named before the noun: "US sanctions".
fn has_power(view: &View<'_>, token: usize) -> bool {
    view.tree.children_by(token, &["amod", "compound", "nmod"]).any(|child| view.is_power(child))
}

/// Whether a named party follows after against or on: "curbs on Russian oil".
fn is_against(view: &View<'_>, token: usize) -> bool {
    let party = view.behind(token, &["against", "on"]);
    let in_phrase = |party| view.tree.reach(party).take(MAX_PHRASE).any(|token| view.is_power(token));
    // Parsers hang the phrase on the verb as often as on the noun.
    let follows = || {
        let next = token + 1;
        next < view.len() && matches!(view.doc.token(next), "against" | "on") && {
            let end = view.vicinity(token).end;
            (next..end).take(MAX_AFTER).any(|token| view.is_power(token))
        }
    };
    party.is_some_and(in_phrase) || follows()
}

/// So far behind "against" or "on" a party is looked for.
const MAX_AFTER: usize = 7;

/// A phrase is read no further than this many tokens.
const MAX_PHRASE: usize = 24;

/// What a penalty hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hit {
    /// It stands alone: "they retaliated".
    Nothing,
    /// The head of the phrase.
    Thing(usize),
}

impl Hit {
    fn of(thing: Option<usize>) -> Self {
        thing.map_or(Self::Nothing, Self::Thing)
    }
}

/// What a verb or noun of penalty hits, if it is one of the things it must hit.
fn hit(view: &View<'_>, token: usize, sense: &Sense) -> Option<Hit> {
    let hits = sense.hits;
    let object = if sense.pos == Pos::Noun {
        view.behind(token, &["of", "on", "to"])
            .or_else(|| view.tree.children_by(token, &["compound", "nmod"]).next())
    } else {
        // "cut off aid": the particle may have become a preposition.
        let behind = |particle: &str| view.behind(token, &[particle]);
        view.object(token).or_else(|| sense.particle.as_deref().and_then(behind))
    };
    if hits.meets(Things::ON_LIST) {
        return list(view, token, sense).map(|_| Hit::of(object));
    }
    if hits.meets(Things::OFF_LIST) {
        let off = || (view.has_particle(token, "off") && sense.particle.is_some()).then_some(Hit::of(object));
        return list(view, token, sense).map(|_| Hit::of(object)).or_else(off);
    }
    if hits.meets(Things::NONE) {
        return Some(Hit::of(object));
    }
    if hits.meets(Things::PERSONA) {
        let named = (token..view.len()).take(MAX_PERSONA).any(|token| view.is(token, Things::PERSONA));
        return named.then_some(Hit::of(object));
    }
    let object = view.counted(object?);
    let fits = |token: usize| {
        view.entry(token).is(hits)
            || hits.meets(Things::STATE) && view.is_power(token)
            || hits.meets(Things::PARTY) && is_party(view, token)
            || hits.meets(Things::RELIEF)
                && view.entry(token).senses.iter().any(|sense| sense.class == Class::Relief)
    };
    let series = std::iter::once(object).chain(view.tree.children_by(object, &["conj"]).take(MAX_SERIES));
    // "The council sanctioned the plan" approves of it.
    let money = view.entity(object).is_some_and(|entity| view.doc.entity(entity).label == "MONEY");
    let approved =
        hits.meets(Things::STRONG) && (money || view.is(object, Things::APPROVAL) && !view.is_power(object));
    (!approved && (hits.meets(Things::ANY) || series.into_iter().any(fits))).then_some(Hit::Thing(object))
}

/// The list that a verb puts somebody on or takes somebody off.
fn list(view: &View<'_>, verb: usize, sense: &Sense) -> Option<usize> {
    let prepositions: &[&str] = if sense.hits.meets(Things::ON_LIST) {
        &["to", "onto", "on", "in", "among"]
    } else if sense.hits.meets(Things::OFF_LIST) {
        &["from", "off", "out"]
    } else {
        return None;
    };
    view.behind_object(verb, prepositions).filter(|&list| view.is(list, Things::LIST))
}

/// So far from the verb stands "persona non grata".
const MAX_PERSONA: usize = 9;

/// Members of a series that are looked at.
const MAX_SERIES: usize = 12;

/// Whether a phrase names somebody who can be hit.
fn is_party(view: &View<'_>, token: usize) -> bool {
    let named = view.entity(token).is_some_and(|entity| View::is_actor(view.doc.entity(entity).label));
    let pronoun = matches!(
        view.tree.lemma(token),
        "he" | "she" | "they" | "who" | "we" | "I" | "it" | "this" | "somebody" | "someone"
    );
    named || pronoun || view.is(token, Things::PARTY.and(Things::ORGAN))
}

/// Whether there is a power to impose the penalty: strong words bring their own ground, others need a text about
/// sanctions or a state in the sentence.
fn has_ground(view: &View<'_>, context: Context, token: usize, sense: &Sense) -> bool {
    let state = || view.vicinity(token).any(|token| view.is_power(token));
    sense.hits.meets(Things::STRONG) || context.sanctions > 0 || state()
}

/// Whether an event of the seed is spoken of elsewhere: as the ground of a verb that penalizes ("fined under sanctions"), as a
/// modifier of another seed ("sanctions list"), as the list that somebody is put on; or the verb only says what a
/// sanction does ("the sanctions punish the poor").
pub(crate) fn is_absorbed(view: &View<'_>, seed: Seed, seeds: &[Seed]) -> bool {
    let find = |token: usize| {
        seeds.binary_search_by_key(&token, |seed| seed.token).ok().map(|found| seeds[found].class)
    };
    let listed = |other: &Seed| other.list == Some(seed.token);
    let does = view.pos(seed.token) == Some(Pos::Verb)
        && view
            .subject(seed.token)
            .and_then(find)
            .is_some_and(|class| matches!(class, Class::Sanction | Class::Measure | Class::Weak));
    let near = seeds.partition_point(|other| other.token + MAX_PHRASE < seed.token);
    if does || seeds[near..].iter().take(MAX_SERIES).any(listed) {
        return true;
    }
    let Some((head, link)) = view.above(seed.token) else { return false };
    match link {
        Link::Compound => find(head).is_some() && view.pos(head) == Some(Pos::Noun),
        // "In retaliation for" gives a ground.
        Link::Preposition("in") => matches!(seed.class, Class::Weak | Class::Threat | Class::Anaphor),
        // "Exempt from sanctions"
        Link::Preposition("from") => find(head) == Some(Class::Exempt),
        Link::Preposition("under") => find(head).is_some() && view.pos(head) == Some(Pos::Verb),
        Link::Conjunct => view.pos(seed.token) == Some(Pos::Noun) && find(head).is_some(),
        _ => false,
    }
}
