//! Headlines and transcripts: "Mayor: The bridge stays closed".

use crate::direct::Direct;
use crate::draft::{self, Draft, Origin};
use crate::indirect;
use crate::reading::Reading;
use crate::source::Source;

/// Tokens before the colon at most.
const MAX_NAME: usize = 7;

/// Adds the lines that start with a speaker and a colon.
pub(crate) fn attribute(reading: &Reading<'_>, direct: &mut Direct) {
    let asks_and_answers = has_turns(reading);
    let mut start = 0;
    while start < reading.len() {
        let end = reading.paragraph_end(start);
        if let Some(draft) = line(reading, start, end, asks_and_answers) {
            let piece = draft.content[0];
            if !indirect::is_taken(reading, direct, piece) {
                indirect::take(reading, direct, piece);
                direct.drafts.push(draft);
            }
        }
        start = end;
    }
}

/// Whether the text is an interview whose lines start with letters for question and answer.
fn has_turns(reading: &Reading<'_>) -> bool {
    let mut found = [false; 2];
    let mut start = 0;
    while start < reading.len() && found != [true; 2] {
        if let Some(turn) = turn(reading, start) {
            found[turn] = true;
        }
        start = reading.paragraph_end(start);
    }
    found == [true; 2]
}

/// 0 if a question starts here, 1 if an answer does: "Q:", "Answer:".
fn turn(reading: &Reading<'_>, start: usize) -> Option<usize> {
    let is_colon = start + 1 < reading.len() && reading.word(start + 1) == ":";
    let place = ["Q", "A", "Question", "Answer"].iter().position(|&word| reading.word(start) == word);
    place.filter(|_| is_colon).map(|place| place % 2)
}

fn line(reading: &Reading<'_>, start: usize, end: usize, asks_and_answers: bool) -> Option<Draft> {
    let colon = (start + 1..end.min(start + 1 + MAX_NAME)).find(|&token| reading.word(token) == ":")?;
    let name = reading.trim(start..colon);
    let is_headline = !reading.is_stop(end - 1);
    let has_verb = name.clone().any(|token| reading.is_finite(token));
    let is_name = name
        .clone()
        .all(|token| reading.word(token).starts_with(|c: char| c.is_uppercase() || c.is_ascii_punctuation()));
    let names = |token: usize| {
        reading
            .entity_of(token)
            .map(|entity| reading.doc.entity(entity).label)
            .filter(|&label| matches!(label, "PERSON" | "ORG" | "GPE" | "NORP"))
    };
    let is_entity = name.clone().rev().find_map(names);
    let is_transcript = !name.is_empty()
        && name.clone().all(|token| !reading.word(token).contains(char::is_lowercase))
        && name.clone().any(|token| reading.word(token).len() > 2);
    let is_turn = asks_and_answers && name.len() == 1 && turn(reading, name.start).is_some();
    let is_speaker =
        is_turn || is_entity.is_some() && is_headline || is_entity == Some("PERSON") || is_transcript;
    if name.is_empty() || has_verb || !is_name || !is_speaker {
        return None;
    }
    let level = reading.level(colon);
    let content = draft::piece(reading, colon + 1..end, level)?;
    let source = Some(Source { head: name.end - 1, tokens: name });
    Some(Draft {
        content: vec![content],
        cue: Vec::new(),
        source,
        anchor: colon,
        level,
        origin: Origin::RULES,
    })
}
