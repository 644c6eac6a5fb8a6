//! Foreign codes, rendered from our own fields by named profiles.
//!
//! `cameo-1.1` follows the CAMEO manual 1.1b3, `plover-manual-2` the event types of the PLOVER manual. The two
//! disagree with each other and with the practice of coding systems in places; the tables are ours. Codes for domestic
//! administrative sanctions (172, 132) and deportation (174) are never used.

use demarche_core::{Action, Measure, Measures};

use crate::governor::Draft;
use crate::lexicon::Class;
use crate::view::View;

/// What the codes depend on besides action and measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each decides between two codes of another action")]
pub(crate) struct Manner {
    /// Goods or ships are seized.
    pub(crate) seizes: bool,
    /// A threat that states nothing of its kind.
    pub(crate) vague: bool,
    /// Demanded rather than appealed for.
    pub(crate) demands: bool,
    /// How it is opposed.
    pub(crate) opposition: Opposition,
    /// A violation that somebody is accused of.
    pub(crate) alleged: bool,
}

/// How sanctions are opposed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Opposition {
    /// In words.
    #[default]
    Criticizes,
    /// By not taking part.
    Refuses,
    /// By a vote that stops them.
    Vetoes,
}

/// Verbs that ask as one who may demand.
const DEMANDING: [&str; 5] = ["demand", "insist", "call", "want", "press"];
/// Verbs and nouns that stop sanctions.
const VETOING: [&str; 2] = ["veto", "block"];
/// Verbs that refuse them.
const REFUSING: [&str; 6] = ["reject", "oppose", "resist", "fight", "rebuff", "spurn"];

/// The manner of an event.
pub(crate) fn manner(view: &View<'_>, draft: &Draft, action: Action) -> Manner {
    let trigger = view.tree.lemma(draft.trigger);
    let opposition = if VETOING.contains(&trigger) {
        Opposition::Vetoes
    } else if REFUSING.contains(&trigger) {
        Opposition::Refuses
    } else {
        Opposition::Criticizes
    };
    let accused =
        |token: usize| view.tree.ancestors(token).take(2).any(|above| view.tree.lemma(above) == "accuse");
    Manner {
        seizes: action == Action::Enforce && draft.seed.class == Class::Seizure,
        vague: draft.seed.class == Class::Threat,
        demands: DEMANDING.contains(&trigger),
        opposition,
        alleged: action == Action::Violate && accused(draft.trigger),
    }
}

fn only(measures: Measures, measure: Measure) -> bool {
    measures == Measures::from_iter([measure])
}

/// The CAMEO code; `None` for a standing state, which is no event.
pub(crate) fn cameo(action: Action, measures: Measures, manner: Manner) -> Option<&'static str> {
    Some(match action {
        Action::Impose | Action::Expand if only(measures, Measure::Diplomatic) => "161",
        Action::Impose | Action::Expand if only(measures, Measure::Aid) => "162",
        Action::Enforce if manner.seizes => "1711",
        Action::Impose | Action::Expand | Action::Enforce => "163",
        Action::Threaten if only(measures, Measure::Aid) => "1311",
        Action::Threaten if only(measures, Measure::Diplomatic) => "1313",
        Action::Threaten if manner.vague => "130",
        Action::Threaten | Action::Propose => "1312",
        Action::Ease => "085",
        Action::UrgeRelief if manner.demands => "1054",
        Action::UrgeRelief => "0254",
        Action::Oppose => match manner.opposition {
            Opposition::Criticizes => "111",
            Opposition::Refuses => "1244",
            Opposition::Vetoes => "129",
        },
        Action::Violate if manner.alleged => "112",
        Action::Violate => "128",
        Action::InForce => return None,
    })
}

/// The PLOVER event; `None` for a standing state, which is no event.
pub(crate) const fn plover(action: Action, manner: Manner) -> Option<&'static str> {
    Some(match action {
        Action::Enforce if manner.seizes => "COERCE",
        Action::Impose | Action::Expand | Action::Enforce => "SANCTION",
        Action::Threaten => "THREATEN",
        Action::Propose => "ACCUSE",
        Action::Ease => "RETREAT",
        Action::UrgeRelief => "REQUEST",
        Action::Oppose if matches!(manner.opposition, Opposition::Criticizes) => "ACCUSE",
        Action::Violate if manner.alleged => "ACCUSE",
        Action::Oppose | Action::Violate => "REJECT",
        Action::InForce => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(action: Action, measures: &[Measure]) -> (Option<&'static str>, Option<&'static str>) {
        let manner = Manner::default();
        (cameo(action, measures.iter().copied().collect(), manner), plover(action, manner))
    }

    #[test]
    fn a_measure_of_one_kind_has_its_own_code() {
        assert_eq!(codes(Action::Impose, &[]), (Some("163"), Some("SANCTION")));
        assert_eq!(codes(Action::Impose, &[Measure::Diplomatic]), (Some("161"), Some("SANCTION")));
        assert_eq!(codes(Action::Impose, &[Measure::Aid]), (Some("162"), Some("SANCTION")));
        assert_eq!(codes(Action::Impose, &[Measure::Aid, Measure::Arms]), (Some("163"), Some("SANCTION")));
        assert_eq!(codes(Action::Threaten, &[Measure::Aid]), (Some("1311"), Some("THREATEN")));
    }

    #[test]
    fn a_standing_state_is_no_event() {
        assert_eq!(codes(Action::InForce, &[]), (None, None));
    }

    #[test]
    fn the_manner_decides_where_the_action_does_not() {
        let veto = Manner { opposition: Opposition::Vetoes, ..Manner::default() };
        assert_eq!(cameo(Action::Oppose, Measures::default(), veto), Some("129"));
        assert_eq!(plover(Action::Oppose, veto), Some("REJECT"));
        let seizure = Manner { seizes: true, ..Manner::default() };
        assert_eq!(plover(Action::Enforce, seizure), Some("COERCE"));
    }
}
