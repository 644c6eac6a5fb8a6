//! Sender, target and actor: read off the words around the seed and on the way up from it.

use demarche_core::Action;

use crate::governor::{Draft, Step};
use crate::lexicon::{Class, Pos, Things};
use crate::party::{Party, named_within, parties, party};
use crate::view::{Link, View};

/// The parties to an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles {
    pub(crate) sender: Vec<Party>,
    pub(crate) target: Vec<Party>,
    pub(crate) actor: Vec<Party>,
}

impl Roles {
    fn send(&mut self, found: Vec<Party>) {
        if self.sender.is_empty() {
            self.sender = found;
        }
    }

    fn hit(&mut self, found: Vec<Party>) {
        if self.target.is_empty() {
            self.target = found;
        }
    }

    fn act(&mut self, found: Vec<Party>) {
        if self.actor.is_empty() {
            self.actor = found;
        }
    }
}

/// The roles that the sentence itself states.
pub(crate) fn roles(view: &View<'_>, draft: &Draft, action: Action) -> Roles {
    let mut roles = Roles::default();
    let seed = draft.seed;
    match seed.class {
        Class::Penalty | Class::Release | Class::Seizure => penalty(view, draft, &mut roles),
        Class::State => roles.hit(seed.hit.map_or_else(Vec::new, |noun| parties(view, noun))),
        Class::Menace | Class::Answer => {
            roles.send(doer(view, seed.token));
            roles.hit(seed.hit.map_or_else(Vec::new, |hit| whom(view, hit)));
        }
        Class::Exempt => roles.hit(clause_subject(view, seed.token)),
        _ => measure(view, seed.token, &mut roles),
    }
    for &step in &draft.steps {
        governor(view, draft, step, action, &mut roles);
    }
    effect_of_measure(view, draft, &mut roles);
    let sender = &roles.sender;
    roles.target.retain(|target| {
        !sender
            .iter()
            .any(|sender| sender.token == target.token || sender.norm.is_some() && sender.norm == target.norm)
    });
    if !matches!(action, Action::Violate | Action::Oppose | Action::Propose | Action::UrgeRelief) {
        roles.actor.clear();
    }
    roles
}

/// Prepositions behind which a noun of sanction has its target.
const TARGET: [&str; 7] = ["against", "on", "upon", "for", "to", "toward", "towards"];

/// "US sanctions against Iran", "the bloc's embargo on Russian oil", "measures of the United States".
fn measure(view: &View<'_>, noun: usize, roles: &mut Roles) {
    for child in view.tree.children(noun) {
        match view.above(child) {
            Some((_, Link::Possessive)) => roles.send(parties(view, child)),
            Some((_, Link::Compound)) if view.is_power(child) => modifier(view, child, roles),
            _ => {}
        }
    }
    if let Some(agent) = view.agent(noun) {
        roles.send(parties(view, agent));
    }
    if let Some(owner) = view.behind(noun, &["of", "from"]).filter(|&owner| view.is_power(owner)) {
        roles.send(parties(view, owner));
    }
    let of_series = || view.tree.children_by(noun, &["conj"]).find_map(|other| view.behind(other, &TARGET));
    if let Some(target) = view.behind(noun, &TARGET).or_else(of_series) {
        roles.hit(whom(view, target));
    }
}

/// States and bodies that put their name before sanctions as those who impose them.
const SENDERS: [&str; 9] = ["USA", "EU", "UN", "UNSC", "GBR", "WEST", "G7", "CAN", "AUS"];

/// A name before the noun is who imposes ("US sanctions", "European sanctions"), unless it is a noun that seldom does
/// ("Iran sanctions") or the place is taken.
fn modifier(view: &View<'_>, child: usize, roles: &mut Roles) {
    let named = parties(view, child);
    let sends = view.tree.relation(child) == "amod"
        || named.iter().any(|party| party.norm.as_deref().is_some_and(|norm| SENDERS.contains(&norm)));
    if sends && roles.sender.is_empty() { roles.send(named) } else { roles.hit(named) }
}

/// Whom a phrase behind a preposition stands for: itself, or the states named in it.
fn whom(view: &View<'_>, head: usize) -> Vec<Party> {
    let direct = parties(view, head);
    if direct.iter().any(|party| party.norm.is_some()) {
        return direct;
    }
    let party_noun = view.is(head, Things::PARTY.and(Things::ORGAN).and(Things::VEHICLE));
    if party_noun {
        return direct;
    }
    let named = named_within(view, head);
    if named.is_empty() { direct } else { named }
}

/// What a verb or noun of penalty says of who imposes it on whom.
fn penalty(view: &View<'_>, draft: &Draft, roles: &mut Roles) {
    let token = draft.seed.token;
    roles.send(doer(view, token));
    if let Some(hit) = draft.seed.hit {
        let things = view.entry(hit);
        let belongs = things.is(Things::ASSET
            .and(Things::RELATION)
            .and(Things::AID)
            .and(Things::VISA)
            .and(Things::LOAN)
            .and(Things::LICENSE)
            .and(Things::MEMBERSHIP)
            .and(Things::TRADE)
            .and(Things::BORDER)
            .and(Things::MISSION)
            .and(Things::GOODS))
            && view.entity(hit).is_none();
        if belongs {
            roles.hit(concerned(view, token, hit));
        } else {
            roles.hit(whom(view, hit));
        }
    }
    // "banned from the European Union": the place one is kept out of is who keeps out.
    if let Some(place) = view.behind(token, &["from"]).filter(|_| draft.seed.class == Class::Penalty) {
        roles.send(parties(view, place).into_iter().filter(|party| party.norm.is_some()).collect());
        roles.send(named_within(view, place));
    }
}

