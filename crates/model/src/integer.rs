//! Products with matrices of whole numbers: twice as fast as floating-point ones, and exact, so that the order of
//! the sums and the width of the machine's vectors cannot change a bit.
//!
//! Weights are rounded to twelve bits by column, the numbers on the left to twelve bits by row. A product of two
//! is below 2^22, and 2^9 of them fit a sum of 32 bits. The rounding costs less than a ten-thousandth of a score.

use crate::wide::wide;

/// Columns of a panel.
const WIDE: usize = 16;
/// Rows that are worked on at once.
const TALL: usize = 4;
/// The largest whole number on either side.
const LARGEST: f32 = 2047.0;
/// The most rows a matrix may have: more could overflow a sum.
pub const DEEPEST: usize = 512;

/// Two rows of a panel, column by column: `[r0c0 r1c0 r0c1 r1c1 …]`, the order in which the machine multiplies pairs.
type Pairs = [i16; 2 * WIDE];

/// A matrix of `depth` rows and `width` columns, in panels of sixteen columns, two rows at a time.
#[derive(Clone, Debug, Default)]
pub struct IntPanels {
    depth: usize,
    width: usize,
    data: Vec<Pairs>,
    /// What a whole number of each column is worth.
    scales: Vec<f32>,
}

/// Rows of numbers rounded to whole ones, used again for every product.
#[derive(Clone, Debug, Default)]
pub struct IntRows {
    /// Rows of an even number of whole numbers.
    data: Vec<i16>,
    /// What a whole number of each row is worth.
    scales: Vec<f32>,
    /// Whole numbers of a row.
    depth: usize,
}

impl IntRows {
    /// Rounds rows of `depth` numbers.
    pub fn round(&mut self, rows: &[f32], depth: usize) {
        self.depth = depth.next_multiple_of(2);
        let len = rows.len() / depth.max(1) * self.depth;
        // Never made shorter, for what is put back again would have to be cleared.
        if self.data.len() < len {
            self.data.resize(len, 0);
        }
        self.scales.clear();
        for (out, row) in self.data.chunks_exact_mut(self.depth.max(1)).zip(rows.chunks_exact(depth.max(1))) {
            self.scales.push(round_row(row, out));
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }
}

impl IntPanels {
    /// Rounds and packs a row-major matrix of `depth × width`.
    ///
    /// # Panics
    /// If it has another size, or more than [`DEEPEST`] rows.
    pub fn new(matrix: &[f32], depth: usize, width: usize) -> Self {
        assert!(matrix.len() == depth * width && depth <= DEEPEST, "a matrix of {depth} × {width}");
        let column = |column: usize| (0..depth).map(move |row| matrix[row * width + column]);
        let scales: Vec<f32> = (0..width).map(|c| scale(largest(column(c)), LARGEST)).collect();
        let mut data = vec![[0; 2 * WIDE]; width.div_ceil(WIDE) * depth.div_ceil(2)];
        for (c, &scale) in scales.iter().enumerate() {
            let panel = &mut data[c / WIDE * depth.div_ceil(2)..];
            for (row, weight) in column(c).enumerate() {
                panel[row / 2][2 * (c % WIDE) + row % 2] = whole(weight / scale);
            }
        }
        Self { depth, width, data, scales }
    }

