//! The best tree of a sentence: one root, no circle (Chu & Liu 1965, Edmonds 1967; with heaps as in Tarjan 1977).

use std::ops::Range;

use crate::network::HEAD_WINDOW;

/// Scores of the arcs of a sentence: for each word the root's, then those of the words near it.
#[derive(Debug, Default)]
pub(crate) struct Arcs {
    n_words: usize,
    /// Word `d`'s row is `scores[starts[d]..starts[d + 1]]`.
    starts: Vec<usize>,
    scores: Vec<f32>,
    greedy: Vec<u32>,
    seen: Vec<u32>,
    search: Search,
}

/// The root as a head; words count from 1 here.
const ROOT: u32 = 0;

/// More than any difference of scores: a second root is never worth it.
const SECOND_ROOT: f64 = 1e6;

/// A head that is worse than the word's best by more than this (scores are logarithms) is left out of the search.
/// Neighbors stay in, so that there is a tree from every root.
const HOPELESS: f32 = 8.0;

impl Arcs {
    /// Makes room for the scores of a sentence.
    pub(crate) fn start(&mut self, n_words: usize) {
        self.n_words = n_words;
        self.starts.clear();
        self.starts.push(0);
        let mut end = 0;
        for word in 0..n_words {
            end += self.near(word).len() + 1;
            self.starts.push(end);
        }
        self.scores.clear();
        self.scores.resize(end, 0.0);
    }

    /// The words that may be the head of a word, itself among them.
    pub(crate) fn near(&self, word: usize) -> Range<usize> {
        word.saturating_sub(HEAD_WINDOW)..self.n_words.min(word + HEAD_WINDOW + 1)
    }

    /// The scores of a word's heads: the root's, then those of the words [near](Self::near).
    pub(crate) fn row_mut(&mut self, word: usize) -> &mut [f32] {
        &mut self.scores[self.starts[word]..self.starts[word + 1]]
    }

    fn row(&self, word: usize) -> &[f32] {
        &self.scores[self.starts[word]..self.starts[word + 1]]
    }

    /// The heads of the best tree.
    pub(crate) fn heads(&mut self, heads: &mut Vec<Option<u32>>) {
        self.choose_greedily();
        if !self.greedy_is_tree() {
            let mut search = std::mem::take(&mut self.search);
            search.run(self);
            self.greedy.clear();
            self.greedy.extend_from_slice(&search.head[1..]);
            self.search = search;
        }
        heads.clear();
        heads.extend(self.greedy.iter().map(|&head| head.checked_sub(1)));
    }

    /// Each word's best head, which are a tree most of the time.
    fn choose_greedily(&mut self) {
        let mut greedy = std::mem::take(&mut self.greedy);
        greedy.clear();
        for word in 0..self.n_words {
            let row = self.row(word);
            let (mut best, mut best_score) = (ROOT, row[0]);
            for (head, &score) in self.near(word).zip(&row[1..]) {
                if score > best_score && head != word {
                    (best, best_score) = (head as u32 + 1, score);
                }
            }
            greedy.push(best);
        }
        self.greedy = greedy;
    }

    fn greedy_is_tree(&mut self) -> bool {
        let Self { greedy, seen, .. } = self;
        if greedy.iter().filter(|&&head| head == ROOT).count() != 1 {
            return false;
        }
        seen.clear();
        seen.resize(greedy.len(), 0);
        (1..=greedy.len() as u32).all(|start| {
            let mut at = start;
            while at != ROOT && seen[at as usize - 1] == 0 {
                seen[at as usize - 1] = start;
                at = greedy[at as usize - 1];
            }
            at == ROOT || seen[at as usize - 1] != start
        })
    }
}

/// No heap, no edge.
const NIL: u32 = u32::MAX;

/// An arc in the heap of those that lead to a (contracted) word: a skew heap, the cheapest on top.
#[derive(Clone, Copy, Debug)]
struct Node {
    cost: f64,
    from: u32,
    to: u32,
    left: u32,
    right: u32,
    /// What is still to be added to all costs below.
    add: f64,
}

