//! What part a unit plays for a cue, and the features by which that is decided.

use demarche_core::Span;

use super::rows::{Rows, both};
use super::sight::Sight;
use super::window::{Unit, Window};
use super::word::bucket;

/// The part that a unit plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// None.
    Other,
    /// It is what is said.
    Content,
    /// It names who says it.
    Source,
    /// It reports it.
    Cue,
}

impl Part {
    /// All of them, in the order of the columns of the tables.
    pub const ALL: [Self; N_PARTS] = [Self::Other, Self::Content, Self::Source, Self::Cue];
}

/// Number of parts.
pub const N_PARTS: usize = 4;

/// Ancestors of the cue at which a unit may be linked to it.
const MAX_UP: usize = 6;
/// Steps from a unit up to one of those.
const MAX_CLIMB: usize = 16;

/// How a unit hangs together with the cue in the tree.
#[derive(Clone, Copy, Debug, Default)]
struct Link {
    /// Steps from the cue up to the word that both are below, with the relation of the unit's branch there.
    branch: u64,
    /// The same with the relation below.
    path: u64,
    /// Steps from the unit up to that word.
    depth: u64,
}

/// A window with what its features are made of.
pub(crate) struct Scene<'s, 'r, 'd> {
    sight: &'s Sight<'r, 'd>,
    window: &'s Window,
    links: Vec<Link>,
    /// The token of each unit that the others of it hang on.
    heads: Vec<usize>,
    /// The part that the rules give each unit.
    ruled: Vec<u64>,
    /// What stands between each unit and the cue.
    between: Vec<u64>,
}

impl<'s, 'r, 'd> Scene<'s, 'r, 'd> {
    pub(crate) fn of(sight: &'s Sight<'r, 'd>, window: &'s Window) -> Self {
        let cue = window.units[window.anchor].tokens.start;
        let mut path = vec![cue];
        path.extend(sight.reading.tree.ancestors(cue).take(MAX_UP));
        let head = |unit: &Unit| sight.reading.head_of(&unit.tokens).unwrap_or(unit.tokens.start);
        let heads: Vec<usize> = window.units.iter().map(head).collect();
        let links = heads.iter().map(|&head| link(sight, &path, head)).collect();
        Self {
            ruled: ruled(sight, window, cue),
            between: between(sight, window, &heads),
            sight,
            window,
            links,
            heads,
        }
    }

    fn cue(&self) -> usize {
        self.window.units[self.window.anchor].tokens.start
    }

    fn word(&self, unit: usize) -> u64 {
        if self.window.units[unit].is_quoted { QUOTED } else { self.sight.word(self.heads[unit]) }
    }

    fn xpos(&self, unit: usize) -> u64 {
        if self.window.units[unit].is_quoted { QUOTED } else { self.sight.xpos(self.heads[unit]) }
    }

    fn kind(&self, unit: usize) -> u64 {
        if self.window.units[unit].is_quoted { QUOTED } else { self.sight.kind(self.heads[unit]) }
    }

    /// Before the cue 0, behind it 1; in another sentence more.
    fn side(&self, unit: usize) -> u64 {
        let beyond = u64::from(self.window.units[unit].beyond.unsigned_abs());
        u64::from(unit > self.window.anchor) + 2 * beyond
    }

    /// Features of the unit, for the table of parts.
    pub(crate) fn unit_features(&self, unit: usize, rows: &mut Rows) {
        let sight = self.sight;
        let cue = self.cue();
        let (lemma, class) = (sight.lemma(cue), sight.class(cue));
        let Link { branch, path, depth } = self.links[unit];
        let side = self.side(unit);
        let distance = bucket(unit.abs_diff(self.window.anchor));
        let (word, xpos, kind) = (self.word(unit), self.xpos(unit), self.kind(unit));
        let sided = both(branch, side);
        rows.add(100, branch, side);
        rows.add(101, sided, lemma);
        rows.add(102, sided, xpos);
        rows.add(103, sided, kind);
        rows.add(104, sided, sight.xpos(cue));
        rows.add(105, sided, class);
        rows.add(106, path, side);
        rows.add(107, path, both(lemma, side));
        rows.add(108, both(path, depth.min(4)), both(kind, side));
        rows.add(109, sided, distance);
        rows.add(110, side, lemma);
        rows.add(111, side, both(class, distance));
        rows.add(112, word, side);
        rows.add(113, word, both(side, lemma));
        rows.add(114, xpos, both(side, distance));
        rows.add(115, kind, both(side, distance));
        rows.add(116, kind, both(side, lemma));
        let ruled = self.ruled[unit];
        rows.add(120, ruled, side);
        rows.add(121, ruled, both(side, lemma));
        rows.add(122, ruled, both(kind, side));
        rows.add(123, ruled, both(branch, side));
        rows.add(124, ruled, both(class, sight.xpos(cue)));
        let between = self.between[unit];
        rows.add(130, between, side);
        rows.add(131, between, both(side, class));
        rows.add(132, between, both(branch, kind));
        rows.add(133, between, both(ruled, side));
        rows.add(134, distance, both(between, kind));
        if unit > 0 {
            rows.add(140, both(self.word(unit - 1), word), side);
            rows.add(141, both(self.xpos(unit - 1), xpos), side);
        }
        if unit + 1 < self.window.units.len() {
            rows.add(142, both(word, self.word(unit + 1)), side);
            rows.add(143, both(xpos, self.xpos(unit + 1)), side);
        }
        if self.window.units[unit].is_quoted {
            let ending = self.ending(unit);
            rows.add(150, ending, both(side, distance));
            rows.add(151, ending, both(side, class));
            rows.add(152, ending, both(side, lemma));
            rows.add(153, ending, both(side, ruled));
            rows.add(154, bucket(self.window.units[unit].tokens.len()), side);
            rows.add(155, bucket(self.window.units[unit].tokens.len()), both(class, ending));
        }
    }

