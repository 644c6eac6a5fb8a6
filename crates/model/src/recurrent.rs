//! The simple recurrent unit (Lei et al. 2018, without the cell's own part in the gates), half of it reading
//! forwards, half backwards.
//!
//! A sentence of `n` words is rows of `dim` numbers. `gates` has rows of `3 dim`: candidate, forget gate and
//! highway gate before squashing. For each number, with `c` of the word before (after, in the second half):
//!
//! ```text
//! c' = f c + (1 - f) z        f = sigmoid(gates[dim..]),  z = gates[..dim]
//! out = r tanh(c') + (1 - r) x    r = sigmoid(gates[2 dim..])
//! ```

use crate::wide::wide;
use crate::{DEEPEST, sigmoid, sigmoid_slope, tanh, tanh_slope};

wide! {
    /// Runs over one sentence: writes `out` and the cells, rows of `dim` like `input`.
    ///
    /// # Panics
    /// If the slices are not as long as the sentence calls for, or `dim` is above [`DEEPEST`].
    pub fn recur(gates: &[f32], input: &[f32], dim: usize, cells: &mut [f32], out: &mut [f32]) {
        let n_words = input.len() / dim;
        let half = dim / 2;
        let zeros = [0.0; DEEPEST];
        for step in 0..n_words {
            for (side, word) in [(0, step), (half, n_words - 1 - step)] {
                let gates = &gates[word * 3 * dim..][..3 * dim];
                let candidate = &gates[side..][..half];
                let forget = &gates[dim + side..][..half];
                let highway = &gates[2 * dim + side..][..half];
                let at = word * dim + side;
                let input = &input[at..][..half];
                let out = &mut out[at..][..half];
                let (before, cell) = match (step, side) {
                    (0, _) => (&zeros[..half], &mut cells[at..][..half]),
                    (_, 0) => {
                        let (before, cell) = cells.split_at_mut(at);
                        (&before[at - dim..][..half], &mut cell[..half])
                    }
                    _ => {
                        let (cell, before) = cells.split_at_mut(at + half);
                        (&before[dim - half..][..half], &mut cell[at..][..half])
                    }
                };
                for i in 0..half {
                    let f = sigmoid(forget[i]);
                    let r = sigmoid(highway[i]);
                    let c = f * before[i] + (1.0 - f) * candidate[i];
                    cell[i] = c;
                    out[i] = r * tanh(c) + (1.0 - r) * input[i];
                }
            }
        }
    }
}

/// The way back over one sentence: from the slopes of `out` to those of `gates` (set) and of `input` (set).
///
/// # Panics
/// If the slices are not as long as the sentence calls for.
pub fn recur_back(
    gates: &[f32],
    input: &[f32],
    cells: &[f32],
    dim: usize,
    out_slopes: &[f32],
    gate_slopes: &mut [f32],
    input_slopes: &mut [f32],
) {
    let n_words = input.len() / dim;
    let half = dim / 2;
    let mut carry = vec![0.0_f32; dim];
    let zeros = vec![0.0_f32; half];
    for step in (0..n_words).rev() {
        for (side, word) in [(0, step), (half, n_words - 1 - step)] {
            let before = match (step, side) {
                (0, _) => &zeros[..],
                (_, 0) => &cells[(word - 1) * dim + side..][..half],
                _ => &cells[(word + 1) * dim + side..][..half],
            };
            let carry = &mut carry[side..][..half];
            let at = word * dim + side;
            let gate = word * 3 * dim + side;
            for i in 0..half {
                let (z, f_raw, r_raw) = (gates[gate + i], gates[gate + dim + i], gates[gate + 2 * dim + i]);
                let (f, r, c) = (sigmoid(f_raw), sigmoid(r_raw), cells[at + i]);
                let slope = out_slopes[at + i];
                input_slopes[at + i] = slope * (1.0 - r);
                gate_slopes[gate + 2 * dim + i] = slope * (tanh(c) - input[at + i]) * sigmoid_slope(r_raw);
                let cell_slope = slope * r * tanh_slope(c) + carry[i];
                gate_slopes[gate + dim + i] = cell_slope * (before[i] - z) * sigmoid_slope(f_raw);
                gate_slopes[gate + i] = cell_slope * (1.0 - f);
                carry[i] = cell_slope * f;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    /// Sum of the outputs, each with a weight of its own.
    fn loss(gates: &[f32], input: &[f32], dim: usize, weights: &[f32]) -> f64 {
        let (mut cells, mut out) = (vec![0.0; input.len()], vec![0.0; input.len()]);
        recur(gates, input, dim, &mut cells, &mut out);
        out.iter().zip(weights).map(|(out, weight)| f64::from(out * weight)).sum()
    }

    #[test]
    fn slopes_are_those_of_the_outputs() {
        let (dim, n_words) = (6, 4);
        let mut random = Random::new(7);
        let mut numbers = |len: usize| (0..len).map(|_| 2.0 * random.symmetric()).collect::<Vec<f32>>();
        let (gates, input, weights) =
            (numbers(3 * dim * n_words), numbers(dim * n_words), numbers(dim * n_words));
        let (mut cells, mut out) = (vec![0.0; input.len()], vec![0.0; input.len()]);
        recur(&gates, &input, dim, &mut cells, &mut out);
        let (mut gate_slopes, mut input_slopes) = (vec![0.0; gates.len()], vec![0.0; input.len()]);
        recur_back(&gates, &input, &cells, dim, &weights, &mut gate_slopes, &mut input_slopes);
        let h = 1e-2;
        let rise = |moved: &dyn Fn(f32) -> f64| (moved(h) - moved(-h)) / f64::from(2.0 * h);
        for i in 0..gates.len() {
            let moved = |by: f32| {
                let mut gates = gates.clone();
                gates[i] += by;
                loss(&gates, &input, dim, &weights)
            };
            assert!((rise(&moved) - f64::from(gate_slopes[i])).abs() < 2e-3, "gate {i}");
        }
        for i in 0..input.len() {
            let moved = |by: f32| {
                let mut input = input.clone();
                input[i] += by;
                loss(&gates, &input, dim, &weights)
            };
            assert!((rise(&moved) - f64::from(input_slopes[i])).abs() < 2e-3, "input {i}");
        }
    }
}
