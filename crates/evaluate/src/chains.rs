//! Coreference chains: MUC (Vilain et al. 1995), B³ (Bagga and Baldwin 1998), CEAF-e (Luo 2005), LEA (Moosavi and
//! Strube 2016).

use hashbrown::{HashMap, HashSet};
use serde::Deserialize;

use crate::assignment::{Edge, assign};
use crate::document::{Pair, Side, WireSpan};
use crate::figures::{Counts, Prf, Score, prf, ratio};
use crate::text::{Span, overlapping};
use crate::{Error, Key, Scores};

#[derive(Deserialize)]
struct Wire {
    mentions: Vec<WireSpan>,
    heads: Option<Vec<WireSpan>>,
}

/// Chains as mentions; a mention that an earlier chain has is left out of later ones.
struct Partition {
    chains: Vec<Vec<Span>>,
    heads: HashMap<Span, Span>,
    n_doubles: usize,
}

/// A predicted mention's name: the gold mention that it stands for, or none of gold's.
type Named = Option<Span>;

/// How much two spans without a known head must have in common to be the same mention in the figures by head.
const SAME_MENTION: f64 = 0.5;

/// `exact`: mentions are the same if their spans are. `head`: also if one lies within the other and the predicted one
/// covers gold's head.
pub(crate) fn score<'d>(
    pairs: impl Iterator<Item = Pair<'d>>,
    keep_singletons: bool,
) -> Result<Scores, Error> {
    let [mut exact, mut head] = [Counted::default(), Counted::default()];
    let mut n_doubles = 0;
    for pair in pairs {
        let gold = partition(&pair.gold, keep_singletons)?;
        let predicted = partition(&pair.predicted, keep_singletons)?;
        n_doubles += predicted.n_doubles;
        exact.add(&gold.chains, &name(&predicted.chains, Some));
        let names = gold_names(&gold, &predicted.chains);
        head.add(&gold.chains, &name(&predicted.chains, |mention| names.get(&mention).copied()));
    }
    Ok(Scores::default()
        .with("exact", exact.scores())
        .with("head", head.scores())
        .with("double_mentions_dropped", Score::Count(n_doubles)))
}

fn partition(side: &Side<'_>, keep_singletons: bool) -> Result<Partition, Error> {
    let mut seen = HashSet::new();
    let mut partition = Partition { chains: Vec::new(), heads: HashMap::new(), n_doubles: 0 };
    for (i, chain) in side.items::<Wire>(Key::Chains)?.into_iter().enumerate() {
        let heads = chain.heads.filter(|heads| !heads.is_empty());
        if let Some(heads) = heads.as_ref().filter(|heads| heads.len() < chain.mentions.len()) {
            let (n_heads, n_mentions) = (heads.len(), chain.mentions.len());
            return Err(Error::Heads { at: side.at().into(), chain: i, n_heads, n_mentions });
        }
        let mut mentions = Vec::with_capacity(chain.mentions.len());
        for (k, &mention) in chain.mentions.iter().enumerate() {
            let mention = side.span(mention, Key::Chains, i, "mentions")?;
            if !seen.insert(mention) {
                partition.n_doubles += 1;
                continue;
            }
            mentions.push(mention);
            if let Some(heads) = &heads {
                partition.heads.insert(mention, side.span(heads[k], Key::Chains, i, "heads")?);
            }
        }
        if mentions.len() > usize::from(!keep_singletons) {
            partition.chains.push(mentions);
        }
    }
    Ok(partition)
}

fn name(chains: &[Vec<Span>], name: impl Fn(Span) -> Named) -> Vec<Vec<Named>> {
    chains.iter().map(|chain| chain.iter().map(|&mention| name(mention)).collect()).collect()
}

