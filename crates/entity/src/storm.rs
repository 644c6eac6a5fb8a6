//! Storms bear persons' names: where the document has "Hurricane Rita", "Rita" is the storm.

use hashbrown::HashMap;

use crate::class::Class;
use crate::label::Label;
use crate::mention::Mention;
use crate::word::Words;

/// Labels the short names of storms, but for one that a person of the document bears too.
pub(crate) fn recall(words: &Words<'_>, mentions: &mut [Mention<'_>]) {
    let is_storm = |mention: &Mention<'_>| {
        mention.label == Label::EVENT && mention.n_words() == 2 && words.is(mention.first, Class::STORM)
    };
    let named = mentions.iter().enumerate().filter(|(_, mention)| is_storm(mention));
    let mut storms: HashMap<&str, usize> =
        named.map(|(at, mention)| (words.text(mention.end - 1), at)).collect();
    if storms.is_empty() {
        return;
    }
    for person in mentions.iter().filter(|mention| mention.label == Label::PERSON && mention.n_words() > 1) {
        for i in person.first..person.end {
            storms.remove(words.text(i));
        }
    }
    for mention in mentions {
        if matches!(mention.label, Label::PERSON | Label::EVENT)
            && mention.n_words() == 1
            && let Some(&storm) = storms.get(words.text(mention.first))
        {
            mention.label = Label::EVENT;
            mention.drop_norm();
            mention.fullest = Some(storm);
        }
    }
}
