//! The best parts of a sequence of units, and how likely each is: a linear chain (Lafferty et al. 2001) whose cue is
//! given.

use super::part::{N_PARTS, Part};

/// Scores of a sequence of units.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// For each unit, the score of each part.
    pub units: Vec<[f32; N_PARTS]>,
    /// For the place before each unit, the score of each pair of parts: that of the unit before times [`N_PARTS`],
    /// plus that of the unit.
    pub boundaries: Vec<[f32; N_PARTS * N_PARTS]>,
    /// The unit that is the cue.
    pub anchor: usize,
}

const CUE: usize = Part::Cue as usize;

impl Scores {
    /// Whether a unit may play a part after the one before it played another: the cue is one stretch around its anchor.
    fn allows(&self, unit: usize, before: usize, part: usize) -> bool {
        match unit.cmp(&self.anchor) {
            std::cmp::Ordering::Less => before != CUE || part == CUE,
            std::cmp::Ordering::Equal => part == CUE,
            std::cmp::Ordering::Greater => part != CUE || before == CUE,
        }
    }

    fn starts(&self, part: usize) -> bool {
        self.anchor != 0 || part == CUE
    }

    fn boundary(&self, unit: usize, before: usize, part: usize) -> f32 {
        self.boundaries[unit][before * N_PARTS + part]
    }

    /// The most likely parts (Viterbi 1967).
    pub fn best(&self) -> Vec<Part> {
        let Some(first) = self.units.first() else { return Vec::new() };
        let mut score = *first;
        for (part, score) in score.iter_mut().enumerate().filter(|(part, _)| !self.starts(*part)) {
            debug_assert!(part != CUE, "the cue may stand first");
            *score = f32::NEG_INFINITY;
        }
        let mut back: Vec<[u8; N_PARTS]> = Vec::with_capacity(self.units.len());
        for unit in 1..self.units.len() {
            let mut next = [f32::NEG_INFINITY; N_PARTS];
            let mut from = [0; N_PARTS];
            for part in 0..N_PARTS {
                for before in (0..N_PARTS).filter(|&before| self.allows(unit, before, part)) {
                    let sum = score[before] + self.boundary(unit, before, part) + self.units[unit][part];
                    if sum > next[part] {
                        (next[part], from[part]) = (sum, before as u8);
                    }
                }
            }
            back.push(from);
            score = next;
        }
        let last = (0..N_PARTS).max_by(|&one, &other| score[one].total_cmp(&score[other])).unwrap_or(0);
        let mut parts = vec![Part::ALL[last]];
        let mut at = last;
        for from in back.iter().rev() {
            at = from[at] as usize;
            parts.push(Part::ALL[at]);
        }
        parts.reverse();
        parts
    }

    /// How likely each part is for each unit, and each pair at each place; the logarithm of the sum over all
    /// sequences (forward and backward sums, scaled at each unit).
    pub fn likely(&self, found: &mut Likely) {
        let n_units = self.units.len();
        found.units.clear();
        found.units.resize(n_units, [0.0; N_PARTS]);
        found.pairs.clear();
        found.pairs.resize(n_units, [0.0; N_PARTS * N_PARTS]);
        found.log_sum = 0.0;
        if n_units == 0 {
            return;
        }
        let mut forward: Vec<[f32; N_PARTS]> = Vec::with_capacity(n_units);
        let mut first = [0.0; N_PARTS];
        let top = self.units[0].iter().copied().fold(f32::MIN, f32::max);
        for (part, sum) in first.iter_mut().enumerate().filter(|(part, _)| self.starts(*part)) {
            *sum = (self.units[0][part] - top).exp();
        }
        found.log_sum += f64::from(top) + f64::from(normalize(&mut first));
        forward.push(first);
        let weights = |unit: usize| {
            let mut pairs = [0.0_f32; N_PARTS * N_PARTS];
            let mut top = f32::MIN;
            for before in 0..N_PARTS {
                for part in (0..N_PARTS).filter(|&part| self.allows(unit, before, part)) {
                    let sum = self.boundary(unit, before, part) + self.units[unit][part];
                    pairs[before * N_PARTS + part] = sum;
                    top = top.max(sum);
                }
            }
            for before in 0..N_PARTS {
                for part in 0..N_PARTS {
                    let pair = &mut pairs[before * N_PARTS + part];
                    *pair = if self.allows(unit, before, part) { (*pair - top).exp() } else { 0.0 };
                }
            }
            (pairs, top)
        };
        let mut steps = Vec::with_capacity(n_units);
        steps.push([0.0; N_PARTS * N_PARTS]);
        for unit in 1..n_units {
            let (pairs, top) = weights(unit);
            let last = forward[unit - 1];
            let mut next = [0.0; N_PARTS];
            for (before, last) in last.iter().enumerate() {
                for (part, next) in next.iter_mut().enumerate() {
                    *next += last * pairs[before * N_PARTS + part];
                }
            }
            found.log_sum += f64::from(top) + f64::from(normalize(&mut next));
            forward.push(next);
            steps.push(pairs);
        }
        let mut backward = [1.0_f32; N_PARTS];
        for unit in (0..n_units).rev() {
            for part in 0..N_PARTS {
                found.units[unit][part] = forward[unit][part] * backward[part];
            }
            let total: f32 = found.units[unit].iter().sum();
            found.units[unit].iter_mut().for_each(|part| *part /= total.max(f32::MIN_POSITIVE));
            if unit == 0 {
                break;
            }
            let mut before_sums = [0.0; N_PARTS];
            let mut total = 0.0;
            for before in 0..N_PARTS {
                for part in 0..N_PARTS {
                    let step = steps[unit][before * N_PARTS + part] * backward[part];
                    before_sums[before] += step;
                    let pair = forward[unit - 1][before] * step;
                    found.pairs[unit][before * N_PARTS + part] = pair;
                    total += pair;
                }
            }
            found.pairs[unit].iter_mut().for_each(|pair| *pair /= total.max(f32::MIN_POSITIVE));
            let largest = before_sums.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
            backward = before_sums.map(|sum| sum / largest);
        }
    }

