//! From left to right, each mention joins the chain of its best antecedent, or starts one.

use super::feature::Role;
use super::network::Network;
use super::scene::{Antecedent, Scene};
use super::state::State;

/// Memory that is used again for every mention.
#[derive(Debug, Default)]
struct Buffers {
    features: Vec<u64>,
    antecedents: Vec<Antecedent>,
    scores: Vec<f32>,
    mention: Vec<f32>,
    sum: Vec<f32>,
}

/// Why a candidate is in the chain it is in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Index of the candidate it was joined to.
    pub antecedent: usize,
    /// The network's chance of it, from 0 to 1; none where it was known beforehand.
    pub confidence: Option<f32>,
}

/// Chains and what made them.
#[derive(Debug, Default)]
pub struct Resolution {
    /// The chains.
    pub state: State,
    /// Of each candidate the link to its antecedent.
    pub links: Vec<Option<Link>>,
}

impl Scene<'_> {
    /// Makes the chains. `known` are chains that are sure beforehand: of each candidate the number of its chain, if
    /// it has one; empty if nothing is known. Links of less than `confidence` are not made.
    pub fn resolve(&self, network: &Network, known: &[Option<u32>], confidence: f32) -> Resolution {
        let width = network.width();
        let mut resolution = Resolution::default();
        let mut buffers = Buffers::default();
        let mut last: Vec<Option<usize>> =
            vec![None; known.iter().flatten().max().map_or(0, |&last| last as usize + 1)];
        // What each candidate adds to a pair as its antecedent.
        let mut as_antecedent = vec![0.0; width * self.candidates().len()];
        for mention in 0..self.candidates().len() {
            let state = &mut resolution.state;
            let link = match known.get(mention).copied().flatten() {
                Some(chain) => {
                    let before = last[chain as usize].replace(mention);
                    before.map(|antecedent| Link { antecedent, confidence: None })
                }
                None => self
                    .best(mention, network, state, &as_antecedent, &mut buffers)
                    .filter(|link| link.confidence.is_none_or(|chance| chance >= confidence)),
            };
            state.add(&self.candidates()[mention], link.map(|link| link.antecedent));
            resolution.links.push(link);
            buffers.features.clear();
            self.unary(mention, Role::Antecedent, &mut buffers.features);
            network.add(&buffers.features, &mut as_antecedent[mention * width..][..width]);
        }
        resolution
    }

    fn best(
        &self,
        mention: usize,
        network: &Network,
        state: &State,
        as_antecedent: &[f32],
        buffers: &mut Buffers,
    ) -> Option<Link> {
        let Buffers { features, antecedents, scores, mention: start, sum } = buffers;
        let width = network.width();
        self.antecedents(mention, antecedents);
        if antecedents.is_empty() {
            return None;
        }
        features.clear();
        self.unary(mention, Role::New, features);
        sum.clear();
        sum.extend_from_slice(network.bias(true));
        network.add(features, sum);
        let new = network.score(sum, true);
        features.clear();
        self.unary(mention, Role::Mention, features);
        start.clear();
        start.extend_from_slice(network.bias(false));
        network.add(features, start);
        scores.clear();
        for &antecedent in &*antecedents {
            features.clear();
            self.pair(mention, antecedent, state, features);
            sum.clear();
            let of_antecedent = &as_antecedent[antecedent.candidate * width..][..width];
            sum.extend(start.iter().zip(of_antecedent).map(|(a, b)| a + b));
            network.add(features, sum);
            scores.push(network.score(sum, false));
        }
        let first_best = |best: (usize, f32), next: (usize, f32)| if next.1 > best.1 { next } else { best };
        let (best, top) = scores.iter().copied().enumerate().reduce(first_best)?;
        if top <= new {
            return None;
        }
        // The chance that the mention is of this chain, by whichever of its members.
        let antecedent = antecedents[best].candidate;
        let weight = |score: f32| (score - top).exp();
        let all = weight(new) + scores.iter().copied().map(weight).sum::<f32>();
        let is_same = |other: &Antecedent| state.of[other.candidate] == state.of[antecedent];
        let same: f32 = antecedents
            .iter()
            .zip(&*scores)
            .filter(|(other, _)| is_same(other))
            .map(|(_, &score)| weight(score))
            .sum();
        Some(Link { antecedent, confidence: Some(same / all) })
    }
}
