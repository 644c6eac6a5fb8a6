/// A row of weights as bytes: `weight ≈ byte × scale`. Writes the bytes and returns the scale, the largest
/// weight's size over 127.
pub fn quantize_row(row: &[f32], bytes: &mut Vec<i8>) -> f32 {
    let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    bytes.extend(row.iter().map(|weight| (weight / scale).round().clamp(-127.0, 127.0) as i8));
    scale
}
