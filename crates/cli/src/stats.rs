//! `demarche stats`.

use demarche_export::{Near, Stats};

use crate::args::{Color, StatsArgs};
use crate::events::each_result;
use crate::{Exit, output};

/// Counts what is in annotated documents.
pub(crate) fn stats(args: &StatsArgs, when: Color) -> anyhow::Result<Exit> {
    let mut stats = Stats::default();
    let mut near = args.dedupe.then(Near::default);
    let exit = each_result(&args.results, args.offsets, when, |doc| {
        if near.as_mut().is_none_or(|near| near.is_new(doc.text())) {
            stats.add(doc);
        }
        Ok(())
    })?;
    let text = if args.json { serde_json::to_string_pretty(&stats)? + "\n" } else { stats.table(args.top) };
    output::print(&text)?;
    Ok(exit)
}
