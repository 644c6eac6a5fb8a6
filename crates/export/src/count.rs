//! Counts of events by what they have in common.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::event::{EventRow, PARTING};

/// What events are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Year and month of the document's date, `2024-06`.
    Month,
    /// Who imposes.
    Sender,
    /// Whom it hits.
    Target,
    /// What is done.
    Action,
    /// By which measure.
    Measure,
    /// Whether it happened.
    Factuality,
}

/// There is no such key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no key: write any of month, sender, target, action, measure, factuality")]
pub struct UnknownKey(pub String);

impl FromStr for By {
    type Err = UnknownKey;

    fn from_str(name: &str) -> Result<Self, UnknownKey> {
        Self::ALL.into_iter().find(|key| key.name() == name).ok_or_else(|| UnknownKey(name.to_owned()))
    }
}

impl By {
    /// All keys.
    pub const ALL: [Self; 6] =
        [Self::Month, Self::Sender, Self::Target, Self::Action, Self::Measure, Self::Factuality];

    /// Its name, also of its column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Sender => "sender",
            Self::Target => "target",
            Self::Action => "action",
            Self::Measure => "measure",
            Self::Factuality => "factuality",
        }
    }

    fn values(self, row: &EventRow) -> Vec<&str> {
        match self {
            Self::Month => vec![row.published.get(..MONTH).unwrap_or_default()],
            Self::Sender => row.sender.split(PARTING).collect(),
            Self::Target => row.target.split(PARTING).collect(),
            Self::Action => vec![&row.action],
            Self::Measure => row.measures.split(PARTING).collect(),
            Self::Factuality => vec![&row.factuality],
        }
    }
}

/// Length of `2024-06`.
pub(crate) const MONTH: usize = 7;

/// Numbers of events by the values of some keys, in the order of the values.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    pub(crate) keys: Vec<By>,
    pub(crate) counts: BTreeMap<Vec<String>, u64>,
}

impl Counts {
    pub(crate) fn new(keys: Vec<By>) -> Self {
        Self { keys, counts: BTreeMap::new() }
    }

    /// Counts an event once for each combination of its values.
    pub(crate) fn add(&mut self, row: &EventRow) {
        let mut groups: Vec<Vec<String>> = vec![Vec::new()];
        for key in &self.keys {
            let values = key.values(row);
            let with = |group: &Vec<String>| {
                let extended = |value: &&str| group.iter().cloned().chain([(*value).to_owned()]).collect();
                values.iter().map(extended).collect::<Vec<Vec<String>>>()
            };
            groups = groups.iter().flat_map(with).collect();
        }
        for group in groups {
            *self.counts.entry(group).or_default() += 1;
        }
    }
}
