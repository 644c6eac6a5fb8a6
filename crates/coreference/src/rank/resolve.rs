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
    mention: Vec<f32>,
    sum: Vec<f32>,
}

impl Scene<'_> {
    /// Makes the chains.
    pub fn resolve(&self, network: &Network) -> State {
        let width = network.width();
        let mut state = State::default();
        let mut buffers = Buffers::default();
        // What each candidate adds to a pair as its antecedent.
        let mut as_antecedent = vec![0.0; width * self.candidates().len()];
        for mention in 0..self.candidates().len() {
            let best = self.best(mention, network, &state, &as_antecedent, &mut buffers);
            state.add(&self.candidates()[mention], best);
            buffers.features.clear();
            self.unary(mention, Role::Antecedent, &mut buffers.features);
            network.add(&buffers.features, &mut as_antecedent[mention * width..][..width]);
        }
        state
    }

    fn best(
        &self,
        mention: usize,
        network: &Network,
        state: &State,
        as_antecedent: &[f32],
        buffers: &mut Buffers,
    ) -> Option<usize> {
        let Buffers { features, antecedents, mention: start, sum } = buffers;
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
        let mut best = (network.score(sum, true), None);
        features.clear();
        self.unary(mention, Role::Mention, features);
        start.clear();
        start.extend_from_slice(network.bias(false));
        network.add(features, start);
        for &antecedent in &*antecedents {
            features.clear();
            self.pair(mention, antecedent, state, features);
            sum.clear();
            let of_antecedent = &as_antecedent[antecedent.candidate * width..][..width];
            sum.extend(start.iter().zip(of_antecedent).map(|(a, b)| a + b));
            network.add(features, sum);
            let score = network.score(sum, false);
            if score > best.0 {
                best = (score, Some(antecedent.candidate));
            }
        }
        best.1
    }
}
