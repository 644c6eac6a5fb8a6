//! What is in annotated documents, in figures.

use std::collections::BTreeMap;

use demarche_core::Document;
use serde::Serialize;

use crate::count::MONTH;
use crate::event::{EventRow, PARTING};
use crate::text::{flat, line};

/// Counts over documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Documents.
    pub documents: u64,
    /// Tokens.
    pub words: u64,
    /// Names.
    pub entities: u64,
    /// Quotations.
    pub quotations: u64,
    /// Sanction events.
    pub events: u64,
    /// Names by their label.
    pub labels: BTreeMap<String, u64>,
    /// Quotations by who says them, with the code where there is one; without those whose speaker is not known.
    pub speakers: BTreeMap<String, u64>,
    /// Events by sender and target, each pair of them once.
    pub dyads: BTreeMap<String, u64>,
    /// Events by what is done.
    pub actions: BTreeMap<String, u64>,
    /// Events by month of the document and by what is done; of documents without a date under `?`.
    pub months: BTreeMap<String, BTreeMap<String, u64>>,
}

/// What a value that is not known is called.
const UNKNOWN: &str = "?";
/// Columns of the longest bar.
const BAR: usize = 30;
/// Columns that a name may take.
const NAME: usize = 44;

impl Stats {
    /// Counts a document.
    pub fn add(&mut self, doc: &Document<'_>) {
        self.documents += 1;
        self.words += doc.tokens().len() as u64;
        for entity in doc.entities() {
            self.entities += 1;
            *self.labels.entry(flat(entity.label)).or_default() += 1;
        }
        for quote in doc.quotes() {
            self.quotations += 1;
            if let Some(speaker) = quote.speaker {
                let norm = speaker.norm.map(|norm| format!(" ({norm})")).unwrap_or_default();
                *self.speakers.entry(flat(&format!("{}{norm}", speaker.name))).or_default() += 1;
            }
        }
        for row in EventRow::of(doc) {
            self.events += 1;
            *self.actions.entry(row.action.clone()).or_default() += 1;
            let month = row.published.get(..MONTH).map_or_else(|| UNKNOWN.to_owned(), flat);
            *self.months.entry(month).or_default().entry(row.action.clone()).or_default() += 1;
            let known = |party: &str| if party.is_empty() { UNKNOWN.to_owned() } else { flat(party) };
            for sender in row.sender.split(PARTING) {
                for target in row.target.split(PARTING) {
                    *self.dyads.entry(format!("{} → {}", known(sender), known(target))).or_default() += 1;
                }
            }
        }
    }

    /// Tables with bars, each of at most `top` rows; months are all there.
    pub fn table(&self, top: usize) -> String {
        let mut out = format!(
            "{} documents, {} words, {} names, {} quotations, {} sanction events\n",
            self.documents, self.words, self.entities, self.quotations, self.events
        );
        let sections = [
            ("Names by label", &self.labels),
            ("Who is quoted most", &self.speakers),
            ("Who sanctions whom", &self.dyads),
            ("What is done", &self.actions),
        ];
        for (title, counts) in sections {
            let mut rows: Vec<_> = counts.iter().map(|(name, &count)| (name.as_str(), count)).collect();
            rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let more = rows.len().saturating_sub(top);
            rows.truncate(top);
            section(title, &rows, &mut out);
            if more > 0 {
                line(&mut out, format_args!("  … and {more} more"));
            }
        }
        let totals = |actions: &BTreeMap<String, u64>| actions.values().sum::<u64>();
        let months: Vec<_> =
            self.months.iter().map(|(month, actions)| (month.as_str(), totals(actions))).collect();
        section("Events by month", &months, &mut out);
        self.by_month(&mut out);
        out
    }

    /// The table of actions by month.
    fn by_month(&self, out: &mut String) {
        if self.months.is_empty() {
            return;
        }
        line(out, format_args!("\nActions by month"));
        let actions: Vec<_> = self.actions.keys().map(String::as_str).collect();
        let header: Vec<_> = actions.iter().map(|action| format!("{action:>6}")).collect();
        line(out, format_args!("  {:<7}  {}", "", header.join("  ")));
        for (month, counts) in &self.months {
            let cell = |action: &&str| {
                let count = counts.get(*action).map_or_else(|| "·".to_owned(), u64::to_string);
                format!("{count:>width$}", width = action.len().max(6))
            };
            let cells: Vec<_> = actions.iter().map(cell).collect();
            line(out, format_args!("  {month:<7}  {}", cells.join("  ")));
        }
    }
}

fn section(title: &str, rows: &[(&str, u64)], out: &mut String) {
    if rows.is_empty() {
        return;
    }
    line(out, format_args!("\n{title}"));
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(NAME);
    let digits = most.to_string().len();
    for (name, count) in rows {
        let name = shortened(name);
        line(out, format_args!("  {name:<width$}  {count:>digits$}  {}", bar(*count, most)));
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

/// A bar whose length is the part of the most, to an eighth of a column; what is there is seen.
fn bar(count: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (u128::from(count) * BAR as u128 * 8).div_ceil(u128::from(most)) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn bars_are_as_long_as_their_part() {
        assert_eq!(bar(2, 2).chars().count(), 30);
        assert_eq!(bar(1, 2), "█".repeat(15));
        assert_eq!(bar(1, 1_000_000), "▏");
        assert_eq!(bar(0, 2), "");
    }
}
