//! Speech in quotation marks beside its cue: "…," he said; he said: "…"; "…," he said, "…".
//!
//! What stands between the quoted stretches of a paragraph is read word by word, for trees are least to be trusted
//! across quotation marks. What is only partly quoted is left to the clauses (`indirect`).

use std::ops::Range;

use demarche_core::{Span, Upos};

use crate::aside;
use crate::cue::{self, Cue};
use crate::draft::{self, Draft, Origin};
use crate::lexicon::{Entry, Frame};
use crate::reading::Reading;
use crate::siblings::{self, Siblings};
use crate::source::{self, Source};

/// Words after a quoted stretch in which its cue must stand.
const AFTER_WINDOW: usize = 60;
/// Words before a quoted stretch in which its cue must stand.
const BEFORE_WINDOW: usize = 80;
/// What a clause starts with that does not report the words before it.
const NO_START: [&str; 10] =
    ["and", "but", "or", "while", "who", "which", "that", "when", "because", "after"];
/// Words between two quoted stretches of one quotation: "a" and "b".
const JOINT: usize = 3;

/// Direct quotations beside their cue, and what has been used for them.
#[derive(Debug, Default)]
pub(crate) struct Direct {
    pub(crate) drafts: Vec<Draft>,
    /// For each quoted stretch, whether it is part of a draft.
    pub(crate) taken: Vec<bool>,
    /// Verbs whose content is found: with them, nothing else is reported.
    pub(crate) used: Vec<usize>,
    /// Verbs before the quoted words: what stands before them may be content too; with its draft.
    pub(crate) open: Vec<(usize, usize)>,
}

/// How a quoted stretch ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// With a comma or a dash: the sentence goes on.
    Comma,
    /// With a question mark, an exclamation mark or dots: the sentence may go on.
    Question,
    /// With a full stop.
    Stop,
    /// Without a mark.
    Open,
}

/// The quoted stretches that are attributed by words directly before or after them.
pub(crate) fn attribute(reading: &Reading<'_>, cues: &[Cue<'_>], say: &Entry) -> Direct {
    let mut direct = Direct { taken: vec![false; reading.quoted.len()], ..Direct::default() };
    for siblings in siblings::groups(reading) {
        let mut at = 0;
        while at < siblings.list.len() {
            at += Place { reading, cues, say, siblings: &siblings }.attribute(at, &mut direct).max(1);
        }
    }
    direct.used.sort_unstable();
    direct.open.sort_unstable();
    direct
}

struct Place<'r, 'd, 'c, 'l> {
    reading: &'r Reading<'d>,
    cues: &'c [Cue<'l>],
    say: &'l Entry,
    siblings: &'c Siblings,
}

