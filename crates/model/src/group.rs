//! What the first layer makes of a group of features, as bytes: the sum of their rows, and what its product adds to
//! each of the three gates. Bytes are a quarter of the memory that has to be fetched for a word, and cost no accuracy.

use crate::DEEPEST;
use crate::integer::round_bytes;
use crate::quantize::add_row;
use crate::wide::wide;

/// A vector and three gates.
pub(crate) const PARTS: usize = 4;

/// The parts of a group, one after the other, and what a byte of each is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parts<'p> {
    pub(crate) bytes: &'p [i8],
    pub(crate) scales: [f32; PARTS],
}

impl Parts<'_> {
    /// Of a group without features.
    pub(crate) const NONE: Parts<'static> = Parts { bytes: &[0; PARTS * DEEPEST], scales: [0.0; PARTS] };

    /// Asks the machine for all of them at once, which is faster than line by line when they are far away.
    pub(crate) fn fetch(self) {
        const LINE: usize = 64;
        std::hint::black_box(self.bytes.iter().step_by(LINE).fold(0, |seen, byte| seen ^ byte));
    }

    fn part(&self, part: usize, dim: usize) -> &[i8] {
        &self.bytes[part * dim..][..dim]
    }
}

/// Sets a word's vector to the sum of its groups', and its gates to `bias` and the sum of theirs.
pub(crate) fn sum<'p>(
    mut groups: impl Iterator<Item = Parts<'p>>,
    bias: &[f32],
    vector: &mut [f32],
    gates: &mut [f32],
) {
    let dim = vector.len();
    // Most words have two groups: one pass is enough for them.
    let [first, second] = [(); 2].map(|()| groups.next().unwrap_or(Parts::NONE));
    let two = |part, start: &[f32], sum: &mut [f32]| {
        let bytes = [first.part(part, dim), second.part(part, dim)];
        sum_two(bytes, [first.scales[part], second.scales[part]], start, sum);
    };
    two(0, &[0.0; DEEPEST], vector);
    for (part, (gate, bias)) in gates.chunks_exact_mut(dim).zip(bias.chunks_exact(dim)).enumerate() {
        two(part + 1, bias, gate);
    }
    for group in groups {
        add_row(vector, group.part(0, dim), group.scales[0]);
        for (part, gate) in gates.chunks_exact_mut(dim).enumerate() {
            add_row(gate, group.part(part + 1, dim), group.scales[part + 1]);
        }
    }
}

/// Groups as bytes.
#[derive(Debug, Default)]
pub(crate) struct Rounded {
    bytes: Vec<i8>,
    scales: Vec<[f32; PARTS]>,
}

impl Rounded {
    /// Rounds groups of vectors of `dim` numbers and gates of three times as many.
    pub(crate) fn round(&mut self, vectors: &[f32], gates: &[f32], dim: usize) {
        self.scales.clear();
        self.bytes.resize(vectors.len() + gates.len(), 0);
        let bytes = self.bytes.chunks_exact_mut(PARTS * dim);
        let groups = vectors.chunks_exact(dim).zip(gates.chunks_exact((PARTS - 1) * dim));
        for (bytes, (vector, gates)) in bytes.zip(groups) {
            let mut scales = [0.0; PARTS];
            let parts = std::iter::once(vector).chain(gates.chunks_exact(dim));
            for ((scale, bytes), part) in scales.iter_mut().zip(bytes.chunks_exact_mut(dim)).zip(parts) {
                *scale = round_bytes(part, bytes);
            }
            self.scales.push(scales);
        }
    }

    /// A group.
    pub(crate) fn parts(&self, group: usize) -> Parts<'_> {
        let width = self.bytes.len() / self.scales.len();
        Parts { bytes: &self.bytes[group * width..][..width], scales: self.scales[group] }
    }
}

wide! {
    /// `sum = start + scales[0] × bytes[0] + scales[1] × bytes[1]`.
    fn sum_two(bytes: [&[i8]; 2], scales: [f32; 2], start: &[f32], sum: &mut [f32]) {
        let bytes = bytes[0].iter().zip(bytes[1]);
        for ((sum, start), (&first, &second)) in sum.iter_mut().zip(start).zip(bytes) {
            *sum = start + scales[0] * f32::from(first) + scales[1] * f32::from(second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_come_near_those_of_the_numbers() {
        let (vectors, gates) =
            ([1.0, -0.5, 0.25, 8.0], [0.1, 0.2, 3.0, 4.0, -5.0, 6.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0]);
        let mut rounded = Rounded::default();
        rounded.round(&vectors, &gates, 2);
        for n_groups in 0..4 {
            // The second group comes twice.
            let groups = [0, 1, 1].into_iter().take(n_groups);
            let (mut vector, mut gate) = ([0.0; 2], [0.0; 6]);
            sum(groups.clone().map(|group| rounded.parts(group)), &[1.0; 6], &mut vector, &mut gate);
            for i in 0..2 {
                let wanted: f32 = groups.clone().map(|group| vectors[2 * group + i]).sum();
                assert!((vector[i] - wanted).abs() < 0.1, "{vector:?}");
            }
            for i in 0..6 {
                let wanted: f32 = 1.0 + groups.clone().map(|group| gates[6 * group + i]).sum::<f32>();
                assert!((gate[i] - wanted).abs() < 0.1, "{gate:?}");
            }
        }
    }
}
