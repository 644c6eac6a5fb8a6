//! Products and their ways back, masks, losses.

use std::ops::Range;

use demarche_model::{Panels, Random};

use super::{Param, add};

/// The way back through a product: adds to the slopes of matrix and bias, returns those of the input.
pub(crate) fn back(
    input: &[f32],
    out_slopes: &[f32],
    depth: usize,
    matrix: &mut Param,
    bias: Option<&mut Param>,
) -> Vec<f32> {
    let width = matrix.values.len() / depth;
    let n = input.len() / depth;
    if let Some(bias) = bias {
        for slopes in out_slopes.chunks_exact(width) {
            add(&mut bias.slopes, slopes);
        }
    }
    let mut matrix_slopes = vec![0.0; matrix.values.len()];
    Panels::new(out_slopes, n, width).multiply(&transposed(input, n, depth), &[], &mut matrix_slopes);
    add(&mut matrix.slopes, &matrix_slopes);
    let mut slopes = vec![0.0; input.len()];
    let transposed = transposed(&matrix.values, depth, width);
    Panels::new(&transposed, width, depth).multiply(out_slopes, &[], &mut slopes);
    slopes
}

fn transposed(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; matrix.len()];
    for (r, row) in matrix.chunks_exact(columns).enumerate() {
        for (c, &number) in row.iter().enumerate() {
            out[c * rows + r] = number;
        }
    }
    out
}

/// Zero for numbers left out, otherwise what keeps the sum as large; the same for all words of a sentence
/// (Gal & Ghahramani 2016).
pub(crate) fn mask(sentences: &[Range<usize>], width: usize, dropout: f32, random: &mut Random) -> Vec<f32> {
    let keep = 1.0 - dropout;
    let mut mask = Vec::with_capacity(sentences.iter().map(Range::len).sum::<usize>() * width);
    for sentence in sentences {
        let start = mask.len();
        mask.extend((0..width).map(|_| if random.unit() < keep { 1.0 / keep } else { 0.0 }));
        for _ in 1..sentence.len() {
            mask.extend_from_within(start..start + width);
        }
    }
    mask
}

pub(crate) fn times(left: &[f32], right: &[f32]) -> Vec<f32> {
    left.iter().zip(right).map(|(left, right)| left * right).collect()
}

/// The loss of a softmax over the scores, and its slopes.
pub(crate) fn cross_entropy(scores: &[f32], gold: usize, slopes: &mut [f32]) -> f64 {
    let largest = scores.iter().fold(f32::NEG_INFINITY, |largest, &score| largest.max(score));
    let mut sum = 0.0;
    for (slope, &score) in slopes.iter_mut().zip(scores) {
        *slope = (score - largest).exp();
        sum += *slope;
    }
    for slope in slopes.iter_mut() {
        *slope /= sum;
    }
    let loss = -f64::from(slopes[gold].max(f32::MIN_POSITIVE)).ln();
    slopes[gold] -= 1.0;
    loss
}

/// The positive part of some columns, with dropout, as rows of their own.
pub(crate) fn relu(rows: &[f32], row_width: usize, first: usize, mask: &[f32], width: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(mask.len());
    for (row, mask) in rows.chunks_exact(row_width).zip(mask.chunks_exact(width)) {
        out.extend(row[first..first + width].iter().zip(mask).map(|(number, mask)| number.max(0.0) * mask));
    }
    out
}

/// Adds the slopes that reach the columns through [`relu`].
pub(crate) fn relu_back(
    out: &[f32],
    out_slopes: &[f32],
    mask: &[f32],
    width: usize,
    slopes: &mut [f32],
    row_width: usize,
    first: usize,
) {
    let parts = out.chunks_exact(width).zip(out_slopes.chunks_exact(width)).zip(mask.chunks_exact(width));
    for (row, ((out, out_slopes), mask)) in slopes.chunks_exact_mut(row_width).zip(parts) {
        let row = &mut row[first..first + width];
        for (((slope, out), out_slope), mask) in row.iter_mut().zip(out).zip(out_slopes).zip(mask) {
            if *out > 0.0 {
                *slope += out_slope * mask;
            }
        }
    }
}
