const EMPTY: u32 = u32::MAX;

/// From the hash of a feature to its row, for features that were seen in training; others are told apart from
/// them by 32 further bits of the hash.
///
/// Open addressing in one array of eight-byte slots (`tag`, `row`), at most half full: one cache line a lookup,
/// as a rule.
#[derive(Clone, Debug)]
pub struct Table {
    slots: Vec<(u32, u32)>,
    mask: usize,
}

impl Table {
    /// Hash `i` leads to row `rows(i)`. Of equal hashes the first one counts.
    pub fn new(hashes: &[u64], rows: impl Fn(usize) -> u32) -> Self {
        let size = (2 * hashes.len()).next_power_of_two().max(2);
        let mut table = Self { slots: vec![(0, EMPTY); size], mask: size - 1 };
        for (i, &hash) in hashes.iter().enumerate() {
            let slot = table.slot(hash);
            if table.slots[slot].1 == EMPTY {
                table.slots[slot] = (tag(hash), rows(i));
            }
        }
        table
    }

    /// The row of a feature.
    pub fn get(&self, hash: u64) -> Option<u32> {
        let (_, row) = self.slots[self.slot(hash)];
        (row != EMPTY).then_some(row)
    }

    /// The slot that holds the hash, or the empty one where it would be.
    fn slot(&self, hash: u64) -> usize {
        let mut at = hash as usize & self.mask;
        while self.slots[at].1 != EMPTY && self.slots[at].0 != tag(hash) {
            at = (at + 1) & self.mask;
        }
        at
    }
}

const fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature_hash;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let hashes: Vec<u64> = (0..1000_u32).map(|i| feature_hash(0, &i.to_le_bytes())).collect();
        let table = Table::new(&hashes, |i| i as u32);
        for (i, &hash) in hashes.iter().enumerate() {
            assert_eq!(table.get(hash), Some(i as u32));
        }
        assert_eq!(table.get(feature_hash(1, b"other")), None);
        assert_eq!(Table::new(&[], |_| 0).get(5), None);
    }
}
