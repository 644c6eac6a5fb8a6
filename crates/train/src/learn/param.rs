//! Parameters, and the steps that change them.

use demarche_model::{Adam, Moments, Panels, Random};

/// Parameters with their slopes and moments.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) values: Vec<f32>,
    pub(crate) slopes: Vec<f32>,
    pub(crate) moments: Moments,
}

impl Param {
    pub(crate) fn zeros(len: usize) -> Self {
        Self { values: vec![0.0; len], slopes: vec![0.0; len], moments: Moments::new(len) }
    }

    /// Evenly spread around zero, no larger than `size`.
    pub(crate) fn random(len: usize, size: f32, random: &mut Random) -> Self {
        let mut param = Self::zeros(len);
        param.values.iter_mut().for_each(|value| *value = size * random.symmetric());
        param
    }

    /// A matrix `depth × width` (Glorot & Bengio 2010), as if it were as wide as `deep`.
    pub(crate) fn matrix(depth: usize, width: usize, fan: usize, random: &mut Random) -> Self {
        Self::random(depth * width, (6.0 / (depth + fan) as f32).sqrt(), random)
    }

    pub(crate) fn step(&mut self, now: &Schedule) {
        self.slopes.iter_mut().for_each(|slope| *slope *= now.scale);
        now.adam.step(&mut self.values, &self.slopes, &mut self.moments, 0, now.step);
        self.slopes.fill(0.0);
    }

    /// A step of the rows named, of `dim` numbers each, and of no other.
    pub(crate) fn step_rows(&mut self, rows: impl IntoIterator<Item = usize>, dim: usize, now: &Schedule) {
        for row in rows {
            let range = row * dim..(row + 1) * dim;
            let slopes = &mut self.slopes[range.clone()];
            for slope in slopes.iter_mut() {
                *slope *= now.scale;
            }
            now.adam.step(&mut self.values[range.clone()], slopes, &mut self.moments, range.start, now.step);
            slopes.fill(0.0);
        }
    }
}

/// A matrix and what is added to its products.
#[derive(Debug)]
pub(crate) struct Dense {
    pub(crate) matrix: Param,
    pub(crate) bias: Param,
    pub(crate) depth: usize,
}

impl Dense {
    pub(crate) fn new(depth: usize, width: usize, fan: usize, random: &mut Random) -> Self {
        Self { matrix: Param::matrix(depth, width, fan, random), bias: Param::zeros(width), depth }
    }

    /// `bias + input × matrix`, row by row.
    pub(crate) fn forward(&self, input: &[f32]) -> Vec<f32> {
        let width = self.bias.values.len();
        let mut out = vec![0.0; input.len() / self.depth * width];
        Panels::new(&self.matrix.values, self.depth, width).multiply(input, &self.bias.values, &mut out);
        out
    }

    /// Adds to the slopes of matrix and bias, returns those of the input.
    pub(crate) fn back(&mut self, input: &[f32], out_slopes: &[f32]) -> Vec<f32> {
        super::back(input, out_slopes, self.depth, &mut self.matrix, Some(&mut self.bias))
    }

    pub(crate) fn step(&mut self, now: &Schedule) {
        self.matrix.step(now);
        self.bias.step(now);
    }
}

/// The step that comes now: the rate rises over the first steps, then falls to nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    adam: Adam,
    step: u32,
    scale: f32,
}

impl Schedule {
    /// Step number `step`, from 1, of `total`, for a batch of `n_words`.
    pub(crate) fn new(rate: f32, step: u32, total: u32, n_words: usize) -> Self {
        const WARM_UP: f32 = 200.0;
        let done = step as f32;
        let rate = rate * (done / WARM_UP).min(1.0) * (1.0 - (done - 1.0) / total.max(1) as f32).max(0.0);
        let adam = Adam { rate, beta1: 0.9, beta2: 0.98, epsilon: 1e-8 };
        Self { adam, step, scale: 1.0 / n_words as f32 }
    }
}

pub(crate) fn add(sum: &mut [f32], part: &[f32]) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
}

pub(crate) fn add_scaled(sum: &mut [f32], part: &[f32], factor: f32) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += factor * part);
}
