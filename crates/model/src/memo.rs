//! What was computed for a key, kept until another key needs its place.

use crate::group::{PARTS, Parts};

/// Pairs of places, a power of two. The sixteen thousand most frequent forms of English are all but one in twenty words of
/// running news; groups are some 640 bytes, all of them ten megabytes a thread.
const PAIRS: usize = 1 << 13;

/// Groups by key. A key may stand at either place of a pair; a new one takes that which was not used last.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    entries: Vec<Entry>,
    /// The place of each pair that was used last.
    recent: Vec<u8>,
    /// Bytes of a group.
    width: usize,
    bytes: Vec<i8>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// Zero is nobody's.
    key: u64,
    scales: [f32; PARTS],
}

impl Memo {
    /// Forgets everything; groups have `width` bytes from now on.
    pub(crate) fn clear(&mut self, width: usize) {
        self.entries = vec![Entry::default(); 2 * PAIRS];
        self.recent = vec![0; PAIRS];
        self.width = width;
        self.bytes = vec![0; 2 * PAIRS * width];
    }

    /// The place of a key that is remembered.
    pub(crate) fn find(&mut self, key: u64) -> Option<usize> {
        let pair = pair(key);
        let place = self.entries[2 * pair..][..2].iter().position(|entry| entry.key == key && key != 0)?;
        self.recent[pair] = place as u8;
        Some(2 * pair + place)
    }

    /// The group at a place.
    pub(crate) fn parts(&self, place: usize) -> Parts<'_> {
        Parts { bytes: &self.bytes[place * self.width..][..self.width], scales: self.entries[place].scales }
    }

    /// Remembers the group of a key.
    pub(crate) fn put(&mut self, key: u64, Parts { bytes, scales }: Parts<'_>) {
        if self.find(key).is_some() {
            return;
        }
        let pair = pair(key);
        let place = 1 - self.recent[pair];
        self.recent[pair] = place;
        let place = 2 * pair + usize::from(place);
        self.entries[place] = Entry { key, scales };
        self.bytes[place * self.width..][..self.width].copy_from_slice(bytes);
    }
}

const fn pair(key: u64) -> usize {
    key as usize & (PAIRS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_groups_until_their_place_is_needed() {
        let parts = Parts { bytes: &[1, 2, 3, 4], scales: [0.5, 1.0, 2.0, 3.0] };
        let mut memo = Memo::default();
        memo.clear(4);
        assert_eq!(memo.find(7), None);
        memo.put(7, parts);
        let place = memo.find(7).expect("it was put there");
        assert_eq!(memo.parts(place), parts);
        let [second, third] = [1, 2].map(|i| 7 + i * PAIRS as u64);
        memo.put(second, parts);
        memo.find(7);
        memo.put(third, parts);
        assert_eq!([7, second, third].map(|key| memo.find(key).is_some()), [true, false, true]);
    }
}
