//! What was computed for a key, kept until another key needs its place.

/// Places, a power of two. The eight thousand most frequent forms of English are more than nine in ten words of running
/// news; rows are some 2,500 bytes, all of them 20 megabytes a thread.
const PLACES: usize = 1 << 13;

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

    /// The place of a key that is remembered.
    pub(crate) fn find(&self, key: u64) -> Option<usize> {
        let place = place(key);
        (self.keys.get(place) == Some(&Some(key))).then_some(place)
    }

    /// The row at a place.
    pub(crate) fn row(&self, place: usize) -> &[f32] {
        &self.rows[place * self.width..][..self.width]
    }

    /// The row of a key, to be written.
    pub(crate) fn put(&mut self, key: u64) -> &mut [f32] {
        let place = place(key);
        self.keys[place] = Some(key);
        &mut self.rows[place * self.width..][..self.width]
    }
}

const fn place(key: u64) -> usize {
    key as usize & (PLACES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_rows_until_their_place_is_needed() {
        let mut memo = Memo::default();
        assert_eq!(memo.find(7), None);
        memo.clear(2);
        memo.put(7).copy_from_slice(&[1.0, 2.0]);
        assert_eq!(memo.find(7).map(|place| memo.row(place)), Some(&[1.0, 2.0][..]));
        let rival = 7 + PLACES as u64;
        assert_eq!(memo.find(rival), None);
        memo.put(rival);
        assert_eq!(memo.find(7), None);
    }
}
