//! Rows of weights as bytes.

use crate::wide::wide;

/// A row of weights as bytes: `weight ≈ byte × scale`. Writes the bytes and returns the scale, the largest
/// weight's size over 127.
pub fn quantize_row(row: &[f32], bytes: &mut Vec<i8>) -> f32 {
    let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    bytes.extend(row.iter().map(|weight| (weight / scale).round().clamp(-127.0, 127.0) as i8));
    scale
}

wide! {
    /// Adds a row of bytes to a vector: `vector += scale × bytes`.
    pub fn add_row(vector: &mut [f32], bytes: &[i8], scale: f32) {
        for (sum, &byte) in vector.iter_mut().zip(bytes) {
            *sum += scale * f32::from(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_near_the_weights() {
        let row = [0.5, -1.0, 0.0, 0.003];
        let mut bytes = Vec::new();
        let scale = quantize_row(&row, &mut bytes);
        let mut back = [0.0; 4];
        add_row(&mut back, &bytes, scale);
        for (weight, back) in row.iter().zip(back) {
            assert!((weight - back).abs() <= scale / 2.0, "{weight} {back}");
        }
    }

    #[test]
    fn a_row_of_zeros_stays_one() {
        let mut bytes = Vec::new();
        assert_eq!((quantize_row(&[0.0; 3], &mut bytes), bytes), (1.0, vec![0; 3]));
    }
}
