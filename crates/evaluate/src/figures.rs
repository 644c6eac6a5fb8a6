//! Figures: precision and recall, shares, and the tree in which they stand.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// Precision, recall and their harmonic mean, all between 0 and 1, `None` where there is nothing to divide by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prf {
    /// Share of the predicted items that are right.
    pub precision: Option<f64>,
    /// Share of the gold items that were found.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
    /// What they were counted from; `None` for figures that are no shares of items.
    pub counts: Option<Counts>,
}

/// What precision and recall were counted from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Predicted items that are right; a fraction where items are right in part.
    pub correct: f64,
    /// Predicted items.
    pub predicted: usize,
    /// Gold items.
    pub gold: usize,
}

/// A share of items that are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Items that are right.
    pub correct: usize,
    /// All items that were looked at.
    pub of: usize,
}

impl Share {
    /// The share, between 0 and 1; `None` of nothing.
    pub fn accuracy(self) -> Option<f64> {
        ratio(self.correct as f64, self.of as f64)
    }

    pub(crate) fn add(&mut self, correct: bool) {
        self.correct += usize::from(correct);
        self.of += 1;
    }
}

/// One figure, or a group of them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Score {
    /// Precision, recall, F1.
    Prf(Prf),
    /// A mean of F1 figures of their own.
    Mean(Option<f64>),
    /// A share.
    Share(Share),
    /// A number of items.
    Count(usize),
    /// Figures with names of their own.
    Group(Scores),
}

/// Figures by name, in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores(Vec<(String, Score)>);

impl Scores {
    /// The figures with their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Score)> {
        self.0.iter().map(|(name, score)| (name.as_str(), score))
    }

    /// The figure at a path of names, as in `["by_label", "ORG", "exact"]`.
    pub fn get(&self, path: &[&str]) -> Option<&Score> {
        let (name, rest) = path.split_first()?;
        let score = &self.0.iter().find(|(own, _)| own == name)?.1;
        match score {
            score if rest.is_empty() => Some(score),
            Score::Group(group) => group.get(rest),
            _ => None,
        }
    }

    pub(crate) fn add(&mut self, name: impl Into<String>, score: impl Into<Score>) {
        self.0.push((name.into(), score.into()));
    }

    pub(crate) fn with(mut self, name: impl Into<String>, score: impl Into<Score>) -> Self {
        self.add(name, score);
        self
    }
}

impl From<Tally> for Score {
    fn from(tally: Tally) -> Self {
        Self::Prf(tally.figures())
    }
}

impl From<Share> for Score {
    fn from(share: Share) -> Self {
        Self::Share(share)
    }
}

impl From<Scores> for Score {
    fn from(scores: Scores) -> Self {
        Self::Group(scores)
    }
}

/// Counts on their way to precision and recall. Hits among the predicted and among the gold items may differ: items
/// can be right in part, or of another kind on the other side.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) predicted_hits: f64,
    pub(crate) gold_hits: f64,
    pub(crate) predicted: usize,
    pub(crate) gold: usize,
}

impl Tally {
    /// Adds items of which the same number is right on both sides.
    pub(crate) fn add(&mut self, hits: usize, predicted: usize, gold: usize) {
        *self += Self { predicted_hits: hits as f64, gold_hits: hits as f64, predicted, gold };
    }

    pub(crate) fn figures(self) -> Prf {
        let precision = ratio(self.predicted_hits, self.predicted as f64);
        let recall = ratio(self.gold_hits, self.gold as f64);
        let counts = Counts { correct: self.predicted_hits, predicted: self.predicted, gold: self.gold };
        Prf { counts: Some(counts), ..prf(precision, recall) }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.predicted_hits += other.predicted_hits;
        self.gold_hits += other.gold_hits;
        self.predicted += other.predicted;
        self.gold += other.gold;
    }
}

/// The figures of two shares: where only one side has anything, the other's share is 0.
pub(crate) fn prf(precision: Option<f64>, recall: Option<f64>) -> Prf {
    let (precision, recall) = match (precision, recall) {
        (None, Some(recall)) => (Some(0.0), Some(recall)),
        (Some(precision), None) => (Some(precision), Some(0.0)),
        both => both,
    };
    let f1 = precision.zip(recall).map(|(p, r)| if p > 0.0 && r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 });
    Prf { precision, recall, f1, counts: None }
}

/// `part / whole`, or `None` if the whole is nothing.
pub(crate) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole != 0.0).then(|| part / whole)
}

/// How many of two lists of items are the same, an item as often as it occurs on both sides.
pub(crate) fn multiset<T: Ord>(mut gold: Vec<T>, mut predicted: Vec<T>) -> Tally {
    gold.sort_unstable();
    predicted.sort_unstable();
    let (mut i, mut j, mut hits) = (0, 0, 0);
    while i < gold.len() && j < predicted.len() {
        match gold[i].cmp(&predicted[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                hits += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let mut tally = Tally::default();
    tally.add(hits, predicted.len(), gold.len());
    tally
}

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Prf(prf) => {
                let mut object = serializer.serialize_map(None)?;
                object.serialize_entry("p", &prf.precision)?;
                object.serialize_entry("r", &prf.recall)?;
                object.serialize_entry("f1", &prf.f1)?;
                if let Some(counts) = prf.counts {
                    object.serialize_entry("correct", &number(counts.correct))?;
                    object.serialize_entry("predicted", &counts.predicted)?;
                    object.serialize_entry("gold", &counts.gold)?;
                }
                object.end()
            }
            Self::Mean(f1) => serializer.collect_map([("f1", f1)]),
            Self::Share(share) => {
                let mut object = serializer.serialize_map(Some(3))?;
                object.serialize_entry("accuracy", &share.accuracy())?;
                object.serialize_entry("correct", &share.correct)?;
                object.serialize_entry("of", &share.of)?;
                object.end()
            }
            Self::Count(n) => n.serialize(serializer),
            Self::Group(scores) => scores.serialize(serializer),
        }
    }
}

/// A count as JSON has it: whole, or to four digits.
#[expect(clippy::cast_sign_loss, reason = "there are no fewer than none")]
fn number(count: f64) -> serde_json::Number {
    if count.fract() == 0.0 {
        return (count as u64).into();
    }
    serde_json::Number::from_f64(rounded(count)).expect("a count is a number")
}

/// A count to four digits.
pub(crate) fn rounded(count: f64) -> f64 {
    format!("{count:.4}").parse().expect("digits are a number")
}
