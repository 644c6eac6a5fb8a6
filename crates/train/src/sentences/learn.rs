//! The averaged perceptron with a margin, over hashed features (Freund & Schapire 1999; Krauth & Mézard 1987).

use std::fmt;

use clap::Args;
use demarche_model::{Random, quantize_row};
use demarche_tokenize::{FEATURES, TABLE, each_place};

use super::text::Text;

/// What can be set about the training.
#[derive(Clone, Debug, Args)]
pub(super) struct Hyper {
    /// Passes over the treebanks
    #[arg(long, default_value_t = 30)]
    passes: u32,
    /// Seed of all chance: the order of the places
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A place is learned from until its sum is this far on the right side
    #[arg(long, default_value_t = 20)]
    margin: i32,
    /// Features that were seen less often have no weight
    #[arg(long, default_value_t = 4)]
    min_count: u32,
}

/// Places of texts where a sentence may end, and whether one does.
pub(super) struct Examples {
    places: Vec<([u16; FEATURES], bool)>,
    n_right_by_rule: usize,
}

impl Examples {
    pub(super) fn of(texts: &[Text]) -> Self {
        let mut examples = Self { places: Vec::new(), n_right_by_rule: 0 };
        for text in texts {
            each_place(&text.text, |place| {
                let ends = text.sentences.binary_search_by_key(&place.end, |span| span.end).is_ok();
                examples.places.push((place.features, ends));
                examples.n_right_by_rule += usize::from(ends == place.by_rule);
                ends
            });
        }
        examples
    }
}

impl fmt::Display for Examples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n_places, n_ends) = (self.places.len(), self.places.iter().filter(|(_, ends)| *ends).count());
        write!(f, "{n_places} places, {n_ends} ends, rules are right at {}", self.n_right_by_rule)
    }
}

/// The weights of the model's table, as bytes.
pub(super) fn learn(examples: &Examples, hyper: &Hyper) -> Vec<i8> {
    let mut counts = vec![0; TABLE];
    for &row in examples.places.iter().flat_map(|(rows, _)| rows) {
        counts[usize::from(row)] += 1;
    }
    let is_frequent = |row: usize| counts[row] >= hyper.min_count;
    let mut random = Random::new(hyper.seed);
    let mut order: Vec<usize> = (0..examples.places.len()).collect();
    let mut weights = vec![0_i32; TABLE];
    // Sum of the weights after each step: what is added at a step counts for all that are left.
    let mut sums = vec![0_i64; TABLE];
    let n_places = i64::try_from(order.len()).expect("memory holds fewer than 2^63 places");
    let mut steps_left = i64::from(hyper.passes) * n_places;
    for _ in 0..hyper.passes {
        random.shuffle(&mut order);
        for &at in &order {
            let (rows, ends) = &examples.places[at];
            let side = if *ends { 1 } else { -1 };
            let sum: i32 = rows.iter().map(|&row| weights[usize::from(row)]).sum();
            if sum * side <= hyper.margin {
                for row in rows.iter().map(|&row| usize::from(row)).filter(|&row| is_frequent(row)) {
                    weights[row] += side;
                    sums[row] += i64::from(side) * steps_left;
                }
            }
            steps_left -= 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "the weights become bytes at once")]
    let means: Vec<f32> = sums.iter().map(|&sum| sum as f32).collect();
    let mut bytes = Vec::with_capacity(TABLE);
    quantize_row(&means, &mut bytes);
    bytes
}
