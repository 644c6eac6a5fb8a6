//! The learned ranker: a hidden layer over hashed features, one score for each antecedent and one for none.

use demarche_model::{Kind, OpenError, Section, Table, Weights, add_row, dot};

/// What the model is for.
pub const KIND: Kind = Kind { name: "coref", version: 1 };

/// A network ready for use.
///
/// The score of mention `m` with antecedent `a` is `out · relu(M + A + P)` plus the same sums' last column, where `M`,
/// `A` and `P` are the sums of the rows of the mention's, the antecedent's and the pair's features; that of no
/// antecedent is the same over the features of the mention as a new one, with `out.new`.
///
/// Sections of the model: `width` (of a row), `feature.hash` (of row `i`), `feature.row` and `feature.scale` (rows as
/// bytes, and what a row's bytes are multiplied by), `bias` (of pairs, of new ones: a row each), `out` and `out.new`.
#[derive(Debug)]
pub struct Network {
    width: usize,
    rows_by_hash: Table,
    rows: Section,
    scales: Vec<f32>,
    bias: Vec<f32>,
    out: Vec<f32>,
}

impl Network {
    /// Makes the network of a model.
    ///
    /// # Errors
    /// If the model's sections do not fit together.
    pub fn open(weights: &Weights) -> Result<Self, OpenError> {
        const WIDEST: u32 = 1024;
        let width = match weights.u32s("width")?[..] {
            [width @ 1..=WIDEST] => width as usize,
            _ => return Err(OpenError::Section { section: "width", problem: "it is no width".to_owned() }),
        };
        let hashes = weights.u64s("feature.hash")?;
        let rows = weights.bytes("feature.row")?;
        if rows.len() != hashes.len() * width {
            let problem = format!("it has {} bytes where {} are wanted", rows.len(), hashes.len() * width);
            return Err(OpenError::Section { section: "feature.row", problem });
        }
        Ok(Self {
            width,
            rows_by_hash: Table::new(&hashes, |i| i as u32),
            rows,
            scales: weights.floats("feature.scale", hashes.len())?,
            bias: weights.floats("bias", 2 * width)?,
            out: weights.floats("out", 2 * width)?,
        })
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Adds the rows of features to a sum.
    pub(crate) fn add(&self, features: &[u64], sum: &mut [f32]) {
        for &hash in features {
            if let Some(row) = self.rows_by_hash.get(hash) {
                let row = row as usize;
                add_row(sum, &self.rows[row * self.width..][..self.width], self.scales[row]);
            }
        }
    }

    /// The bias of pairs, or of new ones.
    pub(crate) fn bias(&self, is_new: bool) -> &[f32] {
        &self.bias[usize::from(is_new) * self.width..][..self.width]
    }

    /// The score of a sum.
    pub(crate) fn score(&self, sum: &mut [f32], is_new: bool) -> f32 {
        let linear = sum[self.width - 1];
        for number in sum.iter_mut() {
            *number = number.max(0.0);
        }
        sum[self.width - 1] = 0.0;
        linear + dot(sum, &self.out[usize::from(is_new) * self.width..][..self.width])
    }
}
