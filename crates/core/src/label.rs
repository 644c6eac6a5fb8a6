//! The closed vocabularies: names as they stand in the document format.

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $value:literal => $text:literal,)* }) => {
        $(#[$doc])*
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item_doc])* $item = $value,)* }

        impl $name {
            /// All values, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$item,)*];

            /// Its name in the document format.
                    pub const fn name(self) -> &'static str {
                match self { $(Self::$item => $text,)* }
            }

            /// The value of this name.
                    pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$item),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

vocabulary! {
    /// How a quotation is given.
    QuoteKind {
        /// Wholly inside quotation marks.
        Direct = 0 => "direct",
        /// Reported without quotation marks.
        Indirect = 1 => "indirect",
        /// Partly inside quotation marks.
        Mixed = 2 => "mixed",
    }
}

vocabulary! {
    /// What somebody does by what is quoted.
    #[derive(Default)]
    QuoteType {
        /// States something.
        #[default]
        Statement = 0 => "statement",
        /// Thinks, feels or judges something.
        Belief = 1 => "belief",
        /// Wants or plans to do something, promises or refuses it.
        Intention = 2 => "intention",
        /// Asks something.
        Question = 3 => "question",
        /// Wants somebody else to do something.
        Order = 4 => "order",
    }
}

vocabulary! {
    /// What a sanction event does.
    Action {
        /// New sanctions are placed, adopted, announced.
        Impose = 0 => "impose",
        /// Existing ones are renewed, extended, tightened.
        Expand = 1 => "expand",
        /// Existing ones are lifted, suspended, relaxed, waived.
        Ease = 2 => "ease",
        /// The would-be sender threatens a penalty.
        Threaten = 3 => "threaten",
        /// Sanctions are called for, considered, planned.
        Propose = 4 => "propose",
        /// Easing or lifting is demanded or negotiated.
        UrgeRelief = 5 => "urge_relief",
        /// Sanctions are rejected, vetoed, criticized.
        Oppose = 6 => "oppose",
        /// Existing sanctions are applied, joined, observed; goods seized.
        Enforce = 7 => "enforce",
        /// Sanctions are breached or evaded, or someone is accused of it.
        Violate = 8 => "violate",
        /// Sanctions are mentioned as a standing state.
        InForce = 9 => "in_force",
    }
}

vocabulary! {
    /// Whether an event happened.
    Factuality {
        /// Presented as having happened, happening or decided.
        Actual = 0 => "actual",
        /// Future, conditional, planned, threatened, asked for.
        Possible = 1 => "possible",
        /// Presented as not happening.
        Negated = 2 => "negated",
    }
}

vocabulary! {
    /// A kind of penalty.
    Measure {
        /// Assets are frozen.
        AssetFreeze = 0 => "asset_freeze",
        /// Entry or travel is barred.
        TravelBan = 1 => "travel_ban",
        /// Arms embargo.
        Arms = 2 => "arms",
        /// Exports to the target.
        Export = 3 => "export",
        /// Imports from the target.
        Import = 4 => "import",
        /// Trade both ways, or not specified.
        Trade = 5 => "trade",
        /// Banking, investment, lending, debt, payments.
        Financial = 6 => "financial",
        /// Oil, gas, coal, power.
        Energy = 7 => "energy",
        /// Aviation, shipping, ports, borders.
        Transport = 8 => "transport",
        /// Expulsion, recall, downgrade, suspension of membership.
        Diplomatic = 9 => "diplomatic",
        /// Aid or development money cut.
        Aid = 10 => "aid",
        /// Technology.
        Technology = 11 => "technology",
        /// Sports and culture.
        SportsCulture = 12 => "sports_culture",
        /// Anything else that is named.
        Other = 13 => "other",
    }
}

vocabulary! {
    /// Universal part of speech; 1 to 17 in alphabetical order, 0 where there is none.
    Upos {
        /// No tag.
        None = 0 => "_",
        /// Adjective.
        Adj = 1 => "ADJ",
        /// Adposition.
        Adp = 2 => "ADP",
        /// Adverb.
        Adv = 3 => "ADV",
        /// Auxiliary.
        Aux = 4 => "AUX",
        /// Coordinating conjunction.
        Cconj = 5 => "CCONJ",
        /// Determiner.
        Det = 6 => "DET",
        /// Interjection.
        Intj = 7 => "INTJ",
        /// Noun.
        Noun = 8 => "NOUN",
        /// Numeral.
        Num = 9 => "NUM",
        /// Particle.
        Part = 10 => "PART",
        /// Pronoun.
        Pron = 11 => "PRON",
        /// Proper noun.
        Propn = 12 => "PROPN",
        /// Punctuation.
        Punct = 13 => "PUNCT",
        /// Subordinating conjunction.
        Sconj = 14 => "SCONJ",
        /// Symbol.
        Sym = 15 => "SYM",
        /// Verb.
        Verb = 16 => "VERB",
        /// Anything else.
        X = 17 => "X",
    }
}

/// A set of [`Measure`]s: bit `m as u8` of a word.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Measures(pub u16);

impl Measures {
    /// Adds a measure.
    pub fn insert(&mut self, measure: Measure) {
        self.0 |= 1 << measure as u8;
    }

    /// Whether it holds the measure.
    pub const fn contains(self, measure: Measure) -> bool {
        self.0 >> measure as u8 & 1 == 1
    }

    /// Whether the text names no measure.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its measures, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Measure> {
        Measure::ALL.iter().copied().filter(move |&measure| self.contains(measure))
    }
}

impl FromIterator<Measure> for Measures {
    fn from_iter<I: IntoIterator<Item = Measure>>(measures: I) -> Self {
        let mut set = Self::default();
        measures.into_iter().for_each(|measure| set.insert(measure));
        set
    }
}
