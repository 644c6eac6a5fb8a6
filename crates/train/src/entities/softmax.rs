//! Softmax regression over sparse features, learned word by word.

use demarche_entity::tag::N_TAGS;
use demarche_model::Random;
use hashbrown::HashMap;

use crate::learn::cross_entropy;

/// How the weights are learned.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Hyper {
    /// Passes over the words
    #[arg(long, default_value_t = 6)]
    pub(super) passes: u32,
    /// First step size; it falls to nothing
    #[arg(long, default_value_t = 0.1)]
    pub(super) rate: f32,
    /// Share of a word's features that are left out at each step
    #[arg(long, default_value_t = 0.3)]
    pub(super) dropout: f32,
    /// Pull of the weights towards zero
    #[arg(long, default_value_t = 0.001)]
    pub(super) decay: f32,
    /// Features seen fewer times are left out
    #[arg(long, default_value_t = 2)]
    pub(super) rare: u32,
}

/// Words to learn from: their features, one word after the other, and their tags.
#[derive(Debug, Default)]
pub(super) struct Words {
    hashes: Vec<u64>,
    /// Where the features of each word end.
    ends: Vec<usize>,
    tags: Vec<u8>,
}

impl Words {
    /// Adds a word.
    pub(super) fn push(&mut self, features: impl IntoIterator<Item = u64>, tag: u8) {
        self.hashes.extend(features);
        self.ends.push(self.hashes.len());
        self.tags.push(tag);
    }

    /// Number of words.
    pub(super) fn len(&self) -> usize {
        self.tags.len()
    }
}

/// Learned weights: [`N_TAGS`] a feature.
#[derive(Debug)]
pub(super) struct Softmax {
    rows_by_hash: HashMap<u64, u32>,
    hashes: Vec<u64>,
    weights: Vec<f32>,
    /// How often each feature was seen.
    counts: Vec<u32>,
}

impl Softmax {
    /// Learns (`AdaGrad`: Duchi, Hazan & Singer 2011); `report` is told each pass's mean loss.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub(super) fn learn(
        words: &Words,
        hyper: &Hyper,
        random: &mut Random,
        mut report: impl FnMut(u32, f64),
    ) -> Self {
        // A word whose tag is all but certain teaches nothing.
        const SURE: f32 = 0.002;
        let mut this = Self::untrained(words, hyper.rare);
        let rows: Vec<Option<u32>> =
            words.hashes.iter().map(|hash| this.rows_by_hash.get(hash).copied()).collect();
        let mut squares = vec![1e-3_f32; this.weights.len()];
        let mut order: Vec<usize> = (0..words.len()).collect();
        let (mut kept, mut slopes) = (Vec::new(), [0.0; N_TAGS]);
        for pass in 1..=hyper.passes {
            random.shuffle(&mut order);
            let rate = hyper.rate * (1.0 - (pass - 1) as f32 / hyper.passes as f32);
            let mut loss = 0.0;
            for &word in &order {
                let start = if word == 0 { 0 } else { words.ends[word - 1] };
                kept.clear();
                let known = rows[start..words.ends[word]].iter().flatten();
                kept.extend(known.copied().filter(|_| random.unit() >= hyper.dropout));
                let mut scores = [0.0; N_TAGS];
                this.add(&kept, &mut scores);
                for score in &mut scores {
                    *score /= 1.0 - hyper.dropout;
                }
                let tag = words.tags[word] as usize;
                loss += cross_entropy(&scores, tag, &mut slopes);
                if slopes[tag] > -SURE {
                    continue;
                }
                for &row in &kept {
                    let range = row as usize * N_TAGS..(row as usize + 1) * N_TAGS;
                    let cells = this.weights[range.clone()].iter_mut().zip(&mut squares[range]);
                    for ((weight, square), slope) in cells.zip(&slopes) {
                        let slope = slope + hyper.decay * *weight;
                        *square += slope * slope;
                        *weight -= rate * slope / square.sqrt();
                    }
                }
            }
            report(pass, loss / words.len().max(1) as f64);
        }
        this
    }

    fn untrained(words: &Words, rare: u32) -> Self {
        let mut seen: HashMap<u64, u32> = HashMap::new();
        for hash in &words.hashes {
            *seen.entry(*hash).or_default() += 1;
        }
        let mut seen: Vec<(u64, u32)> = seen.into_iter().filter(|&(_, count)| count >= rare).collect();
        seen.sort_unstable();
        let (hashes, counts): (Vec<_>, Vec<_>) = seen.into_iter().unzip();
        Self {
            rows_by_hash: hashes.iter().copied().zip(0..).collect(),
            weights: vec![0.0; hashes.len() * N_TAGS],
            hashes,
            counts,
        }
    }

    fn add(&self, rows: &[u32], scores: &mut [f32; N_TAGS]) {
        for &row in rows {
            let weights = &self.weights[row as usize * N_TAGS..][..N_TAGS];
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight);
        }
    }

    /// The scores of the tags of a word with these features.
    pub(super) fn scores(&self, features: impl IntoIterator<Item = u64>) -> [f32; N_TAGS] {
        let rows: Vec<u32> =
            features.into_iter().filter_map(|hash| self.rows_by_hash.get(&hash).copied()).collect();
        let mut scores = [0.0; N_TAGS];
        self.add(&rows, &mut scores);
        scores
    }

    /// Number of features.
    pub(super) fn n_rows(&self) -> usize {
        self.hashes.len()
    }

    /// The `n` features that say most: hashes and rows of weights.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^24")]
    pub(super) fn best(&self, n: usize) -> (Vec<u64>, Vec<f32>) {
        let worth = |row: usize| {
            let weights = &self.weights[row * N_TAGS..][..N_TAGS];
            let square: f32 = weights.iter().map(|weight| weight * weight).sum();
            square * (self.counts[row] as f32).sqrt()
        };
        let mut order: Vec<(f32, usize)> = (0..self.n_rows()).map(|row| (worth(row), row)).collect();
        order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        order.truncate(n);
        // Those that are looked up most lie together.
        order.sort_by_key(|&(_, row)| (std::cmp::Reverse(self.counts[row]), row));
        let hashes = order.iter().map(|&(_, row)| self.hashes[row]).collect();
        let rows = order.iter().flat_map(|&(_, row)| &self.weights[row * N_TAGS..][..N_TAGS]);
        (hashes, rows.copied().collect())
    }
}