/// Whose assets, ties, aid or trade it is: possessor, or whom the words around the thing name.
fn concerned(view: &View<'_>, verb: usize, thing: usize) -> Vec<Party> {
    let behind = || {
        let nearest = ["with", "to", "against"].iter().find_map(|word| view.behind(thing, &[word]));
        let verb = || view.behind(verb, &["with", "to", "against", "for"]);
        nearest.or_else(verb).or_else(|| view.behind(thing, &["of", "for", "from", "by"]))
    };
    if let Some(owner) = view.possessor(thing).or_else(behind) {
        let found = whom(view, owner);
        if !found.is_empty() {
            return found;
        }
    }
    named_within(view, thing)
}

/// Who does what the word says: a verb's subject; a noun's possessor, agent or modifier.
fn doer(view: &View<'_>, token: usize) -> Vec<Party> {
    if view.pos(token) == Some(Pos::Verb) || view.pos(token) == Some(Pos::Adj) {
        return clause_subject(view, token);
    }
    let named = || view.tree.children_by(token, &["amod", "compound"]).find(|&child| view.is_power(child));
    let owner = view.possessor(token).or_else(|| view.agent(token)).or_else(named);
    owner.map_or_else(Vec::new, |owner| parties(view, owner))
}

fn clause_subject(view: &View<'_>, verb: usize) -> Vec<Party> {
    let subject = view.subject(verb).or_else(|| view.before(verb).filter(|_| !view.is_passive(verb)));
    subject.map_or_else(Vec::new, |subject| parties(view, subject))
}

/// What a word on the way up adds.
fn governor(view: &View<'_>, draft: &Draft, step: Step, action: Action, roles: &mut Roles) {
    let Step { token, class } = step;
    let object = view.object(token).filter(|&object| !is_below(view, draft.seed.token, object));
    let whom_of = |token: Option<usize>| token.map_or_else(Vec::new, |token| whom(view, token));
    match class {
        Class::Suffer | Class::Inflict => {
            if let Some(object) = object {
                roles.hit(whom(view, object));
                roles.send(doer(view, token));
            } else {
                roles.hit(doer(view, token));
            }
        }
        Class::Through => measure(view, token, roles),
        Class::Light
        | Class::Hold
        | Class::Reimpose
        | Class::Ease
        | Class::Expand
        | Class::Enforce
        | Class::Partake => {
            roles.send(doer(view, token));
            let receiver = view.tree.children(token).find(|&child| view.tree.deprel(child) == "iobj");
            let object = receiver.or(object);
            roles.hit(whom_of(object.or_else(|| view.behind(token, &TARGET))));
        }
        Class::Violate | Class::Oppose => roles.act(doer(view, token)),
        Class::Ask => {
            roles.act(doer(view, token));
            let addressed = view.controlled(token).filter(|&whom| !is_below(view, draft.seed.token, whom));
            roles.send(addressed.map_or_else(Vec::new, |whom| parties(view, whom)));
        }
        Class::Consider => roles.send(doer(view, token)),
        Class::Threaten => {
            roles.send(doer(view, token));
            let receiver = view.tree.children(token).find(|&child| view.tree.deprel(child) == "iobj");
            let object = receiver.or(object);
            roles.hit(whom_of(object.or_else(|| view.behind(token, &["to", "against"]))));
        }
        Class::Prosecute => {
            let accused = view.object(token).map_or_else(Vec::new, |object| parties(view, object));
            if action == Action::Enforce {
                roles.send(doer(view, token));
                roles.hit(accused);
            } else {
                roles.act(accused);
            }
        }
        _ => {}
    }
}

/// "Sanctions have ruined Iran's economy": what standing sanctions do something to is whom they hit.
fn effect_of_measure(view: &View<'_>, draft: &Draft, roles: &mut Roles) {
    if !roles.target.is_empty() || draft.trigger != draft.seed.token {
        return;
    }
    if let Some((verb, Link::Subject)) = view.above(draft.seed.token)
        && let Some(object) = view.object(verb)
    {
        let found = whom(view, object);
        roles.hit(found.into_iter().filter(|party| party.norm.is_some()).collect());
    }
    if let Some((subject, Link::Preposition("under"))) = view.above(draft.seed.token) {
        roles.hit(party(view, subject).into_iter().collect());
    }
}

/// Whether a token is within the phrase of another; read no deeper than phrases are.
fn is_below(view: &View<'_>, token: usize, top: usize) -> bool {
    token == top || view.tree.ancestors(token).take(MAX_DEPTH).any(|above| above == top)
}

/// Words from a sanction up to the head of the phrase that holds it.
const MAX_DEPTH: usize = 32;
