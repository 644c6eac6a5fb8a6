use demarche_model::{Kind, OpenError, Section, Weights, Writer};

use super::attribute::Found;
use super::labeling::Scores;
use super::part::{N_PARTS, Scene};
use super::rows::Rows;
use super::sight::Sight;
use super::whole::{self, Position};
use super::window::Window;
use super::word;

/// What the file of weights is for.
pub const KIND: Kind = Kind { name: "quote", version: 1 };

/// A question that the model answers, with a table of weights each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Whether a word is a cue.
    Cue,
    /// Which part a unit plays.
    Unit,
    /// Which part a unit plays after the one before it.
    Boundary,
    /// Whether what was found for a cue is a quotation.
    Whole,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cue, Self::Unit, Self::Boundary, Self::Whole];

    /// Its name: that of its section in the file of weights.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cue => "cue",
            Self::Unit => "unit",
            Self::Boundary => "boundary",
            Self::Whole => "whole",
        }
    }

    /// Binary logarithm of the number of rows of its table.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Cue => 20,
            Self::Unit | Self::Whole => 18,
            Self::Boundary => 17,
        }
    }

    /// Columns of its table.
    pub const fn columns(self) -> usize {
        match self {
            Self::Cue | Self::Whole => 1,
            Self::Unit => N_PARTS,
            Self::Boundary => N_PARTS * N_PARTS,
        }
    }
}

/// Weights of the learned attribution.
#[derive(Debug)]
pub struct Model {
    tables: [Section; Task::ALL.len()],
    scales: Vec<f32>,
}

impl Model {
    /// The weights that come with the crate.
    ///
    /// # Panics
    /// Never: the tests open them.
    pub fn embedded() -> Self {
        Weights::open(EMBEDDED, KIND).and_then(|weights| Self::of(&weights)).expect("the tests open it")
    }

    /// A model without knowledge: its weights are all nothing.
    ///
    /// # Panics
    /// Never: it is made as it is opened.
    pub fn empty() -> Self {
        let mut writer = Writer::new(KIND);
        for task in Task::ALL {
            writer.bytes(task.name(), &vec![0; task.columns() << task.bits()]);
        }
        writer.floats("scales", &[1.0; Task::ALL.len()]);
        Self::from_file(writer.finish()).expect("it has all sections")
    }

    /// Opens a file of weights.
    ///
    /// # Errors
    /// If it is not one of this kind and version, or damaged.
    pub fn from_file(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Self::of(&Weights::from_file(bytes, KIND)?)
    }

    fn of(weights: &Weights) -> Result<Self, OpenError> {
        let table = |task: Task| {
            let bytes = weights.bytes(task.name())?;
            let wanted = task.columns() << task.bits();
            if bytes.len() == wanted {
                return Ok(bytes);
            }
            let problem = format!("it holds {} bytes where {wanted} are wanted", bytes.len());
            Err(OpenError::Section { section: task.name(), problem })
        };
        let [cue, unit, boundary, whole] = Task::ALL;
        let tables = [table(cue)?, table(unit)?, table(boundary)?, table(whole)?];
        Ok(Self { tables, scales: weights.floats("scales", Task::ALL.len())? })
    }

    fn scores<const COLUMNS: usize>(&self, task: Task, rows: &[u32]) -> [f32; COLUMNS] {
        debug_assert_eq!(task.columns(), COLUMNS, "as many scores as columns");
        let table = &self.tables[task as usize];
        let mut sums = [0_i32; COLUMNS];
        for &row in rows {
            let start = row as usize * COLUMNS;
            for (sum, &byte) in sums.iter_mut().zip(&table[start..start + COLUMNS]) {
                *sum += i32::from(byte);
            }
        }
        let scale = self.scales[task as usize];
        #[expect(clippy::cast_precision_loss, reason = "a few dozen bytes sum to less than 2^24")]
        sums.map(|sum| sum as f32 * scale)
    }

    /// How likely the word is a cue, from 0 to 1.
    pub(crate) fn cue(&self, sight: &Sight<'_, '_>, token: usize, rows: &mut Rows) -> f32 {
        rows.clear();
        word::features(sight, token, rows);
        let [score] = self.scores(Task::Cue, rows.as_slice());
        probability(score)
    }

    /// How likely what was found is a quotation, from 0 to 1.
    pub(crate) fn whole(
        &self,
        sight: &Sight<'_, '_>,
        found: &Found,
        position: Position,
        rows: &mut Rows,
    ) -> f32 {
        rows.clear();
        whole::features(sight, found, position, rows);
        let [score] = self.scores(Task::Whole, rows.as_slice());
        probability(score)
    }

    /// The scores of what parts the units around a cue play.
    pub(crate) fn parts(&self, sight: &Sight<'_, '_>, window: &Window, scratch: &mut Scratch) -> Scores {
        let scene = Scene::of(sight, window);
        let mut scores = Scores { anchor: window.anchor, ..Scores::default() };
        for unit in 0..window.units.len() {
            scratch.units.clear();
            scene.unit_features(unit, &mut scratch.units);
            scores.units.push(self.scores(Task::Unit, scratch.units.as_slice()));
            if unit == 0 {
                scores.boundaries.push([0.0; N_PARTS * N_PARTS]);
                continue;
            }
            scratch.boundaries.clear();
            scene.boundary_features(unit, &mut scratch.boundaries);
            scores.boundaries.push(self.scores(Task::Boundary, scratch.boundaries.as_slice()));
        }
        scores
    }
}

fn probability(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// Features of the item that is being scored.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) cue: Rows,
    pub(crate) units: Rows,
    pub(crate) boundaries: Rows,
    pub(crate) whole: Rows,
}

impl Default for Scratch {
    fn default() -> Self {
        let rows = |task: Task| Rows::new(task.bits());
        Self {
            cue: rows(Task::Cue),
            units: rows(Task::Unit),
            boundaries: rows(Task::Boundary),
            whole: rows(Task::Whole),
        }
    }
}

static EMBEDDED: &[u8] = include_bytes!("../../models/english.model");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_weights_are_whole() {
        Model::embedded();
    }

    #[test]
    fn damaged_weights_are_refused() {
        let mut bytes = EMBEDDED.to_vec();
        bytes.truncate(bytes.len() / 2);
        assert!(Model::from_file(bytes).is_err());
        let mut bytes = EMBEDDED.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert!(Model::from_file(bytes).is_err());
    }
}
