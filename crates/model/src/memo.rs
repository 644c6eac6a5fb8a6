//! What was computed for a key, kept until another key needs its place.

use crate::integer::IntRow;

/// Pairs of places, a power of two. The sixteen thousand most frequent forms of English are all but one in twenty words of
/// running news; rows are some 1,300 bytes, all of them 20 megabytes a thread.
const PAIRS: usize = 1 << 13;

/// Two rows of numbers by key. A key may stand at either place of a pair; a new one takes that which was not used last.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    entries: Vec<Entry>,
    /// The place of each pair that was used last.
    recent: Vec<u8>,
    /// Numbers of both rows of an entry.
    width: usize,
    numbers: Vec<i16>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// Zero is nobody's.
    key: u64,
    /// Of the two rows.
    scales: [f32; 2],
}

impl Memo {
    /// Forgets everything; an entry's rows have `width` numbers together from now on.
    pub(crate) fn clear(&mut self, width: usize) {
        self.entries = vec![Entry::default(); 2 * PAIRS];
        self.recent = vec![0; PAIRS];
        self.width = width;
        self.numbers = vec![0; 2 * PAIRS * width];
    }

    /// The place of a key that is remembered.
    pub(crate) fn find(&mut self, key: u64) -> Option<usize> {
        let pair = pair(key);
        let place = self.entries[2 * pair..][..2].iter().position(|entry| entry.key == key && key != 0)?;
        self.recent[pair] = place as u8;
        Some(2 * pair + place)
    }

    /// The rows at a place, of which the first has `dim` numbers.
    pub(crate) fn rows(&self, place: usize, dim: usize) -> [IntRow<'_>; 2] {
        let (first, second) = self.numbers[place * self.width..][..self.width].split_at(dim);
        let scales = self.entries[place].scales;
        [IntRow { numbers: first, scale: scales[0] }, IntRow { numbers: second, scale: scales[1] }]
    }

    /// Remembers the rows of a key.
    pub(crate) fn put(&mut self, key: u64, rows: [IntRow<'_>; 2]) {
        if self.find(key).is_some() {
            return;
        }
        let pair = pair(key);
        let place = 1 - self.recent[pair];
        self.recent[pair] = place;
        let place = 2 * pair + usize::from(place);
        self.entries[place] = Entry { key, scales: rows.map(|row| row.scale) };
        let (first, second) =
            self.numbers[place * self.width..][..self.width].split_at_mut(rows[0].numbers.len());
        first.copy_from_slice(rows[0].numbers);
        second.copy_from_slice(rows[1].numbers);
    }
}

const fn pair(key: u64) -> usize {
    key as usize & (PAIRS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_rows_until_their_place_is_needed() {
        let rows = [IntRow { numbers: &[1, 2], scale: 1.0 }, IntRow { numbers: &[3, 4, 5], scale: 0.5 }];
        let mut memo = Memo::default();
        memo.clear(5);
        assert_eq!(memo.find(7), None);
        memo.put(7, rows);
        let place = memo.find(7).expect("it was put there");
        assert_eq!(memo.rows(place, 2), rows);
        let [second, third] = [1, 2].map(|i| 7 + i * PAIRS as u64);
        memo.put(second, rows);
        memo.find(7);
        memo.put(third, rows);
        assert_eq!([7, second, third].map(|key| memo.find(key).is_some()), [true, false, true]);
    }
}
