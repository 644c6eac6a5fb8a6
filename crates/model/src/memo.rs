//! What was computed for a key, kept until another key needs its place.

/// Places, a power of two. The four thousand most frequent forms of English are about nine in ten words of running news.
const PLACES: usize = 1 << 12;

/// Rows of numbers by key. Two keys may have the same place: the later one takes it.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    keys: Vec<Option<u64>>,
    width: usize,
    rows: Vec<f32>,
}

impl Memo {
    /// Forgets everything; rows are `width` numbers from now on.
    pub(crate) fn clear(&mut self, width: usize) {
        self.width = width;
        self.keys.clear();
        self.keys.resize(PLACES, None);
        self.rows = vec![0.0; PLACES * width];
    }

    /// The row of a key, and whether it holds what was written for that key; if not, the caller writes it.
    pub(crate) fn entry(&mut self, key: u64) -> (&mut [f32], bool) {
        let place = key as usize & (PLACES - 1);
        let known = self.keys[place] == Some(key);
        self.keys[place] = Some(key);
        (&mut self.rows[place * self.width..][..self.width], known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_rows_until_their_place_is_needed() {
        let mut memo = Memo::default();
        memo.clear(2);
        assert!(!memo.entry(7).1);
        memo.entry(7).0.copy_from_slice(&[1.0, 2.0]);
        assert_eq!(memo.entry(7), (&mut [1.0, 2.0][..], true));
        let rival = 7 + PLACES as u64;
        assert!(!memo.entry(rival).1 && !memo.entry(7).1);
    }
}
