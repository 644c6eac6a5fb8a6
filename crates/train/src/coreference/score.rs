//! The figures by which coreference is judged: MUC, B³ and CEAF-e over exact mentions, and their mean (Pradhan et al. 2014,
//! "Scoring Coreference Partitions of Predicted Mentions").

use std::fmt;

use demarche_core::Span;
use hashbrown::HashMap;

/// Sums over documents: what recall and precision divide.
#[derive(Clone, Debug, Default)]
pub(super) struct Scores {
    mentions: Sums,
    muc: Sums,
    b3: Sums,
    ceafe: Sums,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    recall: (f64, f64),
    precision: (f64, f64),
}

impl Sums {
    fn rates(self) -> (f64, f64, f64) {
        let ratio = |(part, whole): (f64, f64)| if whole > 0.0 { part / whole } else { 0.0 };
        let (recall, precision) = (ratio(self.recall), ratio(self.precision));
        let sum = recall + precision;
        (precision, recall, if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 })
    }
}

impl Scores {
    /// The mean of the three.
    pub(super) fn conll(&self) -> f64 {
        (self.muc.rates().2 + self.b3.rates().2 + self.ceafe.rates().2) / 3.0
    }

    /// Adds a document. Chains of one mention count on neither side.
    #[expect(clippy::cast_precision_loss, reason = "documents have far fewer than 2^52 mentions")]
    pub(super) fn add(&mut self, gold: &[Vec<Span>], found: &[Vec<Span>]) {
        let (gold, gold_of) = partition(gold);
        let (found, found_of) = partition(found);
        let mut common: HashMap<(usize, usize), usize> = HashMap::new();
        let mentions = gold.iter().enumerate().flat_map(|(id, chain)| chain.iter().map(move |span| (span, id)));
        for (mention, chain) in mentions {
            if let Some(&other) = found_of.get(mention) {
                *common.entry((chain, other)).or_default() += 1;
            }
        }
        let n_shared: usize = gold_of.keys().filter(|mention| found_of.contains_key(*mention)).count();
        for (chains, by_first, is_recall) in [(&gold, true, true), (&found, false, false)] {
            let mut shared: Vec<Vec<usize>> = vec![Vec::new(); chains.len()];
            let mut pairs: Vec<_> = common.iter().map(|(&pair, &n)| (pair, n)).collect();
            pairs.sort_unstable();
            for ((g, p), n) in pairs {
                shared[if by_first { g } else { p }].push(n);
            }
            for (chain, shared) in chains.iter().zip(&shared) {
                let n = chain.len();
                let parts = shared.len() + n - shared.iter().sum::<usize>();
                let squares: usize = shared.iter().map(|k| k * k).sum();
                for (sums, part, whole) in [
                    (&mut self.muc, (n - parts) as f64, (n - 1) as f64),
                    (&mut self.b3, squares as f64 / n as f64, n as f64),
                    (&mut self.mentions, 0.0, n as f64),
                ] {
                    let side = if is_recall { &mut sums.recall } else { &mut sums.precision };
                    side.0 += part;
                    side.1 += whole;
                }
            }
        }
        self.mentions.recall.0 += n_shared as f64;
        self.mentions.precision.0 += n_shared as f64;
        let similarity = best_total(gold.len(), found.len(), &|g, p| {
            let n = common.get(&(g, p)).copied().unwrap_or(0);
            2.0 * n as f64 / (gold[g].len() + found[p].len()) as f64
        });
        self.ceafe.recall.0 += similarity;
        self.ceafe.recall.1 += gold.len() as f64;
        self.ceafe.precision.0 += similarity;
        self.ceafe.precision.1 += found.len() as f64;
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p, r, f1) = self.mentions.rates();
        write!(
            f,
            "CoNLL {:.2}, MUC {:.2}, B³ {:.2}, CEAF-e {:.2}, mentions {:.2} (P {:.2}, R {:.2})",
            100.0 * self.conll(),
            100.0 * self.muc.rates().2,
            100.0 * self.b3.rates().2,
            100.0 * self.ceafe.rates().2,
            100.0 * f1,
            100.0 * p,
            100.0 * r
        )
    }
}

/// Chains without the mentions that an earlier one has, those of one mention left out.
fn partition(chains: &[Vec<Span>]) -> (Vec<Vec<Span>>, HashMap<Span, usize>) {
    let mut seen = HashMap::new();
    let mut out = Vec::new();
    for chain in chains {
        let fresh: Vec<Span> = chain.iter().copied().filter(|span| seen.insert(*span, ()).is_none()).collect();
        if fresh.len() > 1 {
            out.push(fresh);
        }
    }
    let of = out.iter().enumerate().flat_map(|(id, chain)| chain.iter().map(move |&span| (span, id))).collect();
    (out, of)
}

/// The greatest total of a one-to-one assignment (Kuhn 1955, Munkres 1957).
fn best_total(n_rows: usize, n_columns: usize, weight: &dyn Fn(usize, usize) -> f64) -> f64 {
    if n_rows > n_columns {
        return best_total(n_columns, n_rows, &|row, column| weight(column, row));
    }
    let (mut u, mut v) = (vec![0.0; n_rows + 1], vec![0.0; n_columns + 1]);
    let (mut row_of, mut way) = (vec![0_usize; n_columns + 1], vec![0_usize; n_columns + 1]);
    for row in 1..=n_rows {
        row_of[0] = row;
        let mut column = 0;
        let mut low = vec![f64::INFINITY; n_columns + 1];
        let mut used = vec![false; n_columns + 1];
        while row_of[column] != 0 {
            used[column] = true;
            let at = row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for other in (1..=n_columns).filter(|&other| !used[other]) {
                let cost = -weight(at - 1, other - 1) - u[at] - v[other];
                if cost < low[other] {
                    low[other] = cost;
                    way[other] = column;
                }
                if low[other] < delta {
                    delta = low[other];
                    next = other;
                }
            }
            for other in 0..=n_columns {
                if used[other] {
                    u[row_of[other]] += delta;
                    v[other] -= delta;
                } else {
                    low[other] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    (1..=n_columns).filter(|&column| row_of[column] != 0).map(|column| weight(row_of[column] - 1, column - 1)).sum()
}