    /// The score of a sequence of parts.
    pub fn of(&self, parts: &[Part]) -> f32 {
        let units: f32 = parts.iter().zip(&self.units).map(|(part, scores)| scores[*part as usize]).sum();
        let pairs = parts.windows(2).zip(&self.boundaries[1..]);
        units + pairs.map(|(pair, scores)| scores[pair[0] as usize * N_PARTS + pair[1] as usize]).sum::<f32>()
    }
}

/// How likely parts are.
#[derive(Clone, Debug, Default)]
pub struct Likely {
    /// Of each unit.
    pub units: Vec<[f32; N_PARTS]>,
    /// Of each pair of parts at the place before each unit.
    pub pairs: Vec<[f32; N_PARTS * N_PARTS]>,
    /// Logarithm of the sum over all sequences.
    pub log_sum: f64,
}

/// Makes the sums add up to one; gives the logarithm of what they added up to.
fn normalize(sums: &mut [f32; N_PARTS]) -> f32 {
    let total: f32 = sums.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    for sum in sums {
        *sum /= total;
    }
    total.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        /// Scores of up to four units around a cue, so that all sequences can be listed.
        fn scores()(n_units in 1..5_usize)(
            units in prop::collection::vec(prop::array::uniform4(-3.0..3.0_f32), n_units),
            boundaries in prop::collection::vec(prop::array::uniform16(-3.0..3.0_f32), n_units),
            anchor in 0..n_units,
        ) -> Scores {
            Scores { units, boundaries, anchor }
        }
    }

    /// All sequences in which the cue is one stretch that holds the anchor.
    fn sequences(scores: &Scores) -> Vec<Vec<Part>> {
        let n_units = scores.units.len();
        let all = (0..N_PARTS.pow(n_units as u32)).map(|code| {
            (0..n_units).map(|unit| Part::ALL[code / N_PARTS.pow(unit as u32) % N_PARTS]).collect()
        });
        let is_one_stretch = |parts: &Vec<Part>| {
            let is_cue = |unit: usize| parts[unit] == Part::Cue;
            is_cue(scores.anchor)
                && (0..n_units).filter(|&unit| is_cue(unit)).all(|unit| {
                    let (from, to) = (unit.min(scores.anchor), unit.max(scores.anchor));
                    (from..=to).all(is_cue)
                })
        };
        all.filter(is_one_stretch).collect()
    }

    proptest! {
        #[test]
        fn the_best_sequence_is_the_best_of_all(scores in scores()) {
            let best = sequences(&scores).iter().map(|parts| scores.of(parts)).fold(f32::MIN, f32::max);
            prop_assert!((scores.of(&scores.best()) - best).abs() < 1e-4);
        }

        #[test]
        fn sums_are_those_over_all_sequences(scores in scores()) {
            let mut likely = Likely::default();
            scores.likely(&mut likely);
            let odds: Vec<f64> =
                sequences(&scores).iter().map(|parts| f64::from(scores.of(parts)).exp()).collect();
            let total: f64 = odds.iter().sum();
            prop_assert!((likely.log_sum - total.ln()).abs() < 1e-3);
            for (unit, found) in likely.units.iter().enumerate() {
                for part in Part::ALL {
                    let with = sequences(&scores).iter().zip(&odds).filter(|(parts, _)| parts[unit] == part)
                        .map(|(_, odds)| odds).sum::<f64>();
                    prop_assert!((f64::from(found[part as usize]) - with / total).abs() < 1e-3);
                }
            }
        }
    }
}
