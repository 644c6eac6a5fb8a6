//! Products of matrices, as fast as the machine's vectors allow and with the same bits on every machine.
//!
//! Each output is one sum over `k` in rising order, multiplied and added in two roundings (no fused
//! multiply-add), so that wider vectors change the speed only.

use crate::wide::wide;

/// Columns of a panel.
const WIDE: usize = 16;
/// Rows that are worked on at once: four by sixteen sums stay in registers.
const TALL: usize = 4;

/// A matrix of `depth` rows and `width` columns, cut into panels of sixteen columns, each panel row by row.
///
/// A 2 × 18 matrix is two panels: `[r0c0 … r0c15, r1c0 … r1c15]`, `[r0c16 r0c17 0 …, r1c16 r1c17 0 …]`.
#[derive(Clone, Debug, Default)]
pub struct Panels {
    depth: usize,
    width: usize,
    data: Vec<[f32; WIDE]>,
}

impl Panels {
    /// Packs a row-major matrix of `depth × width`.
    ///
    /// # Panics
    /// If it has another size.
    pub fn new(matrix: &[f32], depth: usize, width: usize) -> Self {
        let mut panels = Self::default();
        panels.pack(matrix, depth, width);
        panels
    }

    /// Packs another matrix into the same memory.
    ///
    /// # Panics
    /// If it has another size than `depth × width`.
    pub fn pack(&mut self, matrix: &[f32], depth: usize, width: usize) {
        assert_eq!(matrix.len(), depth * width, "a matrix of {depth} × {width}");
        self.depth = depth;
        self.width = width;
        self.data.clear();
        for first in (0..width).step_by(WIDE) {
            let n = WIDE.min(width - first);
            self.data.extend((0..depth).map(|row| {
                let mut part = [0.0; WIDE];
                part[..n].copy_from_slice(&matrix[row * width + first..][..n]);
                part
            }));
        }
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Sets `out` (rows of [`width`](Self::width)) to `bias + left × self`; an empty `bias` is zero.
    ///
    /// # Panics
    /// If `left` is not made of rows of `depth`, or `out` does not have as many rows.
    pub fn multiply(&self, left: &[f32], bias: &[f32], out: &mut [f32]) {
        let rows = out.len() / self.width.max(1);
        assert!(left.len() == rows * self.depth && out.len() == rows * self.width, "rows on both sides");
        for (panel, data) in self.data.chunks_exact(self.depth.max(1)).enumerate() {
            let first = panel * WIDE;
            let n = WIDE.min(self.width - first);
            let mut start = [0.0; WIDE];
            if !bias.is_empty() {
                start[..n].copy_from_slice(&bias[first..first + n]);
            }
            let mut row = 0;
            while row < rows {
                // The last rows are taken once more with the ones before them, which gives the same sums again.
                let at = if rows < TALL { row } else { row.min(rows - TALL) };
                let tall = TALL.min(rows - at);
                let part = &left[at * self.depth..(at + tall) * self.depth];
                let sums = if tall == TALL {
                    block(part, self.depth, data, start)
                } else {
                    few(part, self.depth, data, start)
                };
                for (r, sum) in sums.iter().take(tall).enumerate() {
                    out[(at + r) * self.width + first..][..n].copy_from_slice(&sum[..n]);
                }
                row = at + tall;
            }
        }
    }
}

/// Less than [`TALL`] rows.
fn few(left: &[f32], depth: usize, data: &[[f32; WIDE]], start: [f32; WIDE]) -> [[f32; WIDE]; TALL] {
    let mut sums = [start; TALL];
    for (sum, left) in sums.iter_mut().zip(left.chunks_exact(depth)) {
        for (&factor, row) in left.iter().zip(data) {
            for (sum, weight) in sum.iter_mut().zip(row) {
                *sum += factor * weight;
            }
        }
    }
    sums
}

wide! {
    /// [`TALL`] rows.
    fn block(left: &[f32], depth: usize, data: &[[f32; WIDE]], start: [f32; WIDE]) -> [[f32; WIDE]; TALL] {
        let (a, rest) = left.split_at(depth);
        let (b, rest) = rest.split_at(depth);
        let (c, d) = rest.split_at(depth);
        let mut sums = [start; TALL];
        for ((((row, &a), &b), &c), &d) in data.iter().zip(a).zip(b).zip(c).zip(d) {
            for (sum, factor) in sums.iter_mut().zip([a, b, c, d]) {
                for (sum, weight) in sum.iter_mut().zip(row) {
                    *sum += factor * weight;
                }
            }
        }
        sums
    }
}

wide! {
    /// The product of two vectors: eight sums side by side, then these in order.
    pub fn dot(left: &[f32], right: &[f32]) -> f32 {
        let (left_chunks, left_rest) = left.as_chunks::<8>();
        let (right_chunks, right_rest) = right.as_chunks::<8>();
        let mut sums = [0.0; 8];
        for (left, right) in left_chunks.iter().zip(right_chunks) {
            for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
                *sum += left * right;
            }
        }
        let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
        sums.iter().sum::<f32>() + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    fn matrix(random: &mut Random, len: usize) -> Vec<f32> {
        (0..len).map(|_| random.symmetric()).collect()
    }

    #[test]
    fn products_are_those_of_the_schoolbook_bit_for_bit() {
        let mut random = Random::new(1);
        for (rows, depth, width) in [(1, 1, 1), (4, 8, 16), (5, 7, 18), (9, 33, 50), (0, 4, 4), (3, 16, 31)] {
            let (left, right) = (matrix(&mut random, rows * depth), matrix(&mut random, depth * width));
            let bias = matrix(&mut random, width);
            let mut out = vec![0.0; rows * width];
            Panels::new(&right, depth, width).multiply(&left, &bias, &mut out);
            for r in 0..rows {
                for c in 0..width {
                    let mut sum = bias[c];
                    for k in 0..depth {
                        sum += left[r * depth + k] * right[k * width + c];
                    }
                    assert_eq!(
                        out[r * width + c].to_bits(),
                        sum.to_bits(),
                        "{rows}×{depth}×{width} at {r}, {c}"
                    );
                }
            }
        }
    }

    #[test]
    fn dot_takes_the_rest() {
        let left: Vec<f32> = (0..11_u8).map(f32::from).collect();
        assert_eq!(dot(&left, &left).to_bits(), 385.0_f32.to_bits());
    }
}
