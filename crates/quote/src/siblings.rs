//! Quoted stretches that stand beside each other.

use std::ops::Range;

use hashbrown::HashMap;

use crate::reading::Reading;

/// Quoted stretches of one paragraph on one level.
pub(crate) struct Siblings {
    pub(crate) list: Vec<usize>,
    pub(crate) level: Option<usize>,
    /// Tokens of the paragraph, or of the quoted stretch around them.
    pub(crate) within: Range<usize>,
}

/// The quoted stretches, those of one paragraph and level together.
pub(crate) fn groups(reading: &Reading<'_>) -> Vec<Siblings> {
    let mut groups: Vec<Siblings> = Vec::new();
    // Groups on the way down to the current stretch: by level, the one that is being filled.
    let mut filling: HashMap<(Option<usize>, u32), usize> = HashMap::new();
    for (quoted, stretch) in reading.quoted.iter().enumerate() {
        let tokens = reading.quoted_tokens(quoted);
        if tokens.is_empty() {
            continue;
        }
        let paragraph = reading.paragraph(tokens.start);
        let group = *filling.entry((stretch.parent, paragraph)).or_insert_with(|| {
            let within = match stretch.parent {
                Some(parent) => reading.quoted_tokens(parent),
                None => reading.paragraph_start(tokens.start)..reading.paragraph_end(tokens.start),
            };
            groups.push(Siblings { list: Vec::new(), level: stretch.parent, within });
            groups.len() - 1
        });
        groups[group].list.push(quoted);
    }
    groups
}