    /// Number of rows.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Sets `out` (rows of [`width`](Self::width)) to `bias + left × self`; an empty `bias` is zero.
    ///
    /// # Panics
    /// If the rows of `left` are not `depth` long, or `out` does not have as many rows.
    pub fn multiply(&self, left: &IntRows, bias: &[f32], out: &mut [f32]) {
        let depth = self.depth.next_multiple_of(2);
        assert!(left.depth == depth && out.len() == left.len() * self.width, "rows on both sides");
        let pairs = (depth / 2).max(1);
        for (panel, data) in self.data.chunks_exact(pairs).enumerate() {
            let first = panel * WIDE;
            let n = WIDE.min(self.width - first);
            let mut start = [0.0; WIDE];
            if !bias.is_empty() {
                start[..n].copy_from_slice(&bias[first..first + n]);
            }
            let mut scales = [0.0; WIDE];
            scales[..n].copy_from_slice(&self.scales[first..first + n]);
            let column = Column { start, scales };
            let mut row = 0;
            while row < left.len() {
                let tall = TALL.min(left.len() - row);
                let part = &left.data[row * depth..(row + tall) * depth];
                let worth = &left.scales[row..row + tall];
                let out = &mut out[row * self.width + first..];
                match tall {
                    1 => write(&column.values(block::<1>(part, data), worth), out, self.width, n),
                    2 => write(&column.values(block::<2>(part, data), worth), out, self.width, n),
                    3 => write(&column.values(block::<3>(part, data), worth), out, self.width, n),
                    _ => write(&column.values(block::<TALL>(part, data), worth), out, self.width, n),
                }
                row += tall;
            }
        }
    }
}

/// Of a panel's columns: what is added, and what a whole number is worth.
struct Column {
    start: [f32; WIDE],
    scales: [f32; WIDE],
}

impl Column {
    /// What sums are worth, in rows of which a whole number has another worth each.
    #[expect(
        clippy::cast_precision_loss,
        reason = "24 bits of a sum are more than its twelve-bit parts hold"
    )]
    fn values<const N: usize>(&self, sums: [[i32; WIDE]; N], worth: &[f32]) -> [[f32; WIDE]; N] {
        let mut values = [self.start; N];
        for ((values, sums), worth) in values.iter_mut().zip(&sums).zip(worth) {
            for ((value, &sum), scale) in values.iter_mut().zip(sums).zip(&self.scales) {
                *value += worth * scale * sum as f32;
            }
        }
        values
    }
}

/// Puts the first `n` values of each row at the start of rows of `width`.
fn write(values: &[[f32; WIDE]], out: &mut [f32], width: usize, n: usize) {
    for (row, values) in values.iter().enumerate() {
        let out = &mut out[row * width..][..n];
        match <&mut [f32; WIDE]>::try_from(&mut *out) {
            Ok(out) => *out = *values,
            Err(_) => out.copy_from_slice(&values[..n]),
        }
    }
}

fn block<const N: usize>(left: &[i16], data: &[Pairs]) -> [[i32; WIDE]; N] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the same sums by the machine's wider vectors")]
        // SAFETY: the machine has AVX2, the one thing the function asks for.
        return unsafe { avx2::block(left, data) };
    }
    portable(left, data)
}

fn portable<const N: usize>(left: &[i16], data: &[Pairs]) -> [[i32; WIDE]; N] {
    let depth = left.len() / N;
    let mut sums = [[0; WIDE]; N];
    for (sums, left) in sums.iter_mut().zip(left.chunks_exact(depth.max(1))) {
        for (&[a, b], pairs) in left.as_chunks::<2>().0.iter().zip(data) {
            for (sum, &[first, second]) in sums.iter_mut().zip(pairs.as_chunks::<2>().0) {
                *sum += i32::from(a) * i32::from(first) + i32::from(b) * i32::from(second);
            }
        }
    }
    sums
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi32, _mm256_madd_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
    };

    use super::{Pairs, WIDE};

    #[target_feature(enable = "avx2")]
    pub(super) fn block<const N: usize>(left: &[i16], data: &[Pairs]) -> [[i32; WIDE]; N] {
        let pairs = left.len() / N / 2;
        let rows: [&[[i16; 2]]; N] =
            std::array::from_fn(|row| &left.as_chunks::<2>().0[row * pairs..][..pairs]);
        let mut sums = [[_mm256_setzero_si256(); 2]; N];
        for (k, weights) in data[..pairs].iter().enumerate() {
            let [low, high] = bytemuck::cast::<Pairs, [__m256i; 2]>(*weights);
            for (sums, row) in sums.iter_mut().zip(rows) {
                let both = _mm256_set1_epi32(bytemuck::cast::<[i16; 2], i32>(row[k]));
                sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(low, both));
                sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(high, both));
            }
        }
        sums.map(bytemuck::cast::<[__m256i; 2], [i32; WIDE]>)
    }
}

