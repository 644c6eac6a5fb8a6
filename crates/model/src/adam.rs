//! Adam (Kingma & Ba 2015, algorithm 1), a step over any stretch of parameters.

/// How large the steps are.
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    /// Step size.
    pub rate: f32,
    /// Decay of the mean of the gradients.
    pub beta1: f32,
    /// Decay of the mean of their squares.
    pub beta2: f32,
    /// Keeps the division finite.
    pub epsilon: f32,
}

/// Running means of the gradients and of their squares, one each a parameter.
#[derive(Clone, Debug)]
pub struct Moments {
    mean: Vec<f32>,
    square: Vec<f32>,
}

impl Moments {
    /// Of as many parameters, all zero.
    pub fn new(len: usize) -> Self {
        Self { mean: vec![0.0; len], square: vec![0.0; len] }
    }
}

impl Adam {
    /// One step of the parameters at `first..first + weights.len()` of a table whose moments are given.
    ///
    /// `step` counts from 1 and corrects the bias of the young means. Rows that a batch does not touch may be
    /// left out: their moments then wait for their next turn.
    ///
    /// # Panics
    /// If gradients or moments are fewer than the weights.
    pub fn step(
        &self,
        weights: &mut [f32],
        gradient: &[f32],
        moments: &mut Moments,
        first: usize,
        step: u32,
    ) {
        let correction = |beta: f32| 1.0 - beta.powi(step.min(1 << 20).cast_signed());
        let rate = self.rate * correction(self.beta2).sqrt() / correction(self.beta1);
        let range = first..first + weights.len();
        let (mean, square) = (&mut moments.mean[range.clone()], &mut moments.square[range]);
        for (((weight, &slope), mean), square) in weights.iter_mut().zip(gradient).zip(mean).zip(square) {
            *mean = self.beta1 * *mean + (1.0 - self.beta1) * slope;
            *square = self.beta2 * *square + (1.0 - self.beta2) * slope * slope;
            *weight -= rate * *mean / (square.sqrt() + self.epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let adam = Adam { rate: 0.05, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
        let mut weights = [3.0, -2.0];
        let mut moments = Moments::new(2);
        for step in 1..500 {
            let gradient = [2.0 * (weights[0] - 1.0), 2.0 * (weights[1] - 0.5)];
            adam.step(&mut weights, &gradient, &mut moments, 0, step);
        }
        assert!((weights[0] - 1.0).abs() < 1e-2 && (weights[1] - 0.5).abs() < 1e-2, "{weights:?}");
    }
}
