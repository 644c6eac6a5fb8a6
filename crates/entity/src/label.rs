//! Labels: those of the document format, and a user's own.

/// The labels of the document format, in the order of their numbers.
pub(crate) const BUILT_IN: [&str; 17] = [
    "PERSON",
    "ORG",
    "GPE",
    "LOC",
    "NORP",
    "FAC",
    "EVENT",
    "LAW",
    "PRODUCT",
    "WORK_OF_ART",
    "DATE",
    "TIME",
    "MONEY",
    "PERCENT",
    "QUANTITY",
    "CARDINAL",
    "ORDINAL",
];

/// A label by its number: below 17 one of [`BUILT_IN`], above a user's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(pub(crate) u16);

impl Label {
    pub(crate) const PERSON: Self = Self(0);
    pub(crate) const ORG: Self = Self(1);
    pub(crate) const GPE: Self = Self(2);
    pub(crate) const LOC: Self = Self(3);
    pub(crate) const NORP: Self = Self(4);
    pub(crate) const FAC: Self = Self(5);
    pub(crate) const EVENT: Self = Self(6);
    pub(crate) const LAW: Self = Self(7);
    pub(crate) const PRODUCT: Self = Self(8);
    pub(crate) const DATE: Self = Self(10);
    pub(crate) const TIME: Self = Self(11);
    pub(crate) const MONEY: Self = Self(12);
    pub(crate) const PERCENT: Self = Self(13);
    pub(crate) const QUANTITY: Self = Self(14);
    pub(crate) const CARDINAL: Self = Self(15);
    pub(crate) const ORDINAL: Self = Self(16);
}

/// All labels of a stage.
#[derive(Debug)]
pub(crate) struct Labels(Vec<String>);

impl Default for Labels {
    fn default() -> Self {
        Self(BUILT_IN.map(str::to_owned).to_vec())
    }
}

impl Labels {
    /// The label of this name, which is added if it is new.
    pub(crate) fn add(&mut self, name: &str) -> Label {
        self.find(name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            Label(self.0.len() as u16 - 1)
        })
    }

    /// The label of this name.
    pub(crate) fn find(&self, name: &str) -> Option<Label> {
        self.0.iter().position(|known| known == name).map(|at| Label(at as u16))
    }

    /// Its name.
    pub(crate) fn name(&self, label: Label) -> &str {
        &self.0[label.0 as usize]
    }

    /// All names, parted by commas.
    pub(crate) fn names(&self) -> String {
        self.0.join(", ")
    }
}
