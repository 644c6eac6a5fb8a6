//! Kinds of things: what penalties hit, and what tells parties from other words.

macro_rules! things {
    ($($(#[$doc:meta])* $name:ident = $bit:literal => $text:literal,)*) => {
        /// A set of kinds of things, one bit a kind.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Things(pub(super) u64);

        impl Things {
            $($(#[$doc])* pub(crate) const $name: Self = Self(1 << $bit);)*

            pub(super) fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

things! {
    /// Accounts, funds, property.
    ASSET = 0 => "asset",
    /// Ties, talks, agreements.
    RELATION = 1 => "relation",
    /// Ambassadors.
    ENVOY = 2 => "envoy",
    /// Embassy staff.
    DIPLOMAT = 3 => "diplomat",
    /// Embassies.
    MISSION = 4 => "mission",
    /// Borders, ports, airspace.
    BORDER = 5 => "border",
    /// Ships, planes, flights, carriers.
    VEHICLE = 6 => "vehicle",
    /// Aid money.
    AID = 7 => "aid",
    /// Visas, entry.
    VISA = 8 => "visa",
    /// Loans, credit.
    LOAN = 9 => "loan",
    /// Licenses, privileges.
    LICENSE = 10 => "license",
    /// Membership, seats, voting rights.
    MEMBERSHIP = 11 => "membership",
    /// Imports, exports, transactions.
    TRADE = 12 => "trade",
    /// Cargoes, goods.
    GOODS = 13 => "goods",
    /// Lists of names.
    LIST = 32 => "list",
    /// Persons, firms, groups.
    PARTY = 14 => "party",
    /// Offices that stand for their state.
    ORGAN = 15 => "organ",
    /// What carries its state's code: goods, sectors.
    BELONGING = 17 => "belonging",
    /// What one approves.
    APPROVAL = 18 => "approval",
    /// Sport.
    SPORT = 19 => "sport",
    /// `persona non grata`.
    PERSONA = 20 => "persona",
    /// Bodies of states, as a description.
    BODY = 21 => "body",
    /// States, as a description.
    COUNTRY = 16 => "country",
    /// Modifiers that make a weak noun a sanction.
    SHARP = 23 => "sharp",
    /// Culture and sport that crosses borders.
    CULTURE = 31 => "culture",
    /// Words of quantity: `most`, `dozens`, `number`.
    COUNT = 22 => "count",
    /// In a penalty's column: a named state or body.
    STATE = 24 => "state",
    /// In a penalty's column: whatever it hits.
    ANY = 25 => "any",
    /// In a penalty's column: no context is needed.
    STRONG = 26 => "strong",
    /// In a penalty's column: nothing need be hit.
    NONE = 27 => "none",
    /// In a penalty's column: put on a list.
    ON_LIST = 28 => "on:list",
    /// In a penalty's column: taken off a list.
    OFF_LIST = 29 => "off:list",
    /// In a penalty's column: a relief noun is its object.
    RELIEF = 30 => "relief",
}

impl Things {
    /// Whether the two share a kind.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The numbers of its kinds.
    pub(crate) fn iter(self) -> impl Iterator<Item = u16> {
        (0..u64::BITS as u16).filter(move |bit| self.0 >> bit & 1 == 1)
    }

    /// Both sets together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
