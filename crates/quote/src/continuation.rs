//! Quoted sentences without a cue: the speaker is who spoke in the sentence before.

use demarche_core::Span;

use crate::direct::Direct;
use crate::draft::{Draft, Origin};
use crate::reading::Reading;
use crate::source::{self, Source};

/// Sentences between a quotation and the one that it follows, at most.
const MAX_SENTENCES: usize = 1;

/// Adds the quoted sentences that have no cue. Drafts are put in the order of their place in the text.
pub(crate) fn attribute(reading: &Reading<'_>, direct: &mut Direct) {
    direct.drafts.sort_by_key(|draft| draft.anchor);
    let mut added: Vec<Draft> = Vec::new();
    for quoted in 0..reading.quoted.len() {
        if direct.taken[quoted] || reading.quoted_tokens(quoted).is_empty() || !is_sentence(reading, quoted) {
            continue;
        }
        let level = reading.quoted[quoted].parent;
        let tokens = reading.quoted_tokens(quoted);
        let source = match latest(direct, &added, reading, quoted) {
            Some(draft) => draft.source.clone(),
            None if level.is_some() => continue,
            None => subject_before(reading, tokens.start),
        };
        // Without a source, only what stands for itself: a headline, a line of its own.
        let line = reading.paragraph_start(tokens.start)..reading.paragraph_end(tokens.start);
        if source.is_none() && reading.is_stop(line.end - 1) && line.len() > tokens.len() + 1 {
            continue;
        }
        direct.taken[quoted] = true;
        added.push(Draft {
            content: vec![reading.quoted[quoted].span],
            cue: Vec::new(),
            source,
            anchor: tokens.start,
            level,
            origin: Origin::RULES,
        });
    }
    direct.drafts.append(&mut added);
    direct.drafts.sort_by_key(|draft| draft.anchor);
}

/// Appends to each draft what carries it on in later paragraphs.
pub(crate) fn carry_on(reading: &Reading<'_>, direct: &mut Direct) {
    let mut next: Vec<Option<usize>> = vec![None; reading.quoted.len()];
    for (at, quoted) in reading.quoted.iter().enumerate() {
        if let Some(earlier) = quoted.continues.filter(|_| !direct.taken[at]) {
            next[earlier] = Some(at);
        }
    }
    for draft in &mut direct.drafts {
        let Some(last) = draft.content.last().copied() else { continue };
        let Some(first) = quoted_ending(reading, last) else { continue };
        let mut at = next[first].take();
        while let Some(part) = at {
            draft.content.push(reading.quoted[part].span);
            direct.taken[part] = true;
            at = next[part].take();
        }
    }
}

/// The outermost quoted stretch that ends where the piece does.
fn quoted_ending(reading: &Reading<'_>, piece: Span) -> Option<usize> {
    let end = reading.quoted.partition_point(|quoted| quoted.span.start < piece.end);
    let mut at = end.checked_sub(1)?;
    loop {
        if reading.quoted[at].span.end == piece.end && reading.quoted[at].span.start >= piece.start {
            let parent = reading.quoted[at].parent;
            match parent.filter(|&parent| reading.quoted[parent].span.end == piece.end) {
                Some(parent) if reading.quoted[parent].span.start >= piece.start => at = parent,
                _ => return Some(at),
            }
        } else {
            at = reading.quoted[at].parent?;
        }
    }
}

/// Whether a quoted stretch is a sentence of its own, or several.
fn is_sentence(reading: &Reading<'_>, quoted: usize) -> bool {
    let stretch = &reading.quoted[quoted];
    if stretch.continues.is_some() {
        return false;
    }
    let tokens = reading.quoted_tokens(quoted);
    let line = reading.paragraph_start(tokens.start)..reading.paragraph_end(tokens.start);
    let inner = reading.doc.slice(stretch.inner).trim_end_matches(['”', '’', '"', '\'', '»', ' ']);
    let is_end =
        |token: usize| reading.is_stop(token) || matches!(reading.word(token), ":" | "–" | "—" | "-");
    let before = tokens.start.checked_sub(1).filter(|&before| before >= line.start);
    let starts = before.is_none_or(|before| {
        is_end(before)
            || reading.level(before) != stretch.parent && ends_sentence(reading, before)
            || stretch.parent.is_some_and(|parent| reading.quoted_tokens(parent).start == before)
    });
    let ends = inner.ends_with(['.', '?', '!', '…'])
        || tokens.end >= line.end
        || is_end(tokens.end)
        || inner.ends_with([',', '—']) && tokens.end + 1 >= line.end;
    starts && ends
}

/// Whether quoted words that end with this token end a sentence.
fn ends_sentence(reading: &Reading<'_>, token: usize) -> bool {
    let Some(quoted) = reading.level(token) else { return false };
    let inner = reading.doc.slice(reading.quoted[quoted].inner).trim_end();
    inner.ends_with(['.', '?', '!', '…', '”', '’', '"'])
}

/// The quotation that ends in the sentence before, on the same level of quotation marks; the last one of the paragraph
/// before, if this one opens a paragraph.
fn latest<'a>(
    direct: &'a Direct,
    added: &'a [Draft],
    reading: &Reading<'_>,
    quoted: usize,
) -> Option<&'a Draft> {
    let start = reading.quoted_tokens(quoted).start;
    let level = reading.quoted[quoted].parent;
    let before = direct.drafts.partition_point(|draft| draft.anchor < start);
    let known = direct.drafts[..before].iter().rev().take(LOOK_BACK).find(|draft| draft.level == level);
    let chained = added.last().filter(|draft| draft.level == level);
    let latest = [known, chained].into_iter().flatten().max_by_key(|draft| draft.anchor)?;
    let end = latest.content.last().map_or(0, |piece| piece.end).max(reading.token(latest.anchor).end);
    let from = reading.doc.tokens().partition_point(|token| token.end < end).min(start);
    let is_same = reading.paragraph(latest.anchor) == reading.paragraph(start);
    let own = usize::from(start > from && reading.sentence(start).start == start);
    let n_sentences = reading.sentence_number(start).saturating_sub(reading.sentence_number(from) + own);
    let is_near =
        n_sentences <= MAX_SENTENCES && (is_same || reading.paragraph(from) + 1 >= reading.paragraph(start));
    // Over the end of a paragraph, only for what opens the next one.
    let opens = is_same || reading.paragraph_start(start) == start;
    (is_near && opens).then_some(latest)
}

/// Drafts to look back over for one on the same level of quotation marks.
const LOOK_BACK: usize = 8;

/// The subject of the sentence before in the same paragraph, if it is a person.
fn subject_before(reading: &Reading<'_>, start: usize) -> Option<Source> {
    let line = reading.paragraph_start(start);
    let last = start.checked_sub(1).filter(|&last| last >= line)?;
    let sentence = reading.sentence(last);
    let tree = &reading.tree;
    let root = sentence.clone().find(|&token| tree.head(token).is_none())?;
    let head = source::own_subject(reading, root)?;
    let source = source::of_head(reading, head, root)?;
    let mut tokens = source.tokens.clone();
    let is_person = ["he", "she"].iter().any(|word| reading.is_word(head, word))
        || tokens.any(|token| {
            reading.entity_of(token).is_some_and(|entity| reading.doc.entity(entity).label == "PERSON")
        });
    is_person.then_some(source)
}
