//! An event as a row of plain text.

use demarche_core::{Argument, Document, Measure, Sanction, Span};
use serde::Serialize;

use crate::plover::{auxiliary, mode};

/// An event with all that is known of it; cells without a value are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventRow {
    /// Name of the document.
    pub document: String,
    /// `meta.date` of the document.
    pub published: String,
    /// Number of the event in the document, from 1.
    pub event: usize,
    /// The sentence that tells of it.
    pub sentence: String,
    /// The word that carries the action.
    pub trigger: String,
    /// What is done.
    pub action: String,
    /// By which measures, parted by `;`.
    pub measures: String,
    /// `actual`, `possible` or `negated`.
    pub factuality: String,
    /// Who imposes, parted by `;`.
    pub sender: String,
    /// Whom it hits, parted by `;`.
    pub target: String,
    /// Who violates, opposes, proposes or asks for relief, parted by `;`.
    pub actor: String,
    /// The legal act.
    pub instrument: String,
    /// The stated ground.
    pub reason: String,
    /// The date of the action, as the text has it.
    pub date: String,
    /// The same in ISO 8601, where the entities have its value.
    pub date_iso: String,
    /// Who says so, where it is what somebody says.
    pub speaker: String,
    /// The speaker's code.
    pub speaker_norm: String,
    /// Code of the profile `cameo-1.1`.
    #[serde(rename = "cameo-1.1")]
    pub cameo: String,
    /// Event of the profile `plover-manual-2`.
    #[serde(rename = "plover-manual-2")]
    pub plover: String,
    /// Its mode.
    pub plover_mode: String,
    /// Its auxiliary modes, parted by `;`.
    pub plover_auxiliary: String,
}

impl EventRow {
    /// The rows of a document, one an event.
    pub fn of(doc: &Document<'_>) -> Vec<Self> {
        doc.sanctions().enumerate().map(|(at, event)| row(doc, at + 1, &event)).collect()
    }

    /// The same event once for each pair of sender and target; once with an empty cell where it has none.
    pub fn dyads(&self) -> Vec<Self> {
        let dyad = |sender: &str, target: &str| {
            let (sender, target) = (sender.to_owned(), target.to_owned());
            Self { sender, target, ..self.clone() }
        };
        let targets = || self.target.split(PARTING);
        self.sender
            .split(PARTING)
            .flat_map(|sender| targets().map(move |target| dyad(sender, target)))
            .collect()
    }
}

/// The text of a column of an event.
type Text = fn(&EventRow) -> &str;

/// The columns of events, in the order of the fields of [`EventRow`]; the one without text is the event's number.
pub(crate) const COLUMNS: [(&str, Option<Text>); 21] = [
    ("document", Some(|row| &row.document)),
    ("published", Some(|row| &row.published)),
    ("event", None),
    ("sentence", Some(|row| &row.sentence)),
    ("trigger", Some(|row| &row.trigger)),
    ("action", Some(|row| &row.action)),
    ("measures", Some(|row| &row.measures)),
    ("factuality", Some(|row| &row.factuality)),
    ("sender", Some(|row| &row.sender)),
    ("target", Some(|row| &row.target)),
    ("actor", Some(|row| &row.actor)),
    ("instrument", Some(|row| &row.instrument)),
    ("reason", Some(|row| &row.reason)),
    ("date", Some(|row| &row.date)),
    ("date_iso", Some(|row| &row.date_iso)),
    ("speaker", Some(|row| &row.speaker)),
    ("speaker_norm", Some(|row| &row.speaker_norm)),
    ("cameo-1.1", Some(|row| &row.cameo)),
    ("plover-manual-2", Some(|row| &row.plover)),
    ("plover_mode", Some(|row| &row.plover_mode)),
    ("plover_auxiliary", Some(|row| &row.plover_auxiliary)),
];

/// What parts several values of a cell.
pub(crate) const PARTING: char = ';';

fn row(doc: &Document<'_>, event: usize, sanction: &Sanction<'_>) -> EventRow {
    let text = |span: Option<Span>| span.map_or_else(String::new, |span| flat(doc.slice(span)));
    let speaker = sanction.quote.and_then(|quote| doc.quote(quote).speaker);
    let trigger = doc.slice(sanction.trigger);
    let measures: Vec<_> = sanction.measures.iter().map(Measure::name).collect();
    EventRow {
        document: doc.id().to_owned(),
        published: doc.meta().get("date").and_then(|date| date.as_str()).unwrap_or_default().to_owned(),
        event,
        sentence: text(sentence(doc, sanction.trigger)),
        trigger: flat(trigger),
        action: sanction.action.name().to_owned(),
        measures: measures.join(";"),
        factuality: sanction.factuality.name().to_owned(),
        sender: parties(doc, &sanction.sender),
        target: parties(doc, &sanction.target),
        actor: parties(doc, &sanction.actor),
        instrument: text(sanction.instrument),
        reason: text(sanction.reason),
        date: text(sanction.date),
        date_iso: sanction.date.and_then(|date| iso(doc, date)).unwrap_or_default().to_owned(),
        speaker: speaker.map_or_else(String::new, |speaker| flat(speaker.name)),
        speaker_norm: speaker.and_then(|speaker| speaker.norm).unwrap_or_default().to_owned(),
        cameo: sanction.cameo.unwrap_or_default().to_owned(),
        plover: sanction.plover.unwrap_or_default().to_owned(),
        plover_mode: mode(sanction, trigger).to_owned(),
        plover_auxiliary: auxiliary(sanction).join(";"),
    }
}

fn sentence(doc: &Document<'_>, trigger: Span) -> Option<Span> {
    let after = doc.sentences().partition_point(|sentence| sentence.start <= trigger.start);
    after.checked_sub(1).map(|at| doc.sentences()[at])
}

/// The value of a date among the entities.
fn iso<'d>(doc: &'d Document<'_>, date: Span) -> Option<&'d str> {
    let entity = doc.entities().find(|entity| entity.label == "DATE" && entity.span == date);
    entity.and_then(|entity| entity.norm)
}

fn parties(doc: &Document<'_>, arguments: &[Argument<'_>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for argument in arguments {
        let name = flat(argument.norm.unwrap_or_else(|| doc.slice(argument.span))).replace(PARTING, ",");
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(";")
}

/// Text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
