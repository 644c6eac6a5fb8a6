use demarche_core::{Action, Factuality, Measure};
use demarche_model::cluster::Clusters;
use demarche_model::{Kind, OpenError, Section, Weights};

use super::rows::ROWS;

/// What the file of weights is for.
pub const KIND: Kind = Kind { name: "sanction", version: 2 };

/// A question that the model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Whether a text tells of sanctions at all. Yes or no.
    Text,
    /// Whether a word is the trigger of an event. Yes or no.
    Trigger,
    /// Which of several words speaks for a noun of sanctions, if any: one of the options of the example.
    Way,
    /// Which action a trigger states. One answer.
    Action,
    /// Whether an event happened. One answer.
    Factuality,
    /// Which measures it is about. Any number of answers.
    Measures,
    /// Whether a phrase names its sender, target or actor. Any number of answers.
    Role,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Trigger, Self::Way, Self::Action, Self::Factuality, Self::Measures, Self::Role];

    /// Its name: that of its section in the file of weights.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Trigger => "trigger",
            Self::Way => "way",
            Self::Action => "action",
            Self::Factuality => "factuality",
            Self::Measures => "measures",
            Self::Role => "role",
        }
    }

    /// Number of labels: columns of its table.
    pub const fn labels(self) -> usize {
        match self {
            Self::Text | Self::Trigger | Self::Way => 1,
            Self::Action => Action::ALL.len(),
            Self::Factuality => Factuality::ALL.len(),
            Self::Measures => Measure::ALL.len(),
            Self::Role => ROLES,
        }
    }

    /// Whether exactly one label is right.
    pub const fn is_exclusive(self) -> bool {
        matches!(self, Self::Action | Self::Factuality)
    }
}

/// Sender, target, actor.
pub(crate) const ROLES: usize = 3;

/// The weights.
#[derive(Clone, Debug)]
pub struct Model {
    tables: [Table; Task::ALL.len()],
    clusters: Clusters,
}

/// The weights of one task: `weight[row][label] ≈ bytes[row × labels + label] × scale`.
#[derive(Clone, Debug)]
struct Table {
    bytes: Section,
    scale: f32,
}

impl Model {
    /// The model that is part of this crate; `models/README.md` is its card.
    pub const ENGLISH: &'static [u8] = include_bytes!("../../models/english.model");

    /// Makes a model of its bytes.
    ///
    /// # Errors
    /// If they are not a whole, undamaged model of this kind and version.
    pub fn open(bytes: &'static [u8]) -> Result<Self, OpenError> {
        Self::of(&Weights::open(bytes, KIND)?)
    }

    /// Makes a model of the bytes of a file.
    ///
    /// # Errors
    /// If they are not a whole, undamaged model of this kind and version.
    pub fn from_file(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Self::of(&Weights::from_file(bytes, KIND)?)
    }

    fn of(weights: &Weights) -> Result<Self, OpenError> {
        let scales = weights.floats("scales", Task::ALL.len())?;
        let table = |task: Task| {
            let bytes = weights.bytes(task.name())?;
            if bytes.len() != ROWS * task.labels() {
                let problem =
                    format!("it holds {} bytes where {} are wanted", bytes.len(), ROWS * task.labels());
                return Err(OpenError::Section { section: task.name(), problem });
            }
            Ok(Table { bytes, scale: scales[task as usize] })
        };
        let [text, trigger, way, action, factuality, measures, role] = Task::ALL;
        Ok(Self {
            tables: [
                table(text)?,
                table(trigger)?,
                table(way)?,
                table(action)?,
                table(factuality)?,
                table(measures)?,
                table(role)?,
            ],
            clusters: Clusters::open(weights)?,
        })
    }

    /// The clusters that its features are made with.
    pub(crate) const fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    /// The scores of a task's labels for an item with these features: log-odds up to a constant.
    pub(crate) fn scores<const LABELS: usize>(&self, task: Task, rows: &[u32]) -> [f32; LABELS] {
        debug_assert_eq!(task.labels(), LABELS, "as many scores as labels");
        let table = &self.tables[task as usize];
        let mut sums = [0_i32; LABELS];
        for &row in rows {
            let start = row as usize * LABELS;
            for (sum, &byte) in sums.iter_mut().zip(&table.bytes[start..start + LABELS]) {
                *sum += i32::from(byte);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred bytes sum to less than 2^24")]
        sums.map(|sum| sum as f32 * table.scale)
    }
}