    /// How quoted words end: with a comma, a stop, or without a mark.
    fn ending(&self, unit: usize) -> u64 {
        let tokens = &self.window.units[unit].tokens;
        let reading = self.sight.reading;
        let mut last = tokens.clone().rev().map(|token| reading.word(token)).take(2);
        let word = last.find(|word| !word.starts_with(['"', '”', '\'', '’', '»', '“', '`'])).unwrap_or("");
        match word {
            "," => 1,
            "." => 2,
            "?" | "!" => 3,
            "…" | "..." | "—" | "–" | "-" => 4,
            _ => 5,
        }
    }

    /// Features of the place before the unit, for the table of what may follow what.
    pub(crate) fn boundary_features(&self, unit: usize, rows: &mut Rows) {
        let sight = self.sight;
        let cue = self.cue();
        let (lemma, class) = (sight.lemma(cue), sight.class(cue));
        let side = u64::from(unit > self.window.anchor);
        let before = |offset: usize| unit.checked_sub(offset);
        let after = |offset: usize| Some(unit + offset).filter(|&at| at < self.window.units.len());
        let word = |at: Option<usize>| at.map_or(1, |at| self.word(at));
        let xpos = |at: Option<usize>| at.map_or(1, |at| self.xpos(at));
        let kind = |at: Option<usize>| at.map_or(99, |at| self.kind(at));
        let link = |at: Option<usize>| at.map_or(1, |at| self.links[at].branch);
        let (last, next) = (before(1), Some(unit));
        rows.add(200, side, 0);
        rows.add(201, word(last), side);
        rows.add(202, word(next), side);
        rows.add(203, xpos(last), both(xpos(next), side));
        rows.add(204, word(last), both(word(next), side));
        rows.add(205, link(last), both(link(next), side));
        rows.add(206, word(next), both(lemma, side));
        rows.add(207, word(last), both(lemma, side));
        let near = unit.abs_diff(self.window.anchor).min(4) as u64;
        rows.add(208, near, side);
        rows.add(209, both(near, side), lemma);
        rows.add(210, both(near, side), both(xpos(last), xpos(next)));
        rows.add(211, both(near, side), word(next));
        rows.add(212, both(near, side), both(class, word(last)));
        let (starts, ends) = (self.starting(unit), self.ending_before(unit));
        rows.add(220, starts, side);
        rows.add(221, ends, side);
        rows.add(222, starts, both(ends, side));
        rows.add(223, starts, both(word(next), side));
        rows.add(224, ends, both(word(next), side));
        rows.add(225, starts, both(class, side));
        rows.add(226, ends, both(class, xpos(next)));
        rows.add(227, starts, both(xpos(last), xpos(next)));
        let ruled = |at: Option<usize>| at.map_or(9, |at| self.ruled[at]);
        rows.add(230, ruled(last), both(ruled(next), side));
        rows.add(231, ruled(last), both(ruled(next), both(class, side)));
        rows.add(232, ruled(last), both(ruled(next), word(next)));
        rows.add(233, ruled(last), both(ruled(next), word(last)));
        let beyond = self.window.units[unit].beyond != last.map_or(0, |last| self.window.units[last].beyond);
        rows.add(240, u64::from(beyond), both(word(last), side));
        rows.add(241, kind(last), both(kind(next), side));
        rows.add(242, xpos(before(2)), both(xpos(last), both(xpos(next), side)));
        rows.add(243, xpos(last), both(xpos(next), both(xpos(after(1)), side)));
        rows.add(244, word(last), both(xpos(next), both(xpos(after(1)), side)));
        rows.add(245, word(next), both(word(after(1)), side));
        rows.add(246, word(before(2)), both(word(last), side));
        rows.add(247, self.between[unit], side);
    }