/// Memory of the search.
#[derive(Debug, Default)]
struct Search {
    nodes: Vec<Node>,
    heap: Vec<u32>,
    /// Union-find with its history, so that contractions can be undone: parent, or minus the size.
    sets: Vec<i32>,
    history: Vec<(u32, i32)>,
    seen: Vec<u32>,
    /// Words and arcs on the way that is walked.
    path: Vec<(u32, u32)>,
    /// Arc that leads to each (contracted) word.
    into: Vec<u32>,
    cycles: Vec<Cycle>,
    /// Arcs of the cycles, one cycle after the other.
    cycle_arcs: Vec<u32>,
    spine: Vec<u32>,
    head: Vec<u32>,
}

#[derive(Debug)]
struct Cycle {
    word: u32,
    history: usize,
    arcs: Range<usize>,
}

impl Search {
    /// Fills `head`, by word from 1.
    fn run(&mut self, arcs: &Arcs) {
        let n = arcs.n_words + 1;
        self.start(n);
        for word in 0..arcs.n_words {
            let row = arcs.row(word);
            let to = word as u32 + 1;
            self.push(ROOT, to, SECOND_ROOT - f64::from(row[0]));
            let least = row.iter().fold(f32::NEG_INFINITY, |best, &score| best.max(score)) - HOPELESS;
            for (head, &score) in arcs.near(word).zip(&row[1..]) {
                if head != word && (score > least || head.abs_diff(word) == 1) {
                    self.push(head as u32 + 1, to, -f64::from(score));
                }
            }
        }
        for start in 1..n as u32 {
            self.walk(start);
        }
        while let Some(Cycle { word, history, arcs }) = self.cycles.pop() {
            self.undo(history);
            let entering = self.into[word as usize];
            for at in arcs {
                let arc = self.cycle_arcs[at];
                let to = self.find(self.nodes[arc as usize].to);
                self.into[to as usize] = arc;
            }
            let to = self.find(self.nodes[entering as usize].to);
            self.into[to as usize] = entering;
        }
        self.head.clear();
        self.head.push(ROOT);
        self.head.extend(self.into[1..].iter().map(|&arc| self.nodes[arc as usize].from));
    }

    fn start(&mut self, n: usize) {
        self.nodes.clear();
        self.history.clear();
        self.path.clear();
        self.cycles.clear();
        self.cycle_arcs.clear();
        for (column, value) in [(&mut self.heap, NIL), (&mut self.seen, NIL), (&mut self.into, NIL)] {
            column.clear();
            column.resize(n, value);
        }
        self.sets.clear();
        self.sets.resize(n, -1);
        self.seen[ROOT as usize] = ROOT;
    }

