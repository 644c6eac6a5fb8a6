//! What a word can be: its class in an event and its part of speech.

use demarche_core::Action;

/// What a word is to a sanction event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// `sanction`, which may also mean approval.
    Sanction,
    /// A noun that names a sanction by itself.
    Measure,
    /// A noun that may name one.
    Weak,
    /// A noun that names an easing.
    Relief,
    /// A noun that names a penalty below a verb of threatening.
    Threat,
    /// A verb of answering: a threat where it is still to come.
    Answer,
    /// A verb of threatening whose penalty is not named.
    Menace,
    /// A noun of evading, by itself.
    Breach,
    /// A noun that stands for a sanction named before.
    Anaphor,
    /// A rule that can be violated or observed: `resolution`.
    Rule,
    /// An adjective whose noun is under sanctions.
    State,
    /// An adjective whose subject is spared.
    Exempt,
    /// A verb or noun that is a penalty if it hits the right thing.
    Penalty,
    /// The same for an easing.
    Release,
    /// The same for applying existing sanctions.
    Seizure,
    /// Above a sanction: imposes, and leaves the trigger below.
    Light,
    /// Above a sanction: imposes again, and is the trigger.
    Reimpose,
    /// Above a sanction: its subject is whom it hits.
    Suffer,
    /// Above a sanction: imposes it on its object.
    Inflict,
    /// Above a sanction: keeps it as it is.
    Hold,
    /// Above a sanction: takes part in it, and leaves the trigger below.
    Partake,
    /// Above a sanction: eases it.
    Ease,
    /// As subject's verb: the sanction ends.
    Expire,
    /// Above a sanction: renews, widens, tightens it.
    Expand,
    /// Above a sanction: breaks it.
    Violate,
    /// Above a sanction: applies it.
    Enforce,
    /// Above a sanction: is against it.
    Oppose,
    /// Above a sanction: somebody asks for it.
    Ask,
    /// Above a sanction: somebody thinks about it.
    Consider,
    /// Above a sanction: somebody threatens with it.
    Threaten,
    /// Above a sanction: it does not happen.
    Negate,
    /// Above a violation: somebody is charged with it.
    Prosecute,
    /// A noun that leaves what is below it as it is: `package`.
    Through,
    /// A noun that makes it a name of something else: `sanctions committee`.
    Name,
}

impl Class {
    pub(super) const NAMES: &'static [(&'static str, Self)] = &[
        ("sanction", Self::Sanction),
        ("measure", Self::Measure),
        ("weak", Self::Weak),
        ("relief", Self::Relief),
        ("threat", Self::Threat),
        ("answer", Self::Answer),
        ("menace", Self::Menace),
        ("breach", Self::Breach),
        ("anaphor", Self::Anaphor),
        ("rule", Self::Rule),
        ("state", Self::State),
        ("exempt", Self::Exempt),
        ("penalty", Self::Penalty),
        ("release", Self::Release),
        ("seizure", Self::Seizure),
        ("light", Self::Light),
        ("reimpose", Self::Reimpose),
        ("suffer", Self::Suffer),
        ("inflict", Self::Inflict),
        ("hold", Self::Hold),
        ("partake", Self::Partake),
        ("ease", Self::Ease),
        ("expire", Self::Expire),
        ("expand", Self::Expand),
        ("violate", Self::Violate),
        ("enforce", Self::Enforce),
        ("oppose", Self::Oppose),
        ("ask", Self::Ask),
        ("consider", Self::Consider),
        ("threaten", Self::Threaten),
        ("negate", Self::Negate),
        ("prosecute", Self::Prosecute),
        ("through", Self::Through),
        ("name", Self::Name),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, class)| class)
    }

    /// Whether an event can start from a word of this class.
    pub(crate) const fn is_seed(self) -> bool {
        matches!(
            self,
            Self::Sanction
                | Self::Measure
                | Self::Weak
                | Self::Relief
                | Self::Threat
                | Self::Answer
                | Self::Breach
                | Self::Menace
                | Self::Anaphor
                | Self::Rule
                | Self::State
                | Self::Exempt
                | Self::Penalty
                | Self::Release
                | Self::Seizure
        )
    }

    /// The action of a seed of this class by itself.
    pub(crate) const fn action(self) -> Option<Action> {
        match self {
            Self::Penalty => Some(Action::Impose),
            Self::Relief | Self::Release | Self::Exempt => Some(Action::Ease),
            Self::Seizure => Some(Action::Enforce),
            Self::State => Some(Action::InForce),
            Self::Menace => Some(Action::Threaten),
            Self::Breach => Some(Action::Violate),
            _ => None,
        }
    }
}

/// A kind of word by its part of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pos {
    Noun,
    Verb,
    Adj,
}
