//! The name of an entity: the fullest that the document gives the same thing.

use std::borrow::Cow;

use demarche_core::NONE;
use hashbrown::HashMap;

use crate::gazetteer::Source;
use crate::label::Label;
use crate::lists::Lists;
use crate::mention::Mention;
use crate::word::{Shape, Words};

/// One name a mention.
pub(crate) fn names<'t>(words: &Words<'t>, lists: &Lists, mentions: &[Mention<'_>]) -> Vec<Cow<'t, str>> {
    let mut longest: HashMap<u32, &'t str> = HashMap::new();
    for mention in mentions.iter().filter(|mention| mention.thing != NONE) {
        let text = words.span(mention.first, mention.end).of(words.text);
        let known = longest.entry(mention.thing).or_insert(text);
        if text.len() > known.len() || text.len() == known.len() && is_shouted(known) {
            *known = text;
        }
    }
    let name = |mention: &Mention<'_>| -> Cow<'t, str> {
        let full = mention.fullest.map_or(mention, |full| &mentions[full]);
        let own = words.span(full.first, full.end).of(words.text);
        let own = if full.thing == NONE || full.label == Label::NORP {
            own
        } else {
            longest.get(&full.thing).copied().unwrap_or(own)
        };
        let is_name = matches!(mention.label, Label::GPE | Label::LOC | Label::PERSON | Label::NORP);
        let is_acronym = full.thing != NONE
            && matches!(lists.gazetteer.thing(full.thing).source, Source::State | Source::User)
            && own.len() <= 4;
        let shouted = is_name && !is_acronym && is_shouted(own) && words.has(full.first, Shape::CAPITAL);
        let plain = if shouted { Cow::Owned(in_title_case(own)) } else { Cow::Borrowed(own) };
        if plain.contains(['\n', '\r', '\t']) {
            Cow::Owned(plain.split_whitespace().collect::<Vec<_>>().join(" "))
        } else {
            plain
        }
    };
    mentions.iter().map(name).collect()
}

/// All letters are capitals, and there are enough of them not to be an acronym.
fn is_shouted(name: &str) -> bool {
    let n_letters = name.chars().filter(|c| c.is_alphabetic()).count();
    n_letters >= 4 && !name.contains('.') && !name.chars().any(char::is_lowercase)
}

/// "N'DJAMENA" to "N'Djamena".
fn in_title_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut inside = false;
    for c in name.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        inside = c.is_alphabetic();
    }
    out
}
