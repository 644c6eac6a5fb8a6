//! The teacher: a recognizer that is told what others say, and learns from annotated documents how far each is to be trusted
//! (stacking; Wolpert 1992). It labels the documents that nobody has annotated.

use demarche_core::Span;
use demarche_entity::tag::{self, KINDS, N_TAGS, Paths, Place};
use demarche_entity::template;
use demarche_model::{Random, feature_hash};

use super::documents::{Example, MACHINES};
use super::score::Scores;
use super::softmax::{Hyper, Softmax, Words};

/// What each of the others says of a word: a hash of label and place.
type Votes = [u64; MACHINES.len()];

/// Learns from all words of the documents that have a tag.
pub(super) fn learn(
    examples: &[Example],
    hyper: &Hyper,
    random: &mut Random,
    report: impl FnMut(u32, f64),
) -> Softmax {
    let mut words = Words::default();
    for example in examples {
        let votes = votes(example);
        for i in 0..example.tags.len() {
            if let Some(tag) = example.tags[i] {
                words.push(features(example, &votes, i), tag);
            }
        }
    }
    Softmax::learn(&words, hyper, random, report)
}

/// Labels documents where the teacher is sure; gives the number of words that now have a tag.
pub(super) fn label(teacher: &Softmax, examples: &mut [Example], sure: f32) -> usize {
    let mut known = 0;
    for example in examples {
        let (tags, chances) = tags(teacher, example);
        let sure = tags.iter().zip(chances).map(|(&tag, chance)| (chance >= sure).then_some(tag as u8));
        example.tags = sure.collect();
        known += example.tags.iter().flatten().count();
    }
    known
}

/// Figures of the teacher.
pub(super) fn scores(teacher: &Softmax, examples: &[Example]) -> Scores {
    let mut scores = Scores::default();
    for example in examples {
        let (tags, _) = tags(teacher, example);
        let mut found = Vec::new();
        tag::names(&tags, |kind, first, end| {
            let words = &example.reading.words;
            found.push((Span::new(words[first].start, words[end - 1].end), KINDS[kind]));
        });
        scores.add(&example.names, &found);
    }
    scores
}

/// The best tags of all words, and their chances.
fn tags(teacher: &Softmax, example: &Example) -> (Vec<usize>, Vec<f32>) {
    let votes = votes(example);
    let (mut paths, mut best) = (Paths::default(), Vec::new());
    let (mut tags, mut chances) = (Vec::new(), Vec::new());
    for sentence in &example.reading.sentences {
        let scores: Vec<f32> =
            sentence.clone().flat_map(|i| teacher.scores(features(example, &votes, i))).collect();
        tag::best(&scores, &mut paths, &mut best);
        tags.extend_from_slice(&best);
        let rows = scores.chunks_exact(N_TAGS).zip(&best);
        chances.extend(rows.map(|(row, &tag)| chance(row, tag)));
    }
    (tags, chances)
}

fn chance(scores: &[f32], tag: usize) -> f32 {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (scores[tag] - most).exp() / scores.iter().map(|score| (score - most).exp()).sum::<f32>()
}

fn votes(example: &Example) -> Vec<Votes> {
    let mut votes: Vec<Votes> = vec![[0; MACHINES.len()]; example.reading.words.len()];
    for (at, names) in example.machines.iter().enumerate() {
        for (words, label) in names {
            for i in words.clone() {
                let place = Place::of(i, words.start, words.end) as u64;
                votes[i][at] = feature_hash(place, label.as_bytes());
            }
        }
    }
    votes
}

/// What the recognizer sees of word `i`, then what the others say of it and its neighbors, alone and in pairs.
fn features(example: &Example, votes: &[Votes], i: usize) -> Vec<u64> {
    let sentence = example.reading.sentences.partition_point(|sentence| sentence.end <= i);
    let sentence = example.reading.sentences[sentence].clone();
    let own = &example.reading.features[sentence.clone()];
    let mut features = Vec::new();
    template::each(own, i - sentence.start, |hash| features.push(hash));
    let near = [i.checked_sub(1), Some(i), Some(i + 1)].map(|i| i.filter(|i| sentence.contains(i)));
    let near = near.map(|i| i.map_or([1; MACHINES.len()], |i| votes[i]));
    let mut kind = 1000;
    let mut push = |parts: &[u64]| {
        kind += 1;
        let bytes: Vec<u8> = parts.iter().flat_map(|part| part.to_le_bytes()).collect();
        features.push(feature_hash(kind, &bytes));
    };
    let rule = own[i - sentence.start][10];
    let class = own[i - sentence.start][5];
    let [last, this, next] = near;
    for machine in 0..MACHINES.len() {
        push(&[this[machine]]);
        push(&[last[machine], this[machine]]);
        push(&[this[machine], next[machine]]);
        push(&[this[machine], rule]);
        push(&[this[machine], class]);
        for other in 0..machine {
            push(&[this[machine], this[other]]);
        }
    }
    features
}
