//! Quotations by rules over words, trees and the list of cues, in the order in which they are surest.

use crate::direct::{self, Direct};
use crate::draft::Draft;
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::{according, continuation, cue, headline, indirect};

/// The quotations; `beliefs` also takes what somebody thinks, wants or plans.
pub(crate) fn attribute(reading: &Reading<'_>, lexicon: &Lexicon, beliefs: bool) -> Vec<Draft> {
    let cues = cue::find(reading, lexicon, beliefs);
    let mut found = direct::attribute(reading, &cues, lexicon.say());
    headline::attribute(reading, &mut found);
    indirect::attribute(reading, lexicon, &cues, &mut found);
    according::attribute(reading, &mut found);
    continuation::attribute(reading, &mut found);
    continuation::carry_on(reading, &mut found);
    let Direct { drafts, .. } = found;
    drafts
}
