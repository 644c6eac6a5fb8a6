//! What earlier events of the document tell about a later one that leaves it unsaid.

use demarche_core::Action;

use crate::argument::Roles;
use crate::party::{Party, name};
use crate::view::View;

/// The parties of the last events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    sender: Vec<Party>,
    target: Vec<Party>,
}

impl Memory {
    /// Fills in what the sentence leaves unsaid, and remembers the event.
    pub(crate) fn complete(&mut self, view: &View<'_>, trigger: usize, action: Action, roles: &mut Roles) {
        if roles.target.is_empty() && action != Action::Violate {
            roles.target = self.target_of(view, trigger, roles);
        }
        if roles.sender.is_empty() && !matches!(action, Action::Enforce) {
            roles.sender = without(&self.sender, &[&roles.target, &roles.actor]);
        }
        if roles.sender.iter().any(|party| party.norm.is_some()) {
            self.sender.clone_from(&roles.sender);
        }
        if !roles.target.is_empty() {
            self.target.clone_from(&roles.target);
        }
    }

    fn target_of(&self, view: &View<'_>, trigger: usize, roles: &Roles) -> Vec<Party> {
        let known = without(&self.target, &[&roles.sender]);
        if !known.is_empty() {
            return known;
        }
        let taken = |party: &Party| {
            roles.sender.iter().chain(&roles.actor).any(|other| other.norm == party.norm)
        };
        let sentence = view.sentence_tokens(view.sentence(trigger));
        let after = (trigger..sentence.end).chain((sentence.start..trigger).rev());
        let mut powers = after.filter(|&token| view.is_power(token)).filter_map(|token| name(view, token));
        powers.find(|party| !taken(party)).into_iter().collect()
    }
}

/// The parties whose norm is none of the others'.
fn without(parties: &[Party], others: &[&[Party]]) -> Vec<Party> {
    let taken = |party: &&Party| {
        others.iter().any(|other| other.iter().any(|known| known.norm.is_some() && known.norm == party.norm))
    };
    parties.iter().filter(|party| !taken(party)).cloned().collect()
}
