//! The tags that a word gets: outside, or alone, first, inside or last in a name of some kind (BIOES), and the best row of them.

/// The kinds of names that are learned, by their labels. The last one is of names that are none of the others: works, laws,
/// products.
pub const KINDS: [&str; 8] = ["PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "OTHER"];

/// Number of tags: outside, and four for each kind.
pub const N_TAGS: usize = 1 + 4 * KINDS.len();

/// The tag of words outside of names.
pub const OUTSIDE: usize = 0;

/// Where a word stands in a name.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the whole name.
    Alone,
    /// The first of several words.
    First,
    /// Neither first nor last.
    Inside,
    /// The last of several words.
    Last,
}

impl Place {
    /// That of word `i` in the name of words `first..end`.
    pub const fn of(i: usize, first: usize, end: usize) -> Self {
        match (i == first, i + 1 == end) {
            (true, true) => Self::Alone,
            (true, false) => Self::First,
            (false, false) => Self::Inside,
            (false, true) => Self::Last,
        }
    }
}

/// The tag of a place in a name of kind `kind`, an index into [`KINDS`].
pub const fn tag(kind: usize, place: Place) -> usize {
    1 + 4 * kind + place as usize
}

/// The kind of a tag that is not [`OUTSIDE`].
pub const fn kind(tag: usize) -> usize {
    (tag - 1) / 4
}

const fn is_open(tag: usize) -> bool {
    tag != OUTSIDE && matches!((tag - 1) % 4, 1 | 2)
}

/// Memory for [`best`].
#[derive(Debug, Default)]
pub struct Paths {
    back: Vec<[u8; N_TAGS]>,
}

/// The tags with the greatest sum of scores (rows of [`N_TAGS`]) that make whole names (Viterbi 1967). Names have no scores of
/// neighboring tags, so that a step costs the tags, not their square.
pub fn best(scores: &[f32], paths: &mut Paths, tags: &mut Vec<usize>) {
    let n_words = scores.len() / N_TAGS;
    tags.clear();
    paths.back.clear();
    let mut sums = [f32::NEG_INFINITY; N_TAGS];
    // Before the first word nothing is open.
    let (mut closed, mut closed_sum) = (OUTSIDE, 0.0);
    for row in scores.chunks_exact(N_TAGS) {
        let mut back = [closed as u8; N_TAGS];
        let mut next = [f32::NEG_INFINITY; N_TAGS];
        next[OUTSIDE] = closed_sum + row[OUTSIDE];
        for kind in 0..KINDS.len() {
            let [alone, first, inside, last] =
                [Place::Alone, Place::First, Place::Inside, Place::Last].map(|place| tag(kind, place));
            next[alone] = closed_sum + row[alone];
            next[first] = closed_sum + row[first];
            let open = if sums[inside] > sums[first] { inside } else { first };
            back[inside] = open as u8;
            back[last] = open as u8;
            next[inside] = sums[open] + row[inside];
            next[last] = sums[open] + row[last];
        }
        sums = next;
        (closed, closed_sum) = (OUTSIDE, sums[OUTSIDE]);
        for (tag, &sum) in sums.iter().enumerate() {
            if !is_open(tag) && sum > closed_sum {
                (closed, closed_sum) = (tag, sum);
            }
        }
        paths.back.push(back);
    }
    if n_words == 0 {
        return;
    }
    let mut tag = closed;
    for back in paths.back.iter().rev() {
        tags.push(tag);
        tag = back[tag] as usize;
    }
    tags.reverse();
}

/// The names in a row of tags: `each(kind, first, end)`.
pub fn names(tags: &[usize], mut each: impl FnMut(usize, usize, usize)) {
    let mut first = 0;
    for (i, &tag) in tags.iter().enumerate() {
        if tag == OUTSIDE {
            continue;
        }
        match (tag - 1) % 4 {
            0 => each(kind(tag), i, i + 1),
            1 => first = i,
            3 => each(kind(tag), first, i + 1),
            _ => {}
        }
    }
}
