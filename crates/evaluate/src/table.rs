//! Figures for people: a table of a layer.

use std::fmt::{self, Display, Formatter};

use crate::figures::rounded;
use crate::{Accounts, Evaluation, Score, Scores};

/// Width of the column of names, at least.
const NAME: usize = 10;

impl Display for Evaluation {
    /// The layer and its documents, then a line for each figure, in percent. Figures of nothing are left out.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.layer.name(), self.documents)?;
        let mut rows = Vec::new();
        collect(&self.scores, "", &mut rows);
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(NAME);
        writeln!(f, "{:width$}      P      R     F1  correct predicted     gold", "")?;
        for (name, score) in rows {
            write!(f, "{name:width$}")?;
            row(score, f)?;
            writeln!(f)?;
        }
        Ok(())
    }
}

/// The figures that are shares of something, with their full names.
fn collect<'s>(scores: &'s Scores, prefix: &str, rows: &mut Vec<(String, &'s Score)>) {
    for (name, score) in scores.iter() {
        let is_shown = match score {
            Score::Group(group) => {
                collect(group, &format!("{prefix}{name} "), rows);
                false
            }
            Score::Prf(prf) => prf.counts.is_none_or(|counts| counts.gold > 0 || counts.predicted > 0),
            Score::Share(share) => share.of > 0,
            Score::Mean(_) => true,
            Score::Count(_) => false,
        };
        if is_shown {
            rows.push((format!("{prefix}{name}"), score));
        }
    }
}

fn row(score: &Score, f: &mut Formatter<'_>) -> fmt::Result {
    match score {
        Score::Prf(prf) => {
            write!(f, "{}{}{}", Percent(prf.precision), Percent(prf.recall), Percent(prf.f1))?;
            let Some(counts) = prf.counts else { return Ok(()) };
            let correct = rounded(counts.correct);
            let digits = usize::from(correct.fract() != 0.0);
            write!(f, "{correct:9.digits$}{:10}{:9}", counts.predicted, counts.gold)
        }
        Score::Share(share) => {
            let (share, correct, of) = (Percent(share.accuracy()), share.correct, share.of);
            write!(f, "{:14}{share}{correct:9}        of{of:9}", "")
        }
        Score::Mean(f1) => write!(f, "{}{}{}", Percent(None), Percent(None), Percent(*f1)),
        Score::Count(_) | Score::Group(_) => Ok(()),
    }
}

struct Percent(Option<f64>);

impl Display for Percent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => write!(f, "{:7.2}", share * 100.0),
            None => write!(f, "{:>7}", "-"),
        }
    }
}

impl Display for Accounts {
    /// How many documents were scored, and what was the matter with the others.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} document{}", self.scored, if self.scored == 1 { "" } else { "s" })?;
        let notes = [
            (self.missing, "MISSING"),
            (self.text_differs, "with a DIFFERENT TEXT"),
            (self.layer_absent, "without the layer"),
            (self.gold_without_layer, "not annotated (left out)"),
            (self.not_in_gold, "not in gold (passed over)"),
        ];
        let mut separator = "; ";
        for (n, note) in notes.into_iter().filter(|(n, _)| *n > 0) {
            write!(f, "{separator}{n} {note}")?;
            separator = ", ";
        }
        Ok(())
    }
}