    fn push(&mut self, from: u32, to: u32, cost: f64) {
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { cost, from, to, left: NIL, right: NIL, add: 0.0 });
        self.heap[to as usize] = self.merge(self.heap[to as usize], node);
    }

    /// Goes up from a word along the cheapest arcs until known ground; contracts each circle on the way.
    fn walk(&mut self, start: u32) {
        let mut word = self.find(start);
        self.path.clear();
        while self.seen[word as usize] == NIL {
            let arc = self.pop(word);
            self.path.push((word, arc));
            self.seen[word as usize] = start;
            word = self.find(self.nodes[arc as usize].from);
            if self.seen[word as usize] == start {
                word = self.contract(word);
            }
        }
        for i in 0..self.path.len() {
            let arc = self.path[i].1;
            let to = self.find(self.nodes[arc as usize].to);
            self.into[to as usize] = arc;
        }
    }

    fn contract(&mut self, word: u32) -> u32 {
        let history = self.history.len();
        let first = self.cycle_arcs.len();
        let mut heap = NIL;
        while let Some((member, arc)) = self.path.pop() {
            self.cycle_arcs.push(arc);
            heap = self.merge(heap, self.heap[member as usize]);
            if !self.join(word, member) {
                break;
            }
        }
        let whole = self.find(word);
        self.heap[whole as usize] = heap;
        self.seen[whole as usize] = NIL;
        self.cycles.push(Cycle { word: whole, history, arcs: first..self.cycle_arcs.len() });
        whole
    }

    /// Takes the cheapest arc from a word's heap; what remains costs that much less.
    fn pop(&mut self, word: u32) -> u32 {
        // A contracted word's heap holds arcs that have become inner ones: they are passed over.
        loop {
            let top = self.heap[word as usize];
            self.settle(top);
            let node = self.nodes[top as usize];
            let rest = self.merge(node.left, node.right);
            self.heap[word as usize] = rest;
            if self.find(node.from) != word {
                if rest != NIL {
                    self.nodes[rest as usize].add -= node.cost;
                }
                return top;
            }
        }
    }

    /// Hands the pending addition of a node to itself and its children.
    fn settle(&mut self, node: u32) {
        let Node { left, right, add, .. } = self.nodes[node as usize];
        for child in [left, right] {
            if child != NIL {
                self.nodes[child as usize].add += add;
            }
        }
        let node = &mut self.nodes[node as usize];
        node.cost += add;
        node.add = 0.0;
    }

    /// Merges two skew heaps, without recursion, for the right spine may be long.
    fn merge(&mut self, mut a: u32, mut b: u32) -> u32 {
        self.spine.clear();
        while a != NIL && b != NIL {
            self.settle(a);
            self.settle(b);
            if self.nodes[a as usize].cost > self.nodes[b as usize].cost {
                std::mem::swap(&mut a, &mut b);
            }
            self.spine.push(a);
            a = self.nodes[a as usize].right;
        }
        let mut merged = if a == NIL { b } else { a };
        while let Some(top) = self.spine.pop() {
            let node = &mut self.nodes[top as usize];
            node.right = node.left;
            node.left = merged;
            merged = top;
        }
        merged
    }

    fn find(&self, mut word: u32) -> u32 {
        while self.sets[word as usize] >= 0 {
            word = self.sets[word as usize].cast_unsigned();
        }
        word
    }

    /// Joins two sets; false if they are one already.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (mut a, mut b) = (self.find(a), self.find(b));
        if a == b {
            return false;
        }
        if self.sets[a as usize] > self.sets[b as usize] {
            std::mem::swap(&mut a, &mut b);
        }
        self.history.push((a, self.sets[a as usize]));
        self.history.push((b, self.sets[b as usize]));
        self.sets[a as usize] += self.sets[b as usize];
        self.sets[b as usize] = a.cast_signed();
        true
    }

    fn undo(&mut self, history: usize) {
        while self.history.len() > history {
            let (word, set) = self.history.pop().expect("longer than `history`");
            self.sets[word as usize] = set;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demarche_model::Random;

    /// The best tree of all, by trying every one.
    fn by_hand(arcs: &Arcs) -> f32 {
        let n = arcs.n_words;
        let mut best = f32::NEG_INFINITY;
        for mut code in 0..(n + 1).pow(n as u32) {
            let heads: Vec<usize> = (0..n)
                .map(|_| {
                    let head = code % (n + 1);
                    code /= n + 1;
                    head
                })
                .collect();
            if heads.iter().filter(|&&head| head == 0).count() == 1 && all_reach_root(&heads) {
                best = best.max((0..n).map(|word| arcs.row(word)[heads[word]]).sum());
            }
        }
        best
    }

    fn all_reach_root(heads: &[usize]) -> bool {
        (1..=heads.len()).all(|start| {
            let mut at = start;
            for _ in 0..=heads.len() {
                if at == 0 {
                    return true;
                }
                at = heads[at - 1];
            }
            false
        })
    }

    #[test]
    fn no_tree_is_better() {
        let mut random = Random::new(3);
        let mut arcs = Arcs::default();
        let mut heads = Vec::new();
        for trial in 0..400 {
            let n = 1 + trial % 5;
            arcs.start(n);
            for word in 0..n {
                let score = |random: &mut Random| (HOPELESS / 2.0 * random.symmetric()).round();
                arcs.row_mut(word).iter_mut().for_each(|place| *place = score(&mut random));
            }
            arcs.heads(&mut heads);
            let plain: Vec<usize> =
                heads.iter().map(|head| head.map_or(0, |head| head as usize + 1)).collect();
            assert!(
                all_reach_root(&plain) && plain.iter().filter(|&&head| head == 0).count() == 1,
                "{plain:?}"
            );
            let score: f32 = (0..n).map(|word| arcs.row(word)[plain[word]]).sum();
            assert!((score - by_hand(&arcs)).abs() < 1e-3, "trial {trial}: {plain:?}");
        }
    }
}
