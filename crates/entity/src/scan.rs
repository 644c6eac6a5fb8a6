//! The pass over the words that finds names, dates and numbers, leftmost first.

use crate::ago::with_ago;
use crate::calendar::Date;
use crate::class::Class;
use crate::gazetteer::{Match, Source};
use crate::label::Label;
use crate::lists::Lists;
use crate::mention::{Evidence, Mention, Reason};
use crate::word::{Shape, Words};
use crate::{date, number, organization, person, place, product};

/// What the rules look at.
pub(crate) struct Scan<'a> {
    pub(crate) words: &'a Words<'a>,
    pub(crate) lists: &'a Lists,
    matches: Vec<Match>,
    /// For each word, one more than the index of the match that starts there; 0 for none.
    match_at: Vec<u32>,
}

impl<'a> Scan<'a> {
    /// Looks the listed names up.
    pub(crate) fn new(words: &'a Words<'a>, lists: &'a Lists) -> Self {
        let matches = lists.gazetteer.matches(words);
        let mut match_at = vec![0; words.len()];
        for (at, found) in matches.iter().enumerate() {
            match_at[found.first] = at as u32 + 1;
        }
        Self { words, lists, matches, match_at }
    }

    /// Finds all mentions: in text order, apart from each other.
    pub(crate) fn mentions(&self, today: Option<Date>) -> Vec<Mention<'a>> {
        let mut found = Vec::with_capacity(self.words.len() / 8);
        let mut i = 0;
        while i < self.words.len() {
            match self.mention(i, today, found.last()) {
                Some(mention) => {
                    i = mention.end;
                    found.push(mention);
                }
                None => i += 1,
            }
        }
        found
    }

    /// All listed names, by their first words.
    pub(crate) fn matches(&self) -> &[Match] {
        &self.matches
    }

    /// The longest listed name that starts at word `i`.
    pub(crate) fn listed(&self, i: usize) -> Option<&Match> {
        let at = *self.match_at.get(i)?;
        (at > 0).then(|| &self.matches[at as usize - 1])
    }

    /// Where the list has the match from.
    pub(crate) fn source(&self, listed: &Match) -> Source {
        self.lists.gazetteer.thing(listed.thing).source
    }

    /// The label the list gives the match.
    pub(crate) fn label(&self, listed: &Match) -> Label {
        self.lists.gazetteer.thing(listed.thing).label
    }

    /// Whether the match is a state or its people.
    pub(crate) fn is_state(&self, listed: &Match) -> bool {
        matches!(self.source(listed), Source::State | Source::People)
    }

    fn mention(&self, i: usize, today: Option<Date>, last: Option<&Mention<'a>>) -> Option<Mention<'a>> {
        let word = &self.words.list[i];
        if !word.has(Shape::WORD) {
            return number::find(self.words, i);
        }
        let listed = self.listed(i);
        if let Some(listed) = listed
            && self.source(listed) == Source::User
        {
            return Some(self.of_list(listed));
        }
        let counted = date::find(self.words, i, today).or_else(|| number::find(self.words, i));
        let counted = counted.map(|counted| with_ago(self.words, counted, today));
        if let Some(counted) = counted
            && listed.is_none_or(|listed| listed.end <= counted.end)
        {
            return Some(counted);
        }
        if !word.is_capital() {
            if let Some(law) = organization::numbered_law(self, i) {
                return Some(law);
            }
            let listed = listed.filter(|listed| !self.words.has(listed.end, Shape::CAPITAL));
            return organization::in_small_letters(self, i)
                .or_else(|| {
                    listed
                        .filter(|listed| !listed.weak && listed.end > i + 1)
                        .map(|listed| self.of_list(listed))
                })
                .or_else(|| person::with_particle_first(self, i));
        }
        self.name(i, listed, last)
    }

    /// The name that starts with the capital of word `i`.
    fn name(&self, i: usize, listed: Option<&Match>, last: Option<&Mention<'a>>) -> Option<Mention<'a>> {
        let pair = self.pair_of_peoples(i, listed);
        let organization = organization::at(self, i);
        if let Some(organization) = organization
            && listed.is_none_or(|listed| organization.end > listed.end)
        {
            let is_longer = pair.as_ref().is_none_or(|pair| organization.end > pair.end + 1);
            return if is_longer { Some(organization) } else { pair };
        }
        if pair.is_some() {
            return pair;
        }
        if let Some(named) = product::at(self, i)
            .or_else(|| place::state_code(self, i, last))
            .or_else(|| place::named_by_noun(self, i))
            .or_else(|| organization::of_dateline(self, i, last))
            .or_else(|| place::of_dateline(self, i))
            .or_else(|| organization::by_noun(self, i))
            .or_else(|| place::airport(self, i, listed))
        {
            return Some(named);
        }
        if let Some(listed) = listed {
            // A city of a common word's name takes no article: "the Union".
            let after_article = i > 0
                && self.words.is(i - 1, Class::ARTICLE)
                && listed.weak
                && self.label(listed) == Label::GPE;
            if after_article || self.is_common_start(i, listed) || self.is_language(i, listed) {
                return None;
            }
            let person = person::instead_of_listed(self, i, listed);
            return person.or_else(|| Some(self.of_list(listed)));
        }
        if let Some(place) = place::at(self, i) {
            return Some(place);
        }
        if let Some(made_up) = organization::of_common_words(self, i) {
            return Some(made_up);
        }
        person::at(self, i, last).or_else(|| place::by_default(self, i, last))
    }

    /// A listed name of one common word at the start of a sentence is that common word.
    fn is_common_start(&self, i: usize, listed: &Match) -> bool {
        let word = &self.words.list[i];
        let is_common = word.is(Class::COMMON) && listed.end == i + 1 && !word.has(Shape::UPPER);
        is_common && (word.has(Shape::START) && (listed.weak || word.is(Class::FUNCTION)))
    }

    /// "in Spanish", "between Spanish and Quechua": a language, which is no entity, unless a noun follows.
    fn is_language(&self, i: usize, listed: &Match) -> bool {
        let words = self.words;
        if self.label(listed) != Label::NORP
            || i == 0
            || words.text(i).ends_with('s') && !words.text(i).ends_with("ss")
        {
            return false;
        }
        let alone =
            words.list.get(listed.end).is_none_or(|next| !next.has(Shape::WORD) || next.is(Class::FUNCTION));
        let before = words.text(i - 1).to_ascii_lowercase();
        let speaks = matches!(
            before.as_str(),
            "in" | "into"
                | "speak"
                | "speaks"
                | "spoke"
                | "speaking"
                | "spoken"
                | "learn"
                | "learning"
                | "fluent"
                | "between"
                | "translated"
        );
        let joined = matches!(before.as_str(), "and" | "or")
            && i >= 2
            && self.listed(i - 2).is_some_and(|first| {
                self.label(first) == Label::NORP && first.first >= 1 && self.is_language(first.first, first)
            });
        alone && (speaks || joined)
    }

    /// "Russian-South Korean", "Franco-German": one name of two peoples, without a code.
    fn pair_of_peoples(&self, i: usize, listed: Option<&Match>) -> Option<Mention<'a>> {
        let is_people = |listed: &&Match| self.label(listed) == Label::NORP;
        let prefix = matches!(
            self.words.text(i),
            "Franco"
                | "Sino"
                | "Anglo"
                | "Russo"
                | "Indo"
                | "Afro"
                | "Greco"
                | "Austro"
                | "Euro"
                | "Judeo"
                | "Serbo"
        );
        let end = if prefix { i + 1 } else { listed.filter(is_people)?.end };
        let second = self.words.is_hyphen(end).then(|| self.listed(end + 1)).flatten().filter(is_people)?;
        Some(Mention::new(i, second.end, Label::NORP))
    }

    /// A mention of a listed thing.
    pub(crate) fn of_list(&self, listed: &Match) -> Mention<'a> {
        let thing = self.lists.gazetteer.thing(listed.thing);
        // "the West" is listed with its article, which stays outside.
        let article = usize::from(listed.small_first && self.words.eq(listed.first, "the"));
        let mut mention = Mention::new(listed.first + article, listed.end, thing.label);
        mention.thing = listed.thing;
        mention.evidence = if listed.weak { Evidence::Weak } else { Evidence::Listed };
        if !thing.norm.is_empty() && thing.years.is_empty() {
            mention.set_norm(thing.norm, Reason::List);
        }
        mention
    }

    /// Whether a word of place stands before word `i`.
    pub(crate) fn after_place_preposition(&self, i: usize) -> bool {
        i > 0
            && self.words.is(i - 1, Class::PLACE_PREPOSITION)
            && self.words.list[i - 1].sentence == self.words.list[i].sentence
    }
}
