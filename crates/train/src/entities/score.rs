//! Figures: exact names of persons, organizations and places.

use std::fmt;

use demarche_core::Span;

/// Right, found and wanted names, of persons, organizations, places and all together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scores([[usize; 3]; 3]);

fn group(label: &str) -> Option<usize> {
    match label {
        "PERSON" => Some(0),
        "ORG" => Some(1),
        "GPE" | "LOC" | "FAC" => Some(2),
        _ => None,
    }
}

impl Scores {
    /// Adds a document.
    pub(super) fn add(&mut self, gold: &[(Span, String)], found: &[(Span, &str)]) {
        let known = |span: Span, at: usize| {
            gold.iter().any(|(other, label)| *other == span && group(label) == Some(at))
        };
        for &(span, label) in found {
            if let Some(at) = group(label) {
                self.0[at][0] += usize::from(known(span, at));
                self.0[at][1] += 1;
            }
        }
        for (_, label) in gold {
            if let Some(at) = group(label) {
                self.0[at][2] += 1;
            }
        }
    }
}

impl fmt::Display for Scores {
    #[expect(clippy::cast_precision_loss, reason = "data sets are far smaller than 2^52 names")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all =
            self.0.iter().fold([0; 3], |sum, part| [sum[0] + part[0], sum[1] + part[1], sum[2] + part[2]]);
        for (name, [right, found, wanted]) in
            ["all", "PER", "ORG", "LOC"].iter().zip(std::iter::once(all).chain(self.0))
        {
            let ratio = |of: usize| right as f64 / of.max(1) as f64;
            let f1 = 2.0 * right as f64 / (found + wanted).max(1) as f64;
            write!(f, "{name} {:.3} {:.3} F {f1:.4}  ", ratio(found), ratio(wanted))?;
        }
        Ok(())
    }
}
