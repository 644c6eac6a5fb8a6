//! Which state or body a person or organ speaks for, by general rules over the words around the name.

use demarche_core::NONE;

use crate::calendar::Day;
use crate::lists::Lists;
use crate::mention::Mention;
use crate::word::Words;

/// Sets the codes of persons and organs.
pub(crate) fn assign<'a>(
    _words: &Words<'a>,
    lists: &'a Lists,
    mentions: &mut [Mention<'a>],
    today: Option<Day>,
) {
    for mention in mentions.iter_mut().filter(|mention| mention.thing != NONE) {
        let thing = lists.gazetteer.thing(mention.thing);
        let in_office = |day: Day| {
            thing.years.iter().any(|&(from, to)| (i32::from(from)..=i32::from(to)).contains(&day.year))
        };
        if !thing.years.is_empty() && !thing.norm.is_empty() && today.is_none_or(in_office) {
            mention.norm = Some((&*thing.norm).into());
        }
    }
}