wide! {
    /// Rounds a row to whole numbers of twelve bits and says what one of them is worth.
    fn round_row(row: &[f32], out: &mut [i16]) -> f32 {
        round(row, out, LARGEST, |number| number)
    }
}

wide! {
    /// Rounds a row to bytes and says what one of them is worth.
    pub(crate) fn round_bytes(row: &[f32], out: &mut [i8]) -> f32 {
        round(row, out, 127.0, |number| number as i8)
    }
}

#[expect(clippy::inline_always, reason = "it must take the vector width of its caller")]
#[inline(always)]
fn round<T>(row: &[f32], out: &mut [T], most: f32, part: impl Fn(i16) -> T) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (chunks, rest) = row.as_chunks::<8>();
    for chunk in chunks {
        for (lane, number) in lanes.iter_mut().zip(chunk) {
            *lane = if number.abs() > *lane { number.abs() } else { *lane };
        }
    }
    let scale = scale(largest(lanes.iter().chain(rest).copied()), most);
    let factor = 1.0 / scale;
    for (out, &number) in out.iter_mut().zip(row) {
        *out = part(whole(number * factor));
    }
    scale
}

fn largest(numbers: impl Iterator<Item = f32>) -> f32 {
    numbers.fold(0.0, |largest, number| number.abs().max(largest))
}

fn scale(largest: f32, most: f32) -> f32 {
    if largest > 0.0 { largest / most } else { 1.0 }
}

/// The nearest whole number, of two equally near ones the even one.
#[inline]
fn whole(number: f32) -> i16 {
    // Adding and taking off 3 · 2^22 leaves no bits after the point, which every machine does the same way and fast.
    const MAGIC: f32 = 12_582_912.0;
    let shifted = number + MAGIC;
    shifted.to_bits().wrapping_sub(MAGIC.to_bits()).cast_signed() as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn rounds_to_the_nearest() {
        for (number, rounded) in
            [(0.4, 0), (0.6, 1), (-0.6, -1), (2046.7, 2047), (-2047.0, -2047), (1.5, 2), (2.5, 2)]
        {
            assert_eq!(whole(number), rounded, "{number}");
        }
    }

    #[test]
    fn wide_and_plain_sums_are_the_same() {
        let mut random = Random::new(5);
        let mut numbers =
            |len: usize| (0..len).map(|_| (4094.0 * random.unit() - 2047.0) as i16).collect::<Vec<_>>();
        let left = numbers(4 * 512);
        let data: Vec<Pairs> = numbers(256 * 32).as_chunks::<32>().0.to_vec();
        assert_eq!(block::<4>(&left, &data), portable::<4>(&left, &data));
        assert_eq!(block::<1>(&left[..512], &data), portable::<1>(&left[..512], &data));
        let extreme = (vec![2047; 512], vec![[2047; 32]; 256]);
        assert_eq!(block::<1>(&extreme.0, &extreme.1), [[512 * 2047 * 2047; WIDE]]);
    }

    #[test]
    fn products_come_near_those_of_the_schoolbook() {
        let mut random = Random::new(1);
        for (rows, depth, width) in
            [(1, 1_u8, 1), (4, 8, 16), (5, 7, 18), (9, 33, 50), (0, 4, 4), (3, 16, 31)]
        {
            let (worth, depth) = (f32::from(depth), usize::from(depth));
            let mut matrix = |len: usize| (0..len).map(|_| random.symmetric()).collect::<Vec<f32>>();
            let (left, right, bias) = (matrix(rows * depth), matrix(depth * width), matrix(width));
            let (mut ints, mut out) = (IntRows::default(), vec![0.0; rows * width]);
            ints.round(&left, depth);
            IntPanels::new(&right, depth, width).multiply(&ints, &bias, &mut out);
            for r in 0..rows {
                for c in 0..width {
                    let sum: f32 =
                        bias[c] + (0..depth).map(|k| left[r * depth + k] * right[k * width + c]).sum::<f32>();
                    let found = out[r * width + c];
                    assert!(
                        (found - sum).abs() < 1e-3 * worth,
                        "{rows}×{depth}×{width} at {r}, {c}: {found} {sum}"
                    );
                }
            }
        }
    }
}