impl<'l> Place<'_, '_, '_, 'l> {
    /// Attributes the stretch at this place of the list; gives the number of stretches that are done with.
    fn attribute(&self, at: usize, direct: &mut Direct) -> usize {
        let quoted = self.siblings.list[at];
        let (cue, is_after) = match self.cue_before(at) {
            Some(cue) => (cue, false),
            None => match self.cue_after(at) {
                Some(cue) => (cue, true),
                None => return 1,
            },
        };
        let Self { reading, .. } = *self;
        let mut content = reading.quoted[quoted].span;
        if let Some(before) = is_after.then(|| self.words_before(at)).flatten() {
            content = before.cover(content);
        }
        let mut contents = self.parts_before(quoted, direct);
        contents.push(content);
        direct.taken[quoted] = true;
        let mut n_done = 1;
        while let Some(&next) = self.siblings.list.get(at + n_done) {
            let gap = self.gap_after(at + n_done - 1);
            let is_joint =
                !gap.is_empty() && gap.len() <= JOINT && !is_after && self.is_plain(&gap, at + n_done - 1);
            let goes_on = is_after && n_done == 1 && self.goes_on(&gap, &cue);
            if is_joint {
                let last = contents.len() - 1;
                contents[last] = contents[last].cover(reading.quoted[next].span);
            } else if goes_on {
                contents.push(reading.quoted[next].span);
            } else {
                break;
            }
            direct.taken[next] = true;
            n_done += 1;
        }
        if is_after {
            direct.used.push(cue.verb);
        } else {
            direct.open.push((cue.verb, direct.drafts.len()));
        }
        direct.drafts.push(Draft {
            content: contents,
            cue: vec![reading.span(cue.words.clone())],
            anchor: cue.verb,
            source: cue.source,
            level: self.siblings.level,
            origin: Origin::RULES,
        });
        n_done
    }

    /// The stretches of earlier paragraphs that this one carries on and that nothing else has claimed.
    fn parts_before(&self, quoted: usize, direct: &mut Direct) -> Vec<Span> {
        let mut parts = Vec::new();
        let mut at = self.reading.quoted[quoted].continues;
        while let Some(earlier) = at.filter(|&earlier| !direct.taken[earlier]) {
            direct.taken[earlier] = true;
            parts.push(self.reading.quoted[earlier].span);
            at = self.reading.quoted[earlier].continues;
        }
        parts.reverse();
        parts
    }

    fn gap_before(&self, at: usize) -> Range<usize> {
        let start = match at.checked_sub(1) {
            Some(before) => self.reading.quoted_tokens(self.siblings.list[before]).end,
            None => self.siblings.within.start + usize::from(self.siblings.level.is_some()),
        };
        let end = self.reading.quoted_tokens(self.siblings.list[at]).start;
        start.min(end)..end
    }

    fn gap_after(&self, at: usize) -> Range<usize> {
        let start = self.reading.quoted_tokens(self.siblings.list[at]).end;
        let end = match self.siblings.list.get(at + 1) {
            Some(&next) => self.reading.quoted_tokens(next).start,
            None => self.siblings.within.end - usize::from(self.siblings.level.is_some()),
        };
        start..end.max(start)
    }

    /// Whether a sentence ends before this token, which is not the first of its gap.
    fn is_boundary(&self, token: usize) -> bool {
        let reading = self.reading;
        reading.is_stop(token - 1) || reading.word(token - 1) == ";" || reading.sentence(token).start == token
    }

    fn ending(&self, quoted: usize) -> Ending {
        let reading = self.reading;
        let inner = reading.doc.slice(reading.quoted[quoted].inner).trim_end();
        let inner = inner.trim_end_matches(['”', '’', '"', '\'', '»']);
        match inner.chars().next_back() {
            Some(',' | '—' | '–' | '-') => Ending::Comma,
            Some('?' | '!' | '…') => Ending::Question,
            Some('.') if inner.ends_with("..") => Ending::Question,
            Some('.') => Ending::Stop,
            _ => Ending::Open,
        }
    }

    fn cue_after(&self, at: usize) -> Option<Cue<'l>> {
        let reading = self.reading;
        let gap = self.gap_after(at);
        let first = gap.clone().next()?;
        let mut end = gap.end.min(gap.start + AFTER_WINDOW);
        if let Some(boundary) = (gap.start + 1..end).find(|&token| self.is_boundary(token)) {
            end = boundary;
        }
        let mut clause = gap.start..end;
        let mut ending = self.ending(self.siblings.list[at]);
        if reading.word(first) == "," && ending != Ending::Stop {
            ending = Ending::Comma;
            clause.start += 1;
        }
        let first = clause.clone().next()?;
        if reading.is_stop(first) || NO_START.iter().any(|word| reading.is_word(first, word)) {
            return None;
        }
        let starts_small = reading.word(first).starts_with(char::is_lowercase);
        let mut known = cue::within(self.cues, &clause).iter().filter(|cue| self.reports_back(cue, &clause));
        let found = known.next().cloned().or_else(|| self.inverted(&clause));
        match ending {
            Ending::Comma => found.or_else(|| self.any_verb(&clause)),
            Ending::Question => found,
            Ending::Stop => found.filter(|cue| starts_small && cue.words.start <= first + JOINT),
            // A headline: “We will not move” says mayor.
            Ending::Open => found.filter(|cue| {
                cue.words.start == first
                    || cue
                        .source
                        .as_ref()
                        .is_some_and(|source| source.tokens.start == first && starts_sentence(self, at))
            }),
        }
    }

    /// Whether a cue after quoted words can report them: it has who says it beside it and reports nothing else.
    fn reports_back(&self, cue: &Cue<'_>, clause: &Range<usize>) -> bool {
        let has_source = cue.source.as_ref().is_some_and(|source| clause.contains(&source.head));
        has_source && self.can_report(cue, clause) && self.reading.tree.deprel(cue.verb) != "acl:relcl"
    }

    fn can_report(&self, cue: &Cue<'_>, clause: &Range<usize>) -> bool {
        cue.entry.has(&Frame::Clause)
            && self.reading.level(cue.verb) == self.siblings.level
            && aside::reports_back(self.reading, cue.words.end, clause)
    }

    /// "said Kim", "Kim said", whatever the tree says.
    fn inverted(&self, clause: &Range<usize>) -> Option<Cue<'l>> {
        let reading = self.reading;
        let mut cues = cue::within(self.cues, clause).iter().filter(|cue| self.can_report(cue, clause));
        let cue = cues.next()?;
        let before = clause.start..cue.words.start;
        let source = if before.is_empty() {
            let level = self.siblings.level;
            let stops = |&token: &usize| {
                reading.level(token) != level || matches!(reading.word(token), "," | "." | ";" | ":" | "(")
            };
            let end = (cue.words.end..clause.end).find(stops).unwrap_or(clause.end);
            source::flat(reading, cue.words.end..end)
        } else {
            source::flat(reading, before.clone())
                .filter(|_| before.clone().all(|token| !reading.is_finite(token)))
        };
        source.map(|source| Cue { source: Some(source), ..cue.clone() })
    }

    /// With a comma before it, any verb with a subject reports: “…,” he smiled.
    fn any_verb(&self, clause: &Range<usize>) -> Option<Cue<'l>> {
        let reading = self.reading;
        let tree = &reading.tree;
        let verb = clause.clone().find(|&token| {
            let is_past = tree.xpos(token) == "VBN" && tree.upos(token) == Upos::Verb;
            (reading.is_finite(token) || is_past)
                && tree.relation(token) != "aux"
                && tree.deprel(token) != "acl:relcl"
                && reading.level(token) == self.siblings.level
        })?;
        let beside = || source::flat(reading, clause.start..verb);
        let source = self.subject(verb).filter(|source| clause.contains(&source.head)).or_else(beside)?;
        aside::reports_back(reading, verb + 1, clause).then(|| self.made_up(verb, source))
    }

    fn subject(&self, verb: usize) -> Option<Source> {
        source::own_subject(self.reading, verb).and_then(|head| source::of_head(self.reading, head, verb))
    }

    fn made_up(&self, verb: usize, source: Source) -> Cue<'l> {
        Cue {
            verb,
            entry: self.say,
            words: verb..verb + 1,
            source: Some(source),
            is_passive: false,
            with_plans: false,
            aside: None,
        }
    }

    fn cue_before(&self, at: usize) -> Option<Cue<'l>> {
        let reading = self.reading;
        let gap = self.gap_before(at);
        let last = gap.clone().next_back()?;
        let start = gap.start.max(gap.end.saturating_sub(BEFORE_WINDOW));
        let start = (start + 1..gap.end).rev().find(|&token| self.is_boundary(token)).unwrap_or(start);
        let tail = start..gap.end;
        let mut known = cue::within(self.cues, &tail).iter().rev().filter(|cue| {
            cue.entry.has(&Frame::Clause)
                && reading.level(cue.verb) == self.siblings.level
                && (cue.source.is_some() || cue.is_passive)
        });
        match reading.word(last) {
            ":" => known.next().cloned().or_else(|| {
                let mut verbs = tail.rev().filter(|&token| reading.is_finite(token));
                verbs.find_map(|verb| {
                    self.subject(verb)
                        .filter(|source| is_speaker(reading, source))
                        .map(|source| self.made_up(verb, source))
                })
            }),
            "," => known.next().filter(|cue| self.leads_to(cue, last)).cloned(),
            _ => {
                let cue = known.next()?;
                let between = cue.words.end..gap.end;
                let is_plain = between.clone().all(|token| reading.is_word(token, "that"));
                (is_plain && self.is_whole(at)).then(|| cue.clone())
            }
        }
    }

    /// Whether nothing but the cue's own words stand between it and the comma before quoted words.
    fn leads_to(&self, cue: &Cue<'_>, comma: usize) -> bool {
        let reading = self.reading;
        let is_own = |token: usize| {
            !reading.is_finite(token)
                || std::iter::once(token).chain(reading.tree.ancestors(token)).any(|up| {
                    matches!(reading.tree.relation(up), "acl" | "advcl")
                        && reading.tree.is_below(up, cue.verb)
                })
        };
        (cue.words.end..comma).all(is_own)
    }

    /// Whether the quoted words are all that the cue reports: a sentence ends with them.
    fn is_whole(&self, at: usize) -> bool {
        let reading = self.reading;
        if matches!(self.ending(self.siblings.list[at]), Ending::Stop | Ending::Question) {
            return true;
        }
        let gap = self.gap_after(at);
        match gap.clone().next() {
            None => true,
            Some(next) => {
                reading.is_stop(next)
                    || matches!(reading.word(next), "," | ";" | ")")
                    || reading.is_word(next, "and")
            }
        }
    }

    /// Words before the quoted ones that are part of the same sentence: The vote was “orderly,” she said.
    fn words_before(&self, at: usize) -> Option<Span> {
        let reading = self.reading;
        let end = reading.quoted_tokens(self.siblings.list[at]).start;
        let mut start = end;
        let floor = self.siblings.within.start + usize::from(self.siblings.level.is_some());
        while start > floor && end - start < BEFORE_WINDOW {
            let before = start - 1;
            if start < end && self.is_boundary(start) || start == end && is_end(reading, before) {
                break;
            }
            match reading.quoted_below(before, self.siblings.level) {
                Some(quoted) if self.ending(quoted) == Ending::Open => {
                    start = reading.quoted_tokens(quoted).start;
                }
                Some(_) => break,
                None => start = before,
            }
        }
        let words = start..end;
        let is_intro = |token| reading.is_word(token, "but") || reading.is_word(token, "and");
        let last = words.clone().next_back()?;
        let has_verb = words.clone().any(|token| reading.is_finite(token));
        let breaks_off =
            matches!(reading.word(last), ":" | "–" | "—") || (reading.word(last) == "," && !has_verb);
        if breaks_off || (words.len() == 1 && is_intro(words.start)) {
            return None;
        }
        draft::piece(reading, words, self.siblings.level)
    }

    /// Whether the words between two stretches are neither a cue nor the end of a sentence.
    fn is_plain(&self, gap: &Range<usize>, before: usize) -> bool {
        self.ending(self.siblings.list[before]) == Ending::Open
            && cue::within(self.cues, gap).is_empty()
            && gap.clone().all(|token| !self.reading.is_stop(token) && self.reading.word(token) != ";")
    }

    /// Whether a quotation goes on in the next stretch after its cue has interrupted it.
    fn goes_on(&self, gap: &Range<usize>, cue: &Cue<'_>) -> bool {
        let reading = self.reading;
        let has_boundary = (gap.start + 1..gap.end).any(|token| self.is_boundary(token));
        let last = gap.end.saturating_sub(1).max(gap.start);
        if has_boundary || gap.is_empty() || reading.is_stop(last) || reading.word(last) == ";" {
            return false;
        }
        let other = cue::within(self.cues, &(cue.words.end..gap.end))
            .iter()
            .any(|cue| cue.entry.has(&Frame::Clause) && reading.level(cue.verb) == self.siblings.level);
        !other && matches!(reading.word(last), "," | ":" | "—" | "–" | "-")
    }
}

fn starts_sentence(place: &Place<'_, '_, '_, '_>, at: usize) -> bool {
    let gap = place.gap_before(at);
    gap.is_empty() || is_end(place.reading, gap.end - 1)
}

fn is_end(reading: &Reading<'_>, token: usize) -> bool {
    reading.is_stop(token) || matches!(reading.word(token), ";" | ":")
}

/// A person or a body, by name or pronoun.
fn is_speaker(reading: &Reading<'_>, source: &Source) -> bool {
    const PERSONAL: [&str; 7] = ["he", "she", "they", "i", "we", "who", "one"];
    let mut tokens = source.tokens.clone();
    PERSONAL.iter().any(|word| reading.is_word(source.head, word))
        || tokens.any(|token| {
            reading
                .entity_of(token)
                .is_some_and(|entity| matches!(reading.doc.entity(entity).label, "PERSON" | "ORG" | "GPE"))
        })
}
