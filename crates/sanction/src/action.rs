//! What a governor makes of the event below it.

use demarche_core::Action;

use crate::lexicon::Class;

/// What happens to the event when it meets a governor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: look further up.
    Keep,
    /// The action is settled as far as this word goes; the trigger stays.
    Settle(Action),
    /// This word states the action: it is the trigger.
    Become(Action),
    /// It does not happen.
    Negate,
    /// It is only thought of or asked for.
    Suppose,
    /// There is another event, whose trigger is this word.
    Also(Action),
    /// It is no event: a name, a profession.
    Drop,
}

/// The effect of a governor on an event whose action, so far, is `below`; `None` for a bare measure.
pub(crate) const fn effect(below: Option<Action>, governor: Class) -> Effect {
    use Action::{Ease, Enforce, Expand, Impose, InForce, Oppose, Propose, Threaten, UrgeRelief, Violate};
    use Effect::{Also, Become, Drop, Keep, Negate, Settle, Suppose};
    match (governor, below) {
        (Class::Light | Class::Inflict, None) => Settle(Impose),
        (Class::Hold, None) => Settle(InForce),
        (Class::Partake, None | Some(Impose | InForce)) => Settle(Enforce),
        (Class::Reimpose, None | Some(Impose)) => Become(Impose),
        (Class::Expire, _)
        | (Class::Ease, None | Some(Impose | InForce | Expand | Enforce))
        | (Class::Expand, Some(Ease)) => Become(Ease),
        (Class::Expand, None | Some(Impose | InForce)) | (Class::Ease, Some(Ease)) => Become(Expand),
        (Class::Violate, None | Some(Impose | InForce)) => Become(Violate),
        (Class::Enforce, None | Some(Impose | InForce)) => Become(Enforce),
        (Class::Oppose, None | Some(Impose | Expand | InForce | Propose | Enforce)) => Become(Oppose),
        (Class::Oppose, Some(Ease | UrgeRelief)) | (Class::Negate, _) => Negate,
        (Class::Ask | Class::Consider, None | Some(Impose | Expand | InForce)) => Become(Propose),
        (Class::Ask, Some(Ease)) => Become(UrgeRelief),
        (Class::Threaten, None | Some(Impose | Expand | InForce | Enforce | Threaten)) => Become(Threaten),
        (Class::Ask | Class::Consider | Class::Threaten, Some(_)) => Suppose,
        (Class::Prosecute, Some(Violate)) => Also(Enforce),
        (Class::Name, _) => Drop,
        _ => Keep,
    }
}

/// Whether nothing above an event of this action changes it any more.
pub(crate) const fn is_final(action: Action) -> bool {
    matches!(action, Action::Propose | Action::Threaten | Action::UrgeRelief | Action::Oppose)
}
