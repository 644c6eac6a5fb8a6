//! A part of a corpus: documents whose metadata say so, and random samples.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::str::FromStr;

use demarche_core::Document;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Place;

/// A comparison that a document's metadata must pass: `date>=2024-01-01`, `source=Reuters`, `author.country!=FR`.
///
/// Before the operator (`=`, `!=`, `<`, `<=`, `>`, `>=`) stands a key of `meta`, of an object within it after a dot, or `id`.
/// Two numbers are compared as numbers, all else as text, character by character, which is right for ISO dates. Of a list any
/// item may pass. A key that is absent passes `!=` only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    key: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A text that is no comparison.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a comparison: write KEY=VALUE, or one of !=, <, <=, >, >= instead of =")]
pub struct ComparisonError {
    /// The text.
    pub text: String,
}

impl FromStr for Comparison {
    type Err = ComparisonError;

    fn from_str(text: &str) -> Result<Self, ComparisonError> {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let error = || ComparisonError { text: text.to_owned() };
        let at = text.find(['=', '!', '<', '>']).filter(|&at| at > 0).ok_or_else(error)?;
        let operators = [
            ("!=", NotEqual),
            ("<=", LessOrEqual),
            (">=", GreaterOrEqual),
            ("=", Equal),
            ("<", Less),
            (">", Greater),
        ];
        let (key, rest) = text.split_at(at);
        let found = operators.iter().find_map(|(sign, operator)| Some((rest.strip_prefix(sign)?, *operator)));
        let (value, operator) = found.ok_or_else(error)?;
        Ok(Self { key: key.trim().to_owned(), operator, value: value.trim().to_owned() })
    }
}

impl Comparison {
    /// Whether the document passes.
    pub fn holds(&self, doc: &Document<'_>) -> bool {
        let id;
        let found = if self.key == "id" {
            id = Value::from(doc.id());
            Some(&id)
        } else {
            let meta = doc.meta();
            let mut parts = self.key.split('.');
            // A key may have a dot itself.
            meta.get(&self.key).or_else(|| {
                let first = meta.get(parts.next()?)?;
                parts.try_fold(first, |value, part| value.get(part))
            })
        };
        match (found, self.operator) {
            (None | Some(Value::Null), operator) => operator == Operator::NotEqual,
            (Some(found), Operator::NotEqual) => !self.is_passed_by(found, Operator::Equal),
            (Some(found), operator) => self.is_passed_by(found, operator),
        }
    }

    fn is_passed_by(&self, found: &Value, operator: Operator) -> bool {
        if let Value::Array(items) = found {
            return items.iter().any(|item| self.is_passed_by(item, operator));
        }
        let order = compare(found, &self.value);
        match operator {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
        }
    }
}

fn compare(found: &Value, wanted: &str) -> Ordering {
    let text = match found {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match (text.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(found), Ok(wanted)) => found.total_cmp(&wanted),
        _ => text.as_str().cmp(wanted),
    }
}

/// A random sample of records, the same for the same seed and places whatever else is done.
///
/// Each place has a number that looks random: the first 8 bytes of the SHA-256 of seed, path and record number. The sample is
/// the `n` records with the smallest numbers (bottom-k sampling: E. Cohen, H. Kaplan, "Summarizing data using bottom-k
/// sketches", PODC 2007, with equal weights). It takes one pass to find them and memory for `n` numbers; a record that is
/// read later can be asked for without the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    seed: u64,
    /// The largest number in the sample.
    largest: Option<u64>,
}

impl Sample {
    /// A sample of `n` of these places, or of all if there are fewer. A file that is read twice is twice in it or not at all.
    pub fn of(n: usize, seed: u64, places: impl IntoIterator<Item = Place>) -> Self {
        let mut smallest = BinaryHeap::new();
        for place in places {
            smallest.push(number(seed, &place));
            if smallest.len() > n {
                smallest.pop();
            }
        }
        Self { seed, largest: smallest.peek().copied() }
    }

    /// Whether the record at this place is in it.
    pub fn contains(&self, place: &Place) -> bool {
        self.largest.is_some_and(|largest| number(self.seed, place) <= largest)
    }
}

fn number(seed: u64, place: &Place) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(place.record.to_le_bytes());
    hash.update(place.path.to_string_lossy().as_bytes());
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use demarche_core::Document;
    use serde_json::json;

    use super::{Comparison, Place, Sample};

    #[test]
    fn comparisons_of_metadata() {
        let meta = json!({"date": "2024-06-21", "words": 40, "tags": ["un", "eu"], "by": {"name": "Ann"}, "a.b": true, "none": null});
        let doc = Document::new("7", "").with_meta(meta.as_object().unwrap().clone());
        let holds = |text: &str| text.parse::<Comparison>().unwrap().holds(&doc);
        for text in [
            "date>=2024-06-01",
            "date<2024-07",
            "words>9",
            "words<=40",
            "words = 40.0",
            "tags=eu",
            "tags!=nato",
            "by.name=Ann",
            "a.b=true",
            "id=7",
            "absent!=x",
            "none!=x",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in
            ["date>2024-06-21", "words<9", "tags=nato", "tags!=eu", "by.name=ann", "absent=x", "absent<x"]
        {
            assert!(!holds(text), "{text}");
        }
        for text in ["", "date", "=x", "a!b"] {
            let error = text.parse::<Comparison>().unwrap_err().to_string();
            assert!(error.ends_with("write KEY=VALUE, or one of !=, <, <=, >, >= instead of ="), "{error}");
        }
    }

    #[test]
    fn a_sample_has_its_size_and_depends_on_the_seed() {
        let path: Arc<Path> = Arc::from(Path::new("a.jsonl"));
        let place = |record| Place { path: Arc::clone(&path), member: None, record, offset: 0, length: 0 };
        let sample = |n, seed| {
            let sample = Sample::of(n, seed, (1..=1000).map(place));
            (1..=1000).filter(|&record| sample.contains(&place(record))).collect::<Vec<_>>()
        };
        assert_eq!(sample(100, 1).len(), 100);
        assert_eq!(sample(100, 1), sample(100, 1));
        assert_ne!(sample(100, 1), sample(100, 2));
        assert_eq!(sample(5000, 1).len(), 1000);
        // Each half of the corpus has about half of the sample.
        let first = sample(200, 3).into_iter().filter(|&record| record <= 500).count();
        assert!((70..=130).contains(&first), "{first}");
    }
}
