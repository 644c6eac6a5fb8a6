//! Who is paired with whom: one to one, for the greatest total.

use std::collections::{BTreeMap, BTreeSet};

/// A pair that may be made: row, column, and what it is worth (over 0).
pub(crate) type Edge = (usize, usize, f64);

/// The pairs, one to one, with the greatest total weight.
///
/// Only what hangs together is weighed against each other, so that many small groups cost little; a group of `n`
/// rows and `m` columns costs at most `min(n, m)² · max(n, m)` steps. Of equal totals the same one is taken every time:
/// that of the algorithm with rows and columns in ascending order.
pub(crate) fn assign(edges: &[Edge]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for Group { rows, columns, weights } in groups(edges) {
        for (row, column) in hungarian(&weights).into_iter().enumerate() {
            if let Some(column) = column
                && weights[row][column] > 0.0
            {
                pairs.push((rows[row], columns[column]));
            }
        }
    }
    pairs
}

/// Rows and columns that hang together, ascending, and the weights between them: 0 where there is no edge.
struct Group {
    rows: Vec<usize>,
    columns: Vec<usize>,
    weights: Vec<Vec<f64>>,
}

/// The groups, by their first row.
fn groups(edges: &[Edge]) -> Vec<Group> {
    let mut by_row: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut by_column: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(row, column, weight) in edges {
        by_row.entry(row).or_default().push((column, weight));
        by_column.entry(column).or_default().push(row);
    }
    let mut groups = Vec::new();
    while let Some((&start, _)) = by_row.first_key_value() {
        // Each row and column is taken out when it is come upon, so that none is seen twice.
        let mut rows = BTreeMap::new();
        let mut columns = BTreeSet::new();
        let mut open = vec![start];
        while let Some(row) = open.pop() {
            let Some(links) = by_row.remove(&row) else { continue };
            for &(column, _) in &links {
                if let Some(others) = by_column.remove(&column) {
                    columns.insert(column);
                    open.extend(others);
                }
            }
            rows.insert(row, links);
        }
        let columns: Vec<_> = columns.into_iter().collect();
        let weights = rows.values().map(|links| {
            let mut weights = vec![0.0; columns.len()];
            for (column, weight) in links {
                let at = columns.binary_search(column).expect("a row's columns are in its group");
                weights[at] = *weight;
            }
            weights
        });
        groups.push(Group { weights: weights.collect(), rows: rows.into_keys().collect(), columns });
    }
    groups
}

/// The column of each row, for the greatest total of the weights `[row][column]`.
///
/// The Hungarian algorithm with potentials and shortest augmenting paths (Kuhn 1955; Jonker and Volgenant 1987).
fn hungarian(weights: &[Vec<f64>]) -> Vec<Option<usize>> {
    let (n, m) = (weights.len(), weights.first().map_or(0, Vec::len));
    if n > m {
        let turned: Vec<Vec<f64>> = (0..m).map(|j| weights.iter().map(|row| row[j]).collect()).collect();
        let mut columns = vec![None; n];
        for (column, row) in hungarian(&turned).into_iter().enumerate() {
            if let Some(row) = row {
                columns[row] = Some(column);
            }
        }
        return columns;
    }
    // Rows and columns count from 1; column 0 is where the search starts, row 0 is none.
    let mut row_potential = vec![0.0; n + 1];
    let mut column_potential = vec![0.0; m + 1];
    let mut row_of = vec![0; m + 1];
    let mut before = vec![0; m + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut at = 0;
        let mut cost = vec![f64::INFINITY; m + 1];
        let mut used = vec![false; m + 1];
        while row_of[at] != 0 {
            used[at] = true;
            let from = row_of[at];
            let mut step = f64::INFINITY;
            let mut next = 0;
            for column in 1..=m {
                if used[column] {
                    continue;
                }
                let reduced = -weights[from - 1][column - 1] - row_potential[from] - column_potential[column];
                if reduced < cost[column] {
                    cost[column] = reduced;
                    before[column] = at;
                }
                if cost[column] < step {
                    step = cost[column];
                    next = column;
                }
            }
            for column in 0..=m {
                if used[column] {
                    row_potential[row_of[column]] += step;
                    column_potential[column] -= step;
                } else {
                    cost[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            row_of[at] = row_of[before[at]];
            at = before[at];
        }
    }
    let mut columns = vec![None; n];
    for column in 1..=m {
        if row_of[column] != 0 {
            columns[row_of[column] - 1] = Some(column - 1);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(edges: &[Edge], pairs: &[(usize, usize)]) -> f64 {
        edges.iter().filter(|(i, j, _)| pairs.contains(&(*i, *j))).map(|edge| edge.2).sum()
    }

    /// The greatest total, by trying all.
    fn greatest(edges: &[Edge], row: usize, rows: usize, taken: &mut Vec<usize>) -> f64 {
        if row == rows {
            return 0.0;
        }
        let mut best = greatest(edges, row + 1, rows, taken);
        for &(_, column, weight) in edges.iter().filter(|edge| edge.0 == row) {
            if !taken.contains(&column) {
                taken.push(column);
                best = f64::max(best, weight + greatest(edges, row + 1, rows, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn nothing_is_paired_with_nothing() {
        assert_eq!(assign(&[]), []);
    }

    #[test]
    fn a_greedy_choice_is_given_up_for_a_greater_total() {
        let edges = [(0, 0, 0.9), (0, 1, 0.8), (1, 0, 0.7)];
        assert_eq!(assign(&edges), [(0, 1), (1, 0)]);
    }

    #[test]
    fn groups_apart_are_paired_apart() {
        let edges = [(7, 9, 1.0), (2, 3, 1.0), (2, 9, 0.5)];
        assert_eq!(assign(&edges), [(2, 3), (7, 9)]);
    }

    proptest! {
        #[test]
        fn the_total_is_the_greatest_and_the_pairs_are_one_to_one(
            cells in proptest::collection::vec(proptest::option::of(1_u8..10), 25),
        ) {
            let edge = |(at, weight): (usize, &Option<u8>)| weight.map(|w| (at / 5, at % 5, f64::from(w)));
            let edges: Vec<Edge> = cells.iter().enumerate().filter_map(edge).collect();
            let pairs = assign(&edges);
            for (k, (i, j)) in pairs.iter().enumerate() {
                prop_assert!(pairs[..k].iter().all(|(other_i, other_j)| i != other_i && j != other_j));
            }
            let best = greatest(&edges, 0, 5, &mut Vec::new());
            prop_assert!((total(&edges, &pairs) - best).abs() < 1e-9);
        }
    }
}
