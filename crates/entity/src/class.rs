//! Classes of words, as `data/words.tsv` and the lists of names give them.

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class(u64);

impl Class {
    /// Whether the two sets share a class.
    pub(crate) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// Classes whose words are persons' names only besides.
    pub(crate) const MORE_THAN_A_NAME: Self = Self::HONORIFIC
        .or(Self::OFFICE)
        .or(Self::TITLE_PART)
        .or(Self::PRIVATE_ROLE)
        .or(Self::MILITARY)
        .or(Self::LEGISLATOR)
        .or(Self::ORG_HEAD)
        .or(Self::FAC_HEAD)
        .or(Self::LOC_HEAD)
        .or(Self::GPE_HEAD)
        .or(Self::EVENT_HEAD)
        .or(Self::LAW_HEAD)
        .or(Self::MONTH)
        .or(Self::WEEKDAY)
        .or(Self::SEASON)
        .or(Self::NUMBER)
        .or(Self::UNIT)
        .or(Self::TIME_UNIT)
        .or(Self::LANGUAGE)
        .or(Self::FUNCTION);

    /// The bits that both sets have.
    pub(crate) const fn and(self, of: Self) -> u64 {
        self.0 & of.0
    }

    /// Both sets together.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident $text:literal $bit:literal;)*) => {
        impl Class {
            $($(#[$doc])* pub(crate) const $name: Self = Self(1 << $bit);)*

            /// The class of this name in `data/words.tsv`.
            pub(crate) fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

classes! {
    /// "Mr", "Dr", "Judge".
    HONORIFIC "honorific" 0;
    /// "president", "spokeswoman", "chief": a role somebody holds in a state or a body.
    OFFICE "office" 1;
    /// "minister", "general": an office of a state.
    STATE_OFFICE "state-office" 2;
    /// "vice", "foreign", "of": inside a title before a name.
    TITLE_PART "title-part" 3;
    /// "defense" of "defense ministry".
    PORTFOLIO "portfolio" 4;
    /// "analyst", "nurse".
    PRIVATE_ROLE "private-role" 5;
    /// "senator".
    LEGISLATOR "legislator" 6;
    /// "Gen.", "Lt.".
    MILITARY "military" 7;
    /// "van", "al", "de".
    PARTICLE "particle" 8;
    /// "Jr.", "III".
    SUFFIX "suffix" 9;
    /// "Agency", "Party".
    ORG_HEAD "org-head" 10;
    /// "Ministry", "Parliament".
    STATE_BODY "state-body" 11;
    /// "Inc.".
    COMPANY_SUFFIX "company-suffix" 12;
    /// "River".
    LOC_HEAD "loc-head" 13;
    /// "Lake", "Mount".
    LOC_FIRST "loc-first" 14;
    /// "Airport".
    FAC_HEAD "fac-head" 15;
    /// "Hotel".
    FAC_FIRST "fac-first" 16;
    /// "Province".
    GPE_HEAD "gpe-head" 17;
    /// "War".
    EVENT_HEAD "event-head" 18;
    /// "Hurricane".
    EVENT_FIRST "event-first" 19;
    /// "Treaty".
    LAW_HEAD "law-head" 20;
    /// "Friday".
    WEEKDAY "weekday" 21;
    /// "Jan.".
    MONTH "month" 22;
    /// "spring".
    SEASON "season" 23;
    /// "morning".
    DAY_PART "day-part" 24;
    /// "weeks".
    DATE_UNIT "date-unit" 25;
    /// "hours".
    TIME_UNIT "time-unit" 26;
    /// "seven".
    NUMBER "number" 27;
    /// "million", "dozen".
    SCALE "scale" 28;
    /// "thousands".
    PLURAL_SCALE "plural-scale" 29;
    /// "third".
    ORDINAL "ordinal" 30;
    /// "kilometers".
    UNIT "unit" 31;
    /// "square".
    UNIT_MODIFIER "unit-modifier" 32;
    /// "euros".
    CURRENCY "currency" 33;
    /// "percent".
    PERCENT "percent" 34;
    /// "about".
    APPROXIMATOR "approximator" 35;
    /// "said".
    SAY "say" 36;
    /// "near".
    PLACE_PREPOSITION "place-preposition" 37;
    /// "the".
    ARTICLE "article" 38;
    /// "north".
    DIRECTION "direction" 39;
    /// "today".
    RELATIVE_DATE "relative-date" 40;
    /// "next", "every".
    PERIOD_MODIFIER "period-modifier" 41;
    /// "start", "end".
    EDGE "edge" 42;
    /// "this", "her".
    PRONOUN "pronoun" 43;
    /// Words of grammar.
    FUNCTION "function" 44;
    /// "village", "island": says what the name after it is.
    PLACE_NOUN "place-noun" 50;
    /// "El", "San", "Port": starts the name of a city.
    PLACE_FIRST "place-first" 51;
    /// "USS", "HMS": before the name of a ship.
    SHIP_PREFIX "ship-prefix" 52;
    /// "CEO", "DNA": capitals that name no body.
    PLAIN_ACRONYM "plain-acronym" 53;
    /// "company", "charity": says that the name beside it is a body's.
    ORG_NOUN "org-noun" 54;
    /// "Arabic": a language that is no people.
    LANGUAGE "language" 55;
    /// "TX": the postal code of a federal state.
    STATE_CODE "state-code" 56;
    /// "hurricane": storms bear the names of persons.
    STORM "storm" 57;
    /// "colonel": an office that forms an address too.
    RANK "rank" 58;
    /// Words that stand in small letters too.
    COMMON "common" 45;
    /// First names that are nothing else.
    FIRST_NAME "first-name" 46;
    /// First names that are common words or places too.
    WEAK_FIRST_NAME "weak-first-name" 47;
    /// Surnames that are nothing else.
    SURNAME "surname" 48;
    /// Surnames that are common words or places too.
    WEAK_SURNAME "weak-surname" 49;
}