    /// The relations of the largest phrase without the cue that starts at the unit.
    fn starting(&self, unit: usize) -> u64 {
        let token = self.window.units[unit].tokens.start;
        self.largest(token, |reach| reach.start == token)
    }

    /// The relations of the largest phrase without the cue that ends before the unit.
    fn ending_before(&self, unit: usize) -> u64 {
        let Some(last) = unit.checked_sub(1) else { return 1 };
        let end = self.window.units[last].tokens.end;
        self.largest(end - 1, |reach| reach.end == end)
    }

    fn largest(&self, token: usize, fits: impl Fn(std::ops::Range<usize>) -> bool) -> u64 {
        let tree = &self.sight.reading.tree;
        let cue = self.cue();
        let mut top = token;
        for above in tree.ancestors(token).take(MAX_CLIMB) {
            let reach = tree.reach(above);
            if reach.contains(&cue) || !fits(reach) {
                break;
            }
            top = above;
        }
        if !fits(tree.reach(top)) {
            return 0;
        }
        let below_cue = tree.head(top) == Some(cue);
        both(self.sight.relation(top), 2 + u64::from(below_cue) + 2 * u64::from(top == token))
    }
}

/// Stands for words in quotation marks where a word is asked for.
const QUOTED: u64 = 77;

/// How the token hangs together with the cue, whose way up is `path`.
fn link(sight: &Sight<'_, '_>, path: &[usize], token: usize) -> Link {
    let tree = &sight.reading.tree;
    let (mut at, mut branch, mut below) = (token, 0, 0);
    for depth in 0..MAX_CLIMB as u64 {
        if let Some(up) = path.iter().position(|&above| above == at) {
            let up = up as u64;
            let branch = both(up + 1, branch);
            return Link { branch, path: both(branch, below), depth };
        }
        below = branch;
        branch = sight.relation(at);
        match tree.head(at) {
            Some(above) => at = above,
            None => break,
        }
    }
    Link { branch: 3, path: 3, depth: 9 }
}

/// The parts that the rules' draft of the cue gives the units; whether another draft has them.
fn ruled(sight: &Sight<'_, '_>, window: &Window, cue: usize) -> Vec<u64> {
    let doc = sight.reading.doc;
    let Some(draft) = sight.draft(cue) else {
        let said = |unit: &Unit| u64::from(sight.is_said(unit.tokens.start));
        return window.units.iter().map(said).collect();
    };
    let touches = |spans: &[Span], unit: &Unit| {
        let span = doc.tokens()[unit.tokens.start].cover(doc.tokens()[unit.tokens.end - 1]);
        spans.iter().any(|piece| piece.overlaps(span))
    };
    let part = |unit: &Unit| {
        if touches(&draft.cue, unit) {
            2
        } else if touches(&draft.content, unit) {
            3
        } else if draft.source.as_ref().is_some_and(|source| {
            source.tokens.start < unit.tokens.end && unit.tokens.start < source.tokens.end
        }) {
            4
        } else {
            5 + u64::from(sight.is_said(unit.tokens.start))
        }
    };
    window.units.iter().map(part).collect()
}

/// What stands between each unit and the cue: verbs, commas, other cues, quoted words, few or many.
fn between(sight: &Sight<'_, '_>, window: &Window, heads: &[usize]) -> Vec<u64> {
    let mut between = vec![0; window.units.len()];
    let reading = sight.reading;
    let mut walk = |units: &mut dyn Iterator<Item = usize>| {
        let (mut verbs, mut commas, mut cues, mut quoted, mut stops) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
        for unit in units {
            let counts = [verbs.min(2), commas.min(2), cues.min(1), quoted.min(2), stops.min(1)];
            between[unit] = counts.iter().fold(0, |code, count| code * 3 + count);
            let head = heads[unit];
            if window.units[unit].is_quoted {
                quoted += 1;
                continue;
            }
            verbs += u64::from(reading.is_finite(head));
            commas += u64::from(reading.word(head) == ",");
            cues += u64::from(sight.class(head) != 0);
            stops += u64::from(matches!(reading.word(head), ";" | ":" | "—" | "–" | "(" | ")"));
        }
    };
    walk(&mut (window.anchor + 1..window.units.len()));
    walk(&mut (0..window.anchor).rev());
    between
}
