use hashbrown::HashMap;

use crate::Error;

/// Labels in groups, so that two sets of labels can be compared: `PER=PERSON;ORG=ORG;LOC=GPE,LOC,FAC`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelGroups {
    group_of: HashMap<String, String>,
}

impl std::str::FromStr for LabelGroups {
    type Err = Error;

    /// Groups are separated by `;`, a group is `NAME=LABEL,LABEL`; a `LABEL` alone is a group of its own.
    fn from_str(groups: &str) -> Result<Self, Error> {
        let mut group_of = HashMap::new();
        for group in groups.split(';').filter(|group| !group.trim().is_empty()) {
            let (name, labels) = group.split_once('=').unwrap_or((group, group));
            for label in labels.split(',').map(str::trim) {
                let name = name.trim().to_owned();
                if let Some(first) = group_of.insert(label.to_owned(), name.clone()) {
                    return Err(Error::LabelTwice { label: label.to_owned(), first, second: name });
                }
            }
        }
        Ok(Self { group_of })
    }
}

impl LabelGroups {
    /// The group of a label; `None` for one that is left out.
    pub fn group(&self, label: &str) -> Option<&str> {
        self.group_of.get(label).map(String::as_str)
    }
}
