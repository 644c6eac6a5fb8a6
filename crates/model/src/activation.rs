//! Squashing functions made of arithmetic alone, so that every machine computes the same bits.

/// A rational stand-in for the hyperbolic tangent (Padé, `x(27 + x²) / (27 + 9x²)`), exactly ±1 from ±3 on.
pub fn tanh(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    let square = x * x;
    x * (27.0 + square) / (27.0 + 9.0 * square)
}

/// Slope of [`tanh`] at `x`.
pub fn tanh_slope(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    let square = x * x;
    let root = (9.0 - square) / (9.0 + 3.0 * square);
    root * root
}

/// The logistic function made from [`tanh`]: exactly 0 or 1 beyond ±6.
pub fn sigmoid(x: f32) -> f32 {
    0.5 + 0.5 * tanh(0.5 * x)
}

/// Slope of [`sigmoid`] at `x`.
pub fn sigmoid_slope(x: f32) -> f32 {
    0.25 * tanh_slope(0.5 * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_functions() {
        for step in -80_i16..=80 {
            let x = f32::from(step) / 10.0;
            let h = 1e-2;
            let tanh_rise = (tanh(x + h) - tanh(x - h)) / (2.0 * h);
            let sigmoid_rise = (sigmoid(x + h) - sigmoid(x - h)) / (2.0 * h);
            assert!((tanh_rise - tanh_slope(x)).abs() < 1e-3, "{x}: {tanh_rise} {}", tanh_slope(x));
            assert!((sigmoid_rise - sigmoid_slope(x)).abs() < 1e-3, "{x}");
        }
        assert_eq!((tanh(9.0), tanh(-9.0), sigmoid(7.0), sigmoid(-7.0)), (1.0, -1.0, 1.0, 0.0));
    }
}