/// The gold mentions that predicted ones stand for: the same one, or of what is left the best fit first, one to one.
fn gold_names(gold: &Partition, predicted: &[Vec<Span>]) -> HashMap<Span, Span> {
    let gold_mentions: Vec<_> = gold.chains.iter().flatten().copied().collect();
    let mentions: Vec<_> = predicted.iter().flatten().copied().collect();
    let of_gold: HashSet<_> = gold_mentions.iter().copied().collect();
    let mut names: HashMap<_, _> = mentions
        .iter()
        .filter(|mention| of_gold.contains(*mention))
        .map(|&mention| (mention, mention))
        .collect();
    let mut taken: HashSet<_> =
        mentions.iter().filter(|mention| of_gold.contains(*mention)).copied().collect();
    let mut candidates = Vec::new();
    for (i, j) in overlapping(&mentions, &gold_mentions) {
        let (mention, of_gold) = (mentions[i], gold_mentions[j]);
        if names.contains_key(&mention) || taken.contains(&of_gold) {
            continue;
        }
        let fit = mention.jaccard(of_gold);
        let same = match gold.heads.get(&of_gold) {
            Some(&head) => mention.holds(head) && (of_gold.holds(mention) || mention.holds(of_gold)),
            None => fit >= SAME_MENTION,
        };
        if same {
            candidates.push((fit, of_gold, mention));
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    for (_, of_gold, mention) in candidates {
        if !names.contains_key(&mention) && taken.insert(of_gold) {
            names.insert(mention, of_gold);
        }
    }
    names
}

/// Numerators and denominators over all documents, of recall and of precision.
#[derive(Default)]
struct Counted {
    n_same: usize,
    n_gold: usize,
    n_predicted: usize,
    recall: Metrics,
    precision: Metrics,
    ceafe: f64,
    n_gold_chains: usize,
    n_predicted_chains: usize,
}

/// One side's numerators and denominators.
#[derive(Default)]
struct Metrics {
    muc: (f64, f64),
    b3: (f64, f64),
    lea: (f64, f64),
}

impl Counted {
    /// Adds a document.
    fn add(&mut self, gold: &[Vec<Span>], predicted: &[Vec<Named>]) {
        let mut gold_chain = HashMap::new();
        for (i, chain) in gold.iter().enumerate() {
            gold_chain.extend(chain.iter().map(|&mention| (mention, i)));
        }
        // For each chain how many mentions it shares with which of the other side.
        let mut of_gold = vec![Vec::new(); gold.len()];
        let mut of_predicted = vec![Vec::new(); predicted.len()];
        for (j, chain) in predicted.iter().enumerate() {
            let mut shared: Vec<_> =
                chain.iter().flatten().filter_map(|name| gold_chain.get(name)).copied().collect();
            self.n_same += shared.len();
            shared.sort_unstable();
            for same in shared.chunk_by(|a, b| a == b) {
                of_gold[same[0]].push((j, same.len()));
                of_predicted[j].push((same[0], same.len()));
            }
        }
        let gold_sizes: Vec<_> = gold.iter().map(Vec::len).collect();
        let predicted_sizes: Vec<_> = predicted.iter().map(Vec::len).collect();
        self.recall.add(&gold_sizes, &of_gold, &predicted_sizes);
        self.precision.add(&predicted_sizes, &of_predicted, &gold_sizes);
        let mut edges: Vec<Edge> = Vec::new();
        for (i, shared) in of_gold.iter().enumerate() {
            edges.extend(
                shared
                    .iter()
                    .map(|&(j, n)| (i, j, (2 * n) as f64 / (gold_sizes[i] + predicted_sizes[j]) as f64)),
            );
        }
        let weights: HashMap<_, _> = edges.iter().map(|&(i, j, weight)| ((i, j), weight)).collect();
        self.ceafe += assign(&edges).iter().map(|pair| weights[pair]).sum::<f64>();
        self.n_gold_chains += gold.len();
        self.n_predicted_chains += predicted.len();
        self.n_gold += gold_sizes.iter().sum::<usize>();
        self.n_predicted += predicted_sizes.iter().sum::<usize>();
    }

    fn scores(&self) -> Scores {
        let same = self.n_same as f64;
        let counts = Counts { correct: same, predicted: self.n_predicted, gold: self.n_gold };
        let mentions = prf(ratio(same, self.n_predicted as f64), ratio(same, self.n_gold as f64));
        let figures = |precision: (f64, f64), recall: (f64, f64)| {
            prf(ratio(precision.0, precision.1), ratio(recall.0, recall.1))
        };
        let muc = figures(self.precision.muc, self.recall.muc);
        let b3 = figures(self.precision.b3, self.recall.b3);
        let ceafe =
            figures((self.ceafe, self.n_predicted_chains as f64), (self.ceafe, self.n_gold_chains as f64));
        let lea = figures(self.precision.lea, self.recall.lea);
        let three = [muc.f1, b3.f1, ceafe.f1].into_iter().sum::<Option<f64>>();
        Scores::default()
            .with("mentions", Score::Prf(Prf { counts: Some(counts), ..mentions }))
            .with("muc", Score::Prf(muc))
            .with("b3", Score::Prf(b3))
            .with("ceafe", Score::Prf(ceafe))
            .with("lea", Score::Prf(lea))
            .with("conll", Score::Mean(three.map(|sum| sum / 3.0)))
    }
}

impl Metrics {
    /// Adds the chains of one side, each with the chains of the other side that it shares mentions with.
    fn add(&mut self, sizes: &[usize], shared: &[Vec<(usize, usize)>], other_sizes: &[usize]) {
        for (&size, shared) in sizes.iter().zip(shared) {
            let n = size as f64;
            let common: usize = shared.iter().map(|(_, common)| common).sum();
            let parts = shared.len() + size - common;
            self.muc.0 += (size - parts) as f64;
            self.muc.1 += (size - 1) as f64;
            let squares: usize = shared.iter().map(|(_, common)| common * common).sum();
            self.b3.0 += squares as f64 / n;
            self.b3.1 += n;
            self.lea.0 += if size == 1 {
                // A chain of one is right only if the other side has it as a chain of one.
                shared.iter().filter(|(other, _)| other_sizes[*other] == 1).count() as f64
            } else {
                let common: usize = shared.iter().map(|(_, common)| links(*common)).sum();
                (size * common) as f64 / links(size) as f64
            };
            self.lea.1 += n;
        }
    }
}

/// Links between so many mentions.
const fn links(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}
