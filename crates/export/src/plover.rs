//! Modes of the PLOVER manual, which say how an event is done.
//!
//! The codes of events come with the document; modes are rendered here from the same fields, by the table of
//! `docs/sanction-events.md`.

use demarche_core::{Action, Factuality, Measure, Measures, Sanction};

/// Beginnings of words that send somebody out of the country.
const EXPELS: [&str; 6] = ["expel", "expul", "throw", "thrown", "kick", "oust"];

/// The mode of an event; empty where there is no event or it has none.
pub(crate) fn mode(event: &Sanction<'_>, trigger: &str) -> &'static str {
    let diplomatic = event.measures == Measures::from_iter([Measure::Diplomatic]);
    let trigger = trigger.to_lowercase();
    match event.plover {
        Some("SANCTION") if diplomatic && EXPELS.iter().any(|start| trigger.starts_with(start)) => "expel",
        Some("SANCTION") => "discontinue",
        Some("COERCE") => "seize",
        Some("THREATEN") if diplomatic => "relations",
        Some("THREATEN") => "restrict",
        Some("REQUEST" | "REJECT") => "yield",
        Some("ACCUSE") if event.action == Action::Violate => "allege",
        Some("ACCUSE") => "disapprove",
        _ => "",
    }
}

/// The auxiliary modes of an event.
pub(crate) fn auxiliary(event: &Sanction<'_>) -> Vec<&'static str> {
    let mut modes = Vec::new();
    if event.plover.is_none() {
        return modes;
    }
    match event.factuality {
        Factuality::Negated => modes.push("negation"),
        Factuality::Possible if event.action == Action::Propose => modes.push("hypothetical"),
        // A threat and a request are about the future by what they are.
        Factuality::Possible if !matches!(event.action, Action::Threaten | Action::UrgeRelief) => {
            modes.push("future");
        }
        _ => {}
    }
    modes
}
